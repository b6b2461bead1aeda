//===- Movement.cpp - changes of shape become views and copies -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtolinalg;

static OpFoldResult product(ModelLowering &c, ArrayRef<OpFoldResult> dims) {
  OpFoldResult count = c.number(1);
  for (OpFoldResult dim : dims)
    count = c.multiply(count, dim);
  return count;
}

static LogicalResult lowerShapeOf(ModelLowering &c, Operation *op) {
  Tensor input = c.get(op->getOperand(0));
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<Value> sizes;
  for (OpFoldResult dim : input.dims)
    sizes.push_back(arith::IndexCastOp::create(c.builder, type.getElementType(), c.index(dim)));
  if (sizes.empty())
    return c.give(tensor::EmptyOp::create(c.builder, ArrayRef<int64_t>{0}, type.getElementType()));
  return c.give(tensor::FromElementsOp::create(c.builder, sizes));
}

static LogicalResult lowerReshape(ModelLowering &c, Operation *generic) {
  auto op = cast<ReshapeOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<Dims> target = c.elements(op.getShape());
  if (!target)
    return c.refuse("a target of open rank");
  auto entry = [&](int64_t i) -> OpFoldResult {
    OpFoldResult size = (*target)[i];
    if (op.getSpecialZero() && i < input.rank())
      size = c.select(arith::CmpIPredicate::eq, size, c.number(0), input.dims[i], size);
    return size;
  };
  // What -1 stands for: the quotient of all elements by the others. Where the run
  // computes the target, any entry may turn out to be -1.
  auto compute = [&](int64_t i) -> OpFoldResult {
    OpFoldResult size = entry(i);
    std::optional<int64_t> known = getConstantIntValue(size);
    if (known && *known != -1)
      return size;
    OpFoldResult others = c.number(1);
    for (int64_t j = 0, e = target->size(); j < e; ++j)
      if (j != i)
        others = c.multiply(others, entry(j));
    OpFoldResult rest = c.ceilDivide(product(c, input.dims), others);
    return c.select(arith::CmpIPredicate::eq, size, c.number(-1), rest, size);
  };
  return c.give(c.reshape(input, c.result(0, compute)));
}

// Squeeze and Unsqueeze: the dimensions that stay are the input's, in order.
static LogicalResult lowerSqueeze(ModelLowering &c, Operation *op) {
  Tensor input = c.get(op->getOperand(0));
  SmallVector<int64_t> axes;
  if (op->getNumOperands() > 1) {
    std::optional<SmallVector<int64_t>> given = getConstantInts(op->getOperand(1));
    if (!given)
      return c.refuse("axes that are computed");
    for (int64_t axis : *given)
      axes.push_back(wrapAxis(axis, input.rank()));
  } else {
    for (int64_t i = 0; i < input.rank(); ++i)
      if (getConstantIntValue(input.dims[i]) == 1)
        axes.push_back(i);
  }
  // A removed dimension is 1, whatever its name.
  Tensor ones = input, result;
  for (int64_t i = 0; i < input.rank(); ++i) {
    if (llvm::is_contained(axes, i)) {
      ones.shape[i] = SymbolicShapes::number(1);
      ones.dims[i] = c.number(1);
    } else {
      result.shape.push_back(input.shape[i]);
      result.dims.push_back(input.dims[i]);
    }
  }
  auto type = ModelLowering::tensorType(ones.dims, input.elementType());
  if (type != input.type())
    ones.value = tensor::CastOp::create(c.builder, type, ones.value);
  return c.give(c.reshape(ones, result));
}

static LogicalResult lowerUnsqueeze(ModelLowering &c, Operation *op) {
  Tensor input = c.get(op->getOperand(0));
  std::optional<SmallVector<int64_t>> axes = getConstantInts(op->getOperand(1));
  if (!axes)
    return c.refuse("axes that are computed");
  for (int64_t &axis : *axes)
    axis = wrapAxis(axis, input.rank() + axes->size());
  return c.give(c.unsqueeze(input, *axes).value);
}

static LogicalResult lowerTranspose(ModelLowering &c, Operation *op) {
  Tensor input = c.get(op->getOperand(0));
  std::optional<SmallVector<int64_t>> order = getConstantInts(op->getOperand(1));
  if (!order)
    return c.refuse("an order that is computed");
  if (order->empty())
    order = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, input.rank())));
  for (int64_t &axis : *order)
    axis = wrapAxis(axis, input.rank());
  return c.give(c.transpose(input, *order).value);
}

// The i-th of `rank` dimensions, to whose end `dims` are aligned; none in front of them.
static std::optional<OpFoldResult> getAligned(ArrayRef<OpFoldResult> dims, int64_t i,
                                              int64_t rank) {
  int64_t own = i - rank + static_cast<int64_t>(dims.size());
  return own < 0 ? std::nullopt : std::optional(dims[own]);
}

static LogicalResult lowerBroadcast(ModelLowering &c, Operation *generic) {
  auto op = cast<BroadcastOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<Dims> target = c.elements(op.getTargetShape());
  if (!target)
    return c.refuse("a target of open rank");
  int64_t rank = cast<RankedTensorType>(op.getType()).getRank();
  SmallVector<int64_t> places;
  if (op.getMode() == "explicit") {
    std::optional<SmallVector<int64_t>> axes;
    if (op.getAxesMapping())
      axes = getConstantInts(op.getAxesMapping());
    if (!axes || static_cast<int64_t>(axes->size()) != input.rank())
      return c.refuse("an axes mapping that is not constant");
    for (int64_t axis : *axes)
      places.push_back(wrapAxis(axis, rank));
  } else {
    for (int64_t i = 0; i < input.rank(); ++i)
      places.push_back(rank - input.rank() + i);
  }
  bool isTwoSided = op.getMode() == "bidirectional";
  auto compute = [&](int64_t i) -> OpFoldResult {
    std::optional<OpFoldResult> own = getAligned(input.dims, i, rank);
    std::optional<OpFoldResult> other = getAligned(*target, i, rank);
    if (!isTwoSided || !own)
      return *other;
    if (!other)
      return *own;
    return c.select(arith::CmpIPredicate::eq, *other, c.number(1), *own, *other);
  };
  Tensor result = c.result(0, compute);
  return c.give(c.broadcast(result, input, places));
}

static LogicalResult lowerTile(ModelLowering &c, Operation *generic) {
  auto op = cast<TileOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<Dims> repeats = c.elements(op.getRepeats());
  if (!repeats)
    return c.refuse("repeats of an open number");
  int64_t rank = cast<RankedTensorType>(op.getType()).getRank();
  auto compute = [&](int64_t i) {
    OpFoldResult size = getAligned(input.dims, i, rank).value_or(c.number(1));
    std::optional<OpFoldResult> repeat = getAligned(*repeats, i, rank);
    return repeat ? c.multiply(size, *repeat) : size;
  };
  Tensor result = c.result(0, compute);
  SmallVector<Value> sizes;
  for (OpFoldResult dim : input.dims)
    sizes.push_back(c.index(dim));
  return c.give(
      c.generate(result.dims, input.elementType(), {}, [&](LoopBuilder &b, ValueRange) -> Value {
        SmallVector<Value> at;
        for (auto [i, size] : llvm::enumerate(sizes)) {
          Value loop = linalg::IndexOp::create(b, rank - input.rank() + i);
          at.push_back(arith::RemUIOp::create(b, loop, size));
        }
        return tensor::ExtractOp::create(b, input.value, at);
      }));
}

// start + i step, as many as there are before stop.
static LogicalResult lowerRange(ModelLowering &c, Operation *generic) {
  auto op = cast<RangeOp>(generic);
  Type type = op.getOutputType();
  Type wide = isa<FloatType>(type) ? type : Type(c.builder.getI64Type());
  auto read = [&](Value value) {
    Tensor tensor = c.get(value);
    SmallVector<Value> at;
    for (int64_t i = 0; i < tensor.rank(); ++i)
      at.push_back(c.index(c.number(0)));
    Value element = tensor::ExtractOp::create(c.builder, tensor.value, at);
    // A float limit counts as a float, whatever the result is.
    return isa<FloatType>(element.getType()) ? element : convertElement(c.builder, element, wide);
  };
  Value start = read(op.getStart()), stop = read(op.getStop()), step = read(op.getStep());
  if (start.getType() != stop.getType() || start.getType() != step.getType())
    return c.refuse("limits of different types");
  Type limits = start.getType();
  auto compute = [&](int64_t) -> OpFoldResult {
    // Limits that are sizes stay sizes: plan-arena can compute with them.
    std::optional<int64_t> stride = getConstantInt(op.getStep());
    if (stride.value_or(0) > 0 && !isa<FloatType>(limits)) {
      std::optional<Dims> first = c.elements(op.getStart()), last = c.elements(op.getStop());
      if (first && last && first->size() == 1 && last->size() == 1)
        return c.maximum(c.ceilDivide(c.subtract(last->front(), first->front()), c.number(*stride)),
                         c.number(0));
    }
    Value count;
    if (isa<FloatType>(limits)) {
      Value span = arith::SubFOp::create(c.builder, stop, start);
      Value steps = math::CeilOp::create(c.builder, arith::DivFOp::create(c.builder, span, step));
      count = convertElement(c.builder, steps, c.builder.getI64Type());
      count = arith::IndexCastOp::create(c.builder, c.builder.getIndexType(), count);
    } else {
      // By a step of 0 nobody divides; a negative one turns everything round.
      Value zero = c.constant(limits, 0), one = c.constant(limits, 1);
      Value isDown = arith::CmpIOp::create(c.builder, arith::CmpIPredicate::slt, step, zero);
      Value up = arith::SubIOp::create(c.builder, stop, start);
      Value down = arith::SubIOp::create(c.builder, start, stop);
      Value span = arith::SelectOp::create(c.builder, isDown, down, up);
      Value size = arith::SelectOp::create(c.builder, isDown,
                                           arith::SubIOp::create(c.builder, zero, step), step);
      size = arith::MaxSIOp::create(c.builder, size, one);
      count = arith::CeilDivSIOp::create(c.builder, span, size);
      count = arith::IndexCastOp::create(c.builder, c.builder.getIndexType(), count);
    }
    return c.maximum(count, c.number(0));
  };
  Tensor result = c.result(0, compute);
  return c.give(c.generate(result.dims, type, {}, [&](LoopBuilder &b, ValueRange) -> Value {
    Value i = arith::IndexCastOp::create(b, b.getI64Type(), linalg::IndexOp::create(b, 0));
    Value at = convertElement(b, i, limits), element;
    if (isa<FloatType>(limits))
      element = arith::AddFOp::create(b, start, arith::MulFOp::create(b, at, step));
    else
      element = arith::AddIOp::create(b, start, arith::MulIOp::create(b, at, step));
    return convertElement(b, element, type);
  }));
}

void ovtolinalg::addMovementRules(RuleTable &table) {
  table.add<ShapeOfOp>(lowerShapeOf);
  table.add<ReshapeOp>(lowerReshape);
  table.add<SqueezeOp>(lowerSqueeze);
  table.add<UnsqueezeOp>(lowerUnsqueeze);
  table.add<TransposeOp>(lowerTranspose);
  table.add<BroadcastOp>(lowerBroadcast);
  table.add<TileOp>(lowerTile);
  table.add<RangeOp>(lowerRange);
}
