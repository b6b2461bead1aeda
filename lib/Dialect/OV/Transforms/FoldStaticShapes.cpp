//===- FoldStaticShapes.cpp - shape arithmetic that is known becomes constant --===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Integers of rank 0 and 1 are evaluated by what shape inference knows; uniform
// constants of any type and shape by one element. Nothing here reads a weight or
// writes a tensor of differing floats, so the cost does not depend on the model's
// size.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/IR/ShapeInference.h"
#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVFOLDSTATICSHAPES
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

//===----------------------------------------------------------------------===//
// One element
//===----------------------------------------------------------------------===//

namespace {

// The value of all elements of a uniform constant.
struct Element {
  bool isFloat;
  double number = 0;   // floats
  int64_t integer = 0; // integers and booleans

  static Element ofFloat(double value) { return {true, value, 0}; }
  static Element ofInt(int64_t value) { return {false, 0, value}; }
};

} // namespace

static std::optional<Element> getElement(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!dense || dense.empty() || !dense.isSplat())
    return std::nullopt;
  if (std::optional<double> number = getConstantFloat(value))
    return Element::ofFloat(*number);
  auto type = dyn_cast<IntegerType>(dense.getElementType());
  if (!type || type.getWidth() > 64)
    return std::nullopt;
  APInt integer = dense.getSplatValue<APInt>();
  bool zeroExtend = type.isUnsigned() || type.getWidth() == 1;
  return Element::ofInt(zeroExtend ? static_cast<int64_t>(integer.getZExtValue())
                                   : integer.getSExtValue());
}

// As a constant of that type; null where the value does not fit the type.
static DenseElementsAttr makeUniform(RankedTensorType type, Element element) {
  Type elementType = type.getElementType();
  if (auto floatType = dyn_cast<FloatType>(elementType)) {
    APFloat value(element.number);
    bool losesInfo = false;
    value.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return DenseElementsAttr::get(type, FloatAttr::get(elementType, value));
  }
  auto integerType = dyn_cast<IntegerType>(elementType);
  unsigned width = integerType ? integerType.getWidth() : 0;
  bool isUnsigned = integerType && (integerType.isUnsigned() || width == 1);
  if (!integerType || width > 64 ||
      !(isUnsigned ? (element.integer >= 0 && llvm::isUIntN(width, element.integer))
                   : llvm::isIntN(width, element.integer)))
    return {};
  return DenseElementsAttr::get(type,
                                APInt(width, static_cast<uint64_t>(element.integer), !isUnsigned));
}

static std::optional<Element> foldUnary(Operation *op, Element x) {
  if (!x.isFloat)
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, std::optional<Element>>(op)
      .Case<NegativeOp>([&](Operation *) { return Element::ofFloat(-x.number); })
      .Case<AbsOp>([&](Operation *) { return Element::ofFloat(std::abs(x.number)); })
      .Case<SqrtOp>([&](Operation *) -> std::optional<Element> {
        return x.number >= 0 ? std::optional(Element::ofFloat(std::sqrt(x.number))) : std::nullopt;
      })
      .Case<FloorOp>([&](Operation *) { return Element::ofFloat(std::floor(x.number)); })
      .Default([](Operation *) { return std::nullopt; });
}

// f32 arithmetic by way of f64 is correctly rounded for these.
static std::optional<double> foldFloats(Operation *op, double x, double y) {
  return llvm::TypeSwitch<Operation *, std::optional<double>>(op)
      .Case<AddOp>([&](Operation *) { return x + y; })
      .Case<SubtractOp>([&](Operation *) { return x - y; })
      .Case<MultiplyOp>([&](Operation *) { return x * y; })
      .Case<DivideOp>([&](Operation *) { return y != 0 ? std::optional(x / y) : std::nullopt; })
      .Case<PowerOp>(
          [&](Operation *) { return x > 0 ? std::optional(std::pow(x, y)) : std::nullopt; })
      .Case<MaximumOp>([&](Operation *) { return std::max(x, y); })
      .Case<MinimumOp>([&](Operation *) { return std::min(x, y); })
      .Default([](Operation *) { return std::nullopt; });
}

static std::optional<int64_t> foldInts(Operation *op, int64_t x, int64_t y) {
  using Result = std::optional<int64_t>;
  int64_t z = 0;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<AddOp>([&](Operation *) { return llvm::AddOverflow(x, y, z) ? Result() : z; })
      .Case<SubtractOp>([&](Operation *) { return llvm::SubOverflow(x, y, z) ? Result() : z; })
      .Case<MultiplyOp>([&](Operation *) { return llvm::MulOverflow(x, y, z) ? Result() : z; })
      .Case<MaximumOp>([&](Operation *) { return std::max(x, y); })
      .Case<MinimumOp>([&](Operation *) { return std::min(x, y); })
      .Case<LogicalAndOp>([&](Operation *) { return int64_t(x && y); })
      .Case<LogicalOrOp>([&](Operation *) { return int64_t(x || y); })
      .Default([](Operation *) { return Result(); });
}

static std::optional<bool> compare(Operation *op, Element x, Element y) {
  bool less = x.isFloat ? x.number < y.number : x.integer < y.integer;
  bool equal = x.isFloat ? x.number == y.number : x.integer == y.integer;
  return llvm::TypeSwitch<Operation *, std::optional<bool>>(op)
      .Case<EqualOp>([&](Operation *) { return equal; })
      .Case<NotEqualOp>([&](Operation *) { return !equal; })
      .Case<LessOp>([&](Operation *) { return less; })
      .Case<LessEqualOp>([&](Operation *) { return less || equal; })
      .Case<GreaterOp>([&](Operation *) { return !less && !equal; })
      .Case<GreaterEqualOp>([&](Operation *) { return !less; })
      .Default([](Operation *) { return std::nullopt; });
}

static std::optional<Element> foldBinary(Operation *op, Element x, Element y) {
  if (x.isFloat != y.isFloat)
    return std::nullopt;
  if (std::isnan(x.number) || std::isnan(y.number))
    return std::nullopt;
  if (std::optional<bool> holds = compare(op, x, y))
    return Element::ofInt(*holds);
  if (x.isFloat) {
    std::optional<double> number = foldFloats(op, x.number, y.number);
    return number ? std::optional(Element::ofFloat(*number)) : std::nullopt;
  }
  std::optional<int64_t> integer = foldInts(op, x.integer, y.integer);
  return integer ? std::optional(Element::ofInt(*integer)) : std::nullopt;
}

static std::optional<Element> foldConvert(ConvertOp op, Element x) {
  Type type = op.getDestinationType();
  if (isa<FloatType>(type))
    return Element::ofFloat(x.isFloat ? x.number : static_cast<double>(x.integer));
  if (type.isInteger(1))
    return Element::ofInt(x.isFloat ? x.number != 0 : x.integer != 0);
  if (!x.isFloat)
    return x;
  // Beyond 2^53 a double is no longer every integer.
  if (!(std::abs(x.number) < 9007199254740992.0))
    return std::nullopt;
  return Element::ofInt(static_cast<int64_t>(x.number));
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

// Moving equal elements about leaves equal elements.
static bool movesElements(Operation *op) {
  return isa<ReshapeOp, SqueezeOp, UnsqueezeOp, TransposeOp, BroadcastOp, TileOp, SliceOp,
             StridedSliceOp>(op);
}

// The common value of a result whose operands are uniform constants.
static std::optional<Element> foldUniform(Operation *op) {
  if (movesElements(op))
    return getElement(op->getOperand(0));
  if (auto select = dyn_cast<SelectOp>(op)) {
    std::optional<Element> condition = getElement(select.getCondition());
    if (!condition)
      return std::nullopt;
    return getElement(condition->integer ? select.getThenValue() : select.getElseValue());
  }
  if (op->getNumOperands() == 0 || op->getNumOperands() > 2)
    return std::nullopt;
  std::optional<Element> first = getElement(op->getOperand(0));
  if (!first)
    return std::nullopt;
  if (auto convert = dyn_cast<ConvertOp>(op))
    return foldConvert(convert, *first);
  if (op->getNumOperands() == 1)
    return foldUnary(op, *first);
  std::optional<Element> second = getElement(op->getOperand(1));
  return second ? foldBinary(op, *first, *second) : std::nullopt;
}

// Integers of rank 2 and more keep their values under a change of the shape.
static DenseElementsAttr foldIntegerView(Operation *op, RankedTensorType type) {
  if (!isa<ReshapeOp, SqueezeOp, UnsqueezeOp>(op) || !isa<IntegerType>(type.getElementType()))
    return {};
  auto constant = op->getOperand(0).getDefiningOp<ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  return dense && dense.getNumElements() == type.getNumElements() ? dense.reshape(type)
                                                                  : DenseElementsAttr();
}

// Range(0, n, 1): position ids of a model that looks positions up.
static DenseElementsAttr foldRange(Operation *op, RankedTensorType type) {
  constexpr int64_t kMaxRange = 4096;
  auto range = dyn_cast<RangeOp>(op);
  if (!range || !isa<IntegerType>(type.getElementType()) || type.getNumElements() > kMaxRange)
    return {};
  std::optional<int64_t> start = getConstantInt(range.getStart());
  std::optional<int64_t> step = getConstantInt(range.getStep());
  if (!start || !step)
    return {};
  SmallVector<APInt> values;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    values.push_back(APInt(type.getElementTypeBitWidth(),
                           static_cast<uint64_t>(*start) + i * static_cast<uint64_t>(*step),
                           /*isSigned=*/true, /*implicitTrunc=*/true));
  return DenseElementsAttr::get(type, values);
}

static DenseElementsAttr foldShapeValue(Value value, RankedTensorType type) {
  if (type.getRank() > 1 || !isa<IntegerType>(type.getElementType()))
    return {};
  std::optional<SmallVector<int64_t>> known = evaluateShapeValue(value);
  if (!known || static_cast<int64_t>(known->size()) != type.getNumElements() ||
      llvm::is_contained(*known, ShapedType::kDynamic))
    return {};
  SmallVector<APInt> values;
  for (int64_t element : *known) {
    if (!llvm::isIntN(type.getElementTypeBitWidth(), element))
      return {};
    values.push_back(APInt(type.getElementTypeBitWidth(), static_cast<uint64_t>(element), true));
  }
  return DenseElementsAttr::get(type, values);
}

static DenseElementsAttr fold(Operation *op) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() == 0)
    return {};
  if (DenseElementsAttr value = foldShapeValue(op->getResult(0), type))
    return value;
  if (std::optional<Element> element = foldUniform(op))
    return makeUniform(type, *element);
  if (DenseElementsAttr value = foldIntegerView(op, type))
    return value;
  return foldRange(op, type);
}

namespace {

struct OVFoldStaticShapes : public bertmlir::ov::impl::OVFoldStaticShapesBase<OVFoldStaticShapes> {
  using Base::Base;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    // Producers first, so that each op sees its operands folded.
    getOperation().walk([&](Operation *op) {
      if (op->getNumResults() != 1 || isa<ConstantOp, WeightOp>(op) ||
          op->getDialect() != getOperation().getContext()->getLoadedDialect<OVDialect>())
        return;
      DenseElementsAttr value = fold(op);
      if (!value)
        return;
      builder.setInsertionPoint(op);
      op->getResult(0).replaceAllUsesWith(
          ConstantOp::create(builder, op->getLoc(), value).getOutput());
    });
    eraseDeadOps(getOperation());
  }
};

} // namespace
