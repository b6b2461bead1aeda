//===- SelectOutputs.cpp - marks the outputs of the model ------------------ ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFSELECTOUTPUTS
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

// `node` or `node:port`; fails with a message where there is no such tensor.
static FailureOr<Value> findTensor(GraphOp graph, const NodeIndex &index, StringRef name) {
  StringRef nodeName = name.trim();
  unsigned port = 0;
  NodeOp node = index.lookup(nodeName);
  if (size_t colon = nodeName.rfind(':');
      !node && colon != StringRef::npos && !nodeName.drop_front(colon + 1).getAsInteger(10, port)) {
    nodeName = nodeName.take_front(colon);
    node = index.lookup(nodeName);
  }
  if (!node)
    return emitError(graph.getLoc())
           << "no node is called '" << nodeName << "'" << index.suggest(nodeName);
  if (port >= node.getDataResults().size())
    return emitNodeError(node) << "has " << node.getDataResults().size()
                               << " outputs; there is no output " << port;
  return Value(node.getDataResults()[port]);
}

//===----------------------------------------------------------------------===//
// Choosing outputs
//===----------------------------------------------------------------------===//

// Scopes in which TensorFlow 1's savers, optimizers and initialisers live.
static bool isBookkeepingName(StringRef name) {
  for (StringRef scope : {"save", "gradients", "init", "report_uninitialized_variables",
                          "global_step", "Adam", "training"}) {
    if (name == scope || name.starts_with((scope + "/").str()) ||
        name.starts_with((scope + "_").str()))
      return true;
  }
  return false;
}

// The last nodes on the way from the inputs: float results that nothing but
// bookkeeping uses.
static SmallVector<Value> chooseOutputs(GraphOp graph) {
  llvm::DenseSet<Operation *> reached;
  SmallVector<Operation *> worklist;
  for (Operation &op : graph.getBody().front())
    if (isa<InputOp, PlaceholderOp, PlaceholderV2Op, IteratorGetNextOp>(op)) {
      reached.insert(&op);
      worklist.push_back(&op);
    }
  auto follows = [](Operation *op) {
    auto node = dyn_cast<NodeOp>(op);
    return node && !isa<GenericOp>(op) && !isBookkeepingName(node.getNodeName());
  };
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    for (Value result : op->getResults())
      if (!isa<ControlType>(result.getType()))
        for (Operation *user : result.getUsers())
          if (follows(user) && reached.insert(user).second)
            worklist.push_back(user);
  }
  SmallVector<Value> outputs;
  for (Operation &op : graph.getBody().front()) {
    auto node = dyn_cast<NodeOp>(op);
    if (!node || !reached.contains(&op) ||
        isa<PlaceholderOp, PlaceholderV2Op, IteratorGetNextOp>(op))
      continue;
    for (Value result : node.getDataResults()) {
      bool isUsed = llvm::any_of(result.getUsers(), [&](Operation *user) {
        return reached.contains(user) || isa<OutputOp>(user);
      });
      if (!isUsed && isa<FloatType>(getElementTypeOrSelf(result.getType())))
        outputs.push_back(result);
    }
  }
  return outputs;
}

namespace {

struct TFSelectOutputs : public tf::impl::TFSelectOutputsBase<TFSelectOutputs> {
  using Base::Base;

  void runOnOperation() override {
    GraphOp graph = getOperation();
    NodeIndex index(graph);
    SmallVector<std::string> names(outputs.begin(), outputs.end());
    bool isChosen = names.empty();
    if (isChosen && graph.getSignatureOutputs())
      for (StringRef name : graph.getSignatureOutputs()->getAsValueRange<StringAttr>())
        names.push_back(name.str());
    SmallVector<Value> values;
    for (StringRef name : names) {
      FailureOr<Value> value = findTensor(graph, index, name);
      if (failed(value))
        return signalPassFailure();
      values.push_back(*value);
    }
    if (names.empty())
      values = chooseOutputs(graph);
    if (values.empty()) {
      emitError(graph.getLoc()) << "found no output; name one with --output";
      return signalPassFailure();
    }
    OpBuilder builder(&getContext());
    builder.setInsertionPointToEnd(&graph.getBody().front());
    for (auto [position, value] : llvm::enumerate(values)) {
      std::string name = getTensorName(value, /*shortSpelling=*/true);
      std::string full = getTensorName(value);
      SmallVector<StringRef> spellings = {name};
      if (full != name)
        spellings.push_back(full);
      OutputOp::create(builder, value.getLoc(), value, name, builder.getStrArrayAttr(spellings),
                       position);
      if (isChosen)
        emitRemark(value.getLoc()) << "output '" << name << "' was chosen, since none is named";
    }
  }
};

} // namespace
