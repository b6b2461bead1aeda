//===- Views.cpp - changes of the shape that move no element -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Views.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

bool ov::isView(Operation *op) { return op && isa<ReshapeOp, SqueezeOp, UnsqueezeOp>(op); }

Value ov::lookThroughViews(Value value) {
  while (isView(value.getDefiningOp()) &&
         isa<RankedTensorType>(value.getDefiningOp()->getOperand(0).getType()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

RankedTensorType ViewBuilder::type(ArrayRef<SymbolicDim> shape, Type elementType) {
  SmallVector<int64_t> dims;
  for (const SymbolicDim &dim : shape)
    dims.push_back(dim.isNumber() ? dim.factor : ShapedType::kDynamic);
  return RankedTensorType::get(dims, elementType);
}

//===----------------------------------------------------------------------===//
// Shape arithmetic
//===----------------------------------------------------------------------===//

// An op's own result may be the only thing that has some dimension.
bool ViewBuilder::canRead(const SymbolSource &source) const {
  if (!source.isDimension)
    return false;
  Operation *producer = source.value.getDefiningOp();
  if (!producer || builder.getInsertionPoint() == builder.getInsertionBlock()->end())
    return true;
  return producer->isBeforeInBlock(&*builder.getInsertionPoint());
}

Value ViewBuilder::dimension(Location loc, unsigned symbol, Type elementType, bool isScalar) {
  const SymbolSource &source = shapes.getSource(symbol);
  Value &known = dimensions[{symbol, elementType.getAsOpaquePointer(), isScalar}];
  if (known)
    return known;
  Value value = source.value;
  while (Value by = replacements.lookup(value))
    value = by;
  Value shape = ShapeOfOp::create(builder, loc, value, elementType);
  Value index = isScalar ? createScalarInt(builder, loc, source.index)
                         : createInts(builder, loc, source.index);
  known = GatherOp::create(builder, loc, shape, index, createScalarInt(builder, loc, 0), 0);
  return known;
}

Value ViewBuilder::product(Location loc, const SymbolicDim &dim, Type elementType, bool isScalar) {
  auto constant = [&]() -> Value {
    return isScalar ? createScalarInt(builder, loc, dim.factor, elementType)
                    : createInts(builder, loc, dim.factor, elementType);
  };
  if (dim.isNumber())
    return constant();
  Value result;
  auto multiply = [&](Value next) {
    result = result ? MultiplyOp::create(builder, loc, result, next).getOutput() : next;
  };
  for (unsigned symbol : dim.symbols)
    multiply(dimension(loc, symbol, elementType, isScalar));
  // The constant comes last: that is the normal form.
  if (dim.factor != 1)
    multiply(constant());
  return result;
}

Value ViewBuilder::elements(Location loc, ArrayRef<SymbolicDim> elements, Type elementType,
                            bool isScalar) {
  for (const SymbolicDim &element : elements)
    for (unsigned symbol : element.symbols)
      if (!canRead(shapes.getSource(symbol)))
        return {};
  if (isScalar)
    return elements.size() == 1 ? product(loc, elements.front(), elementType, true) : Value();
  SmallVector<Value> parts;
  SmallVector<int64_t> numbers;
  auto flush = [&] {
    if (!numbers.empty())
      parts.push_back(createInts(builder, loc, numbers, elementType));
    numbers.clear();
  };
  for (const SymbolicDim &element : elements) {
    if (element.isNumber()) {
      numbers.push_back(element.factor);
      continue;
    }
    flush();
    parts.push_back(product(loc, element, elementType, false));
  }
  flush();
  if (parts.empty())
    return createInts(builder, loc, {}, elementType);
  return parts.size() == 1 ? parts.front()
                           : ConcatOp::create(builder, loc, parts, int64_t(0)).getOutput();
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

// Where ones have to be inserted into `from` to get `to`; none if that is not it.
static std::optional<SmallVector<int64_t>> insertedOnes(ArrayRef<SymbolicDim> from,
                                                        ArrayRef<SymbolicDim> to) {
  SmallVector<int64_t> axes;
  size_t next = 0;
  for (auto [index, dim] : llvm::enumerate(to)) {
    if (next < from.size() && from[next] == dim)
      ++next;
    else if (dim.isNumber(1))
      axes.push_back(index);
    else
      return std::nullopt;
  }
  return next == from.size() ? std::optional(axes) : std::nullopt;
}

// A target of numbers, if it can say the shape.
static std::optional<SmallVector<int64_t>> constantTarget(ArrayRef<SymbolicDim> from,
                                                          ArrayRef<SymbolicDim> to, bool &copies) {
  SmallVector<int64_t> target;
  bool hasRest = false;
  copies = false;
  for (auto [index, dim] : llvm::enumerate(to)) {
    if (dim.isNumber()) {
      target.push_back(dim.factor);
    } else if (index < from.size() && from[index] == dim) {
      target.push_back(0);
      copies = true;
    } else if (!hasRest) {
      target.push_back(-1);
      hasRest = true;
    } else {
      return std::nullopt;
    }
  }
  // A dimension of size 0 and the copying 0 don't go together.
  if (copies && llvm::any_of(to, [](const SymbolicDim &dim) { return dim.isNumber(0); }))
    return std::nullopt;
  return target;
}

Value ViewBuilder::view(Location loc, Value source, ArrayRef<SymbolicDim> to) {
  source = lookThroughViews(source);
  SymbolicShape from = shapes.getShape(source);
  if (ArrayRef<SymbolicDim>(from) == to)
    return source;
  Value result;
  if (std::optional<SmallVector<int64_t>> axes = insertedOnes(from, to)) {
    result = UnsqueezeOp::create(builder, loc, source, createInts(builder, loc, *axes));
  } else if (std::optional<SmallVector<int64_t>> axes = insertedOnes(to, from)) {
    result = SqueezeOp::create(builder, loc, source, createInts(builder, loc, *axes));
  } else {
    bool copies = false;
    Value target;
    if (std::optional<SmallVector<int64_t>> numbers = constantTarget(from, to, copies))
      target = createInts(builder, loc, *numbers);
    else
      target = elements(loc, to, builder.getI64Type(), /*isScalar=*/false);
    if (!target)
      return {};
    result = ReshapeOp::create(builder, loc, source, target, copies);
  }
  result.setType(type(to, cast<RankedTensorType>(source.getType()).getElementType()));
  return result;
}

Value ViewBuilder::rewrite(Operation *op, ValueRange operands, ArrayRef<SymbolicDim> to) {
  if (isView(op))
    return view(op->getLoc(), operands[0], to);
  Operation *clone = builder.clone(*op);
  clone->setOperands(operands);
  Value result = clone->getResult(0);
  result.setType(type(to, cast<ShapedType>(result.getType()).getElementType()));
  return result;
}
