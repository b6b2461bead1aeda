//===- AxisInputs.cpp - what each input of a model is ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Token inputs are [batch, sequence]. Others are told apart by what reads them, never
// by their sizes: positions to predict index the sequence, a mask of higher rank meets
// it, a flag has no batch.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

static std::optional<int64_t> known(int64_t dim) {
  return ShapedType::isDynamic(dim) ? std::optional<int64_t>() : dim;
}

// Whether an op hands indices on: moved, widened, or counted on from other rows.
static bool movesIndices(Operation *op) {
  return isa<ReshapeOp, SqueezeOp, UnsqueezeOp, TransposeOp, ConvertOp, AddOp, BroadcastOp,
             ConcatOp, TileOp>(op);
}

// What the elements of an argument are used for.
namespace {
struct Readers {
  bool indexesTable = false;    ///< rows of a constant table, or one-hot
  bool indexesSequence = false; ///< rows of what other inputs are made into
  bool hasOthers = false;

  bool isPosition() const { return indexesSequence && !indexesTable && !hasOthers; }
};
} // namespace

static Readers findReaders(BlockArgument argument, const llvm::DenseSet<Value> &dependent) {
  Readers readers;
  SmallVector<Value> worklist = {argument};
  llvm::DenseSet<Value> seen = {argument};
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    for (OpOperand &use : value.getUses()) {
      Operation *user = use.getOwner();
      bool isIndex = use.getOperandNumber() == 1 && isa<GatherOp, GatherNDOp>(user);
      if (isIndex)
        (dependent.contains(user->getOperand(0)) ? readers.indexesSequence : readers.indexesTable) =
            true;
      else if (isa<OneHotOp>(user) && use.getOperandNumber() == 0)
        readers.indexesTable = true;
      else if (!movesIndices(user))
        readers.hasOthers |= !isa<ShapeOfOp>(user);
      else if (seen.insert(user->getResult(0)).second)
        worklist.push_back(user->getResult(0));
    }
  }
  return readers;
}

bool AxisAnalysis::findInputs() {
  llvm::DenseSet<Value> dependent;
  for (BlockArgument argument : model.getArguments())
    dependent.insert(argument);
  for (Operation &op : model.getBody().front())
    if (!isa<ShapeOfOp>(op) &&
        llvm::any_of(op.getOperands(), [&](Value operand) { return dependent.contains(operand); }))
      dependent.insert(op.result_begin(), op.result_end());

  // The tokens: the first that looks rows of a table up.
  SmallVector<std::pair<BlockArgument, Readers>> used;
  BlockArgument tokens;
  bool isLookUp = false;
  for (BlockArgument argument : model.getArguments()) {
    if (argument.use_empty())
      continue;
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type) {
      reason = "input '" + nameOf(argument) + "' has an unknown rank";
      return false;
    }
    Readers readers = findReaders(argument, dependent);
    used.push_back({argument, readers});
    if (type.getRank() != 2 || readers.isPosition() || isLookUp)
      continue;
    if (!tokens || readers.indexesTable)
      tokens = argument;
    isLookUp = readers.indexesTable;
  }
  if (used.empty()) {
    reason = "no input is used";
    return false;
  }
  if (!tokens) {
    reason = "input '" + nameOf(used.front().first) + "' is not [batch, sequence]";
    return false;
  }
  auto shape = cast<RankedTensorType>(tokens.getType()).getShape();
  batch = known(shape[0]);
  sequence = known(shape[1]);
  inputs.push_back(tokens);
  for (auto &[argument, readers] : used) {
    auto type = cast<RankedTensorType>(argument.getType());
    bool isPosition = readers.isPosition();
    if (argument == tokens)
      continue;
    if (type.getRank() == 2 && type.getShape() == shape && !isPosition) {
      inputs.push_back(argument);
      continue;
    }
    if (type.getRank() > 0 && known(type.getDimSize(0)) != batch) {
      reason = "input '" + nameOf(argument) + "' has another batch than '" + nameOf(tokens) + "'";
      return false;
    }
    if (type.getRank() == 2 && !isPosition &&
        ShapedType::isDynamic(type.getDimSize(1)) != ShapedType::isDynamic(shape[1])) {
      reason = "input '" + nameOf(argument) + "' has another shape than '" + nameOf(tokens) + "'";
      return false;
    }
    bool isOpen =
        type.getRank() > 0 && llvm::any_of(type.getShape().drop_front(), ShapedType::isDynamic);
    if (isOpen && (isPosition || sequence)) {
      reason = "input '" + nameOf(argument) + "' has an open dimension that is not the sequence's";
      return false;
    }
    others.push_back({argument, isPosition});
  }
  return true;
}

std::string AxisAnalysis::nameOf(BlockArgument argument) {
  auto name = model.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kNameAttr);
  return name ? name.getValue().str() : std::to_string(argument.getArgNumber());
}

// A size that could be the sequence's is decided by what it meets.
void AxisAnalysis::labelInputs() {
  auto fixedOr = [](bool isFree, Atom atom, std::optional<int64_t> size) {
    if (isFree)
      return Dim{atom};
    return size.value_or(1) == 1 ? Dim() : Dim{Atom::integer(*size)};
  };
  Dim first = fixedOr(options.batch, Atom::batch(), batch);
  Dim second = fixedOr(solver->hasFreeSequence(), Atom::sequence(), sequence);
  for (BlockArgument input : inputs) {
    Label label;
    label.dims = {first, second};
    label.isData = true;
    labels[input] = label;
  }
  for (auto &[input, isPosition] : others) {
    auto type = cast<RankedTensorType>(input.getType());
    Label label;
    label.isData = type.getRank() > 0;
    label.isIndex = isPosition;
    if (type.getRank() > 0)
      label.dims.push_back(first);
    for (int64_t dim : type.getShape().drop_front(type.getRank() > 0)) {
      bool couldBe = known(dim) == sequence && type.getRank() > 2 && solver->hasFreeSequence();
      Variable variable(couldBe ? solver->getSequence() : Size(dim), nameOf(input));
      variable.isUniform = false;
      variable.excludesBatch = true;
      label.dims.push_back(couldBe    ? solver->newVariable(variable)
                           : dim == 1 ? Dim()
                                      : Dim{Atom::integer(dim)});
    }
    labels[input] = label;
  }
}
