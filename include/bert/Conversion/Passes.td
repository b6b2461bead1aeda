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

#endif // BERT_CONVERSION_PASSES_TD
