//===- VariableValues.cpp - the variables' values in a checkpoint ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A checkpoint's keys are usually the variables' names, but need not be: a saver
// may rename (moving averages), and parts of a partitioned variable share a key.
// The graph itself says which is which: its restore ops list keys and slices, and
// Assign nodes say which variable each goes to.
//
//===----------------------------------------------------------------------===//

#include "VariableValues.h"

#include "TensorTypes.h"

#include "bert/Support/NearMiss.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace bertmlir;

namespace {
// What one restore op loads into a variable.
struct RestoredKey {
  std::string key;
  /// As SaveV2 and RestoreV2 spell it, "" for the whole tensor.
  std::string slice;
  /// Whether the graph's saver does that, and not an initialiser that starts the
  /// training from somebody else's checkpoint.
  bool isSaver = false;
};

using RestoredKeys = llvm::MapVector<Operation *, SmallVector<RestoredKey>>;
} // namespace

//===----------------------------------------------------------------------===//
// What the graph says
//===----------------------------------------------------------------------===//

static tf::NodeOp getOperandNode(tf::NodeOp node, unsigned index) {
  OperandRange operands = node.getDataOperands();
  return index < operands.size() ? operands[index].getDefiningOp<tf::NodeOp>() : tf::NodeOp();
}

// The value behind nodes that pass it on. Graphs may hold cycles, hence a limit.
static Value skipIdentities(Value value) {
  for (unsigned step = 0; step < 16; ++step) {
    auto node = value.getDefiningOp<tf::NodeOp>();
    if (!node || !llvm::is_contained({"Identity", "Cast", "StopGradient"}, node.getOpName()) ||
        node.getDataOperands().empty())
      break;
    value = node.getDataOperands()[0];
  }
  return value;
}

// The strings of a constant operand.
static SmallVector<std::string> getStrings(tf::NodeOp node, unsigned index) {
  SmallVector<std::string> strings;
  tf::NodeOp constant = getOperandNode(node, index);
  auto value = constant
                   ? dyn_cast_or_null<DenseStringElementsAttr>(tf::getNodeAttr(constant, "value"))
                   : DenseStringElementsAttr();
  if (!value)
    return strings;
  for (StringRef text : value.getRawStringData())
    strings.push_back(text.str());
  if (value.isSplat() && strings.size() == 1)
    strings.resize(std::min<int64_t>(value.getNumElements(), 1 << 16), strings.front());
  return strings;
}

static std::string pick(const SmallVector<std::string> &strings, size_t index) {
  return index < strings.size() ? strings[index] : "";
}

static RestoredKeys findRestoredKeys(tf::GraphOp graph, const proto::SaverDef &saver) {
  // The saver feeds the checkpoint's name through this tensor.
  StringRef fileName = StringRef(saver.filename_tensor_name()).split(':').first;
  RestoredKeys keys;
  for (auto assign : graph.getBody().front().getOps<tf::NodeOp>()) {
    if (assign.getOpName() != "Assign" && assign.getOpName() != "AssignVariableOp")
      continue;
    if (assign.getDataOperands().size() < 2)
      continue;
    Operation *variable = assign.getDataOperands()[0].getDefiningOp();
    auto result = dyn_cast<OpResult>(skipIdentities(assign.getDataOperands()[1]));
    auto restore = result ? dyn_cast<tf::NodeOp>(result.getOwner()) : tf::NodeOp();
    if (!variable || !restore)
      continue;
    RestoredKey key;
    if (restore.getOpName() == "RestoreV2") {
      key.key = pick(getStrings(restore, 1), result.getResultNumber());
      key.slice = pick(getStrings(restore, 2), result.getResultNumber());
    } else if (restore.getOpName() == "Restore" || restore.getOpName() == "RestoreSlice") {
      key.key = pick(getStrings(restore, 1), 0);
      if (restore.getOpName() == "RestoreSlice")
        key.slice = pick(getStrings(restore, 2), 0);
    }
    if (key.key.empty())
      continue;
    auto prefix = skipIdentities(restore.getDataOperands()[0]).getDefiningOp<tf::NodeOp>();
    // A sharded saver joins the name with a number.
    key.isSaver = prefix && !fileName.empty() &&
                  (prefix.getNodeName() == fileName || prefix.getOpName() == "ShardedFilename");
    keys[variable].push_back(std::move(key));
  }
  return keys;
}

//===----------------------------------------------------------------------===//
// What the checkpoint has
//===----------------------------------------------------------------------===//

// "8 4 0,4:-": the whole shape, then start and length of each dimension, "-" for
// all of it.
static std::optional<TensorSlice> parseSlice(StringRef text, ArrayRef<int64_t> shape) {
  SmallVector<StringRef> words;
  text.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  if (words.size() != shape.size() + 1)
    return std::nullopt;
  for (auto [word, dim] : llvm::zip(words, shape)) {
    int64_t stated = 0;
    if (word.getAsInteger(10, stated) || stated != dim)
      return std::nullopt;
  }
  SmallVector<StringRef> parts;
  words.back().split(parts, ':');
  if (parts.size() != shape.size())
    return std::nullopt;
  TensorSlice slice;
  for (auto [part, dim] : llvm::zip(parts, shape)) {
    int64_t start = 0, length = dim;
    if (part != "-") {
      auto [startText, lengthText] = part.split(',');
      if (startText.getAsInteger(10, start) || lengthText.getAsInteger(10, length))
        return std::nullopt;
    }
    slice.start.push_back(start);
    slice.length.push_back(length);
  }
  return slice;
}

namespace {
class ValueFinder {
public:
  ValueFinder(Checkpoint &checkpoint) : checkpoint(checkpoint) {}

  /// The value for a variable, given what the graph says about it.
  FailureOr<CheckpointValue> find(tf::NodeOp variable, ArrayRef<RestoredKey> restored,
                                  std::string &reason);

private:
  FailureOr<CheckpointValue> get(const RestoredKey &key, std::string &reason);
  FailureOr<CheckpointValue> getPartition(StringRef name, std::string &reason);

  Checkpoint &checkpoint;
};
} // namespace

FailureOr<CheckpointValue> ValueFinder::get(const RestoredKey &key, std::string &reason) {
  FailureOr<CheckpointValue> value = failure();
  if (key.slice.empty()) {
    value = checkpoint.getValue(key.key, reason);
  } else {
    FailureOr<RankedTensorType> type = checkpoint.getType(key.key, reason);
    if (succeeded(type)) {
      std::optional<TensorSlice> slice = parseSlice(key.slice, type->getShape());
      if (slice)
        value = checkpoint.getValue(key.key, *slice, reason);
      else
        reason = "has the shape " + formatShape(type->getShape()) +
                 ", but the graph asks for the part '" + key.slice + "'";
    }
  }
  if (failed(value))
    reason = "the checkpoint's tensor '" + key.key + "' " + reason;
  return value;
}

// `v/part_1` is the second of the slices of `v`.
FailureOr<CheckpointValue> ValueFinder::getPartition(StringRef name, std::string &reason) {
  size_t at = name.rfind("/part_");
  unsigned index = 0;
  if (at == StringRef::npos || name.drop_front(at + 6).getAsInteger(10, index))
    return failure();
  StringRef whole = name.take_front(at);
  SmallVector<TensorSlice> slices = checkpoint.getStoredSlices(whole);
  if (index >= slices.size())
    return failure();
  FailureOr<CheckpointValue> value = checkpoint.getValue(whole, slices[index], reason);
  if (failed(value))
    reason = "the checkpoint's tensor '" + whole.str() + "' " + reason;
  return value;
}

FailureOr<CheckpointValue> ValueFinder::find(tf::NodeOp variable, ArrayRef<RestoredKey> restored,
                                             std::string &reason) {
  for (const RestoredKey &key : restored)
    if (key.isSaver)
      return checkpoint.contains(key.key) ? get(key, reason) : [&]() {
        reason = "the checkpoint '" + checkpoint.getPrefix().str() + "' has no tensor '" + key.key +
                 "'" + suggestNames(key.key, checkpoint.getNames());
        return FailureOr<CheckpointValue>(failure());
      }();

  StringRef name = variable.getNodeName();
  for (StringRef candidate : {name, tf::getStringAttr(variable, "shared_name", "")})
    if (!candidate.empty() && checkpoint.contains(candidate))
      return get({candidate.str(), "", false}, reason);
  FailureOr<CheckpointValue> partition = getPartition(name, reason);
  if (succeeded(partition) || !reason.empty())
    return partition;
  for (const RestoredKey &key : restored)
    if (checkpoint.contains(key.key))
      return get(key, reason);
  reason = "the checkpoint '" + checkpoint.getPrefix().str() + "' has no tensor '" + name.str() +
           "'" + suggestNames(name, checkpoint.getNames());
  return failure();
}

//===----------------------------------------------------------------------===//
// Attaching
//===----------------------------------------------------------------------===//

// Whether the variable can have that value.
static LogicalResult checkType(tf::NodeOp variable, RankedTensorType found, std::string &reason) {
  Type wantedElement = tf::getTypeAttr(variable, "dtype");
  auto wantedShape = dyn_cast_or_null<DenseI64ArrayAttr>(tf::getNodeAttr(variable, "shape"));
  if (wantedShape) {
    bool matches = wantedShape.size() == found.getRank();
    for (auto [wanted, dim] : llvm::zip(wantedShape.asArrayRef(), found.getShape()))
      matches &= wanted < 0 || wanted == dim;
    // Before the shape was known, a graph may say [].
    if (!matches && wantedShape.size() != 0) {
      reason = "has the shape " + formatShape(wantedShape.asArrayRef()) +
               " in the graph, but its value in the checkpoint has the shape " +
               formatShape(found.getShape()) + "; the two do not belong together";
      return failure();
    }
    if (!matches && variable.getOpName() == "VariableV2" && found.getNumElements() != 1) {
      reason = "is a scalar in the graph, but its value in the checkpoint has the shape " +
               formatShape(found.getShape()) + "; the two do not belong together";
      return failure();
    }
  }
  if (wantedElement && wantedElement != found.getElementType()) {
    reason =
        llvm::formatv("has elements of type {0} in the graph, but of type {1} in the checkpoint",
                      wantedElement, found.getElementType());
    return failure();
  }
  return success();
}

static Attribute getValueAttr(const CheckpointValue &value, StringRef name) {
  if (!value.type.getElementType().isInteger(1))
    return getResourceAttr(value.type, name, value.bytes);
  // MLIR packs i1 into bits, so this is a copy.
  SmallVector<bool> bools = llvm::map_to_vector(value.bytes.data, [](char c) { return c != 0; });
  return DenseElementsAttr::get(value.type, bools);
}

void bertmlir::attachVariableValues(tf::GraphOp graph, const proto::SaverDef &saver,
                                    Checkpoint &checkpoint) {
  RestoredKeys restored = findRestoredKeys(graph, saver);
  ValueFinder finder(checkpoint);
  Builder builder(graph.getContext());
  for (auto variable : graph.getBody().front().getOps<tf::NodeOp>()) {
    if (!isa<tf::VariableV2Op, tf::VariableOp, tf::VarHandleOp>(*variable))
      continue;
    std::string reason;
    auto keys = restored.find(variable);
    FailureOr<CheckpointValue> value = finder.find(
        variable, keys == restored.end() ? ArrayRef<RestoredKey>() : keys->second, reason);
    if (succeeded(value)) {
      bool isBool = value->type.getElementType().isInteger(1);
      if (failed(checkType(variable, value->type, reason)))
        value = failure();
      else if (isBool && !Checkpoint::verify(*value)) {
        reason = "is damaged in the checkpoint: its checksum is wrong";
        value = failure();
      } else {
        variable->setAttr(tf::kCheckpointValueAttr, getValueAttr(*value, variable.getNodeName()));
        if (!isBool && !value->isChecked)
          variable->setAttr(tf::kCheckpointCrcAttr,
                            builder.getI32IntegerAttr(static_cast<int32_t>(value->maskedCrc)));
      }
    } else {
      reason = "has no value: " + reason;
    }
    if (failed(value))
      variable->setAttr(tf::kCheckpointProblemAttr, builder.getStringAttr(reason));
  }
}
