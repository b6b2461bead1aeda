//===- Passes.td - passes on the bert dialect ------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_BERT_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def BertPackTokens : Pass<"bert-pack-tokens", "::mlir::func::FuncOp"> {
  let summary = "Computes tokens instead of padded sequences";
  let description = [{
    Brings a function from padded to packed form. Activations become `[tokens, width]`
    from the embeddings on, as far as ops work token by token or are attention;
    `bert.pack_tokens` says which positions are tokens:

    - all, where a padded position can be seen in an output (`bert.unpack_tokens`);
    - those that the mask shows, and position 0 where `bert.first_token` reads it;
      the others are never computed.

    Attentions with different masks have all positions as tokens and each its own
    keys. With `skip-padding`, positions that the mask hides are zero in the outputs
    instead of what TensorFlow computes for them. A function that has a
    `bert.pack_tokens` stays as it is.

    Example: test/Dialect/Bert/Transforms/pack-tokens.mlir.
  }];
  let options = [
    Option<"skipPadding", "skip-padding", "bool", "false",
           "Hidden positions may be zero in the outputs">,
  ];
  let dependentDialects = ["::bertmlir::bert::BertDialect", "::mlir::tensor::TensorDialect"];
}

def BertPackWeights : Pass<"bert-pack-weights", "::mlir::func::FuncOp"> {
  let summary = "Gives every weight a place and a layout in the weights file";
  let description = [{
    Each `ov.weight`, and each op that only moves or joins weights, becomes a
    `bert.packed_weight`: the matrices of a `bert.dense` side by side as one in
    `panels`, its biases as one vector; all else as `rows`. Tensors of other ranks are
    stored as a matrix or vector and reshaped. Half-precision weights are stored as
    f32, and converted back where a layer computes in half precision; integer weights become `ov.constant`. Offsets follow the order of use.

    The bytes are written by who has the plan (bert/Dialect/Bert/Transforms/WeightPlan.h):
    bert-compile into the file, bert-run into memory.

    Example: test/Dialect/Bert/Transforms/pack-weights.mlir.
  }];
  let dependentDialects = ["::bertmlir::bert::BertDialect", "::bertmlir::ov::OVDialect"];
}

def BertSinkFirstToken : Pass<"bert-sink-first-token", "::mlir::func::FuncOp"> {
  let summary = "Computes the last layer for the first token only, where no output needs more";
  let description = [{
    Moves `bert.first_token` (in packed form) towards the inputs, through dense layers
    and sums with layer normalisation that have no other reader, up to an attention:
    its keys and values need all tokens, its queries only the first one. Weights that hold
    all three in one tensor are sliced, which costs nothing: weights are computed when they
    are packed.

    Example: test/Dialect/Bert/Transforms/sink-first-token.mlir.
  }];
  let dependentDialects = ["::bertmlir::bert::BertDialect", "::bertmlir::ov::OVDialect"];
}

#endif // BERT_DIALECT_BERT_TRANSFORMS_PASSES_TD
