//===- Passes.td - passes on the tf dialect --------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_TF_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def TFSelectOutputs : Pass<"tf-select-outputs", "::bertmlir::tf::GraphOp"> {
  let summary = "Marks the outputs of the model with tf.output";
  let description = [{
    `outputs` names nodes, or ports of nodes (`node:1`), in the order of the model's
    outputs. Without it, the outputs that the file's signature declares are taken,
    else the last nodes that depend on an input and serve neither training nor
    bookkeeping; the choice is reported. An unknown name is an error that lists near
    ones. Outputs that the graph has already give way to named ones, and stay if none
    is named.

    Example: test/Dialect/TF/Transforms/select-outputs.mlir.
  }];
  let options = [ListOption<"outputs", "outputs", "std::string", "Nodes or ports, in order">];
}

def TFSpecializeInputs : Pass<"tf-specialize-inputs", "::bertmlir::tf::GraphOp"> {
  let summary = "Cuts the graph at its inputs and gives them shapes and types";
  let description = [{
    `inputs` is a list in Model Optimizer's grammar: `node`, `node:1` (that output
    of the node) or `0:node` (what feeds that input of it), each with an optional
    shape, type and value: `Placeholder{i32}[1 128]`, `is_training->False`. Each
    becomes a `tf.input`, in this order, in the place of the port that it names; one
    with a value becomes a constant.

    Without a type the port's own type is kept. Another integer type is specialised
    soundly: the input has the asked-for type and a Cast gives the graph its own. A
    float type for an input that some node needs as an index is an error which names
    that node. A shape that contradicts one that is built into the node is an error;
    with `allow-reshape` the built-in shape stays and the asked-for one goes along as
    `tf.requested_bounds`, for `ov-set-input-shapes` to bring about.

    Example: test/Dialect/TF/Transforms/specialize-inputs.mlir.
  }];
  let options = [
    Option<"inputs", "inputs", "std::string", "", "Inputs to cut at, in order">,
    Option<"allowReshape", "allow-reshape", "bool", "false",
           "Hand a shape that contradicts a built-in one on instead of refusing it">,
  ];
}

def TFInferInputs : Pass<"tf-infer-inputs", "::bertmlir::tf::GraphOp"> {
  let summary = "Makes inputs of the placeholders and iterator ports that are still needed";
  let description = [{
    What the outputs need and nobody named: placeholders and the ports of iterators,
    in the file's order. Each is reported by a remark. A PlaceholderWithDefault takes
    its default if it is a scalar, which for BERT's flags is inference, or if other
    inputs are named.

    Example: test/Dialect/TF/Transforms/infer-inputs.mlir.
  }];
}

def TFFreezeVariables : Pass<"tf-freeze-variables", "::bertmlir::tf::GraphOp"> {
  let summary = "Replaces variables by their trained values";
  let description = [{
    Each variable that the outputs need (`VariableV2`, `Variable`, `VarHandleOp`)
    becomes a `tf.Const` with the value that the importer attached from the
    checkpoint, marked `tf.variable`. The value's CRC is checked here, so that only
    what is used is read. Without a checkpoint, the constant that the graph assigns
    as initial value is taken. In a frozen graph, a constant that is read through
    `<name>/read` is marked.

    All variables without a value are reported in one error.

    Example: test/Dialect/TF/Transforms/freeze-variables.mlir.
  }];
}

def TFPruneToOutputs : Pass<"tf-prune-to-outputs", "::bertmlir::tf::GraphOp"> {
  let summary = "Removes what no tf.output needs, and all control edges";
  let description = [{
    Control edges order side effects, of which inference has none: assertions,
    initialisers, savers, optimizers and summaries go. A `tf.input` stays even where
    no output needs it, since it is part of the model's signature; a remark says so.

    Example: test/Dialect/TF/Transforms/prune-to-outputs.mlir.
  }];
}

def TFResolveSwitches : Pass<"tf-resolve-switches", "::bertmlir::tf::GraphOp"> {
  let summary = "Takes the branch that a constant predicate chooses";
  let description = [{
    `Switch` and `Merge` are how TensorFlow 1 spells a condition, such as whether the
    graph trains. Where the predicate is a constant, or a scalar
    PlaceholderWithDefault that nobody cut, the taken side passes on and the
    other one goes.

    Example: test/Dialect/TF/Transforms/resolve-switches.mlir.
  }];
}

def TFStripDropout : Pass<"tf-strip-dropout", "::bertmlir::tf::GraphOp"> {
  let summary = "Gives dropout its inference meaning: nothing";
  let description = [{
    Recognises what `tf.nn.dropout` wrote over the years:

    - `x / keep * floor(keep + random)` (until 1.12),
    - `x * scale * cast(random >= rate)` (from 1.13),
    - `select(random >= rate, x * scale, 0)` (2.x).

    The scale must be the inverse of the probability to keep. A product with a
    random mask that fits none of these stays as it is.

    Example: test/Dialect/TF/Transforms/strip-dropout.mlir.
  }];
}

def TFStripPassThrough : Pass<"tf-strip-pass-through", "::bertmlir::tf::GraphOp"> {
  let summary = "Removes nodes that pass their operand on";
  let description = [{
    Identity, IdentityN, Snapshot, StopGradient, PreventGradient, CheckNumerics,
    EnsureShape and ReadVariableOp.

    Example: test/Dialect/TF/Transforms/strip-pass-through.mlir.
  }];
}

#endif // BERT_DIALECT_TF_TRANSFORMS_PASSES_TD
