//===- Utils.cpp - what the passes on tf share ----------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Support/NearMiss.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

NodeIndex::NodeIndex(GraphOp graph) {
  for (Operation &op : graph.getBody().front())
    if (auto node = dyn_cast<NodeOp>(op))
      nodes[node.getNodeName()] = node;
}

std::string NodeIndex::suggest(StringRef name, ArrayRef<Value> candidates) const {
  constexpr size_t shown = 10;
  SmallVector<StringRef> names(nodes.keys());
  llvm::sort(names);
  std::string text = suggestNames(name, names);
  if (!text.empty() || candidates.empty())
    return text;
  for (Value candidate : candidates.take_front(shown))
    text += (text.empty() ? "; there is '" : ", '") + getTensorName(candidate, true) + "'";
  if (candidates.size() > shown)
    text += " and " + std::to_string(candidates.size() - shown) + " more";
  return text;
}

llvm::DenseSet<Operation *> tf::collectNeeded(GraphOp graph, bool upToSources) {
  llvm::DenseSet<Operation *> needed;
  SmallVector<Operation *> worklist;
  auto add = [&](Operation *op) {
    if (needed.insert(op).second)
      worklist.push_back(op);
  };
  for (OutputOp output : graph.getBody().front().getOps<OutputOp>())
    add(output);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (upToSources && isSource(op))
      continue;
    auto node = dyn_cast<NodeOp>(op);
    for (Value operand : node ? node.getDataOperands() : OperandRange(op->getOperands()))
      add(operand.getDefiningOp());
  }
  return needed;
}

void tf::eraseAll(ArrayRef<Operation *> ops) {
  for (Operation *op : ops) {
    op->dropAllReferences();
    op->dropAllUses();
  }
  for (Operation *op : ops)
    op->erase();
}

void tf::replaceData(NodeOp node, ValueRange values) {
  for (auto [result, value] : llvm::zip(node.getDataResults(), values))
    result.replaceAllUsesWith(value);
}

bool tf::isBookkeepingName(StringRef name) {
  for (StringRef scope : {"save", "gradients", "init", "report_uninitialized_variables",
                          "global_step", "Adam", "training"}) {
    if (name == scope || name.starts_with((scope + "/").str()) ||
        name.starts_with((scope + "_").str()))
      return true;
  }
  return false;
}

bool tf::isPassThrough(Operation *op) {
  return isa<IdentityOp, IdentityNOp, SnapshotOp, StopGradientOp, PreventGradientOp,
             CheckNumericsOp, EnsureShapeOp, PrintOp, ReadVariableOp>(op);
}

bool tf::isSource(Operation *op) {
  return isa<PlaceholderOp, PlaceholderV2Op, IteratorGetNextOp, QueueDequeueV2Op,
             QueueDequeueManyV2Op, QueueDequeueUpToV2Op, ParseExampleOp, ParseExampleV2Op,
             ParseSingleExampleOp>(op);
}

NodeOp tf::getProducer(Value value) {
  // Bounded: a cycle of nothing but Identity nodes is possible in a file.
  for (unsigned steps = 0; steps < 1000; ++steps) {
    auto result = dyn_cast<OpResult>(value);
    if (!result || !isa<NodeOp>(result.getOwner()))
      return {};
    if (!isPassThrough(result.getOwner()) ||
        result.getResultNumber() >= result.getOwner()->getNumOperands())
      return cast<NodeOp>(result.getOwner());
    value = result.getOwner()->getOperand(result.getResultNumber());
  }
  return {};
}

DenseElementsAttr tf::getConstant(Value value) {
  NodeOp node = getProducer(value);
  if (!node || !isa<ConstOp>(node))
    return {};
  return dyn_cast_or_null<DenseElementsAttr>(getNodeAttr(node, "value"));
}

std::optional<double> tf::getConstantFloat(Value value) {
  DenseElementsAttr dense = getConstant(value);
  if (!dense || !isa<FloatType>(dense.getElementType()) || dense.getNumElements() != 1)
    return std::nullopt;
  APFloat element = *dense.getValues<APFloat>().begin();
  bool losesInfo = false;
  element.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
  return element.convertToDouble();
}

std::optional<bool> tf::getConstantBool(Value value) {
  DenseElementsAttr dense = getConstant(value);
  if (!dense || !dense.getElementType().isInteger(1) || dense.getNumElements() != 1)
    return std::nullopt;
  return *dense.getValues<bool>().begin();
}

InFlightDiagnostic tf::emitNodeError(NodeOp node) {
  InFlightDiagnostic diagnostic = emitError(node->getLoc());
  diagnostic << "node '" << node.getNodeName() << "' (" << node.getOpName() << ") ";
  return diagnostic;
}
