//===- ShapeInferenceMovement.cpp - result types of moving ops ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Shapes, look-up, cutting and joining. Where a shape is computed at run time,
// as much of it as evaluateShapeValue() knows goes into the type.
// Source: OpenVINO's operation set specifications.
//
//===----------------------------------------------------------------------===//

#include "InferTypes.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::detail;

static constexpr int64_t kUnknown = ShapedType::kDynamic;

// The number of elements of a rank 1 tensor: the rank that a shape operand gives.
static std::optional<int64_t> lengthOf(Value value) {
  RankedTensorType type = ranked(value);
  if (!type || type.getRank() > 1 || !type.hasStaticShape())
    return std::nullopt;
  return type.getNumElements();
}

static bool isKnown(int64_t dim) { return !ShapedType::isDynamic(dim); }

namespace bertmlir::ov::detail {

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

LogicalResult inferTypes(ShapeOfOpAdaptor op, Inference &out) {
  if (!op.getOutputType().isInteger(32) && !op.getOutputType().isInteger(64))
    return out.fail("gives i32 or i64");
  RankedTensorType type = ranked(op.getInput());
  return give(out, {type ? type.getRank() : kUnknown}, op.getOutputType());
}

LogicalResult inferTypes(ReshapeOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<SmallVector<int64_t>> target = evaluateShapeValue(op.getShape());
  if (!target)
    return giveUnranked(out, elementType);
  SmallVector<int64_t> shape;
  std::optional<size_t> free;
  for (auto [index, dim] : llvm::enumerate(*target)) {
    if (dim == -1) {
      if (free)
        return out.fail("has two -1 in its target " + describe(*target));
      free = index;
      shape.push_back(kUnknown);
    } else if (dim == 0 && op.getSpecialZero()) {
      if (type && static_cast<int64_t>(index) >= type.getRank())
        return out.fail("copies a dimension that the input " + describe(type.getShape()) +
                        " does not have");
      shape.push_back(type ? type.getDimSize(index) : kUnknown);
    } else if (isKnown(dim) && dim < 0) {
      return out.fail("has the target " + describe(*target));
    } else {
      shape.push_back(dim);
    }
  }
  if (type && type.hasStaticShape()) {
    int64_t count = 1;
    for (int64_t dim : type.getShape())
      count *= dim;
    int64_t rest = 1;
    bool restKnown = true;
    for (auto [index, dim] : llvm::enumerate(shape)) {
      if (free && index == *free)
        continue;
      restKnown &= isKnown(dim);
      if (isKnown(dim) && llvm::MulOverflow(rest, dim, rest))
        return out.fail("has the impossible target " + describe(*target));
    }
    if (restKnown && free) {
      if (rest == 0 ? count != 0 : count % rest != 0)
        return out.fail("can't reshape " + describe(type.getShape()) + " to " + describe(*target));
      shape[*free] = rest == 0 ? 0 : count / rest;
    } else if (restKnown && rest != count) {
      return out.fail("can't reshape " + describe(type.getShape()) + " to " + describe(*target));
    }
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(SqueezeOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  if (!type || (!op.getAxes() && !type.hasStaticShape()))
    return giveUnranked(out, elementType);
  SmallVector<int64_t> axes;
  if (!op.getAxes()) {
    for (auto [index, dim] : llvm::enumerate(type.getShape()))
      if (dim == 1)
        axes.push_back(index);
  } else {
    bool known = false;
    std::optional<SmallVector<int64_t>> list = constantAxes(op.getAxes(), type.getRank(), known);
    if (!list)
      return known ? out.fail("has axes out of range for " + describe(type.getShape()))
                   : giveUnranked(out, elementType);
    axes = *list;
  }
  SmallVector<int64_t> shape;
  for (auto [index, dim] : llvm::enumerate(type.getShape())) {
    if (!llvm::is_contained(axes, static_cast<int64_t>(index)))
      shape.push_back(dim);
    else if (isKnown(dim) && dim != 1)
      return out.fail("removes a dimension of size " + Twine(dim) + " of " +
                      describe(type.getShape()));
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(UnsqueezeOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<int64_t> count = lengthOf(op.getAxes());
  if (!type || !count)
    return giveUnranked(out, elementType);
  int64_t rank = type.getRank() + *count;
  bool known = false;
  std::optional<SmallVector<int64_t>> axes = constantAxes(op.getAxes(), rank, known);
  if (!axes)
    return known ? out.fail("has axes out of range for rank " + Twine(rank))
                 : give(out, SmallVector<int64_t>(rank, kUnknown), elementType);
  SmallVector<int64_t> shape;
  const int64_t *next = type.getShape().begin();
  for (int64_t index = 0; index < rank; ++index)
    shape.push_back(llvm::is_contained(*axes, index) ? 1 : *next++);
  return give(out, shape, elementType);
}

LogicalResult inferTypes(TransposeOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  if (!type)
    return giveUnranked(out, elementType);
  std::optional<SmallVector<int64_t>> order = evaluateShapeValue(op.getOrder());
  if (order && llvm::any_of(*order, ShapedType::isDynamic))
    order.reset();
  SmallVector<int64_t> shape;
  if (order && !order->empty()) {
    bool known = false;
    order = constantAxes(op.getOrder(), type.getRank(), known);
    if (!order || static_cast<int64_t>(order->size()) != type.getRank())
      return out.fail("has an order that is no permutation of the dimensions of " +
                      describe(type.getShape()));
    for (int64_t axis : *order)
      shape.push_back(type.getDimSize(axis));
  } else if (order) {
    shape.assign(type.getShape().rbegin(), type.getShape().rend());
  } else {
    shape.assign(type.getRank(), kUnknown);
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(BroadcastOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<SmallVector<int64_t>> target = evaluateShapeValue(op.getTargetShape());
  if (!target)
    return giveUnranked(out, elementType);
  for (int64_t dim : *target)
    if (isKnown(dim) && dim < 0)
      return out.fail("has the target " + describe(*target));
  if (op.getMode() == "explicit" || !type)
    return give(out, *target, elementType);
  std::optional<SmallVector<int64_t>> shape = broadcastShapes(type.getShape(), *target);
  // By numpy's rules the target wins: what it does not know stays unknown only
  // where the input has 1.
  if (!shape || (op.getMode() == "numpy" && shape->size() != target->size()))
    return out.fail("can't broadcast " + describe(type.getShape()) + " to " + describe(*target));
  return give(out, *shape, elementType);
}

LogicalResult inferTypes(TileOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<SmallVector<int64_t>> repeats = evaluateShapeValue(op.getRepeats());
  if (!type || !repeats)
    return giveUnranked(out, elementType);
  SmallVector<int64_t> shape(type.getShape());
  // The shorter of the two is extended with ones on the left.
  if (repeats->size() > shape.size())
    shape.insert(shape.begin(), repeats->size() - shape.size(), 1);
  size_t offset = shape.size() - repeats->size();
  for (auto [index, count] : llvm::enumerate(*repeats)) {
    int64_t &dim = shape[offset + index];
    if (!isKnown(dim) || !isKnown(count))
      dim = count == 1 ? dim : kUnknown;
    else if (count < 0 || llvm::MulOverflow(dim, count, dim))
      return out.fail("has the repeats " + describe(*repeats));
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(RangeOpAdaptor op, Inference &out) {
  auto first = [](Value value) -> std::optional<int64_t> {
    std::optional<SmallVector<int64_t>> values = evaluateShapeValue(value);
    if (!values || values->size() != 1 || !isKnown(values->front()))
      return std::nullopt;
    return values->front();
  };
  std::optional<int64_t> start = first(op.getStart()), stop = first(op.getStop()),
                         step = first(op.getStep());
  if (!start || !stop || !step)
    return give(out, {kUnknown}, op.getOutputType());
  int64_t span = 0;
  // Nor can the smallest number be divided by -1.
  if (*step == 0 || llvm::SubOverflow(*stop, *start, span) ||
      span == std::numeric_limits<int64_t>::min())
    return out.fail("has the step 0 or limits out of range");
  int64_t count = 0;
  if (span != 0 && (span > 0) == (*step > 0))
    count = span / *step + (span % *step != 0 ? 1 : 0);
  return give(out, {count}, op.getOutputType());
}

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

LogicalResult inferTypes(GatherOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput()), indices = ranked(op.getIndices());
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  if (!type || !indices || !axis)
    return giveUnranked(out, elementType);
  std::optional<int64_t> normalized = normalizeAxis(*axis, type.getRank());
  std::optional<int64_t> batchDims =
      normalizeAxis(static_cast<int64_t>(op.getBatchDims()), indices.getRank() + 1);
  if (!normalized)
    return out.fail("has axis " + Twine(*axis) + " for the shape " + describe(type.getShape()));
  if (!batchDims || *batchDims > *normalized)
    return out.fail("has batch_dims out of range");
  SmallVector<int64_t> shape(type.getShape().take_front(*normalized));
  llvm::append_range(shape, indices.getShape().drop_front(*batchDims));
  llvm::append_range(shape, type.getShape().drop_front(*normalized + 1));
  return give(out, shape, elementType);
}

LogicalResult inferTypes(GatherNDOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput()), indices = ranked(op.getIndices());
  int64_t batchDims = static_cast<int64_t>(op.getBatchDims());
  if (!type || !indices || indices.getRank() == 0 ||
      !isKnown(indices.getDimSize(indices.getRank() - 1)))
    return giveUnranked(out, elementType);
  int64_t tuple = indices.getDimSize(indices.getRank() - 1);
  if (batchDims < 0 || batchDims >= indices.getRank() || batchDims + tuple > type.getRank())
    return out.fail("has index tuples of " + Twine(tuple) + " for the shape " +
                    describe(type.getShape()));
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, type.getShape().drop_front(batchDims + tuple));
  return give(out, shape, elementType);
}

LogicalResult inferTypes(OneHotOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getOnValue().getType());
  if (elementType != getElementTypeOrSelf(op.getOffValue().getType()))
    return out.fail("needs on and off values of one element type");
  RankedTensorType indices = ranked(op.getIndices());
  if (!indices)
    return giveUnranked(out, elementType);
  std::optional<int64_t> axis =
      normalizeAxis(static_cast<int64_t>(op.getAxis()), indices.getRank() + 1);
  if (!axis)
    return out.fail("has its axis out of range");
  std::optional<SmallVector<int64_t>> depth = evaluateShapeValue(op.getDepth());
  int64_t size = depth && depth->size() == 1 ? depth->front() : kUnknown;
  if (isKnown(size) && size < 0)
    return out.fail("has depth " + Twine(size));
  SmallVector<int64_t> shape(indices.getShape());
  shape.insert(shape.begin() + *axis, size);
  return give(out, shape, elementType);
}

//===----------------------------------------------------------------------===//
// Cutting and joining
//===----------------------------------------------------------------------===//

LogicalResult inferTypes(ConcatOpAdaptor op, Inference &out) {
  if (op.getInputs().empty())
    return out.fail("needs operands");
  Type elementType = getElementTypeOrSelf(op.getInputs().front().getType());
  SmallVector<int64_t> shape;
  int64_t axis = 0;
  for (auto [index, input] : llvm::enumerate(op.getInputs())) {
    RankedTensorType type = ranked(input);
    if (getElementTypeOrSelf(input.getType()) != elementType)
      return out.fail("needs operands of one element type");
    if (!type)
      return giveUnranked(out, elementType);
    if (index == 0) {
      std::optional<int64_t> normalized =
          normalizeAxis(static_cast<int64_t>(op.getAxis()), type.getRank());
      if (!normalized)
        return out.fail("has its axis out of range for " + describe(type.getShape()));
      axis = *normalized;
      shape = SmallVector<int64_t>(type.getShape());
      continue;
    }
    if (type.getRank() != static_cast<int64_t>(shape.size()))
      return out.fail("joins " + describe(shape) + " and " + describe(type.getShape()));
    for (auto [place, dim] : llvm::enumerate(type.getShape())) {
      int64_t &sum = shape[place];
      if (static_cast<int64_t>(place) == axis) {
        if (!isKnown(sum) || !isKnown(dim))
          sum = kUnknown;
        else if (llvm::AddOverflow(sum, dim, sum))
          return out.fail("has an impossible size");
      } else if (!isKnown(sum)) {
        sum = dim;
      } else if (isKnown(dim) && dim != sum) {
        return out.fail("joins " + describe(shape) + " and " + describe(type.getShape()) +
                        " along axis " + Twine(axis));
      }
    }
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(SplitOpAdaptor op, Inference &out) {
  // More parts than any op of a real graph has; guards against hostile counts.
  int64_t count = static_cast<int64_t>(op.getNumSplits());
  if (count < 1 || count > (1 << 16))
    return out.fail("has num_splits " + Twine(count));
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  if (!type || !axis) {
    out.types.append(count, UnrankedTensorType::get(elementType));
    return success();
  }
  std::optional<int64_t> normalized = normalizeAxis(*axis, type.getRank());
  if (!normalized)
    return out.fail("has axis " + Twine(*axis) + " for the shape " + describe(type.getShape()));
  SmallVector<int64_t> shape(type.getShape());
  int64_t &dim = shape[*normalized];
  if (isKnown(dim)) {
    if (dim % count != 0)
      return out.fail("can't cut " + describe(type.getShape()) + " into " + Twine(count) +
                      " equal parts along axis " + Twine(*normalized));
    dim /= count;
  }
  out.types.append(count, RankedTensorType::get(shape, elementType));
  return success();
}

LogicalResult inferTypes(VariadicSplitOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  std::optional<SmallVector<int64_t>> lengths = evaluateShapeValue(op.getSplitLengths());
  if (!lengths)
    return out.fail("needs split lengths of a known number");
  if (!type || !axis) {
    out.types.append(lengths->size(), UnrankedTensorType::get(elementType));
    return success();
  }
  std::optional<int64_t> normalized = normalizeAxis(*axis, type.getRank());
  if (!normalized)
    return out.fail("has axis " + Twine(*axis) + " for the shape " + describe(type.getShape()));
  int64_t total = type.getDimSize(*normalized), sum = 0;
  bool restKnown = isKnown(total);
  unsigned free = 0;
  for (int64_t length : *lengths) {
    if (length == -1)
      ++free;
    else if (!isKnown(length))
      restKnown = false;
    else if (length < 0 || llvm::AddOverflow(sum, length, sum))
      return out.fail("has the lengths " + describe(*lengths));
  }
  if (free > 1 || (restKnown && (free ? sum > total : sum != total)))
    return out.fail("has the lengths " + describe(*lengths) + " for the shape " +
                    describe(type.getShape()));
  for (int64_t length : *lengths) {
    SmallVector<int64_t> shape(type.getShape());
    shape[*normalized] = length != -1 ? length : restKnown ? total - sum : kUnknown;
    if (failed(give(out, shape, elementType)))
      return failure();
  }
  return success();
}

// How many elements `begin:end:stride` picks out of `dim` by Python's rules.
static int64_t sliceLength(int64_t dim, std::optional<int64_t> begin, std::optional<int64_t> end,
                           int64_t stride) {
  int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? dim : dim - 1;
  auto place = [&](std::optional<int64_t> limit, int64_t absent) {
    if (!limit)
      return absent;
    int64_t at = *limit < 0 ? *limit + dim : *limit;
    return std::clamp(at, low, high);
  };
  int64_t first = place(begin, stride > 0 ? 0 : dim - 1);
  int64_t last = place(end, stride > 0 ? dim : -1);
  int64_t span = stride > 0 ? last - first : first - last;
  int64_t step = stride > 0 ? stride : -stride;
  return span <= 0 ? 0 : (span - 1) / step + 1;
}

LogicalResult inferTypes(StridedSliceOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<int64_t> entries = lengthOf(op.getBegin());
  if (!type || !entries)
    return giveUnranked(out, elementType);
  if (*entries > 64)
    return out.fail("has " + Twine(*entries) + " slices");
  auto isSet = [](ArrayRef<int64_t> mask, int64_t index) {
    return index < static_cast<int64_t>(mask.size()) && mask[index] == 1;
  };
  auto valuesOf = [&](Value value) -> std::optional<SmallVector<int64_t>> {
    std::optional<SmallVector<int64_t>> values = evaluateShapeValue(value);
    if (values && static_cast<int64_t>(values->size()) != *entries)
      return std::nullopt;
    return values;
  };
  std::optional<SmallVector<int64_t>> begin = valuesOf(op.getBegin()), end = valuesOf(op.getEnd()),
                                      strides = valuesOf(op.getStrides());
  if (!begin || !end || !strides)
    return out.fail("needs as many ends and strides as begins");

  int64_t consumed = 0;
  for (int64_t i = 0; i < *entries; ++i)
    consumed += !isSet(op.getNewAxisMask(), i) && !isSet(op.getEllipsisMask(), i);
  if (consumed > type.getRank())
    return out.fail("has " + Twine(consumed) + " slices for the shape " +
                    describe(type.getShape()));

  SmallVector<int64_t> shape;
  int64_t axis = 0;
  for (int64_t i = 0; i < *entries; ++i) {
    if (isSet(op.getEllipsisMask(), i)) {
      for (int64_t skipped = type.getRank() - consumed; skipped > 0; --skipped)
        shape.push_back(type.getDimSize(axis++));
      consumed = type.getRank(); // a second ellipsis covers nothing
      continue;
    }
    if (isSet(op.getNewAxisMask(), i)) {
      shape.push_back(1);
      continue;
    }
    int64_t dim = type.getDimSize(axis++);
    if (isSet(op.getShrinkAxisMask(), i))
      continue;
    std::optional<int64_t> first, last;
    bool known = isKnown(dim) && isKnown((*strides)[i]) && (*strides)[i] != 0;
    if (!isSet(op.getBeginMask(), i)) {
      first = (*begin)[i];
      known &= isKnown(*first);
    }
    if (!isSet(op.getEndMask(), i)) {
      last = (*end)[i];
      known &= isKnown(*last);
    }
    bool isWhole = isKnown((*strides)[i]) && (*strides)[i] == 1 && first.value_or(0) == 0 && !last;
    // 0:1 of anything has at most one element; graphs use it on dimensions that
    // are never empty.
    bool isFirst = isKnown((*strides)[i]) && (*strides)[i] == 1 && first.value_or(0) == 0 && last &&
                   *last == 1;
    shape.push_back(isWhole   ? dim
                    : known   ? sliceLength(dim, first, last, (*strides)[i])
                    : isFirst ? 1
                              : kUnknown);
  }
  while (axis < type.getRank())
    shape.push_back(type.getDimSize(axis++));
  return give(out, shape, elementType);
}

LogicalResult inferTypes(SliceOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  std::optional<SmallVector<int64_t>> start = evaluateShapeValue(op.getStart()),
                                      stop = evaluateShapeValue(op.getStop()),
                                      step = evaluateShapeValue(op.getStep());
  if (!type)
    return giveUnranked(out, elementType);
  SmallVector<int64_t> axes;
  if (op.getAxes()) {
    bool known = false;
    std::optional<SmallVector<int64_t>> list = constantAxes(op.getAxes(), type.getRank(), known);
    if (!list)
      return known ? out.fail("has axes out of range for " + describe(type.getShape()))
                   : give(out, SmallVector<int64_t>(type.getRank(), kUnknown), elementType);
    axes = *list;
  } else if (start) {
    for (size_t i = 0; i < start->size(); ++i)
      axes.push_back(i);
  }
  if (!start || !stop || !step)
    return give(out, SmallVector<int64_t>(type.getRank(), kUnknown), elementType);
  if (start->size() != axes.size() || stop->size() != axes.size() || step->size() != axes.size() ||
      static_cast<int64_t>(axes.size()) > type.getRank())
    return out.fail("needs as many starts, stops and steps as axes");
  SmallVector<int64_t> shape(type.getShape());
  for (auto [index, axis] : llvm::enumerate(axes)) {
    int64_t first = (*start)[index], last = (*stop)[index], stride = (*step)[index];
    if (stride == 0)
      return out.fail("has step 0");
    int64_t &dim = shape[axis];
    if (isKnown(dim) && isKnown(first) && isKnown(last) && isKnown(stride))
      dim = sliceLength(dim, first, last, stride);
    else if (first == 0 && last == 1 && stride == 1)
      dim = 1; // of a dimension that is never empty, as in StridedSlice
    else if (first != 0 || last != std::numeric_limits<int64_t>::max() || stride != 1)
      dim = kUnknown;
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(TopKOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getInput().getType());
  RankedTensorType type = ranked(op.getInput());
  if (!type) {
    (void)giveUnranked(out, elementType);
    return giveUnranked(out, op.getIndexElementType());
  }
  std::optional<int64_t> axis = normalizeAxis(static_cast<int64_t>(op.getAxis()), type.getRank());
  if (!axis)
    return out.fail("has its axis out of range for " + describe(type.getShape()));
  std::optional<SmallVector<int64_t>> k = evaluateShapeValue(op.getK());
  SmallVector<int64_t> shape(type.getShape());
  shape[*axis] = k && k->size() == 1 ? k->front() : kUnknown;
  if (failed(give(out, shape, elementType)))
    return failure();
  return give(out, shape, op.getIndexElementType());
}

} // namespace bertmlir::ov::detail
