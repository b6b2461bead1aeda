//===- AxisRulesMovement.cpp - how moving ops move axes -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

#include <cmath>

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
  carry(input, result);
  if (input.value && result.dims.size() <= 1)
    result.value = input.value;
  note(kind, op, 1, result.dims);
  return true;
}

// What moving leaves as it is.
void AxisAnalysis::carry(const Label &input, Label &result) {
  result.isData = input.isData;
  result.growth = input.growth;
  result.counting = input.counting;
  result.isPlace = input.isPlace;
  result.isIndex = input.isIndex;
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
    carry(input, result);
    if (result.dims.size() <= 1)
      result.value = input.value;
    return true;
  }
  // An axis that holds a batch of 1 can't vanish: it moves to its neighbour.
  result = Label();
  squeezesBatch = true;
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
  carry(input, result);
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
  result.growth = input.growth;
  result.isPlace = input.isPlace;
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
    // Copies of the whole axis, one behind the other.
    multiples.push_back(dimsOfShape(count, where).front());
    Dim copies = multiples.back();
    copies.append(dim);
    result.dims.push_back(copies);
  }
  note(Literal::Repeats, op, 1, multiples);
  result.isData = input.isData;
  result.growth = input.growth;
  result.isPlace = input.isPlace;
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
    result.isPlace |= part.isPlace;
    if (std::abs(part.growth) > std::abs(result.growth))
      result.growth = part.growth;
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
    label.growth = input.growth;
    label.isPlace = input.isPlace;
    results.push_back(std::move(label));
  }
  return true;
}
