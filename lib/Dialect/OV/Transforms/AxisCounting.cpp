//===- AxisCounting.cpp - numbers that count, and sums that grow ------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// 0, 1, 2, .. along an axis are positions if the axis turns out to be the sequence.
// They can also number the examples of a batch. That mixes them, except where it
// leads into rows that lie one behind the other:
//
//   rows   [b*s, 768]
//   place  [b, 20] + (0, s, 2*s, ..)     each example's own rows
//
// What is made from such numbers, or is a sum over the sequence, can hide the built-in
// length in a literal that is no size; that is refused.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

#include <cmath>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

static constexpr Monomial kOne{1, 0, 0}, kSequence{1, 0, 1};

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

// start, start + step, .. of two elements or more, along `axis`; all other axes are 1.
static std::optional<std::tuple<int64_t, int64_t, unsigned>> matchCount(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() == 0 || !isa<IntegerType>(type.getElementType()) ||
      type.getElementTypeBitWidth() == 1)
    return std::nullopt;
  std::optional<unsigned> axis;
  for (auto [index, dim] : llvm::enumerate(type.getShape())) {
    if (dim == 1)
      continue;
    if (axis)
      return std::nullopt;
    axis = index;
  }
  std::optional<SmallVector<int64_t>> elements = getConstantInts(value);
  if (!axis || !elements || elements->size() < 2)
    return std::nullopt;
  int64_t start = elements->front(), step = (*elements)[1] - start;
  if (step <= 0)
    return std::nullopt;
  for (size_t i = 1; i < elements->size(); ++i)
    if ((*elements)[i] - (*elements)[i - 1] != step)
      return std::nullopt;
  return std::tuple(start, step, *axis);
}

// Operands that are shapes, axes and orders count by accident.
bool AxisAnalysis::isCountLiteral(Operation *user, unsigned operand) {
  bool isContent =
      isa<AddOp, SubtractOp, MultiplyOp, EqualOp, NotEqualOp, LessOp, LessEqualOp, GreaterOp,
          GreaterEqualOp, MinimumOp, MaximumOp>(user) ||
      (isa<ConvertOp, ReshapeOp, UnsqueezeOp, SqueezeOp, OneHotOp>(user) && operand == 0) ||
      (isa<GatherOp>(user) && operand == 1);
  if (!isContent)
    return false;
  // Shape arithmetic looks its entries up.
  const Label *data = lookup(user->getOperand(0));
  if (isa<GatherOp>(user) && data && data->value)
    return false;
  return matchCount(user->getOperand(operand)).has_value();
}

Label AxisAnalysis::labelCount(Operation *user, unsigned operand) {
  Value value = user->getOperand(operand);
  auto [start, step, axis] = *matchCount(value);
  auto type = cast<RankedTensorType>(value.getType());
  Variable variable(type.getDimSize(axis), where);
  variable.isUniform = false;
  variable.excludesBatch = true;
  Label label;
  label.dims.resize(type.getRank());
  label.dims[axis] = solver->newVariable(variable);
  label.isPlace = true;
  label.counting.emplace();
  label.counting->step = {step, 0, 0};
  label.counting->start = start;
  label.counting->stepLiterals.push_back({user, operand});
  if (type.getRank() == 1)
    label.value =
        llvm::map_to_vector(*getConstantInts(value), [](int64_t x) { return Monomial{x, 0, 0}; });
  Literal literal{Literal::Count, user, operand, label.dims, axis};
  literal.step = {Atom::integer(step)};
  literal.start = start;
  literals.push_back(std::move(literal));
  return label;
}

bool AxisAnalysis::range(RangeOp op, Label &result) {
  std::optional<int64_t> start = getConstantInt(op.getStart());
  Label stop = getLabel(op, 1), step = getLabel(op, 2);
  if (start.value_or(1) != 0 || !stop.value || stop.value->size() != 1 || !step.value ||
      step.value->size() != 1)
    return refuse("does not count from 0 to a known limit in known steps");
  Monomial limit = stop.value->front(), stride = step.value->front();
  result.isPlace = true;
  result.counting.emplace();
  result.counting->step = stride;
  if (limit == Monomial{stride.factor, 1, stride.s} && stride.b == 0) {
    result.dims.push_back({Atom::batch()});
    return true;
  }
  if (stride.isNumber() && limit == Monomial{stride.factor, 0, 1}) {
    result.dims.push_back({Atom::sequence()});
    return true;
  }
  if (limit.b != 0)
    return refuse("numbers the examples of the batch");
  if (!limit.isNumber() || !stride.isNumber())
    return refuse("counts to a multiple of the sequence length");
  if (stride.factor <= 0)
    return refuse("counts down");
  int64_t count = limit.factor <= 0 ? 0 : (limit.factor - 1) / stride.factor + 1;
  Variable variable(count, where);
  variable.isUniform = false;
  variable.excludesBatch = true;
  variable.isFirstOfCount = count == 1;
  result.dims.push_back(solver->newVariable(variable));
  if (stride.factor != 1)
    result.counting->stepLiterals.push_back({op, 2});
  Dim end = result.dims.front();
  if (stride.factor != 1)
    end.push_back(Atom::integer(stride.factor));
  // A limit that is no multiple of the step would be written as one.
  if (limit.factor % stride.factor == 0)
    note(Literal::Scalar, op, 1, {end});
  return true;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

// count * c and count + c count on. `isDone`: the result is known.
bool AxisAnalysis::combineCounts(Operation *op, MutableArrayRef<Label> operands, Label &result,
                                 bool &isDone) {
  isDone = false;
  if (operands.size() != 2 || !isa<AddOp, SubtractOp, MultiplyOp>(op))
    return true;
  for (auto [counts, other] : {std::pair(0, 1), {1, 0}}) {
    Label &count = operands[counts], &beside = operands[other];
    if (!count.counting || (isa<SubtractOp>(op) && counts == 1))
      continue;
    if (isa<AddOp>(op) && beside.isData && !count.isData && !count.counting->isOffset) {
      if (!addOffsets(op, beside, count, result))
        return false;
      isDone = result.counting.has_value();
      if (isDone)
        return true;
      continue;
    }
    bool isScalar = beside.value && beside.value->size() == 1 && !beside.isData &&
                    beside.dims.size() <= count.dims.size();
    if (!isScalar || count.counting->isOffset)
      continue;
    Counting next = *count.counting;
    Monomial factor = beside.value->front();
    if (isa<MultiplyOp>(op)) {
      if (next.step == kOne && factor.isNumber())
        next.stepLiterals = {{op, static_cast<unsigned>(other)}};
      else
        next.stepLiterals.clear();
      next.step.b += factor.b;
      next.step.s += factor.s;
      if (llvm::MulOverflow(next.step.factor, factor.factor, next.step.factor))
        return refuse("overflows");
      next.start = next.start == 0 ? std::optional<int64_t>(0) : std::nullopt;
    } else if (factor.isNumber() && next.start) {
      next.start = isa<AddOp>(op) ? *next.start + factor.factor : *next.start - factor.factor;
    } else {
      next.start.reset();
    }
    result.counting = next;
  }
  return true;
}

// Indices [b, 20] and numbers [n, 1] that are as many as the examples.
bool AxisAnalysis::addOffsets(Operation *op, Label &indices, Label &offsets, Label &result) {
  std::optional<size_t> axis;
  for (auto [index, dim] : llvm::enumerate(offsets.dims)) {
    if (solver->normalize(dim).empty())
      continue;
    if (axis)
      return true;
    axis = index;
  }
  if (!axis || offsets.dims.size() > indices.dims.size())
    return true;
  size_t aligned = *axis + indices.dims.size() - offsets.dims.size();
  if (solver->normalize(indices.dims[aligned]) != Dim{Atom::batch()})
    return true;
  Dim counted = solver->normalize(offsets.dims[*axis]);
  if (counted != Dim{Atom::batch()}) {
    bool isVariable = counted.size() == 1 && counted.front().kind == Atom::Variable;
    if (!isVariable || solver->sizeOf(counted) != solver->getBatch())
      return true;
    if (!solver->bindExamples(counted.front().value, where))
      return false;
  }
  result = indices;
  result.value.reset();
  result.counting = offsets.counting;
  result.counting->isOffset = true;
  return true;
}

static bool isClose(double x, double y) { return std::abs(x - y) <= 1e-5 * std::abs(y); }

// Whether a number beside a place or a sum could be the length that the graph was built
// for. This only ever refuses.
static bool couldBeLength(double number, double length) {
  double size = std::abs(number);
  for (double candidate : {length / 2, length - 1, length, length + 1, 2 * length - 1, 2 * length})
    if (candidate > 1 && (isClose(size, candidate) || isClose(size, 1 / candidate)))
      return true;
  return false;
}

// A number that could be a length is wrong beside a sum, and beside a place if that turns out to be
// the sequence's.
bool AxisAnalysis::suspect(Operation *op, bool isSum, ArrayRef<Label> beside) {
  std::string why = "meets a number that may be the sequence length or made from it";
  if (isSum)
    return refuse("a sum over the sequence " + why);
  for (const Label &label : beside)
    if (label.isPlace)
      for (const Dim &dim : label.dims)
        suspicions.push_back({dim, op, where + ": a position " + why});
  return true;
}

bool AxisAnalysis::checkScale(Operation *op, MutableArrayRef<Label> operands, Label &result) {
  bool isPlace = false, isSum = false;
  for (Label &label : operands) {
    isPlace |= label.isPlace;
    isSum |= label.growth > 0;
  }
  result.isPlace = isPlace;
  if (operands.size() == 2 && isa<MultiplyOp>(op))
    result.growth = operands[0].growth + operands[1].growth;
  else if (operands.size() == 2 && isa<DivideOp>(op))
    result.growth = operands[0].growth - operands[1].growth;
  else if (isa<PowerOp>(op))
    result.growth = operands[0].growth * getConstantFloat(op->getOperand(1)).value_or(1);
  else
    for (Label &label : operands)
      if (std::abs(label.growth) > std::abs(result.growth))
        result.growth = label.growth;
  if (isa<SquaredDifferenceOp>(op))
    result.growth *= 2;
  if (!isPlace && !isSum)
    return true;

  double length = static_cast<double>(solver->getSequence());
  for (auto [operand, label] : llvm::zip_equal(op->getOperands(), operands)) {
    std::optional<double> number = getConstantFloat(operand);
    if (!number)
      if (std::optional<int64_t> integer = getConstantInt(operand))
        number = static_cast<double>(*integer);
    if (!number && label.value && label.value->size() == 1 && label.value->front().isNumber())
      number = static_cast<double>(label.value->front().factor);
    // Computed: what from can't be seen.
    bool isOpen = !number && label.isLiteral && !label.isPlace && isa<MultiplyOp, DivideOp>(op);
    if ((!number && !isOpen) || isa<PowerOp>(op))
      continue;
    if (isSum && isa<MultiplyOp, DivideOp>(op) &&
        isa<FloatType>(getElementTypeOrSelf(operand.getType())))
      return refuse("a sum over the sequence is scaled by a number, which may be its length");
    if (!sequence || !solver->hasFreeSequence() || (number && !couldBeLength(*number, length)))
      continue;
    if (!suspect(op, isSum, operands))
      return false;
  }
  return true;
}

// Limits that are attributes.
bool AxisAnalysis::checkClamp(Operation *op, const Label &result) {
  auto clamp = dyn_cast<ClampOp>(op);
  if (!clamp || !sequence || !solver->hasFreeSequence())
    return true;
  for (double number : {clamp.getMin().convertToDouble(), clamp.getMax().convertToDouble()}) {
    if (!couldBeLength(number, static_cast<double>(*sequence)))
      continue;
    if (!suspect(op, result.growth > 0, result))
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Look-ups
//===----------------------------------------------------------------------===//

// The rows of a table that positions reach.
void AxisAnalysis::limitPlaces(Operation *op, const Label &places, int64_t rows) {
  std::string name = getTableName(op->getOperand(0), where);
  if (places.counting && places.counting->start && places.counting->step == kOne)
    rows -= *places.counting->start;
  else if (sequence)
    // Computed from positions: what fits at the built-in length fits for less.
    rows = *sequence;
  else
    return;
  for (const Dim &dim : places.dims)
    solver->limit(dim, rows, name);
}

// Rows of all examples one behind the other, and indices that lead to each one's own.
bool AxisAnalysis::gatherOwnRows(GatherOp op, Label &indices, Label &result) {
  Label rows = getLabel(op, 0);
  auto take = [&] {
    result.dims = indices.dims;
    result.dims.append(rows.dims.begin() + 1, rows.dims.end());
    result.isData = true;
    ownRowLookUps.insert(op);
    return true;
  };
  if (!indices.counting) {
    // One example: what would lead to its rows is 0 and was left away.
    bool isOnly = batch && *batch == 1 && indices.isIndex && !indices.dims.empty();
    Dim first = isOnly ? solver->normalize(indices.dims.front()) : Dim();
    if (!isOnly || first.empty() || first.front() != Atom::batch())
      return refuse("looks up rows of all examples by indices that don't say of which");
    note(Literal::Offsets, op, 1, indices.dims);
    return take();
  }
  Counting &counting = *indices.counting;
  if (!indices.isIndex || !counting.isOffset || counting.start != 0)
    return refuse("looks up rows of all examples by indices that are not understood");
  if (counting.step == kSequence)
    return take();
  if (!counting.step.isNumber() || counting.stepLiterals.size() != 1 || !sequence ||
      counting.step.factor != *sequence)
    return refuse("looks up rows of other examples");
  auto [user, operand] = counting.stepLiterals.front();
  if (isCountLiteral(user, operand)) {
    for (Literal &literal : literals)
      if (literal.kind == Literal::Count && literal.op == user && literal.operand == operand)
        literal.step = {Atom::sequence()};
    return take();
  }
  note(Literal::Scalar, user, operand, {{Atom::sequence()}});
  if (isa<RangeOp>(user))
    note(Literal::Scalar, user, 1, {{Atom::batch(), Atom::sequence()}});
  return take();
}

// Numbers of examples must end in such a look-up, and nowhere else.
bool AxisAnalysis::checkCounts() {
  for (Suspicion &suspicion : suspicions) {
    if (!solver->contains(suspicion.dim, Atom::Sequence))
      continue;
    current = suspicion.op;
    return solver->refuse(suspicion.why);
  }
  if (!options.batch)
    return true;
  for (Operation &op : model.getBody().front()) {
    if (ownRowLookUps.contains(&op) || isa<ShapeOfOp>(op))
      continue;
    for (Value operand : op.getOperands()) {
      const Label *label = lookup(operand);
      if (!label || !label->counting)
        continue;
      bool hasExamples =
          label->counting->isOffset || llvm::any_of(label->dims, [&](const Dim &dim) {
            return solver->contains(dim, Atom::Batch);
          });
      bool goesOn =
          op.getNumResults() == 1 && lookup(op.getResult(0)) && lookup(op.getResult(0))->counting;
      if (!hasExamples || goesOn)
        continue;
      // An output is the fault of what makes it.
      current = op.hasTrait<OpTrait::IsTerminator>() && operand.getDefiningOp()
                    ? operand.getDefiningOp()
                    : &op;
      return solver->refuse(getLayerName(current->getLoc()) + " (" +
                            current->getName().getStringRef() +
                            "): numbers the examples of the batch");
    }
  }
  return true;
}
