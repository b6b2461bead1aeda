//===- Cutting.cpp - slices, splits and concatenations ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtolinalg;

namespace {

/// What is picked along one dimension: `size` entries from `first` on, `step` apart.
struct Cut {
  OpFoldResult first, size, step;
};

} // namespace

static Cut whole(ModelLowering &c, OpFoldResult dim) { return {c.number(0), dim, c.number(1)}; }

// The entries begin:end:step of a dimension by Python's rules; a missing limit is
// null.
static Cut cut(ModelLowering &c, OpFoldResult dim, OpFoldResult begin, OpFoldResult end,
               OpFoldResult step) {
  OpFoldResult zero = c.number(0), one = c.number(1), minus = c.number(-1);
  auto ifDown = [&](OpFoldResult down, OpFoldResult up) {
    return c.select(arith::CmpIPredicate::slt, step, zero, down, up);
  };
  OpFoldResult low = ifDown(minus, zero), high = ifDown(c.subtract(dim, one), dim);
  auto inside = [&](OpFoldResult limit) {
    std::optional<int64_t> known = getConstantIntValue(limit);
    // Limits that mean "to the end" must not overflow.
    if (known && *known > (int64_t(1) << 60))
      return high;
    if (known && *known == 0)
      return ifDown(c.minimum(zero, high), zero);
    OpFoldResult wrapped =
        c.select(arith::CmpIPredicate::slt, limit, zero, c.add(limit, dim), limit);
    return c.minimum(c.maximum(wrapped, low), high);
  };
  OpFoldResult first = begin ? inside(begin) : ifDown(high, zero);
  OpFoldResult last = end ? inside(end) : ifDown(minus, dim);
  OpFoldResult span = ifDown(c.subtract(first, last), c.subtract(last, first));
  OpFoldResult size = c.ceilDivide(span, ifDown(c.subtract(zero, step), step));
  return {first, c.maximum(size, zero), step};
}

static Value pick(ModelLowering &c, const Tensor &input, ArrayRef<Cut> cuts) {
  Dims offsets, sizes, steps;
  bool isForward = true;
  for (const Cut &cut : cuts) {
    offsets.push_back(cut.first);
    sizes.push_back(getConstantIntValue(cut.size)
                        ? OpFoldResult(c.number(*getConstantIntValue(cut.size)))
                        : cut.size);
    steps.push_back(cut.step);
    isForward &= getConstantIntValue(cut.step).value_or(-1) > 0;
  }
  if (isForward)
    return tensor::ExtractSliceOp::create(c.builder, input.value, offsets, sizes, steps);
  SmallVector<std::pair<Value, Value>> affine;
  for (const Cut &cut : cuts)
    affine.push_back({c.index(cut.first), c.index(cut.step)});
  return c.generate(sizes, input.elementType(), {}, [&](LoopBuilder &b, ValueRange) -> Value {
    SmallVector<Value> at;
    for (auto [i, place] : llvm::enumerate(affine)) {
      Value loop = linalg::IndexOp::create(b, i);
      Value moved = arith::MulIOp::create(b, loop, place.second);
      at.push_back(arith::AddIOp::create(b, place.first, moved));
    }
    return tensor::ExtractOp::create(b, input.value, at);
  });
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

static LogicalResult lowerSlice(ModelLowering &c, Operation *generic) {
  auto op = cast<SliceOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<Dims> start = c.elements(op.getStart()), stop = c.elements(op.getStop()),
                      step = c.elements(op.getStep());
  if (!start || !stop || !step)
    return c.refuse("limits of an open number");
  std::optional<SmallVector<int64_t>> axes = llvm::to_vector(llvm::seq<int64_t>(0, start->size()));
  if (op.getAxes())
    axes = getConstantInts(op.getAxes());
  if (!axes)
    return c.refuse("axes that are computed");
  SmallVector<Cut> cuts;
  for (OpFoldResult dim : input.dims)
    cuts.push_back(whole(c, dim));
  for (auto [i, given] : llvm::enumerate(*axes)) {
    int64_t axis = wrapAxis(given, input.rank());
    cuts[axis] = cut(c, input.dims[axis], (*start)[i], (*stop)[i], (*step)[i]);
  }
  Tensor result = c.result(0, [&](int64_t i) { return cuts[i].size; });
  for (auto [cut, size] : llvm::zip_equal(cuts, result.dims))
    cut.size = size;
  return c.give(pick(c, input, cuts));
}

static bool isSet(ArrayRef<int64_t> mask, size_t index) {
  return index < mask.size() && mask[index] == 1;
}

static LogicalResult lowerStridedSlice(ModelLowering &c, Operation *generic) {
  auto op = cast<StridedSliceOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<Dims> begin = c.elements(op.getBegin()), end = c.elements(op.getEnd()),
                      step = c.elements(op.getStrides());
  if (!begin || !end || !step)
    return c.refuse("limits of an open number");
  int64_t entries = begin->size(), consumed = 0;
  for (int64_t i = 0; i < entries; ++i)
    consumed += !isSet(op.getNewAxisMask(), i) && !isSet(op.getEllipsisMask(), i);

  // One cut for each dimension of the input, and which of them the result has.
  SmallVector<Cut> cuts;
  SmallVector<int64_t> resultOf; // of each cut; -1: dropped
  int64_t axis = 0, place = 0;
  auto keepWhole = [&] {
    cuts.push_back(whole(c, input.dims[axis++]));
    resultOf.push_back(place++);
  };
  for (int64_t i = 0; i < entries; ++i) {
    if (isSet(op.getEllipsisMask(), i)) {
      for (int64_t skipped = input.rank() - consumed; skipped > 0; --skipped)
        keepWhole();
      consumed = input.rank();
      continue;
    }
    if (isSet(op.getNewAxisMask(), i)) {
      ++place;
      continue;
    }
    OpFoldResult first = isSet(op.getBeginMask(), i) ? OpFoldResult() : (*begin)[i];
    OpFoldResult last = isSet(op.getEndMask(), i) ? OpFoldResult() : (*end)[i];
    Cut part = cut(c, input.dims[axis], first, last, (*step)[i]);
    bool isDropped = isSet(op.getShrinkAxisMask(), i);
    if (isDropped) {
      part.size = c.number(1);
      part.step = c.number(1);
    }
    ++axis;
    cuts.push_back(part);
    resultOf.push_back(isDropped ? -1 : place++);
  }
  while (axis < input.rank())
    keepWhole();

  Tensor result = c.result(0, [&](int64_t i) -> OpFoldResult {
    auto from = llvm::find(resultOf, i);
    return from == resultOf.end() ? c.number(1) : cuts[from - resultOf.begin()].size;
  });
  Tensor sliced;
  for (auto [part, at] : llvm::zip_equal(cuts, resultOf)) {
    if (at >= 0)
      part.size = result.dims[at];
    sliced.dims.push_back(part.size);
    sliced.shape.push_back(at >= 0 ? result.shape[at] : SymbolicShapes::number(1));
  }
  sliced.value = pick(c, input, cuts);
  return c.give(c.reshape(sliced, result));
}

//===----------------------------------------------------------------------===//
// Split and Concat
//===----------------------------------------------------------------------===//

static LogicalResult splitInto(ModelLowering &c, const Tensor &input, int64_t axis,
                               ArrayRef<OpFoldResult> lengths) {
  SmallVector<Cut> cuts;
  for (OpFoldResult dim : input.dims)
    cuts.push_back(whole(c, dim));
  OpFoldResult first = c.number(0);
  for (auto [i, length] : llvm::enumerate(lengths)) {
    OpFoldResult given = length;
    Tensor result = c.result(i, [&](int64_t at) { return at == axis ? given : input.dims[at]; });
    for (auto [cut, size] : llvm::zip_equal(cuts, result.dims))
      cut.size = size;
    cuts[axis].first = first;
    if (failed(c.give(i, pick(c, input, cuts))))
      return failure();
    first = c.add(first, cuts[axis].size);
  }
  return success();
}

static LogicalResult lowerSplit(ModelLowering &c, Operation *generic) {
  auto op = cast<SplitOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  if (!axis)
    return c.refuse("an axis that is computed");
  *axis = wrapAxis(*axis, input.rank());
  OpFoldResult size = c.ceilDivide(input.dims[*axis], c.number(op.getNumSplits()));
  return splitInto(c, input, *axis, SmallVector<OpFoldResult>(op.getNumSplits(), size));
}

static LogicalResult lowerVariadicSplit(ModelLowering &c, Operation *generic) {
  auto op = cast<VariadicSplitOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  std::optional<Dims> lengths = c.elements(op.getSplitLengths());
  if (!axis || !lengths)
    return c.refuse("an axis or lengths that are computed");
  *axis = wrapAxis(*axis, input.rank());
  // -1 takes the rest.
  for (OpFoldResult &length : *lengths) {
    if (getConstantIntValue(length) != -1)
      continue;
    OpFoldResult rest = input.dims[*axis];
    for (const OpFoldResult &other : *lengths)
      if (&other != &length)
        rest = c.subtract(rest, other);
    length = rest;
  }
  return splitInto(c, input, *axis, *lengths);
}

static LogicalResult lowerConcat(ModelLowering &c, Operation *generic) {
  auto op = cast<ConcatOp>(generic);
  SmallVector<Tensor> inputs;
  for (Value input : op.getInputs())
    inputs.push_back(c.get(input));
  int64_t rank = inputs.front().rank(), axis = wrapAxis(op.getAxis(), rank);
  Tensor result = c.result(0, [&](int64_t i) {
    OpFoldResult size = inputs.front().dims[i];
    if (i == axis)
      for (const Tensor &input : ArrayRef<Tensor>(inputs).drop_front())
        size = c.add(size, input.dims[i]);
    return size;
  });
  Value joined = c.empty(result.dims, inputs.front().elementType());
  Dims offsets(rank, c.number(0)), steps(rank, c.number(1));
  for (const Tensor &input : inputs) {
    // The sizes as the type has them.
    Dims sizes;
    for (auto [i, dim] : llvm::enumerate(input.dims))
      sizes.push_back(input.type().isDynamicDim(i) ? OpFoldResult(c.index(dim))
                                                   : c.number(input.type().getDimSize(i)));
    joined = tensor::InsertSliceOp::create(c.builder, input.value, joined, offsets, sizes, steps);
    offsets[axis] = c.add(offsets[axis], input.dims[axis]);
  }
  return c.give(joined);
}

void ovtolinalg::addCuttingRules(RuleTable &table) {
  table.add<SliceOp>(lowerSlice);
  table.add<StridedSliceOp>(lowerStridedSlice);
  table.add<SplitOp>(lowerSplit);
  table.add<VariadicSplitOp>(lowerVariadicSplit);
  table.add<ConcatOp>(lowerConcat);
}
