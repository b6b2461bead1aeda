//===- OVElementwiseOps.td - element-wise ops -----------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVELEMENTWISEOPS_TD
#define BERT_DIALECT_OV_IR_OVELEMENTWISEOPS_TD

include "bert/Dialect/OV/IR/OVBase.td"

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

def OV_AbsOp : OV_Unary<"abs", "Abs">;
def OV_CeilingOp : OV_Unary<"ceiling", "Ceiling">;
def OV_CosOp : OV_Unary<"cos", "Cos", OV_FloatTensor>;
def OV_EluOp : OV_Unary<"elu", "Elu", OV_FloatTensor, 1, [OV_Float<"alpha">]>;
def OV_ErfOp : OV_Unary<"erf", "Erf">;
def OV_ExpOp : OV_Unary<"exp", "Exp">;
def OV_FloorOp : OV_Unary<"floor", "Floor">;
def OV_LogOp : OV_Unary<"log", "Log">;
def OV_LogicalNotOp : OV_Unary<"logical_not", "LogicalNot", OV_BoolTensor>;
def OV_NegativeOp : OV_Unary<"negative", "Negative">;
def OV_ReluOp : OV_Unary<"relu", "ReLU">;
def OV_RoundOp : OV_Unary<"round", "Round", OV_FloatTensor, 5,
    [OV_Choice<"mode", ["half_to_even", "half_away_from_zero"], "half_to_even">]>;
def OV_SigmoidOp : OV_Unary<"sigmoid", "Sigmoid", OV_FloatTensor>;
def OV_SignOp : OV_Unary<"sign", "Sign">;
def OV_SinOp : OV_Unary<"sin", "Sin", OV_FloatTensor>;
def OV_SoftPlusOp : OV_Unary<"soft_plus", "SoftPlus", OV_FloatTensor, 4>;
def OV_SqrtOp : OV_Unary<"sqrt", "Sqrt">;
def OV_SwishOp : OV_Op<"swish", "Swish", 4,
    (ins OV_FloatTensor:$input, Optional<OV_FloatTensor>:$beta), []> {
  let summary = "x * sigmoid(beta * x)";
}
def OV_TanhOp : OV_Unary<"tanh", "Tanh">;
def OV_ClampOp : OV_Unary<"clamp", "Clamp", OV_Tensor, 1, [OV_Float<"min">, OV_Float<"max">]>;
def OV_GeluOp : OV_Unary<"gelu", "Gelu", OV_FloatTensor, 7,
    [OV_Choice<"approximation_mode", ["ERF", "TANH"], "ERF">]> {
  let summary = "the Gaussian error linear unit";
  let description = [{
    ERF: `0.5 x (1 + erf(x / sqrt(2)))`. TANH: `0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))`.
    Source: Hendrycks and Gimpel, arXiv:1606.08415.
  }];
}
def OV_ConvertOp : OV_Op<"convert", "Convert", 1, (ins OV_Tensor:$input),
    [OV_ElementType<"destination_type">]> {
  let summary = "changes the element type";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

def OV_AddOp : OV_Binary<"add", "Add", [Commutative]>;
def OV_DivideOp : OV_Binary<"divide", "Divide", [], [OV_Bool<"m_pythondiv", "true">]>;
def OV_FloorModOp : OV_Binary<"floor_mod", "FloorMod">;
def OV_MaximumOp : OV_Binary<"maximum", "Maximum", [Commutative]>;
def OV_MinimumOp : OV_Binary<"minimum", "Minimum", [Commutative]>;
def OV_ModOp : OV_Binary<"mod", "Mod">;
def OV_MultiplyOp : OV_Binary<"multiply", "Multiply", [Commutative]>;
def OV_PowerOp : OV_Binary<"power", "Power">;
def OV_SquaredDifferenceOp : OV_Binary<"squared_difference", "SquaredDifference", [Commutative]>;
def OV_SubtractOp : OV_Binary<"subtract", "Subtract">;
def OV_PReluOp : OV_Op<"prelu", "PReLU", 1, (ins OV_FloatTensor:$input, OV_FloatTensor:$slope), []> {
  let summary = "x where x >= 0, slope * x elsewhere";
}

def OV_EqualOp : OV_Compare<"equal", "Equal", [Commutative]>;
def OV_GreaterOp : OV_Compare<"greater", "Greater">;
def OV_GreaterEqualOp : OV_Compare<"greater_equal", "GreaterEqual">;
def OV_LessOp : OV_Compare<"less", "Less">;
def OV_LessEqualOp : OV_Compare<"less_equal", "LessEqual">;
def OV_NotEqualOp : OV_Compare<"not_equal", "NotEqual", [Commutative]>;
def OV_LogicalAndOp : OV_Compare<"logical_and", "LogicalAnd", [Commutative]>;
def OV_LogicalOrOp : OV_Compare<"logical_or", "LogicalOr", [Commutative]>;

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

def OV_SelectOp : OV_Op<"select", "Select", 1,
    (ins OV_BoolTensor:$condition, OV_Tensor:$then_value, OV_Tensor:$else_value),
    [OV_AutoBroadcast]> {
  let summary = "then_value where condition holds, else_value elsewhere";
}

#endif // BERT_DIALECT_OV_IR_OVELEMENTWISEOPS_TD
