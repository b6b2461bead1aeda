//===- AxisRulesMovement.cpp - how moving ops move axes -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

static constexpr Monomial kMinusOne{-1, 0, 0};

bool AxisAnalysis::refuseSymbolic(const Dim &dim, const llvm::Twine &why) {
  if (solver->contains(dim, Atom::Batch) || solver->contains(dim, Atom::Sequence))
    return refuse(why);
  return true;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

// The target's literals only say where to cut the ordered list of atoms. An entry
// that is exact already must reappear.
bool AxisAnalysis::reshape(Operation *op, const Label &input, ArrayRef<Monomial> target,
                           Literal::Kind kind, Label &result) {
  Dim atoms;
  for (const Dim &dim : input.dims)
    atoms.append(dim.begin(), dim.end());
  atoms = solver->normalize(atoms);
  Size total = solver->sizeOf(atoms), product = 1;
  SmallVector<Size> sizes;
  std::optional<size_t> open;
  for (auto [index, entry] : llvm::enumerate(target)) {
    if (entry == kMinusOne) {
      if (open)
        return refuse("has two -1 in its target");
      open = index;
      sizes.push_back(0);
      continue;
    }
    Size size = solver->valueOf(entry);
    if (size <= 0)
      return refuse("has an entry of its target that is no size");
    product *= size;
    sizes.push_back(size);
  }
  if (open) {
    if (total % product != 0)
      return refuse("does not divide its elements");
    sizes[*open] = total / product;
  } else if (product != total) {
    return refuse("changes the number of elements");
  }

  std::vector<AxisSolver::Grouping> groupings =
      solver->group(atoms, sizes, /*splitVariables=*/!input.isData);
  llvm::erase_if(groupings, [&](const AxisSolver::Grouping &grouping) {
    for (auto [entry, dim] : llvm::zip_equal(target, grouping.dims)) {
      Monomial found = solver->monomialOf(dim);
      if (!(entry == kMinusOne) && (entry.b > found.b || entry.s > found.s))
        return true;
    }
    return false;
  });
  if (groupings.empty())
    return refuse("would cut through the batch or the sequence");
  unsigned choice = 0;
  if (groupings.size() > 1) {
    if (nextChoice == choices.size())
      choices.push_back({0, static_cast<unsigned>(groupings.size())});
    choice = std::min<unsigned>(choices[nextChoice++].first, groupings.size() - 1);
  }
  AxisSolver::Grouping &grouping = groupings[choice];
  for (auto &[variable, parts] : grouping.splits)
    if (!solver->bind(variable, parts, where))
      return false;
  result.dims.assign(grouping.dims.begin(), grouping.dims.end());
  result.isData = input.isData;
  if (input.value && result.dims.size() <= 1)
    result.value = input.value;
  note(kind, op, 1, result.dims);
  return true;
}

bool AxisAnalysis::squeeze(SqueezeOp op, Label &result) {
  Label input = getLabel(op, 0);
  int64_t rank = input.dims.size();
  SmallVector<int64_t> axes;
  if (op.getAxes()) {
    std::optional<SmallVector<int64_t>> constant = getNumbers(op, 1);
    if (!constant)
      return refuse("has axes that are not constant");
    for (int64_t axis : *constant)
      axes.push_back(axis < 0 ? axis + rank : axis);
  } else {
    for (auto [axis, dim] : llvm::enumerate(input.dims))
      if (solver->sizeOf(dim) == 1)
        axes.push_back(axis);
  }
  bool dropsSymbol = false;
  SmallVector<Monomial> target;
  for (auto [axis, dim] : llvm::enumerate(input.dims)) {
    if (llvm::is_contained(axes, static_cast<int64_t>(axis))) {
      dropsSymbol |= !solver->normalize(dim).empty();
      continue;
    }
    result.dims.push_back(dim);
    target.push_back({static_cast<int64_t>(solver->sizeOf(dim)), 0, 0});
  }
  if (!dropsSymbol) {
    result.isData = input.isData;
    if (result.dims.size() <= 1)
      result.value = input.value;
    return true;
  }
  // An axis that holds a batch of 1 can't vanish: it moves to its neighbour.
  result = Label();
  return reshape(op, input, target, Literal::Squeeze, result);
}

bool AxisAnalysis::transpose(TransposeOp op, Label &result) {
  Label input = getLabel(op, 0);
  std::optional<SmallVector<int64_t>> order = getNumbers(op, 1);
  if (!order || order->size() != input.dims.size())
    return refuse("has an order that is not constant");
  for (int64_t axis : *order) {
    axis += axis < 0 ? static_cast<int64_t>(input.dims.size()) : 0;
    if (axis < 0 || axis >= static_cast<int64_t>(input.dims.size()))
      return refuse("has an order out of range");
    result.dims.push_back(input.dims[axis]);
  }
  result.isData = input.isData;
  return true;
}

SmallVector<Dim> AxisAnalysis::dimsOfShape(ArrayRef<Monomial> value, StringRef origin) {
  SmallVector<Dim> dims;
  for (const Monomial &entry : value) {
    Dim dim;
    dim.append(entry.b, Atom::batch());
    dim.append(entry.s, Atom::sequence());
    if (entry.factor != 1)
      dim.append(solver->newVariable(Variable(entry.factor, origin.str())));
    dims.push_back(dim);
  }
  return dims;
}

bool AxisAnalysis::broadcastTo(BroadcastOp op, Label &result) {
  Label input = getLabel(op, 0), target = getLabel(op, 1);
  if (!target.value || op.getAxesMapping())
    return refuse("has a target that is not shape arithmetic");
  Label shape;
  shape.dims = dimsOfShape(*target.value, where);
  Label operands[2] = {input, shape};
  if (!broadcast(op, operands, result))
    return false;
  note(Literal::Shape, op, 1, result.dims);
  return true;
}

bool AxisAnalysis::tile(TileOp op, Label &result) {
  Label input = getLabel(op, 0), repeats = getLabel(op, 1);
  if (!repeats.value || repeats.value->size() != input.dims.size())
    return refuse("has repeats that are not shape arithmetic");
  SmallVector<Dim> multiples;
  for (auto [dim, count] : llvm::zip_equal(input.dims, *repeats.value)) {
    if (count == Monomial{1, 0, 0}) {
      result.dims.push_back(dim);
      multiples.push_back({});
      continue;
    }
    if (!solver->normalize(dim).empty())
      return refuse("repeats an axis that is not 1");
    multiples.push_back(dimsOfShape(count, where).front());
    result.dims.push_back(multiples.back());
  }
  note(Literal::Repeats, op, 1, multiples);
  result.isData = input.isData;
  return true;
}

bool AxisAnalysis::range(RangeOp op, Label &result) {
  std::optional<int64_t> start = getConstantInt(op.getStart()), step = getConstantInt(op.getStep());
  Label stop = getLabel(op, 1);
  if (start.value_or(1) != 0 || step.value_or(0) != 1 || !stop.value || stop.value->size() != 1)
    return refuse("does not count from 0 in steps of 1 to a known limit");
  Monomial limit = stop.value->front();
  if (limit.b != 0)
    return refuse("numbers the examples of the batch");
  if (limit == Monomial{1, 0, 1}) {
    result.dims.push_back({Atom::sequence()});
    return true;
  }
  if (!limit.isNumber())
    return refuse("counts to a multiple of the sequence length");
  Variable variable(limit.factor, where);
  variable.isUniform = false;
  variable.excludesBatch = true;
  result.dims.push_back(limit.factor == 1 ? Dim() : solver->newVariable(variable));
  note(Literal::Scalar, op, 1, result.dims);
  return true;
}

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

bool AxisAnalysis::gather(GatherOp op, Label &result) {
  Label input = getLabel(op, 0), indices = getLabel(op, 1);
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  if (!axis || op.getBatchDims() != 0)
    return refuse("has an axis that is not constant, or batch dimensions");
  *axis += *axis < 0 ? static_cast<int64_t>(input.dims.size()) : 0;
  if (*axis < 0 || *axis >= static_cast<int64_t>(input.dims.size()))
    return refuse("has an axis out of range");
  if (input.value && indices.value && input.dims.size() == 1 && !input.isData) {
    SmallVector<Monomial> value;
    for (const Monomial &index : *indices.value) {
      int64_t at =
          index.factor + (index.factor < 0 ? static_cast<int64_t>(input.value->size()) : 0);
      if (!index.isNumber() || at < 0 || at >= static_cast<int64_t>(input.value->size()))
        return refuse("has an index out of range");
      value.push_back((*input.value)[at]);
    }
    result.dims = indices.dims;
    result.value = std::move(value);
    return true;
  }
  const Dim &indexed = input.dims[*axis];
  bool onlyFirst = indices.value && !indices.isData &&
                   llvm::all_of(*indices.value,
                                [](const Monomial &index) { return index == Monomial{0, 0, 0}; });
  if (!onlyFirst && !refuseSymbolic(indexed, "looks up along " + solver->describe(indexed) +
                                                 ", whose size its indices depend on"))
    return false;
  if (!solver->excludeBatch(indexed, where))
    return false;
  if (!solver->contains(indexed, Atom::Sequence) && !solver->fix(indexed, where))
    return false;
  result.dims.append(input.dims.begin(), input.dims.begin() + *axis);
  result.dims.append(indices.dims.begin(), indices.dims.end());
  result.dims.append(input.dims.begin() + *axis + 1, input.dims.end());
  result.isData = input.isData || indices.isData;
  return true;
}

bool AxisAnalysis::oneHot(OneHotOp op, Label &result) {
  Label indices = getLabel(op, 0), depth = getLabel(op, 1);
  if (!depth.value || depth.value->size() != 1 || !depth.value->front().isNumber())
    return refuse("has a depth that is not a number");
  int64_t size = depth.value->front().factor;
  int64_t axis = static_cast<int64_t>(op.getAxis());
  axis += axis < 0 ? static_cast<int64_t>(indices.dims.size()) + 1 : 0;
  if (axis < 0 || axis > static_cast<int64_t>(indices.dims.size()))
    return refuse("has an axis out of range");
  Variable variable(size, where);
  variable.isUniform = false;
  variable.excludesBatch = true;
  Dim dim = size == 1 ? Dim() : solver->newVariable(variable);
  note(Literal::Scalar, op, 1, {dim});
  result = indices;
  result.value.reset();
  result.dims.insert(result.dims.begin() + axis, dim);
  return true;
}

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

bool AxisAnalysis::concat(ConcatOp op, Label &result) {
  SmallVector<Label> parts;
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    parts.push_back(getLabel(op, i));
  int64_t rank = parts.front().dims.size();
  int64_t axis = static_cast<int64_t>(op.getAxis());
  axis += axis < 0 ? rank : 0;
  if (axis < 0 || axis >= rank)
    return refuse("has an axis out of range");
  bool hasValue = rank == 1;
  for (Label &part : parts) {
    if (static_cast<int64_t>(part.dims.size()) != rank)
      return refuse("joins tensors of different ranks");
    result.isData |= part.isData;
    hasValue &= part.value.has_value();
    for (int64_t i = 0; i < rank; ++i)
      if (i != axis && !solver->unify(parts.front().dims[i], part.dims[i], where))
        return false;
  }
  result.dims = parts.front().dims;
  if (hasValue && !result.isData) {
    result.value.emplace();
    for (Label &part : parts)
      llvm::append_range(*result.value, *part.value);
    int64_t count = result.value->size();
    result.dims = {count == 1 ? Dim() : Dim{Atom::integer(count)}};
    return true;
  }
  // Heads moved into the batch: as many parts, each as long as the first.
  Dim first = solver->normalize(parts.front().dims[axis]);
  bool isSymbolic = solver->contains(first, Atom::Batch) || solver->contains(first, Atom::Sequence);
  if (isSymbolic && llvm::all_of(parts, [&](Label &part) {
        return solver->normalize(part.dims[axis]) == first;
      })) {
    Dim joined = {Atom::integer(parts.size())};
    joined.append(first);
    result.dims[axis] = joined;
    return true;
  }
  int64_t size = 0;
  for (Label &part : parts) {
    if (!refuseSymbolic(part.dims[axis], "joins along the batch or the sequence") ||
        !solver->fix(part.dims[axis], where))
      return false;
    size += static_cast<int64_t>(solver->sizeOf(part.dims[axis]));
  }
  result.dims[axis] = {Atom::integer(size)};
  return true;
}

bool AxisAnalysis::split(Operation *op, SmallVectorImpl<Label> &results) {
  Label input = getLabel(op, 0);
  std::optional<int64_t> axis = getConstantInt(op->getOperand(1));
  if (!axis)
    return refuse("has an axis that is not constant");
  *axis += *axis < 0 ? static_cast<int64_t>(input.dims.size()) : 0;
  if (*axis < 0 || *axis >= static_cast<int64_t>(input.dims.size()))
    return refuse("has an axis out of range");
  Dim dim = solver->normalize(input.dims[*axis]);
  int64_t count = op->getNumResults();
  SmallVector<Dim> parts;
  if (isa<SplitOp>(op)) {
    // The outermost factor may be divided, if it is a number: k parts of the rest.
    if (dim.empty() || dim.front().kind != Atom::Integer || dim.front().value % count != 0)
      return refuse("splits the batch or the sequence");
    Dim part = dim;
    part.front().value /= count;
    parts.assign(count, part);
  } else {
    Label lengths = getLabel(op, 2);
    if (!refuseSymbolic(dim, "splits the batch or the sequence") || !solver->fix(dim, where))
      return false;
    if (!lengths.value || static_cast<int64_t>(lengths.value->size()) != count)
      return refuse("has lengths that are not known");
    int64_t rest = static_cast<int64_t>(solver->sizeOf(dim));
    for (const Monomial &length : *lengths.value)
      rest -= length == kMinusOne ? 0 : length.factor;
    for (const Monomial &length : *lengths.value)
      parts.push_back({Atom::integer(length == kMinusOne ? rest : length.factor)});
  }
  for (const Dim &part : parts) {
    Label label;
    label.dims = input.dims;
    label.dims[*axis] = part;
    label.isData = input.isData;
    results.push_back(std::move(label));
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

// The trained table that an op reads, or the op itself.
static std::string nameTable(Operation *op, StringRef fallback) {
  Value value = op->getOperand(0);
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
      solver->limitSequence(static_cast<int64_t>(whole), nameTable(op, where));
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
      // The whole axis, written as a number. That may also be a limit.
      note(Literal::SliceEnd, op, operand, {dim}, index);
      result = dim;
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
  if (input.isData || begin != 0) {
    result = length == 1 ? Dim() : Dim{Atom::integer(length)};
    return true;
  }
  if (length == 1) {
    result = {};
    return true;
  }
  // The first rows of a table, even if it is all of them: what follows decides
  // whether they follow the sequence.
  Variable variable(length, nameTable(op, where));
  variable.isUniform = false;
  variable.excludesBatch = true;
  variable.limit = rows;
  result = solver->newVariable(variable);
  note(Literal::SliceEnd, op, operand, {result}, index);
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
    if (!cut(op, input, axis, first.factor, size, 2, i, dim))
      return false;
    if (!drops)
      result.dims.push_back(dim);
    else if (!solver->normalize(dim).empty())
      return refuse("drops the batch axis");
    ++axis;
  }
  result.dims.append(input.dims.begin() + axis, input.dims.end());
  result.isData = input.isData;
  return true;
}
