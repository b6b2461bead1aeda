//===- ElementwiseRules.cpp - element-wise TensorFlow ops ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tftoov;

//===----------------------------------------------------------------------===//
// One op for one
//===----------------------------------------------------------------------===//

template <typename OpT> static LogicalResult unary(NodeConverter &c) {
  return c.give(c.create<OpT>(c.operand(0)).getOutput());
}

template <typename OpT> static LogicalResult binary(NodeConverter &c) {
  return c.give(c.create<OpT>(c.operand(0), c.operand(1)).getOutput());
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

// TensorFlow's integer Div truncates towards zero, FloorDiv rounds down; OpenVINO
// says which by an attribute. On floats both framework's Divide is exact.
static LogicalResult divide(NodeConverter &c) {
  bool truncates = llvm::is_contained({"Div", "TruncateDiv"}, c.node.getOpName()) &&
                   isa<IntegerType>(c.elementType(0));
  return c.give(
      c.create<ov::DivideOp>(c.operand(0), c.operand(1), "numpy", !truncates).getOutput());
}

// OpenVINO's CPU plugin truncates integers whatever the attribute says. Scalars are
// arithmetic on sizes, which are not negative, and are best kept simple.
static LogicalResult floorDivide(NodeConverter &c) {
  if (isa<IntegerType>(c.elementType(0))) {
    RankedTensorType type = c.rankedType(0);
    if (type && type.getRank() == 0)
      return divide(c);
    Value rest = c.helper<ov::FloorModOp>("rest", c.operand(0), c.operand(1));
    Value multiple = c.helper<ov::SubtractOp>("multiple", c.operand(0), rest);
    return c.give(
        c.create<ov::DivideOp>(multiple, c.operand(1), "numpy", /*m_pythondiv=*/true).getOutput());
  }
  Value quotient = c.helper<ov::DivideOp>("divide", c.operand(0), c.operand(1), "numpy", true);
  return c.give(c.create<ov::FloorOp>(quotient).getOutput());
}

// x / y where y != 0, else 0.
static LogicalResult divideNoNan(NodeConverter &c) {
  Value zero = c.number("zero", 0, c.elementType(1));
  Value isZero = c.helper<ov::EqualOp>("is_zero", c.operand(1), zero);
  Value quotient = c.helper<ov::DivideOp>("divide", c.operand(0), c.operand(1), "numpy", true);
  return c.give(c.create<ov::SelectOp>(isZero, zero, quotient).getOutput());
}

static LogicalResult addN(NodeConverter &c) {
  if (c.operands.empty())
    return c.error() << "adds nothing";
  Value sum = c.operand(0);
  for (unsigned i = 1; i < c.operands.size(); ++i)
    sum = i + 1 == c.operands.size() ? c.create<ov::AddOp>(sum, c.operand(i)).getOutput()
                                     : c.helper<ov::AddOp>("sum", sum, c.operand(i)).getOutput();
  return c.give(sum);
}

// The bias runs along the last dimension, or along the second with NCHW.
static LogicalResult biasAdd(NodeConverter &c) {
  Value bias = c.operand(1);
  if (tf::getStringAttr(c.node, "data_format", "NHWC") == "NCHW") {
    RankedTensorType type = c.rankedType(0);
    if (!type)
      return c.error() << "has data_format NCHW on an input of unknown rank";
    SmallVector<int64_t> axes;
    for (int64_t axis = 1; axis + 1 < type.getRank(); ++axis)
      axes.push_back(axis);
    if (!axes.empty())
      bias = c.helper<ov::UnsqueezeOp>("bias", bias, c.ints("axes", axes));
  }
  return c.give(c.create<ov::AddOp>(c.operand(0), bias).getOutput());
}

static LogicalResult square(NodeConverter &c) {
  return c.give(c.create<ov::MultiplyOp>(c.operand(0), c.operand(0)).getOutput());
}

static LogicalResult rsqrt(NodeConverter &c) {
  Value exponent = c.number("exponent", -0.5, c.elementType(0));
  return c.give(c.create<ov::PowerOp>(c.operand(0), exponent).getOutput());
}

static LogicalResult reciprocal(NodeConverter &c) {
  Value one = c.number("one", 1, c.elementType(0));
  return c.give(c.create<ov::DivideOp>(one, c.operand(0), "numpy", true).getOutput());
}

static LogicalResult log1p(NodeConverter &c) {
  Value one = c.number("one", 1, c.elementType(0));
  return c.give(c.create<ov::LogOp>(c.helper<ov::AddOp>("add", c.operand(0), one)).getOutput());
}

static LogicalResult erfc(NodeConverter &c) {
  Value one = c.number("one", 1, c.elementType(0));
  return c.give(
      c.create<ov::SubtractOp>(one, c.helper<ov::ErfOp>("erf", c.operand(0))).getOutput());
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

static LogicalResult relu6(NodeConverter &c) {
  return c.give(c.create<ov::ClampOp>(c.operand(0), c.builder.getF64FloatAttr(0.0),
                                      c.builder.getF64FloatAttr(6.0))
                    .getOutput());
}

static LogicalResult elu(NodeConverter &c) {
  return c.give(c.create<ov::EluOp>(c.operand(0), c.builder.getF64FloatAttr(1.0)).getOutput());
}

static LogicalResult leakyRelu(NodeConverter &c) {
  double alpha = tf::getFloatAttr(c.node, "alpha", 0.2);
  auto type = RankedTensorType::get({1}, c.elementType(0));
  if (!isa<FloatType>(c.elementType(0)))
    return c.error() << "works on floats only";
  auto slope = DenseElementsAttr::get(type, c.builder.getFloatAttr(c.elementType(0), alpha));
  Value constant = c.helper<ov::ConstantOp>("slope", slope);
  return c.give(c.create<ov::PReluOp>(c.operand(0), constant).getOutput());
}

static LogicalResult roundToEven(NodeConverter &c) {
  return c.give(c.create<ov::RoundOp>(c.operand(0), "half_to_even").getOutput());
}

static LogicalResult selu(NodeConverter &c) {
  constexpr double alpha = 1.6732632423543772, scale = 1.0507009873554805;
  Value elu = c.helper<ov::EluOp>("elu", c.operand(0), c.builder.getF64FloatAttr(alpha));
  return c.give(
      c.create<ov::MultiplyOp>(elu, c.number("scale", scale, c.elementType(0))).getOutput());
}

// x / (1 + |x|)
static LogicalResult softsign(NodeConverter &c) {
  Value one = c.number("one", 1, c.elementType(0));
  Value sum = c.helper<ov::AddOp>("sum", c.helper<ov::AbsOp>("abs", c.operand(0)), one);
  return c.give(c.create<ov::DivideOp>(c.operand(0), sum, "numpy", true).getOutput());
}

static LogicalResult expm1(NodeConverter &c) {
  Value one = c.number("one", 1, c.elementType(0));
  return c.give(
      c.create<ov::SubtractOp>(c.helper<ov::ExpOp>("exp", c.operand(0)), one).getOutput());
}

// |x| < infinity, which NaN is not.
static LogicalResult isFinite(NodeConverter &c) {
  Value limit = c.number("limit", std::numeric_limits<double>::infinity(), c.elementType(0));
  return c.give(c.create<ov::LessOp>(c.helper<ov::AbsOp>("abs", c.operand(0)), limit).getOutput());
}

static LogicalResult isNan(NodeConverter &c) {
  Value limit = c.number("limit", std::numeric_limits<double>::infinity(), c.elementType(0));
  Value isNumber = c.helper<ov::LessEqualOp>("number", c.operand(0), limit);
  return c.give(c.create<ov::LogicalNotOp>(isNumber).getOutput());
}

static LogicalResult clipByValue(NodeConverter &c) {
  Value below = c.helper<ov::MinimumOp>("below", c.operand(0), c.operand(2));
  return c.give(c.create<ov::MaximumOp>(below, c.operand(1)).getOutput());
}

//===----------------------------------------------------------------------===//
// Types and choice
//===----------------------------------------------------------------------===//

static LogicalResult cast(NodeConverter &c) {
  Type type = tf::getTypeAttr(c.node, "DstT");
  if (!type || ov::stringifyElementType(type).empty())
    return c.error() << "casts to a type that a converted model can't hold";
  return c.give(c.create<ov::ConvertOp>(c.operand(0), type).getOutput());
}

// A tensor of one value with the shape of the operand.
template <int value> static LogicalResult filledLike(NodeConverter &c) {
  Value shape = c.helper<ov::ShapeOfOp>("shape", c.operand(0), c.builder.getI64Type());
  Value number = c.number("value", value, c.elementType(0));
  return c.give(c.create<ov::BroadcastOp>(number, shape, Value(), "numpy").getOutput());
}

// Select's condition may be a vector that chooses among rows; SelectV2 broadcasts.
static LogicalResult select(NodeConverter &c) {
  Value condition = c.operand(0);
  RankedTensorType conditionType = c.rankedType(0), valueType = c.rankedType(1);
  if (c.node.getOpName() == "Select" && conditionType && valueType &&
      conditionType.getRank() == 1 && valueType.getRank() > 1) {
    SmallVector<int64_t> axes;
    for (int64_t axis = 1; axis < valueType.getRank(); ++axis)
      axes.push_back(axis);
    condition = c.helper<ov::UnsqueezeOp>("condition", condition, c.ints("axes", axes));
  }
  return c.give(c.create<ov::SelectOp>(condition, c.operand(1), c.operand(2)).getOutput());
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

void tftoov::addElementwiseRules(RuleTable &table) {
  table["Abs"] = unary<ov::AbsOp>;
  table["Add"] = binary<ov::AddOp>;
  table["AddN"] = addN;
  table["AddV2"] = binary<ov::AddOp>;
  table["BiasAdd"] = biasAdd;
  table["BiasAddV1"] = binary<ov::AddOp>;
  table["Cast"] = cast;
  table["Ceil"] = unary<ov::CeilingOp>;
  table["ClipByValue"] = clipByValue;
  table["Cos"] = unary<ov::CosOp>;
  table["Div"] = divide;
  table["DivNoNan"] = divideNoNan;
  table["Elu"] = elu;
  table["Equal"] = binary<ov::EqualOp>;
  table["Erf"] = unary<ov::ErfOp>;
  table["Erfc"] = erfc;
  table["Exp"] = unary<ov::ExpOp>;
  table["Expm1"] = expm1;
  table["Floor"] = unary<ov::FloorOp>;
  table["FloorDiv"] = floorDivide;
  table["FloorMod"] = binary<ov::FloorModOp>;
  table["Greater"] = binary<ov::GreaterOp>;
  table["GreaterEqual"] = binary<ov::GreaterEqualOp>;
  table["Inv"] = reciprocal;
  table["IsFinite"] = isFinite;
  table["IsNan"] = isNan;
  table["LeakyRelu"] = leakyRelu;
  table["Less"] = binary<ov::LessOp>;
  table["LessEqual"] = binary<ov::LessEqualOp>;
  table["Log"] = unary<ov::LogOp>;
  table["Log1p"] = log1p;
  table["LogicalAnd"] = binary<ov::LogicalAndOp>;
  table["LogicalNot"] = unary<ov::LogicalNotOp>;
  table["LogicalXor"] = binary<ov::NotEqualOp>;
  table["LogicalOr"] = binary<ov::LogicalOrOp>;
  table["Maximum"] = binary<ov::MaximumOp>;
  table["Minimum"] = binary<ov::MinimumOp>;
  table["Mod"] = binary<ov::ModOp>;
  table["Mul"] = binary<ov::MultiplyOp>;
  table["Neg"] = unary<ov::NegativeOp>;
  table["NotEqual"] = binary<ov::NotEqualOp>;
  table["OnesLike"] = filledLike<1>;
  table["Pow"] = binary<ov::PowerOp>;
  table["RealDiv"] = divide;
  table["Reciprocal"] = reciprocal;
  table["Relu"] = unary<ov::ReluOp>;
  table["Relu6"] = relu6;
  table["Round"] = roundToEven;
  table["Rsqrt"] = rsqrt;
  table["Select"] = select;
  table["SelectV2"] = select;
  table["Selu"] = selu;
  table["Sigmoid"] = unary<ov::SigmoidOp>;
  table["Sign"] = unary<ov::SignOp>;
  table["Sin"] = unary<ov::SinOp>;
  table["Softsign"] = softsign;
  table["Softplus"] = unary<ov::SoftPlusOp>;
  table["Sqrt"] = unary<ov::SqrtOp>;
  table["Square"] = square;
  table["SquaredDifference"] = binary<ov::SquaredDifferenceOp>;
  table["Sub"] = binary<ov::SubtractOp>;
  table["Tanh"] = unary<ov::TanhOp>;
  table["TruncateDiv"] = divide;
  table["TruncateMod"] = binary<ov::ModOp>;
  table["ZerosLike"] = filledLike<0>;
}
