//===- Passes.td - conversions between dialects ---------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_PASSES_TD
#define BERT_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertTFToOV : Pass<"convert-tf-to-ov", "::mlir::ModuleOp"> {
  let summary = "Converts a cut TensorFlow graph to a model function, op by op";
  let description = [{
    Takes a module with one `tf.graph` whose inputs and outputs are `tf.input` and
    `tf.output` ops (see `tf-specialize-inputs` and `tf-prune-to-outputs`) and puts
    a `func.func` in its place. Only what the outputs need is converted. Each node
    becomes one op of the same meaning, with helpers beside it where the two
    frameworks differ; nothing is folded, so that `ov-generalize-shapes` still sees
    the graph's own shape arithmetic.

    Trained values (constants marked `tf.variable`) and float tables become
    `ov.weight`; sizes, axes, scalars and uniform literals become `ov.constant`.

    All ops that can't be converted are reported in one error, with their count and
    the first node of each.

    Example: test/Conversion/TFToOV/example.mlir.
  }];
  let options = [
    Option<"functionName", "function-name", "std::string", "\"main\"",
           "The name of the function, which is the model's name in an IR">,
  ];
  let dependentDialects = ["::bertmlir::ov::OVDialect", "::mlir::func::FuncDialect"];
}

def ConvertOVToBert : Pass<"convert-ov-to-bert", "::mlir::func::FuncOp"> {
  let summary = "Finds the parts of a BERT in a model in normal form";
  let description = [{
    Replaces what belongs together by ops of the bert dialect in padded form:

    - SoftMax with its products, heads and key mask: `bert.attention`;
    - MVN with scale, shift and the sum before it: `bert.add_layer_norm`;
    - the look-ups and positions under the first of them: `bert.embeddings`;
    - MatMul with a weight, its biases and activation: `bert.dense`; query, key and
      value of one input become one of them;
    - position 0 of each sequence: `bert.first_token`.

    What has another reader stays, and so does all that does not match: native code
    for it comes from convert-ov-to-linalg. Remarks say what became what, and why a
    SoftMax, an MVN or a MatMul did not.

    Example: test/Conversion/OVToBert/example.mlir.
  }];
  let dependentDialects = ["::bertmlir::bert::BertDialect", "::bertmlir::ov::OVDialect"];
}

def ConvertBertToKernels : Pass<"convert-bert-to-kernels", "::mlir::ModuleOp"> {
  let summary = "Turns bert ops in packed form into calls of kernels";
  let description = [{
    Each op becomes a buffer for its result and a call of a private function that
    fills it; ops that are alike share theirs. Kernels are loops over vectors of the
    target's width: a `scf.parallel` of tasks that the threads share, in it
    `scf.for`. Weights are views of the function's `bert.weights` argument, which is
    added; `bert.pack_tokens` becomes a call of the runtime. docs/code-generation.md
    explains the blocks.

    Without `fma` no fused multiply-add is used: where a CPU has none it is a call
    that takes a hundred times as long.

    Example: test/Conversion/BertToKernels/example.mlir.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "512", "Width of a vector register: 512, 256, 128">,
    Option<"fma", "fma", "bool", "true", "The CPU has a fused multiply-add">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect", "::mlir::vector::VectorDialect",
  ];
}

def ConvertOVToLinalg : Pass<"convert-ov-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "Converts ov ops to loop nests on tensors";
  let description = [{
    Each op becomes `linalg.generic`s and views of tensors, dynamic shapes included.
    Plain and complete: it is the oracle that other ways to native code are compared
    with, and the way for what they do not cover. Ops of other dialects stay.

    Open dimensions are followed by name, so sizes are products of the inputs'
    dimensions wherever the graph says so, and shape arithmetic that is only read for
    its sizes ends up unused. Where two dimensions may or may not be equal, the run
    decides which of them repeats.

    Integers that a machine refuses to divide by, floats beyond an integer's range
    and indices outside their tensor have defined results: no input traps or reads
    elsewhere. Unsigned integers can be inputs and be converted, nothing else;
    they are kept as signless ones.

    All ops that can't be converted are reported in one error, with their counts.

    Example: test/Conversion/OVToLinalg/example.mlir.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def ExportDot : Pass<"export-dot", "::mlir::ModuleOp"> {
  let summary = "Draws a model as it is at this point of a pipeline";
  let description = [{
    Writes Graphviz's DOT, or SVG where the file's name ends so (this needs the
    program `dot`). One box for each op that the inputs reach, named as its floor
    names it; boxes of one layer stand in a frame, by the scopes of their names;
    arrows carry shapes, and element types other than f32. Weights and small constants
    are words in the boxes that read them; sizes, views and the initial values of
    variables are left out. Buffers are followed from whoever wrote to them last, so a
    model can be drawn on any floor above LLVM's.

    The module is not changed.

    Example: test/Conversion/ExportDot/export-dot.mlir.
  }];
  let options = [
    Option<"output", "output", "std::string", "", "The file to write: model.dot or model.svg; - is standard output">,
    Option<"function", "function", "std::string", "",
           "The function to draw; else the graph or the first public function">,
  ];
}

#endif // BERT_CONVERSION_PASSES_TD
