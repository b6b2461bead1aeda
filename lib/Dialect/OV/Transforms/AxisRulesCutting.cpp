//===- AxisRulesCutting.cpp - how slices move axes ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

std::string axes::getTableName(Value value, StringRef fallback) {
  while (Operation *producer = value.getDefiningOp()) {
    if (auto weight = dyn_cast<WeightOp>(producer))
      return weight.getName().str();
    if (!isa<ConvertOp, ReshapeOp, SqueezeOp, UnsqueezeOp>(producer))
      break;
    value = producer->getOperand(0);
  }
  return fallback.str();
}

// [begin, begin + size) along one axis; no size: to the end. `operand` is the
// literal that holds the end, `index` its place there.
bool AxisAnalysis::cut(Operation *op, const Label &input, unsigned axis, int64_t begin,
                       std::optional<Monomial> size, unsigned operand, unsigned index,
                       Dim &result) {
  Dim dim = solver->normalize(input.dims[axis]);
  Size whole = solver->sizeOf(dim);
  if (begin == 0 && !size) {
    result = dim;
    return true;
  }
  bool hasBatch = solver->contains(dim, Atom::Batch);
  bool isSymbolic = hasBatch || solver->contains(dim, Atom::Sequence);
  if (size && !size->isNumber()) {
    // The graph says it: the first S rows of a table, or the whole axis.
    if (begin != 0 || !(*size == Monomial{1, 0, 1}))
      return refuse("cuts a part whose size is computed from the shape");
    if (!isSymbolic && !input.isData)
      solver->limitSequence(static_cast<int64_t>(whole), getTableName(op->getOperand(0), where));
    else if (dim != Dim{Atom::sequence()})
      return refuse("cuts a part whose size is computed from the shape");
    result = {Atom::sequence()};
    return true;
  }
  if (whole == 1 && begin == 0 && size && size->factor == 1) {
    // With a batch of 1 the first example is all of them.
    if (hasBatch)
      note(Literal::SliceEnd, op, operand, {dim}, index);
    result = dim;
    return true;
  }
  if (isSymbolic) {
    if (begin == 0 && size && Size(size->factor) == whole) {
      // The whole axis, written as a number. Where nothing else says so it may also be a
      // limit, up to which both mean the same.
      if (dim == Dim{Atom::sequence()}) {
        Variable variable(whole, where);
        variable.isUniform = false;
        variable.excludesBatch = true;
        variable.isWholeSequence = true;
        result = solver->newVariable(variable);
      } else {
        result = dim;
      }
      note(Literal::SliceEnd, op, operand, {result}, index);
      return true;
    }
    if (hasBatch)
      return refuse("takes a part of the batch");
    if (begin == 0 && size && size->factor == 1) {
      result = {};
      return true;
    }
    return refuse("takes a part of the sequence: a number of tokens, or a share?");
  }
  int64_t rows = static_cast<int64_t>(whole);
  int64_t length = size ? size->factor : rows - begin;
  if (llvm::any_of(dim, [](const Atom &atom) { return atom.kind == Atom::Variable; })) {
    if (!solver->fix(dim, where))
      return false;
    result = length == 1 ? Dim() : Dim{Atom::integer(length)};
    return true;
  }
  if (input.isData || length <= 1) {
    result = length == 1 ? Dim() : Dim{Atom::integer(length)};
    return true;
  }
  // The first rows of a table, or those from a fixed one on, even if it is all of them:
  // what follows decides whether they follow the sequence.
  Variable variable(length, getTableName(op->getOperand(0), where));
  variable.isUniform = false;
  variable.excludesBatch = true;
  variable.limit = rows - begin;
  result = solver->newVariable(variable);
  note(Literal::SliceEnd, op, operand, {result}, index);
  literals.back().start = begin;
  return true;
}

bool AxisAnalysis::slice(SliceOp op, Label &result) {
  Label input = getLabel(op, 0), start = getLabel(op, 1), stop = getLabel(op, 2);
  std::optional<SmallVector<int64_t>> steps = getConstantInts(op.getStep());
  if (!start.value || !stop.value || !steps || start.value->size() != stop.value->size() ||
      steps->size() != start.value->size())
    return refuse("has limits that are not shape arithmetic");
  SmallVector<int64_t> axes;
  if (op.getAxes()) {
    std::optional<SmallVector<int64_t>> constant = getConstantInts(op.getAxes());
    if (!constant || constant->size() != steps->size())
      return refuse("has axes that are not constant");
    axes = *constant;
  } else {
    for (size_t i = 0; i < steps->size(); ++i)
      axes.push_back(i);
  }
  result.dims = input.dims;
  result.isData = input.isData;
  result.growth = input.growth;
  result.isPlace = input.isPlace;
  bool isValue = input.value && input.dims.size() == 1 && !input.isData;
  for (auto [index, axis] : llvm::enumerate(axes)) {
    axis += axis < 0 ? static_cast<int64_t>(input.dims.size()) : 0;
    const Monomial &first = (*start.value)[index], &last = (*stop.value)[index];
    if (axis < 0 || axis >= static_cast<int64_t>(input.dims.size()) || (*steps)[index] != 1 ||
        !first.isNumber() || first.factor < 0)
      return refuse("steps, or begins at a negative or computed place");
    std::optional<Monomial> size = last;
    Size whole = solver->sizeOf(input.dims[axis]);
    if (last.isNumber()) {
      if (last.factor < 0)
        return refuse("ends at a negative place");
      if (last.factor >= std::numeric_limits<int32_t>::max())
        size.reset();
      else
        size->factor -= first.factor;
      if (size && (size->factor < 0 || first.factor + size->factor > whole))
        return refuse("ends beyond the axis");
    }
    if (isValue && (last.isNumber() || first.factor != 0)) {
      size_t count = input.value->size();
      size_t end = size ? std::min<size_t>(count, first.factor + size->factor) : count;
      size_t begin = std::min<size_t>(end, first.factor);
      result.value =
          SmallVector<Monomial>(input.value->begin() + begin, input.value->begin() + end);
      result.dims[0] = end - begin == 1 ? Dim() : Dim{Atom::integer(end - begin)};
      continue;
    }
    if (!cut(op, input, axis, first.factor, size, 2, index, result.dims[axis]))
      return false;
  }
  return true;
}

bool AxisAnalysis::stridedSlice(StridedSliceOp op, Label &result) {
  Label input = getLabel(op, 0), begin = getLabel(op, 1), end = getLabel(op, 2);
  std::optional<SmallVector<int64_t>> strides = getConstantInts(op.getStrides());
  if (!begin.value || !end.value || !strides)
    return refuse("has limits that are not shape arithmetic");
  auto isSet = [](ArrayRef<int64_t> mask, size_t index) {
    return index < mask.size() && mask[index] == 1;
  };
  size_t entries = begin.value->size();
  if (end.value->size() != entries || strides->size() != entries)
    return refuse("has limits of different lengths");
  if (input.value && input.dims.size() == 1 && !input.isData && entries == 1 &&
      !isSet(op.getNewAxisMask(), 0) && !isSet(op.getEllipsisMask(), 0)) {
    // Shape arithmetic: entries of a shape.
    int64_t count = input.value->size();
    auto place = [&](const Monomial &limit) {
      return std::clamp<int64_t>(limit.factor + (limit.factor < 0 ? count : 0), 0, count);
    };
    int64_t first = isSet(op.getBeginMask(), 0) ? 0 : place((*begin.value)[0]);
    if (isSet(op.getShrinkAxisMask(), 0)) {
      if (first >= count)
        return refuse("has an index out of range");
      result.value = SmallVector<Monomial>{(*input.value)[first]};
      return true;
    }
    int64_t last = isSet(op.getEndMask(), 0) ? count : std::max(first, place((*end.value)[0]));
    if ((*strides)[0] != 1)
      return refuse("steps");
    result.value = SmallVector<Monomial>(input.value->begin() + first, input.value->begin() + last);
    result.dims.push_back(last - first == 1 ? Dim() : Dim{Atom::integer(last - first)});
    return true;
  }
  bool isWhole = true; // nothing but new axes
  size_t axis = 0, consumed = 0;
  for (size_t i = 0; i < entries; ++i)
    consumed += !isSet(op.getNewAxisMask(), i) && !isSet(op.getEllipsisMask(), i);
  for (size_t i = 0; i < entries; ++i) {
    if (isSet(op.getEllipsisMask(), i)) {
      for (; consumed < input.dims.size(); ++consumed)
        result.dims.push_back(input.dims[axis++]);
      continue;
    }
    if (isSet(op.getNewAxisMask(), i)) {
      result.dims.push_back({});
      continue;
    }
    if (axis >= input.dims.size())
      return refuse("has more limits than axes");
    bool drops = isSet(op.getShrinkAxisMask(), i);
    Monomial first = isSet(op.getBeginMask(), i) && !drops ? Monomial{0, 0, 0} : (*begin.value)[i];
    if ((*strides)[i] != 1 || !first.isNumber())
      return refuse("steps, or begins at a computed place");
    Size whole = solver->sizeOf(input.dims[axis]);
    if (first.factor < 0) {
      if (!refuseSymbolic(input.dims[axis], "counts from the end of the sequence"))
        return false;
      first.factor += static_cast<int64_t>(whole);
    }
    std::optional<Monomial> size;
    if (drops) {
      size = Monomial{1, 0, 0};
    } else if (!isSet(op.getEndMask(), i)) {
      size = (*end.value)[i];
      if (size->isNumber()) {
        if (size->factor < 0) {
          if (!refuseSymbolic(input.dims[axis], "counts from the end of the sequence"))
            return false;
          size->factor += static_cast<int64_t>(whole);
        }
        if (Size(size->factor) > whole && solver->normalize(input.dims[axis]).size() == 1 &&
            solver->contains(input.dims[axis], Atom::Sequence))
          return refuse("ends beyond the sequence that it was built for");
        size->factor = std::min<int64_t>(size->factor, whole > Size(1) << 62
                                                           ? std::numeric_limits<int64_t>::max()
                                                           : static_cast<int64_t>(whole)) -
                       first.factor;
      }
    }
    if (first.factor < 0 || (size && size->isNumber() && size->factor < 0))
      return refuse("has limits out of range");
    Dim dim;
    isWhole &= !drops && first.factor == 0 && !size;
    if (!cut(op, input, axis, first.factor, size, 2, i, dim))
      return false;
    if (!drops)
      result.dims.push_back(dim);
    else if (!solver->normalize(dim).empty())
      return refuse("drops the batch axis");
    ++axis;
  }
  result.dims.append(input.dims.begin() + axis, input.dims.end());
  if (isWhole) {
    carry(input, result);
    return true;
  }
  result.isData = input.isData;
  result.growth = input.growth;
  result.isPlace = input.isPlace;
  return true;
}
