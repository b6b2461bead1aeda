//===- TokenAxes.cpp - which part of its operands a part of a result needs --------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "TokenAxes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static RankedTensorType rankedType(Value value) {
  return dyn_cast<RankedTensorType>(value.getType());
}

static OperandAxes firstOnly(Operation *op, int64_t axis) {
  OperandAxes axes(op->getNumOperands(), kWhole);
  axes[0] = axis;
  return axes;
}

std::optional<int64_t> OperandAxisFinder::broadcastAxis(Value operand, Value result, int64_t axis) {
  int64_t own = axis - (rankedType(result).getRank() - rankedType(operand).getRank());
  if (own < 0)
    return kWhole;
  SymbolicDim dim = shapes.getShape(operand)[own];
  if (dim.isNumber(1))
    return kWhole;
  if (dim != shapes.getShape(result)[axis])
    return std::nullopt;
  return own;
}

std::optional<OperandAxes> OperandAxisFinder::elementwise(Operation *op, int64_t axis) {
  OperandAxes axes;
  for (Value operand : op->getOperands()) {
    std::optional<int64_t> own = broadcastAxis(operand, op->getResult(0), axis);
    if (!own)
      return std::nullopt;
    axes.push_back(*own);
  }
  return axes;
}

std::optional<OperandAxes> OperandAxisFinder::product(MatMulOp op, int64_t axis) {
  int64_t rank = rankedType(op.getOutput()).getRank();
  int64_t lhsRank = rankedType(op.getLhs()).getRank(), rhsRank = rankedType(op.getRhs()).getRank();
  if (lhsRank < 2 || rhsRank < 2)
    return std::nullopt;
  if (axis == rank - 2)
    return OperandAxes{op.getTransposeA() ? lhsRank - 1 : lhsRank - 2, kWhole};
  if (axis == rank - 1)
    return OperandAxes{kWhole, op.getTransposeB() ? rhsRank - 2 : rhsRank - 1};
  return elementwise(op, axis);
}

std::optional<OperandAxes> OperandAxisFinder::attention(ScaledDotProductAttentionOp op,
                                                        int64_t axis) {
  int64_t rank = rankedType(op.getOutput()).getRank();
  if (op.getCausal() || axis != rank - 2 || rankedType(op.getQuery()).getRank() != rank)
    return std::nullopt;
  OperandAxes axes = firstOnly(op, axis);
  if (op.getAttentionMask()) {
    std::optional<int64_t> own = broadcastAxis(op.getAttentionMask(), op.getOutput(), axis);
    if (!own)
      return std::nullopt;
    axes[3] = *own;
  }
  return axes;
}

// Rows stay rows where as many elements come before them on both sides.
std::optional<OperandAxes> OperandAxisFinder::view(Operation *op, int64_t axis) {
  SymbolicShape from = shapes.getShape(op->getOperand(0)), to = shapes.getShape(op->getResult(0));
  std::optional<SymbolicDim> before =
      SymbolicShapes::multiply(ArrayRef<SymbolicDim>(to).take_front(axis));
  for (size_t i = 0; before && i < from.size(); ++i)
    if (from[i] == to[axis] &&
        SymbolicShapes::multiply(ArrayRef<SymbolicDim>(from).take_front(i)) == before)
      return firstOnly(op, i);
  return std::nullopt;
}

std::optional<OperandAxes> OperandAxisFinder::find(Operation *op, int64_t axis) {
  using Result = std::optional<OperandAxes>;
  auto isRanked = [](Value value) { return rankedType(value) != nullptr; };
  if (op->getNumResults() != 1 || !isRanked(op->getResult(0)) ||
      !llvm::all_of(op->getOperands(), isRanked))
    return std::nullopt;
  int64_t rank = rankedType(op->getResult(0)).getRank();
  auto fromFront = [&](int64_t own) { return own < 0 ? own + rank : own; };
  if (op->hasTrait<UnaryElementwise>() || isa<ConvertOp>(op))
    return firstOnly(op, axis);
  if (op->hasTrait<BinaryElementwise>() || isa<SelectOp>(op))
    return elementwise(op, axis);
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<SoftMaxOp, LogSoftmaxOp>(
          [&](auto op) { return fromFront(op.getAxis()) == axis ? Result() : firstOnly(op, axis); })
      .Case([&](MVNOp op) {
        std::optional<SmallVector<int64_t>> axes = getConstantInts(op.getAxes());
        bool isMixed =
            !axes || llvm::any_of(*axes, [&](int64_t own) { return fromFront(own) == axis; });
        return isMixed ? Result() : firstOnly(op, axis);
      })
      .Case([&](MatMulOp op) { return product(op, axis); })
      .Case([&](ScaledDotProductAttentionOp op) { return attention(op, axis); })
      .Case([&](TransposeOp op) {
        std::optional<SmallVector<int64_t>> order = getConstantInts(op.getOrder());
        bool isKnown = order && static_cast<int64_t>(order->size()) == rank;
        return isKnown ? Result(firstOnly(op, (*order)[axis])) : Result();
      })
      .Case([&](ConcatOp op) {
        bool isMixed = fromFront(op.getAxis()) == axis;
        return isMixed ? Result() : OperandAxes(op->getNumOperands(), axis);
      })
      .Case<ReshapeOp, SqueezeOp, UnsqueezeOp>([&](Operation *op) { return view(op, axis); })
      .Default([](Operation *) { return Result(); });
}
