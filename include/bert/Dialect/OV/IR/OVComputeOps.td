//===- OVComputeOps.td - products, reductions, normalisation --*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVCOMPUTEOPS_TD
#define BERT_DIALECT_OV_IR_OVCOMPUTEOPS_TD

include "bert/Dialect/OV/IR/OVBase.td"

def OV_MatMulOp : OV_Op<"matmul", "MatMul", 1, (ins OV_Tensor:$lhs, OV_Tensor:$rhs),
    [OV_Bool<"transpose_a">, OV_Bool<"transpose_b">]> {
  let summary = "matrix product of the last two dimensions, the others broadcast";
}

def OV_EinsumOp : OV_Op<"einsum", "Einsum", 7, (ins Variadic<OV_Tensor>:$inputs),
    [OV_Xml<"equation", "String", "!", StrAttr>]> {
  let summary = "a sum of products in Einstein's notation";
}

def OV_ReduceMaxOp : OV_Reduce<"reduce_max", "ReduceMax">;
def OV_ReduceMeanOp : OV_Reduce<"reduce_mean", "ReduceMean">;
def OV_ReduceMinOp : OV_Reduce<"reduce_min", "ReduceMin">;
def OV_ReduceProdOp : OV_Reduce<"reduce_prod", "ReduceProd">;
def OV_ReduceSumOp : OV_Reduce<"reduce_sum", "ReduceSum">;
def OV_ReduceLogicalAndOp : OV_Reduce<"reduce_logical_and", "ReduceLogicalAnd">;
def OV_ReduceLogicalOrOp : OV_Reduce<"reduce_logical_or", "ReduceLogicalOr">;

def OV_SoftMaxOp : OV_Op<"softmax", "SoftMax", 8, (ins OV_FloatTensor:$input),
    [OV_Int<"axis", "1">]> {
  let summary = "exp(x) over its sum along one axis";
}
def OV_LogSoftmaxOp : OV_Op<"log_softmax", "LogSoftmax", 5, (ins OV_FloatTensor:$input),
    [OV_Int<"axis", "1">]> {
  let summary = "the logarithm of SoftMax along one axis";
}

def OV_MVNOp : OV_Op<"mvn", "MVN", 6, (ins OV_FloatTensor:$input, OV_IndexTensor:$axes),
    [OV_Float<"eps">, OV_Bool<"normalize_variance", "true">,
     OV_Choice<"eps_mode", ["INSIDE_SQRT", "OUTSIDE_SQRT"]>]> {
  let summary = "subtracts the mean and divides by the standard deviation over some axes";
  let description = [{
    Layer normalisation without its scale and shift:
    `(x - mean(x)) / sqrt(mean((x - mean(x))^2) + eps)` where `eps_mode` is INSIDE_SQRT.
  }];
}

def OV_ScaledDotProductAttentionOp
    : OV_Op<"scaled_dot_product_attention", "ScaledDotProductAttention", 13,
            (ins OV_FloatTensor:$query, OV_FloatTensor:$key, OV_FloatTensor:$value,
                 Variadic<OV_Tensor>:$mask_and_scale),
            [OV_Bool<"causal">]> {
  let summary = "softmax(query key^T scale + mask) value";
  let description = [{
    The fourth operand, if there is one, is the mask (added to the scores, or boolean), the fifth the
    scale; without it the scale is 1 / sqrt(head size).
  }];
  let extraClassDeclaration = [{
    /// The mask, or null.
    ::mlir::Value getAttentionMask() {
      return getMaskAndScale().empty() ? ::mlir::Value() : getMaskAndScale()[0];
    }
    /// The scale, or null.
    ::mlir::Value getScale() {
      return getMaskAndScale().size() < 2 ? ::mlir::Value() : getMaskAndScale()[1];
    }
  }];
}

def OV_FakeQuantizeOp : OV_Op<"fake_quantize", "FakeQuantize", 1,
    (ins OV_FloatTensor:$input, OV_FloatTensor:$input_low, OV_FloatTensor:$input_high,
         OV_FloatTensor:$output_low, OV_FloatTensor:$output_high),
    [OV_Int<"levels">, OV_AutoBroadcast]> {
  let summary = "rounds to a few levels between two limits";
}

def OV_RandomUniformOp : OV_Op<"random_uniform", "RandomUniform", 8,
    (ins OV_IndexTensor:$shape, OV_Tensor:$min_value, OV_Tensor:$max_value),
    [OV_ElementType<"output_type">, OV_Int<"op_seed", "0">, OV_Int<"global_seed", "0">,
     OV_Xml<"alignment", "String", "tensorflow", StrAttr>]> {
  let summary = "random numbers, evenly distributed";
  let description = [{
    Read from other converters' files, where it is what dropout left behind; never written by ours.
  }];
}

#endif // BERT_DIALECT_OV_IR_OVCOMPUTEOPS_TD
