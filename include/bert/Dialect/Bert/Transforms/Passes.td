//===- Passes.td - passes on the bert dialect ------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_BERT_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def BertPackWeights : Pass<"bert-pack-weights", "::mlir::func::FuncOp"> {
  let summary = "Gives every weight a place and a layout in the weights file";
  let description = [{
    Each `ov.weight`, and each op that only moves or joins weights, becomes a
    `bert.packed_weight`: the matrices of a `bert.dense` side by side as one in
    `panels`, its biases as one vector; all else as `rows`. Tensors of other ranks are
    stored as a matrix or vector and reshaped. Half-precision weights are stored as
    f32; integer weights become `ov.constant`. Offsets follow the order of use.

    The bytes are written by who has the plan (bert/Dialect/Bert/Transforms/WeightPlan.h):
    bert-compile into the file, bert-run into memory.

    Example: test/Dialect/Bert/Transforms/pack-weights.mlir.
  }];
  let dependentDialects = ["::bertmlir::bert::BertDialect", "::bertmlir::ov::OVDialect"];
}

#endif // BERT_DIALECT_BERT_TRANSFORMS_PASSES_TD
