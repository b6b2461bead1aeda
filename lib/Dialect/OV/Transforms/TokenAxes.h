//===- TokenAxes.h - which part of its operands a part of a result needs -*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For the passes that move the choice of one token up and down through a model.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_OV_TRANSFORMS_TOKENAXES_H
#define LIB_DIALECT_OV_TRANSFORMS_TOKENAXES_H

#include "bert/Dialect/OV/Transforms/SymbolicShapes.h"

namespace bertmlir::ov {

/// Stands for an axis where an operand is needed as it is.
inline constexpr int64_t kWhole = -1;

/// For each operand the axis along which an op needs one index only, or kWhole.
using OperandAxes = llvm::SmallVector<int64_t, 4>;

/// Says from which part of its operands an op makes one index of its result along an axis.
class OperandAxisFinder {
public:
  explicit OperandAxisFinder(SymbolicShapes &shapes) : shapes(shapes) {}

  /// None if the op mixes indices along the axis, if two open dimensions of its operands may
  /// differ, or if it is not known. The dimension at `axis` must not be 1.
  std::optional<OperandAxes> find(mlir::Operation *op, int64_t axis);

private:
  std::optional<OperandAxes> elementwise(mlir::Operation *op, int64_t axis);
  std::optional<OperandAxes> product(MatMulOp op, int64_t axis);
  std::optional<OperandAxes> attention(ScaledDotProductAttentionOp op, int64_t axis);
  std::optional<OperandAxes> view(mlir::Operation *op, int64_t axis);

  // The axis of an operand that broadcasts to the result's; none if that can't be told.
  std::optional<int64_t> broadcastAxis(mlir::Value operand, mlir::Value result, int64_t axis);

  SymbolicShapes &shapes;
};

} // namespace bertmlir::ov

#endif // LIB_DIALECT_OV_TRANSFORMS_TOKENAXES_H
