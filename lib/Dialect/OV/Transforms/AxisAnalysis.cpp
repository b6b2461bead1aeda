//===- AxisAnalysis.cpp - labels for every tensor of a model --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The walk, what holds for all tensors, and the choice among several readings
// where the batch was built as 1. The rules are in AxisRules.cpp and
// AxisRulesMovement.cpp.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

// Where the batch is 1, it may stand at several places. All accepted readings mean
// the same, so few have to be looked at.
static constexpr unsigned kMaxReadings = 256;

// Constants above this are tables whatever they hold.
static constexpr int64_t kMaxUniformCheck = 1 << 20;

bool AxisAnalysis::refuse(const llvm::Twine &why) { return solver->refuse(where + ": " + why); }

const Label *AxisAnalysis::lookup(Value value) const {
  auto it = labels.find(value);
  return it == labels.end() ? nullptr : &it->second;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

// Whether elements of `width` bytes are the same all along one axis.
static bool isUniformAlong(ArrayRef<char> data, ShapedType type, unsigned axis, int64_t width) {
  int64_t inner = width, size = type.getDimSize(axis);
  for (int64_t dim : type.getShape().drop_front(axis + 1))
    inner *= dim;
  if (inner * size == 0 || data.size() != size_t(type.getNumElements() * width))
    return false;
  for (int64_t at = 0, end = data.size(); at < end; at += size * inner)
    for (int64_t k = 1; k < size; ++k)
      if (memcmp(data.data() + at, data.data() + at + k * inner, inner) != 0)
        return false;
  return true;
}

static bool isUniformAlong(DenseElementsAttr dense, unsigned axis) {
  if (dense.isSplat())
    return true;
  auto type = cast<RankedTensorType>(dense.getType());
  unsigned bits = type.getElementTypeBitWidth();
  return bits >= 8 && type.getNumElements() <= kMaxUniformCheck &&
         isUniformAlong(dense.getRawData(), type, axis, bits / 8);
}

bool AxisAnalysis::isSameAlong(Value value, unsigned axis) {
  while (auto convert = value.getDefiningOp<ConvertOp>())
    value = convert.getInput();
  auto type = cast<RankedTensorType>(value.getType());
  if (auto constant = value.getDefiningOp<ConstantOp>())
    if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
      return isUniformAlong(dense, axis);
  auto weight = value.getDefiningOp<WeightOp>();
  auto resource =
      weight ? dyn_cast<DenseResourceElementsAttr>(weight.getValue()) : DenseResourceElementsAttr();
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  return blob && isUniformAlong(blob->getData(), type, axis, type.getElementTypeBitWidth() / 8);
}

// Each use of a constant has its own label: graphs share constants that mean
// different things.
Label AxisAnalysis::labelConstant(Operation *user, unsigned operand) {
  Value value = user->getOperand(operand);
  auto type = cast<RankedTensorType>(value.getType());
  auto constant = value.getDefiningOp<ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  Label label;
  label.isLiteral = true;
  if (type.getRank() <= 1)
    if (std::optional<SmallVector<int64_t>> ints = getConstantInts(value, 64))
      label.value = llvm::map_to_vector(*ints, [](int64_t x) { return Monomial{x, 0, 0}; });
  bool hasVariable = false;
  for (auto [axis, dim] : llvm::enumerate(type.getShape())) {
    if (dim == 1) {
      label.dims.push_back({});
    } else if (dense && dim > 1 && isUniformAlong(dense, axis)) {
      label.dims.push_back(solver->newVariable(Variable(dim, where)));
      hasVariable = true;
    } else {
      label.dims.push_back({Atom::integer(dim)});
    }
  }
  if (hasVariable)
    note(Literal::Constant, user, operand, label.dims);
  return label;
}

Label AxisAnalysis::getLabel(Operation *op, unsigned operand) {
  Value value = op->getOperand(operand);
  if (value.getDefiningOp<ConstantOp>())
    return isCountLiteral(op, operand) ? labelCount(op, operand) : labelConstant(op, operand);
  auto it = labels.find(value);
  return it == labels.end() ? Label() : it->second;
}

std::optional<SmallVector<int64_t>> AxisAnalysis::getNumbers(Operation *op, unsigned operand) {
  Value value = op->getOperand(operand);
  if (value.getDefiningOp<ConstantOp>())
    return getConstantInts(value);
  const Label *label = lookup(value);
  if (!label || !label->value ||
      llvm::any_of(*label->value, [](const Monomial &element) { return !element.isNumber(); }))
    return std::nullopt;
  return llvm::map_to_vector(*label->value, [](const Monomial &element) { return element.factor; });
}

//===----------------------------------------------------------------------===//
// What holds for all
//===----------------------------------------------------------------------===//

// None: examples were merged. Two: examples meet each other.
bool AxisAnalysis::checkOneBatch(const Label &label, StringRef at, bool isFinal) {
  unsigned count = 0;
  bool isOpen = false;
  for (const Dim &dim : label.dims)
    for (const Atom &atom : solver->normalize(dim)) {
      count += atom.kind == Atom::Batch;
      isOpen |= atom.kind == Atom::Variable;
    }
  if (count > 1)
    return solver->refuse(at + ": lets the examples of a batch meet each other");
  if (count == 0 && (isFinal || !isOpen))
    return solver->refuse(at + ": depends on an input but has no batch axis");
  return true;
}

bool AxisAnalysis::commit(Operation *op, MutableArrayRef<Label> results) {
  if (results.size() != op->getNumResults())
    return refuse("is not understood");
  // Weights are trained, and shapes follow the inputs.
  bool isLiteral = !isa<WeightOp, ShapeOfOp>(op);
  for (Value operand : op->getOperands()) {
    const Label *label = lookup(operand);
    isLiteral &= operand.getDefiningOp<ConstantOp>() || (label && label->isLiteral);
  }
  for (auto [label, value] : llvm::zip_equal(results, op->getResults())) {
    label.isLiteral = isLiteral;
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() != static_cast<int64_t>(label.dims.size()))
      return refuse("has a result of unknown rank");
    for (Dim &dim : label.dims)
      dim = solver->normalize(dim);
    if (label.isData && options.batch && !checkOneBatch(label, where, false))
      return false;
    labels[value] = std::move(label);
  }
  return true;
}

bool AxisAnalysis::transfer(Operation *op) {
  current = op;
  StringRef name = getLayerName(op->getLoc());
  where = name.empty() ? op->getName().getStringRef().str()
                       : (name + " (" + op->getName().getStringRef() + ")").str();
  if (isa<ConstantOp>(op))
    return true;
  SmallVector<Label> results;
  if (isa<WeightOp>(op)) {
    Label label;
    for (int64_t dim : cast<RankedTensorType>(op->getResult(0).getType()).getShape())
      label.dims.push_back(dim == 1 ? Dim() : Dim{Atom::integer(dim)});
    results.push_back(std::move(label));
  } else if (!visit(op, results)) {
    return solver->refuse(where + ": has no rule"); // unless a reason is given already
  }
  return commit(op, results);
}

bool AxisAnalysis::walk() {
  bool freeSequence = options.sequence && sequence.value_or(2) != 1;
  solver = std::make_unique<AxisSolver>(batch, sequence, options.batch, freeSequence);
  labels.clear();
  literals.clear();
  ownRowLookUps.clear();
  suspicions.clear();
  summed.clear();
  squeezesBatch = false;
  nextChoice = 0;
  labelInputs();
  for (Operation &op : model.getBody().front().without_terminator())
    if (!transfer(&op))
      return false;
  current = nullptr;
  return finish();
}

bool AxisAnalysis::finish() {
  solver->settle();
  if (!solver->checkExclusions() || !checkCounts())
    return false;
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (isa<ConstantOp>(op))
      continue;
    for (Value value : op.getResults()) {
      const Label *label = lookup(value);
      std::string name = getLayerName(op.getLoc()).str();
      if (label->isData && options.batch && !checkOneBatch(*label, name, true)) {
        current = &op;
        return false;
      }
      // What nothing decided is the number that it is, unless it could be a size. Shapes
      // are as long as their tensors' ranks.
      if (!label->isData && label->value)
        continue;
      for (const Dim &dim : label->dims)
        if (!checkDecided(dim, &op))
          return false;
    }
  }
  return llvm::all_of(summed, [&](auto &pair) { return checkDecided(pair.first, pair.second); });
}

bool AxisAnalysis::checkDecided(const Dim &dim, Operation *op) {
  for (const Atom &atom : solver->normalize(dim)) {
    if (atom.kind != Atom::Variable || !solver->isAmbiguous(solver->sizeOf(atom)))
      continue;
    current = op;
    return solver->refuse(getLayerName(op->getLoc()) + ": nothing says whether " +
                          std::to_string(static_cast<int64_t>(solver->sizeOf(atom))) + " (of " +
                          solver->getVariable(atom.value).origin +
                          ") is a number or follows the batch or the sequence");
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Readings
//===----------------------------------------------------------------------===//

// The places of the batch in the outputs: the batch alone in front, in front of
// something, or elsewhere.
static bool isBatchInFront(AxisSolver &solver, const Label &label, bool alone) {
  if (label.dims.empty())
    return false;
  Dim first = solver.normalize(label.dims.front());
  return !first.empty() && first.front() == Atom::batch() && (!alone || first.size() == 1);
}

bool AxisAnalysis::run() {
  if (!findInputs())
    return false;
  auto checkOutputs = [&] {
    if (!squeezesBatch || !options.batch)
      return true;
    for (Value output : model.getBody().front().getTerminator()->getOperands())
      if (const Label *label = lookup(output))
        for (const Dim &dim : label->dims)
          if (solver->contains(dim, Atom::Batch) && solver->normalize(dim).size() > 1)
            return solver->refuse(
                "an output has lost the axis of the batch, which was 1: a Squeeze "
                "without axes, or of the first one");
    return true;
  };
  Operation *terminator = model.getBody().front().getTerminator();
  auto layout = [&] {
    std::string text;
    for (Value output : terminator->getOperands())
      if (const Label *label = lookup(output))
        for (const Dim &dim : label->dims)
          text += solver->describe(dim) + ",";
    return text;
  };
  auto all = [&](bool alone) {
    return llvm::all_of(terminator->getOperands(), [&](Value output) {
      const Label *label = lookup(output);
      return !label || !label->isData || isBatchInFront(*solver, *label, alone);
    });
  };
  std::string firstReason, onlyLayout;
  Operation *firstCulprit = nullptr;
  SmallVector<std::pair<unsigned, unsigned>> onlyChoices;
  bool isAccepted = false;
  for (unsigned reading = 0; reading < kMaxReadings; ++reading) {
    if (walk() && checkOutputs()) {
      if (!options.batch || batch.value_or(2) != 1 || all(/*alone=*/true))
        return true;
      std::string text = layout();
      if (isAccepted && text != onlyLayout) {
        reason = "the place of the batch in the outputs is open: " + onlyLayout + " or " + text;
        return false;
      }
      if (!isAccepted)
        onlyChoices = choices;
      isAccepted = true;
      onlyLayout = text;
    } else if (firstReason.empty()) {
      firstReason = solver->getReason();
      firstCulprit = current;
    }
    // The next reading: the last Reshape that has another cut takes it.
    choices.resize(std::min<size_t>(choices.size(), nextChoice));
    while (!choices.empty() && choices.back().first + 1 >= choices.back().second)
      choices.pop_back();
    if (choices.empty())
      break;
    ++choices.back().first;
  }
  if (isAccepted) {
    choices = onlyChoices;
    if (walk() && checkOutputs() && all(/*alone=*/false))
      return true;
    reason = "the batch is not the first axis of the outputs";
    return false;
  }
  reason = firstReason;
  culprit = firstCulprit;
  return false;
}
