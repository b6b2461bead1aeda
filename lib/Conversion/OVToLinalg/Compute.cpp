//===- Compute.cpp - reductions and normalisation become loop nests --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ovtolinalg;

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

static Value addElements(LoopBuilder &b, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return arith::AddFOp::create(b, x[0], x[1]);
  return arith::AddIOp::create(b, x[0], x[1]);
}
static Value multiplyElements(LoopBuilder &b, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return arith::MulFOp::create(b, x[0], x[1]);
  return arith::MulIOp::create(b, x[0], x[1]);
}
static Value largerElement(LoopBuilder &b, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return arith::MaximumFOp::create(b, x[0], x[1]);
  return arith::MaxSIOp::create(b, x[0], x[1]);
}
static Value smallerElement(LoopBuilder &b, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return arith::MinimumFOp::create(b, x[0], x[1]);
  return arith::MinSIOp::create(b, x[0], x[1]);
}

static Value negativeInfinity(ModelLowering &c, FloatType type, bool isPositive = false) {
  return arith::ConstantOp::create(
      c.builder, c.builder.getFloatAttr(
                     type, APFloat::getInf(type.getFloatSemantics(), /*Negative=*/!isPositive)));
}

// What a maximum (a minimum) begins with.
static Value extreme(ModelLowering &c, Type type, bool isLeast) {
  if (auto floatType = dyn_cast<FloatType>(type))
    return negativeInfinity(c, floatType, /*isPositive=*/!isLeast);
  unsigned width = type.getIntOrFloatBitWidth();
  return arith::ConstantOp::create(
      c.builder, c.builder.getIntegerAttr(type, isLeast ? APInt::getSignedMinValue(width)
                                                        : APInt::getSignedMaxValue(width)));
}

// Constant axes, normalized and ascending.
static std::optional<SmallVector<int64_t>> getAxes(Value value, int64_t rank) {
  std::optional<SmallVector<int64_t>> axes = ov::getConstantInts(value);
  if (!axes)
    return std::nullopt;
  for (int64_t &axis : *axes)
    axis = wrapAxis(axis, rank);
  llvm::sort(*axes);
  return axes;
}

static OpFoldResult countElements(ModelLowering &c, const Tensor &input, ArrayRef<int64_t> axes) {
  OpFoldResult count = c.number(1);
  for (int64_t axis : axes)
    count = c.multiply(count, input.dims[axis]);
  return count;
}

// A count as a number to divide by.
static Value toElement(ModelLowering &c, OpFoldResult count, Type type) {
  if (std::optional<int64_t> value = getConstantIntValue(count))
    return c.constant(type, static_cast<double>(*value));
  Value number = arith::IndexCastOp::create(c.builder, c.builder.getI64Type(), c.index(count));
  return convertElement(c.builder, number, type);
}

static Tensor mean(ModelLowering &c, const Tensor &input, ArrayRef<int64_t> axes) {
  Type type = input.elementType();
  Tensor sum = c.reduce(input, axes, c.constant(type, 0), addElements);
  Value count = toElement(c, countElements(c, input, axes), type);
  sum.value = c.elementwise(sum, type, sum, [&](LoopBuilder &b, ValueRange x) -> Value {
    if (isa<FloatType>(type))
      return arith::DivFOp::create(b, x[0], count);
    Value one = ModelLowering::constant(b, type, 1);
    return arith::DivSIOp::create(b, x[0], arith::MaxSIOp::create(b, count, one));
  });
  return sum;
}

// Puts the dimensions that a reduction took away back, as ones.
static Tensor keepDims(ModelLowering &c, const Tensor &reduced, ArrayRef<int64_t> axes) {
  return axes.empty() ? reduced : c.unsqueeze(reduced, axes);
}

Tensor ovtolinalg::softmax(ModelLowering &c, const Tensor &input, int64_t axis, bool isLog) {
  Type type = input.elementType();
  SmallVector<int64_t> axes = {wrapAxis(axis, input.rank())};
  Value least = negativeInfinity(c, cast<FloatType>(type));
  Tensor largest = keepDims(c, c.reduce(input, axes, least, largerElement), axes);
  auto apply = [&](ArrayRef<Tensor> operands, Body body) {
    Tensor result = input;
    result.value = c.elementwise(input, type, operands, body);
    return result;
  };
  Tensor centred = apply({input, largest}, [](LoopBuilder &b, ValueRange x) -> Value {
    return arith::SubFOp::create(b, x[0], x[1]);
  });
  Tensor exp = apply(
      centred, [](LoopBuilder &b, ValueRange x) -> Value { return math::ExpOp::create(b, x[0]); });
  Tensor sum = keepDims(c, c.reduce(exp, axes, c.constant(type, 0), addElements), axes);
  if (!isLog)
    return apply({exp, sum}, [](LoopBuilder &b, ValueRange x) -> Value {
      return arith::DivFOp::create(b, x[0], x[1]);
    });
  sum.value = c.elementwise(sum, type, sum, [](LoopBuilder &b, ValueRange x) -> Value {
    return math::LogOp::create(b, x[0]);
  });
  return apply({centred, sum}, [](LoopBuilder &b, ValueRange x) -> Value {
    return arith::SubFOp::create(b, x[0], x[1]);
  });
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

enum class Reduction { Max, Mean, Min, Product, Sum, And, Or };

template <typename OpT, Reduction kind>
static LogicalResult lowerReduce(ModelLowering &c, Operation *generic) {
  auto op = cast<OpT>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<SmallVector<int64_t>> axes = getAxes(op.getAxes(), input.rank());
  if (!axes)
    return c.refuse("axes that are computed");
  Type type = input.elementType();
  Tensor reduced;
  switch (kind) {
  case Reduction::Max:
    reduced = c.reduce(input, *axes, extreme(c, type, true), largerElement);
    break;
  case Reduction::Min:
    reduced = c.reduce(input, *axes, extreme(c, type, false), smallerElement);
    break;
  case Reduction::Mean:
    reduced = mean(c, input, *axes);
    break;
  case Reduction::Product:
    reduced = c.reduce(input, *axes, c.constant(type, 1), multiplyElements);
    break;
  case Reduction::Sum:
    reduced = c.reduce(input, *axes, c.constant(type, 0), addElements);
    break;
  case Reduction::And:
    reduced =
        c.reduce(input, *axes, c.constant(type, 1), [](LoopBuilder &b, ValueRange x) -> Value {
          return arith::AndIOp::create(b, x[0], x[1]);
        });
    break;
  case Reduction::Or:
    reduced =
        c.reduce(input, *axes, c.constant(type, 0), [](LoopBuilder &b, ValueRange x) -> Value {
          return arith::OrIOp::create(b, x[0], x[1]);
        });
    break;
  }
  return c.give(op.getKeepDims() ? keepDims(c, reduced, *axes).value : reduced.value);
}

static LogicalResult lowerSoftmax(ModelLowering &c, Operation *op) {
  return c.give(
      softmax(c, c.get(op->getOperand(0)), cast<ov::SoftMaxOp>(op).getAxis(), false).value);
}

static LogicalResult lowerLogSoftmax(ModelLowering &c, Operation *op) {
  return c.give(
      softmax(c, c.get(op->getOperand(0)), cast<ov::LogSoftmaxOp>(op).getAxis(), true).value);
}

// Two passes: the mean, then the mean of squared distances from it.
static LogicalResult lowerMVN(ModelLowering &c, Operation *generic) {
  auto op = cast<ov::MVNOp>(generic);
  Tensor input = c.get(op.getInput());
  Type type = input.elementType();
  std::optional<SmallVector<int64_t>> axes = getAxes(op.getAxes(), input.rank());
  if (!axes)
    return c.refuse("axes that are computed");
  Tensor average = keepDims(c, mean(c, input, *axes), *axes);
  Tensor centred = input;
  centred.value =
      c.elementwise(input, type, {input, average}, [](LoopBuilder &b, ValueRange x) -> Value {
        return arith::SubFOp::create(b, x[0], x[1]);
      });
  if (!op.getNormalizeVariance())
    return c.give(centred.value);
  Tensor sum =
      c.reduce(centred, *axes, c.constant(type, 0), [](LoopBuilder &b, ValueRange x) -> Value {
        return arith::AddFOp::create(b, arith::MulFOp::create(b, x[0], x[0]), x[1]);
      });
  Value count = toElement(c, countElements(c, input, *axes), type);
  double epsilon = op.getEps().convertToDouble();
  bool isInside = op.getEpsMode() == "INSIDE_SQRT";
  sum.value = c.elementwise(sum, type, sum, [&](LoopBuilder &b, ValueRange x) -> Value {
    Value eps = ModelLowering::constant(b, type, epsilon);
    Value variance = arith::DivFOp::create(b, x[0], count);
    if (isInside)
      return math::SqrtOp::create(b, arith::AddFOp::create(b, variance, eps));
    return arith::AddFOp::create(b, math::SqrtOp::create(b, variance), eps);
  });
  Tensor deviation = keepDims(c, sum, *axes);
  return c.give(
      c.elementwise(input, type, {centred, deviation}, [](LoopBuilder &b, ValueRange x) -> Value {
        return arith::DivFOp::create(b, x[0], x[1]);
      }));
}

void ovtolinalg::addComputeRules(RuleTable &table) {
  table.add<ov::ReduceMaxOp>(lowerReduce<ov::ReduceMaxOp, Reduction::Max>);
  table.add<ov::ReduceMeanOp>(lowerReduce<ov::ReduceMeanOp, Reduction::Mean>);
  table.add<ov::ReduceMinOp>(lowerReduce<ov::ReduceMinOp, Reduction::Min>);
  table.add<ov::ReduceProdOp>(lowerReduce<ov::ReduceProdOp, Reduction::Product>);
  table.add<ov::ReduceSumOp>(lowerReduce<ov::ReduceSumOp, Reduction::Sum>);
  table.add<ov::ReduceLogicalAndOp>(lowerReduce<ov::ReduceLogicalAndOp, Reduction::And>);
  table.add<ov::ReduceLogicalOrOp>(lowerReduce<ov::ReduceLogicalOrOp, Reduction::Or>);
  table.add<ov::SoftMaxOp>(lowerSoftmax);
  table.add<ov::LogSoftmaxOp>(lowerLogSoftmax);
  table.add<ov::MVNOp>(lowerMVN);
}
