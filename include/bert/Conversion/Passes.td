//===- Passes.td - conversions between dialects ---------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_PASSES_TD
#define BERT_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // BERT_CONVERSION_PASSES_TD
