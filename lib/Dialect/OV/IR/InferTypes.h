//===- InferTypes.h - the overloads that the generated ops call -------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the dialect. Each op's adaptor has an `inferTypes` overload: it
// appends the result types, or returns failure with a reason.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_OV_IR_INFERTYPES_H
#define LIB_DIALECT_OV_IR_INFERTYPES_H

#include "bert/Dialect/OV/IR/ShapeInference.h"

namespace bertmlir::ov::detail {

// clang-format takes these lists for casts.
// clang-format off
#define BERT_UNARY_OPS(X) \
  X(Abs) X(Ceiling) X(Clamp) X(Cos) X(Elu) X(Erf) X(Exp) X(FakeQuantize) X(Floor) X(Gelu) X(Log) \
  X(LogicalNot) X(Negative) X(Relu) X(Round) X(Sigmoid) X(Sign) X(Sin) X(SoftPlus) X(Sqrt) \
  X(Swish) X(Tanh)
#define BERT_BINARY_OPS(X) \
  X(Add) X(Divide) X(FloorMod) X(Maximum) X(Minimum) X(Mod) X(Multiply) X(Power) \
  X(SquaredDifference) X(Subtract)
#define BERT_COMPARE_OPS(X) \
  X(Equal) X(Greater) X(GreaterEqual) X(Less) X(LessEqual) X(NotEqual) X(LogicalAnd) X(LogicalOr)
#define BERT_REDUCE_OPS(X) \
  X(ReduceMax) X(ReduceMean) X(ReduceMin) X(ReduceProd) X(ReduceSum) X(ReduceLogicalAnd) \
  X(ReduceLogicalOr)
#define BERT_OTHER_OPS(X) \
  X(Broadcast) X(Concat) X(Convert) X(Einsum) X(Gather) X(GatherND) X(LogSoftmax) X(MVN) X(MatMul) \
  X(OneHot) X(PRelu) X(RandomUniform) X(Range) X(Reshape) X(ScaledDotProductAttention) X(Select) \
  X(ShapeOf) X(Slice) X(SoftMax) X(Split) X(Squeeze) X(StridedSlice) X(Tile) X(TopK) X(Transpose) \
  X(Unsqueeze) X(VariadicSplit)
// clang-format on

#define BERT_DECLARE(NAME) mlir::LogicalResult inferTypes(NAME##OpAdaptor op, Inference &out);
BERT_UNARY_OPS(BERT_DECLARE)
BERT_BINARY_OPS(BERT_DECLARE)
BERT_COMPARE_OPS(BERT_DECLARE)
BERT_REDUCE_OPS(BERT_DECLARE)
BERT_OTHER_OPS(BERT_DECLARE)
#undef BERT_DECLARE

/// The element type that an op's first tensor operand has; f32 for an op without operands.
mlir::Type fallbackElementType(mlir::ValueRange operands, mlir::MLIRContext *context);

/// For builders: what can't be inferred becomes one unranked tensor.
template <typename AdaptorT>
void inferLeniently(AdaptorT op, llvm::SmallVectorImpl<mlir::Type> &types,
                    mlir::MLIRContext *context) {
  Inference out{types, {}};
  if (succeeded(inferTypes(op, out)))
    return;
  types.clear();
  types.push_back(mlir::UnrankedTensorType::get(fallbackElementType(op.getOperands(), context)));
}

/// For verifiers: says why the op can't have its operands, or has other types than inferred.
template <typename AdaptorT>
mlir::LogicalResult verifyTypes(AdaptorT adaptor, mlir::Operation *op) {
  llvm::SmallVector<mlir::Type> types;
  Inference out{types, {}};
  if (failed(inferTypes(adaptor, out)))
    return op->emitOpError(out.error);
  if (!areCompatible(types, op->getResultTypes()))
    return op->emitOpError("has result type ")
           << op->getResultTypes() << " where " << mlir::TypeRange(types) << " is inferred";
  return mlir::success();
}

// Shared by the files that implement the overloads.

/// The ranked type of a value; null if its rank is unknown.
mlir::RankedTensorType ranked(mlir::Value value);
/// Appends a tensor of that shape and element type.
mlir::LogicalResult give(Inference &out, llvm::ArrayRef<int64_t> shape, mlir::Type elementType);
/// Appends an unranked tensor.
mlir::LogicalResult giveUnranked(Inference &out, mlir::Type elementType);
/// Counts a negative axis from the end; none if it is out of range.
std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);
/// Constant axes, normalized, in their order; none if not constant (`known` is false) or if one is
/// out of range or named twice.
std::optional<llvm::SmallVector<int64_t>> constantAxes(mlir::Value axes, int64_t rank, bool &known);
/// Text of a shape for messages: `[1,?,32]`.
std::string describe(llvm::ArrayRef<int64_t> shape);

} // namespace bertmlir::ov::detail

#endif // LIB_DIALECT_OV_IR_INFERTYPES_H
