//===- Elementwise.cpp - element-wise ops become loop nests -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What each op does to one element. Integer division, remainder and conversion are
// guarded: no value that a model or a caller brings may trap.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ovtolinalg;

static Value number(LoopBuilder &b, Value like, double value) {
  return ModelLowering::constant(b, like.getType(), value);
}

static bool isFloat(Value value) { return isa<FloatType>(value.getType()); }

template <typename FloatOp, typename IntOp> static Value either(LoopBuilder &b, Value x, Value y) {
  if (isFloat(x))
    return FloatOp::create(b, x, y);
  return IntOp::create(b, x, y);
}

static Value multiply(LoopBuilder &b, Value x, Value y) {
  return either<arith::MulFOp, arith::MulIOp>(b, x, y);
}
static Value add(LoopBuilder &b, Value x, Value y) {
  return either<arith::AddFOp, arith::AddIOp>(b, x, y);
}
static Value subtract(LoopBuilder &b, Value x, Value y) {
  return either<arith::SubFOp, arith::SubIOp>(b, x, y);
}
static Value maximum(LoopBuilder &b, Value x, Value y) {
  return either<arith::MaximumFOp, arith::MaxSIOp>(b, x, y);
}
static Value minimum(LoopBuilder &b, Value x, Value y) {
  return either<arith::MinimumFOp, arith::MinSIOp>(b, x, y);
}
static Value isEqual(LoopBuilder &b, Value x, Value y) {
  if (isFloat(x))
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, x, y);
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
}

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

template <typename MathOp> static Value unary(Operation *, LoopBuilder &b, ValueRange x) {
  return MathOp::create(b, x[0]);
}

static Value absolute(Operation *, LoopBuilder &b, ValueRange x) {
  if (isFloat(x[0]))
    return math::AbsFOp::create(b, x[0]);
  return math::AbsIOp::create(b, x[0]);
}

static Value negative(Operation *, LoopBuilder &b, ValueRange x) {
  if (isFloat(x[0]))
    return arith::NegFOp::create(b, x[0]);
  return arith::SubIOp::create(b, number(b, x[0], 0), x[0]);
}

static Value relu(Operation *, LoopBuilder &b, ValueRange x) {
  return maximum(b, x[0], number(b, x[0], 0));
}

static Value sign(Operation *, LoopBuilder &b, ValueRange x) {
  Value zero = number(b, x[0], 0), one = number(b, x[0], 1), minus = number(b, x[0], -1);
  Value isPositive, isNegative;
  if (isFloat(x[0])) {
    isPositive = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, x[0], zero);
    isNegative = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x[0], zero);
  } else {
    isPositive = arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, x[0], zero);
    isNegative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x[0], zero);
  }
  Value low = arith::SelectOp::create(b, isNegative, minus, zero);
  return arith::SelectOp::create(b, isPositive, one, low);
}

static Value round(Operation *op, LoopBuilder &b, ValueRange x) {
  if (cast<ov::RoundOp>(op).getMode() == "half_to_even")
    return math::RoundEvenOp::create(b, x[0]);
  return math::RoundOp::create(b, x[0]);
}

static Value sigmoidOf(LoopBuilder &b, Value x) {
  Value one = number(b, x, 1);
  Value exp = math::ExpOp::create(b, arith::NegFOp::create(b, x));
  return arith::DivFOp::create(b, one, arith::AddFOp::create(b, one, exp));
}

static Value sigmoid(Operation *, LoopBuilder &b, ValueRange x) { return sigmoidOf(b, x[0]); }

static Value swish(Operation *, LoopBuilder &b, ValueRange x) {
  Value scaled = x.size() > 1 ? multiply(b, x[0], x[1]) : x[0];
  return multiply(b, x[0], sigmoidOf(b, scaled));
}

static Value elu(Operation *op, LoopBuilder &b, ValueRange x) {
  Value alpha = number(b, x[0], cast<ov::EluOp>(op).getAlpha().convertToDouble());
  Value below = multiply(b, alpha, math::ExpM1Op::create(b, x[0]));
  Value isAbove = arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, x[0], number(b, x[0], 0));
  return arith::SelectOp::create(b, isAbove, x[0], below);
}

// log(1 + exp(x)) without overflow: max(x, 0) + log1p(exp(-|x|)).
static Value softPlus(Operation *, LoopBuilder &b, ValueRange x) {
  Value magnitude = math::AbsFOp::create(b, x[0]);
  Value exp = math::ExpOp::create(b, arith::NegFOp::create(b, magnitude));
  return add(b, maximum(b, x[0], number(b, x[0], 0)), math::Log1pOp::create(b, exp));
}

static Value gelu(Operation *op, LoopBuilder &b, ValueRange arguments) {
  Value x = arguments[0], inner;
  if (cast<ov::GeluOp>(op).getApproximationMode() == "ERF") {
    inner = math::ErfOp::create(b, multiply(b, x, number(b, x, 0.70710678118654752440)));
  } else {
    Value cube = multiply(b, multiply(b, x, x), x);
    Value sum = add(b, x, multiply(b, cube, number(b, x, 0.044715)));
    inner = math::TanhOp::create(b, multiply(b, sum, number(b, x, 0.79788456080286535588)));
  }
  Value half = multiply(b, x, number(b, x, 0.5));
  return multiply(b, half, add(b, number(b, x, 1), inner));
}

static Value clamp(Operation *op, LoopBuilder &b, ValueRange x) {
  auto clamp = cast<ov::ClampOp>(op);
  double low = clamp.getMin().convertToDouble(), high = clamp.getMax().convertToDouble();
  if (auto type = dyn_cast<IntegerType>(x[0].getType())) {
    // Limits of an integer are rounded inwards and kept in its range.
    double least = -std::ldexp(1.0, type.getWidth() - 1);
    double most = std::ldexp(1.0, type.getWidth() - 1) - (type.getWidth() > 53 ? 1024 : 1);
    low = std::clamp(std::ceil(low), least, most);
    high = std::clamp(std::floor(high), least, most);
  }
  return minimum(b, maximum(b, x[0], number(b, x[0], low)), number(b, x[0], high));
}

static Value prelu(Operation *, LoopBuilder &b, ValueRange x) {
  Value isAbove = arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, x[0], number(b, x[0], 0));
  return arith::SelectOp::create(b, isAbove, x[0], multiply(b, x[0], x[1]));
}

static Value logicalNot(Operation *, LoopBuilder &b, ValueRange x) {
  return arith::XOrIOp::create(b, x[0], number(b, x[0], 1));
}

// A float out of an integer's range becomes the nearest integer, NaN zero.
static Value toInteger(LoopBuilder &b, Value value, IntegerType to) {
  auto from = cast<FloatType>(value.getType());
  if (from.getWidth() < 32) {
    from = b.getF32Type();
    value = arith::ExtFOp::create(b, from, value);
  }
  // The smallest is a power of two and so is one behind the largest.
  double limit = std::ldexp(1.0, to.getWidth() - 1);
  APInt least = APInt::getSignedMinValue(to.getWidth());
  APInt most = APInt::getSignedMaxValue(to.getWidth());
  Value low = ModelLowering::constant(b, from, -limit),
        high = ModelLowering::constant(b, from, limit);
  Value isLow = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, value, low);
  Value isHigh = arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, value, high);
  Value isNumber = arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, value, value);
  Value isOut = arith::OrIOp::create(b, isLow, isHigh);
  Value isIn = arith::AndIOp::create(
      b, isNumber, arith::XOrIOp::create(b, isOut, ModelLowering::constant(b, b.getI1Type(), 1)));
  Value safe = arith::SelectOp::create(b, isIn, value, ModelLowering::constant(b, from, 0));
  Value result = arith::FPToSIOp::create(b, to, safe);
  Value leastValue = arith::ConstantOp::create(b, b.getIntegerAttr(to, least));
  Value mostValue = arith::ConstantOp::create(b, b.getIntegerAttr(to, most));
  result = arith::SelectOp::create(b, isLow, leastValue, result);
  return arith::SelectOp::create(b, isHigh, mostValue, result);
}

Value ovtolinalg::convertElement(LoopBuilder &b, Value value, Type to) {
  Type from = value.getType();
  if (from == to)
    return value;
  bool fromBool = from.isInteger(1), toBool = to.isInteger(1);
  if (isa<FloatType>(from)) {
    if (toBool)
      return arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, value,
                                   ModelLowering::constant(b, from, 0));
    if (auto integer = dyn_cast<IntegerType>(to))
      return toInteger(b, value, integer);
    unsigned fromWidth = from.getIntOrFloatBitWidth(), toWidth = to.getIntOrFloatBitWidth();
    if (fromWidth == toWidth) {
      // f16 and bf16 by way of f32.
      value = arith::ExtFOp::create(b, b.getF32Type(), value);
      return arith::TruncFOp::create(b, to, value);
    }
    if (fromWidth < toWidth)
      return arith::ExtFOp::create(b, to, value);
    return arith::TruncFOp::create(b, to, value);
  }
  if (isa<FloatType>(to)) {
    if (fromBool)
      return arith::UIToFPOp::create(b, to, value);
    return arith::SIToFPOp::create(b, to, value);
  }
  if (toBool)
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, value,
                                 ModelLowering::constant(b, from, 0));
  if (fromBool)
    return arith::ExtUIOp::create(b, to, value);
  if (from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth())
    return arith::ExtSIOp::create(b, to, value);
  return arith::TruncIOp::create(b, to, value);
}

template <bool isUnsigned> static Value convert(Operation *op, LoopBuilder &b, ValueRange x) {
  Type to = cast<ov::ConvertOp>(op).getDestinationType();
  Value value = isUnsigned ? arith::ExtUIOp::create(b, b.getI64Type(), x[0]).getResult() : x[0];
  auto integer = dyn_cast<IntegerType>(to);
  if (!integer || !integer.isUnsigned())
    return convertElement(b, value, to);
  // By way of a type that holds all its values.
  return convertElement(b, convertElement(b, value, b.getI64Type()),
                        b.getIntegerType(integer.getWidth()));
}

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

template <Value (*function)(LoopBuilder &, Value, Value)>
static Value binary(Operation *, LoopBuilder &b, ValueRange x) {
  return function(b, x[0], x[1]);
}

// What the machine refuses to divide by: 0, and -1 under the smallest number.
// Those get their results without a division.
template <typename DivideOp>
static Value guarded(LoopBuilder &b, Value x, Value y, bool isRemainder) {
  Value zero = number(b, x, 0), one = number(b, x, 1), minus = number(b, x, -1);
  Value isZero = isEqual(b, y, zero), isMinus = isEqual(b, y, minus);
  Value isOdd = arith::OrIOp::create(b, isZero, isMinus);
  Value divisor = arith::SelectOp::create(b, isOdd, one, y);
  Value result = DivideOp::create(b, x, divisor);
  Value negated = isRemainder ? zero : arith::SubIOp::create(b, zero, x).getResult();
  result = arith::SelectOp::create(b, isMinus, negated, result);
  return arith::SelectOp::create(b, isZero, zero, result);
}

static Value divide(Operation *op, LoopBuilder &b, ValueRange x) {
  if (isFloat(x[0]))
    return arith::DivFOp::create(b, x[0], x[1]);
  if (cast<ov::DivideOp>(op).getMPythondiv())
    return guarded<arith::FloorDivSIOp>(b, x[0], x[1], false);
  return guarded<arith::DivSIOp>(b, x[0], x[1], false);
}

static Value remainder(Operation *, LoopBuilder &b, ValueRange x) {
  if (isFloat(x[0]))
    return arith::RemFOp::create(b, x[0], x[1]);
  return guarded<arith::RemSIOp>(b, x[0], x[1], true);
}

// The remainder with the divisor's sign.
static Value floorMod(Operation *op, LoopBuilder &b, ValueRange x) {
  Value rest = remainder(op, b, x), zero = number(b, rest, 0), isOther, isRest;
  if (isFloat(rest)) {
    Value restLow = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, rest, zero);
    Value low = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x[1], zero);
    isOther = arith::XOrIOp::create(b, restLow, low);
    isRest = arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, rest, zero);
  } else {
    Value restLow = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, rest, zero);
    Value low = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x[1], zero);
    isOther = arith::XOrIOp::create(b, restLow, low);
    isRest = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, rest, zero);
  }
  Value shifts = arith::AndIOp::create(b, isOther, isRest);
  return arith::SelectOp::create(b, shifts, add(b, rest, x[1]), rest);
}

static Value power(Operation *, LoopBuilder &b, ValueRange x) {
  if (isFloat(x[0])) {
    // The powers that graphs are full of.
    FloatAttr exponent;
    if (matchPattern(x[1], m_Constant(&exponent))) {
      double value = exponent.getValueAsDouble();
      if (value == 2.0)
        return multiply(b, x[0], x[0]);
      if (value == 3.0)
        return multiply(b, multiply(b, x[0], x[0]), x[0]);
      if (value == 0.5)
        return math::SqrtOp::create(b, x[0]);
      if (value == -0.5)
        return arith::DivFOp::create(b, number(b, x[0], 1), math::SqrtOp::create(b, x[0]));
    }
    return math::PowFOp::create(b, x[0], x[1]);
  }
  return math::IPowIOp::create(b, x[0], x[1]);
}

static Value squaredDifference(LoopBuilder &b, Value x, Value y) {
  Value difference = subtract(b, x, y);
  return multiply(b, difference, difference);
}

template <arith::CmpFPredicate forFloat, arith::CmpIPredicate forInt>
static Value compare(Operation *, LoopBuilder &b, ValueRange x) {
  if (isFloat(x[0]))
    return arith::CmpFOp::create(b, forFloat, x[0], x[1]);
  // A boolean's one is -1 to a signed comparison.
  if (x[0].getType().isInteger(1) && forInt != arith::CmpIPredicate::eq &&
      forInt != arith::CmpIPredicate::ne) {
    Value lhs = arith::ExtUIOp::create(b, b.getI8Type(), x[0]);
    Value rhs = arith::ExtUIOp::create(b, b.getI8Type(), x[1]);
    return arith::CmpIOp::create(b, forInt, lhs, rhs);
  }
  return arith::CmpIOp::create(b, forInt, x[0], x[1]);
}

static Value truth(LoopBuilder &b, Value x) { return convertElement(b, x, b.getI1Type()); }

static Value logicalAnd(Operation *, LoopBuilder &b, ValueRange x) {
  return arith::AndIOp::create(b, truth(b, x[0]), truth(b, x[1]));
}
static Value logicalOr(Operation *, LoopBuilder &b, ValueRange x) {
  return arith::OrIOp::create(b, truth(b, x[0]), truth(b, x[1]));
}

static Value selectElement(Operation *, LoopBuilder &b, ValueRange x) {
  return arith::SelectOp::create(b, x[0], x[1], x[2]);
}

// Source: OpenVINO's specification of FakeQuantize-1.
static Value fakeQuantize(Operation *op, LoopBuilder &b, ValueRange x) {
  double steps = static_cast<double>(cast<ov::FakeQuantizeOp>(op).getLevels()) - 1;
  Value low = minimum(b, x[1], x[2]), high = x[2];
  Value count = number(b, x[0], steps);
  Value scaled = arith::DivFOp::create(b, subtract(b, x[0], x[1]), subtract(b, x[2], x[1]));
  Value level = math::RoundEvenOp::create(b, multiply(b, scaled, count));
  Value out =
      add(b, multiply(b, arith::DivFOp::create(b, level, count), subtract(b, x[4], x[3])), x[3]);
  Value isLow = arith::CmpFOp::create(b, arith::CmpFPredicate::OLE, x[0], low);
  Value isHigh = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, x[0], high);
  out = arith::SelectOp::create(b, isHigh, x[4], out);
  return arith::SelectOp::create(b, isLow, x[3], out);
}

//===----------------------------------------------------------------------===//
// The rule
//===----------------------------------------------------------------------===//

using ElementFunction = Value (*)(Operation *, LoopBuilder &, ValueRange);

// The shape of a result is the broadcast of all operands' shapes.
template <ElementFunction function>
static LogicalResult lowerElementwise(ModelLowering &c, Operation *op) {
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands())
    operands.push_back(c.get(operand));
  Tensor shape = operands.front();
  for (const Tensor &operand : ArrayRef<Tensor>(operands).drop_front())
    shape = c.broadcastShape(shape, operand);
  Tensor result = c.result(0, [&](int64_t i) { return shape.dims[i]; });
  Type elementType = getElementTypeOrSelf(op->getResult(0).getType());
  return c.give(
      c.elementwise(result, elementType, operands, [&](LoopBuilder &b, ValueRange arguments) {
        return function(op, b, arguments);
      }));
}

static LogicalResult lowerConvert(ModelLowering &c, Operation *op) {
  if (c.isUnsigned(op->getOperand(0)))
    return lowerElementwise<convert<true>>(c, op);
  return lowerElementwise<convert<false>>(c, op);
}

// PReLU's slope of rank 1 belongs to dimension 1 where there is one.
static LogicalResult lowerPRelu(ModelLowering &c, Operation *op) {
  Tensor input = c.get(op->getOperand(0)), slope = c.get(op->getOperand(1));
  Tensor result = c.result(0, [&](int64_t i) { return input.dims[i]; });
  if (slope.rank() == 1 && input.rank() > 1 && getConstantIntValue(slope.dims[0]) != 1) {
    slope.value = c.broadcast(result, slope, {1});
    slope.shape = result.shape;
    slope.dims = result.dims;
  }
  return c.give(
      c.elementwise(result, input.elementType(), {input, slope},
                    [&](LoopBuilder &b, ValueRange arguments) { return prelu(op, b, arguments); }));
}

void ovtolinalg::addElementwiseRules(RuleTable &table) {
  table.add<ov::AbsOp>(lowerElementwise<absolute>);
  table.add<ov::CeilingOp>(lowerElementwise<unary<math::CeilOp>>);
  table.add<ov::ClampOp>(lowerElementwise<clamp>);
  table.add<ov::ConvertOp>(lowerConvert);
  table.add<ov::CosOp>(lowerElementwise<unary<math::CosOp>>);
  table.add<ov::EluOp>(lowerElementwise<elu>);
  table.add<ov::ErfOp>(lowerElementwise<unary<math::ErfOp>>);
  table.add<ov::ExpOp>(lowerElementwise<unary<math::ExpOp>>);
  table.add<ov::FakeQuantizeOp>(lowerElementwise<fakeQuantize>);
  table.add<ov::FloorOp>(lowerElementwise<unary<math::FloorOp>>);
  table.add<ov::GeluOp>(lowerElementwise<gelu>);
  table.add<ov::LogOp>(lowerElementwise<unary<math::LogOp>>);
  table.add<ov::LogicalNotOp>(lowerElementwise<logicalNot>);
  table.add<ov::NegativeOp>(lowerElementwise<negative>);
  table.add<ov::PReluOp>(lowerPRelu);
  table.add<ov::ReluOp>(lowerElementwise<relu>);
  table.add<ov::RoundOp>(lowerElementwise<round>);
  table.add<ov::SelectOp>(lowerElementwise<selectElement>);
  table.add<ov::SigmoidOp>(lowerElementwise<sigmoid>);
  table.add<ov::SignOp>(lowerElementwise<sign>);
  table.add<ov::SinOp>(lowerElementwise<unary<math::SinOp>>);
  table.add<ov::SoftPlusOp>(lowerElementwise<softPlus>);
  table.add<ov::SqrtOp>(lowerElementwise<unary<math::SqrtOp>>);
  table.add<ov::SwishOp>(lowerElementwise<swish>);
  table.add<ov::TanhOp>(lowerElementwise<unary<math::TanhOp>>);

  table.add<ov::AddOp>(lowerElementwise<binary<add>>);
  table.add<ov::DivideOp>(lowerElementwise<divide>);
  table.add<ov::FloorModOp>(lowerElementwise<floorMod>);
  table.add<ov::MaximumOp>(lowerElementwise<binary<maximum>>);
  table.add<ov::MinimumOp>(lowerElementwise<binary<minimum>>);
  table.add<ov::ModOp>(lowerElementwise<remainder>);
  table.add<ov::MultiplyOp>(lowerElementwise<binary<multiply>>);
  table.add<ov::PowerOp>(lowerElementwise<power>);
  table.add<ov::SquaredDifferenceOp>(lowerElementwise<binary<squaredDifference>>);
  table.add<ov::SubtractOp>(lowerElementwise<binary<subtract>>);

  using FloatIs = arith::CmpFPredicate;
  using IntIs = arith::CmpIPredicate;
  table.add<ov::EqualOp>(lowerElementwise<compare<FloatIs::OEQ, IntIs::eq>>);
  table.add<ov::GreaterOp>(lowerElementwise<compare<FloatIs::OGT, IntIs::sgt>>);
  table.add<ov::GreaterEqualOp>(lowerElementwise<compare<FloatIs::OGE, IntIs::sge>>);
  table.add<ov::LessOp>(lowerElementwise<compare<FloatIs::OLT, IntIs::slt>>);
  table.add<ov::LessEqualOp>(lowerElementwise<compare<FloatIs::OLE, IntIs::sle>>);
  table.add<ov::NotEqualOp>(lowerElementwise<compare<FloatIs::UNE, IntIs::ne>>);
  table.add<ov::LogicalAndOp>(lowerElementwise<logicalAnd>);
  table.add<ov::LogicalOrOp>(lowerElementwise<logicalOr>);
}
