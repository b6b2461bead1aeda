//===- Passes.td - passes on the tf dialect --------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_TF_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // BERT_DIALECT_TF_TRANSFORMS_PASSES_TD
