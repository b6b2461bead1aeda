//===- SelectOutputs.cpp - marks the outputs of the model ------------------ ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

#include "llvm/ADT/SetVector.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFSELECTOUTPUTS
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

//===----------------------------------------------------------------------===//
// Choosing outputs
//===----------------------------------------------------------------------===//

// Dense layers and attention, by which a model is told from what prepares its inputs.
static bool isProduct(Operation *op) {
  return isa<MatMulOp, BatchMatMulOp, BatchMatMulV2Op, BatchMatMulV3Op, Conv2DOp, EinsumOp,
             FusedMatMulOp, FusedBatchMatMulV2Op>(op);
}

// What a script reduces to a number without saying along which axes: TensorFlow makes
// a constant of another name than for axes that are given.
static bool isFullReduction(NodeOp node) {
  if (!isa<MeanOp, SumOp>(node) || node.getDataOperands().size() != 2)
    return false;
  auto axes = node.getDataOperands()[1].getDefiningOp<NodeOp>();
  return axes && !axes.getNodeName().ends_with("/reduction_indices");
}

// The way from a model's answer to its loss; on it are no answers of their own.
static bool isOnTheWayToALoss(NodeOp node) {
  return isFullReduction(node) ||
         isa<LogSoftmaxOp, NegOp, SquareOp, SquaredDifferenceOp, SubOp, LogOp, AbsOp>(node);
}

// Whether a model goes on with what it reads; a tensor's shape is not its data.
static bool takesData(Operation *user) {
  auto node = dyn_cast<NodeOp>(user);
  return node && !isa<GenericOp, ShapeOp, ShapeNOp, SizeOp, RankOp>(user) &&
         !isBookkeepingName(node.getNodeName());
}

namespace {

// Without a signature and without names: the last nodes that the model computes.
class OutputFinder {
public:
  explicit OutputFinder(GraphOp graph) : body(graph.getBody().front()) {}

  SmallVector<Value> find();

private:
  using Nodes = llvm::SetVector<Operation *>;

  static Nodes follow(ArrayRef<Operation *> from);
  bool isTerminal(Value result, const Nodes &nodes) const;

  Block &body;
};

} // namespace

// All that data flows to from some nodes.
OutputFinder::Nodes OutputFinder::follow(ArrayRef<Operation *> from) {
  Nodes reached;
  SmallVector<Operation *> worklist(from);
  reached.insert(from.begin(), from.end());
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    for (Value result : op->getResults()) {
      if (isa<ControlType>(result.getType()))
        continue;
      for (Operation *user : result.getUsers())
        if (takesData(user) && reached.insert(user))
          worklist.push_back(user);
    }
  }
  return reached;
}

bool OutputFinder::isTerminal(Value result, const Nodes &nodes) const {
  return !isa<ControlType>(result.getType()) &&
         llvm::none_of(result.getUsers(), [&](Operation *user) { return nodes.contains(user); });
}

SmallVector<Value> OutputFinder::find() {
  SmallVector<Operation *> sources, products;
  Nodes labelled;
  for (Operation &op : body) {
    if (!isSource(&op) && !isa<InputOp>(op))
      continue;
    sources.push_back(&op);
    // Port by port, since iterators give features and labels alike.
    for (Value result : op.getResults()) {
      SmallVector<Operation *> users;
      if (!isa<ControlType>(result.getType()))
        llvm::copy_if(result.getUsers(), std::back_inserter(users), takesData);
      // What never meets a weight is a label.
      Nodes reached = follow(users);
      if (llvm::none_of(reached, isProduct))
        labelled.insert(reached.begin(), reached.end());
    }
  }
  Nodes all = follow(sources);
  for (Operation *op : all)
    if (isProduct(op))
      products.push_back(op);
  // A graph without a product has no answers either; then any end is as good.
  Nodes nodes = products.empty() ? all : follow(products);
  for (Operation *source : sources)
    nodes.remove(source);
  Nodes kept;
  for (Operation *op : nodes)
    if (products.empty() || !labelled.contains(op))
      kept.insert(op);
  // From the end of the file, so that what feeds a loss is seen without it.
  SmallVector<Operation *> order;
  for (Operation &op : body)
    if (kept.contains(&op))
      order.push_back(&op);
  for (Operation *op : llvm::reverse(order)) {
    auto node = cast<NodeOp>(op);
    bool isEnd =
        llvm::all_of(node.getDataResults(), [&](Value result) { return isTerminal(result, kept); });
    if (!isEnd || !isOnTheWayToALoss(node))
      continue;
    // A loss, or what led to one.
    bool feedsLoss = llvm::any_of(node.getDataResults(), [&](Value result) {
      return llvm::any_of(result.getUsers(), [&](Operation *user) {
        return nodes.contains(user) && !kept.contains(user);
      });
    });
    if (!isFullReduction(node) && !feedsLoss)
      continue;
    kept.remove(op);
  }
  SmallVector<Value> outputs;
  for (Operation *op : order) {
    auto node = cast<NodeOp>(op);
    if (!kept.contains(op))
      continue;
    for (Value result : node.getDataResults())
      if (isTerminal(result, kept) &&
          (isa<FloatType>(getElementTypeOrSelf(result.getType())) ||
           (!products.empty() && isa<IntegerType>(getElementTypeOrSelf(result.getType())))))
        outputs.push_back(result);
  }
  return outputs;
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

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
    return emitError(graph.getLoc()) << "no node is called '" << nodeName << "'"
                                     << index.suggest(nodeName, OutputFinder(graph).find());
  if (port >= node.getDataResults().size())
    return emitNodeError(node) << "has " << node.getDataResults().size()
                               << " outputs; there is no output " << port;
  return Value(node.getDataResults()[port]);
}

namespace {

struct TFSelectOutputs : public tf::impl::TFSelectOutputsBase<TFSelectOutputs> {
  using Base::Base;

  void runOnOperation() override {
    GraphOp graph = getOperation();
    NodeIndex index(graph);
    SmallVector<std::string> names(outputs.begin(), outputs.end());
    bool isChosen = names.empty();
    SmallVector<OutputOp> former(graph.getBody().front().getOps<OutputOp>());
    if (isChosen && !former.empty())
      return;
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
      values = OutputFinder(graph).find();
    if (values.empty()) {
      emitError(graph.getLoc()) << "found no output; name one with --output";
      return signalPassFailure();
    }
    for (OutputOp output : former)
      output.erase();
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
