//===- Passes.td - passes on the ov dialect --------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_OV_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // BERT_DIALECT_OV_TRANSFORMS_PASSES_TD
