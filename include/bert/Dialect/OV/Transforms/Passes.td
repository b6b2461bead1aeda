//===- Passes.td - passes on the ov dialect --------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_OV_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Fusions
//===----------------------------------------------------------------------===//

def OVFuseGelu : Pass<"ov-fuse-gelu", "::mlir::func::FuncOp"> {
  let summary = "Fuses the error function's and tanh's spelling of GELU";
  let description = [{
    `0.5 x (1 + erf(x / sqrt(2)))` becomes Gelu with mode ERF,
    `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))` Gelu with mode TANH, in
    whatever order and with whatever splitting of the factors it is written. Constants
    may differ from these by a relative 1e-5.

    Remarks say what fused, and for each Erf, and each Tanh of a cubic, why not.

    Example: test/Dialect/OV/Transforms/fuse-gelu.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVFuseLayerNorm : Pass<"ov-fuse-layer-norm", "::mlir::func::FuncOp"> {
  let summary = "Fuses layer normalisation to MVN, Multiply and Add";
  let description = [{
    A value that is centred on its mean and divided by its standard deviation over
    the same axes becomes MVN; the scale and the shift become a Multiply and an Add
    behind it. Recognised are

    - the variance as mean of SquaredDifference, of d * d, or of d^2,
    - its root as Power -0.5, as reciprocal of Sqrt or Power 0.5, and as divisor,
    - the scale before, behind or inside the reciprocal, and
    - `x k + (shift - mean k)`, which is how tf.nn.batch_normalization writes it.

    A statistic that something else reads too keeps the whole as it is. Remarks say
    what fused, and for each root of a variance why not.

    Example: test/Dialect/OV/Transforms/fuse-layer-norm.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

#endif // BERT_DIALECT_OV_TRANSFORMS_PASSES_TD
