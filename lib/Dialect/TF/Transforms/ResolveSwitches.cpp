//===- ResolveSwitches.cpp - takes the branch that a constant chooses ------ ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFRESOLVESWITCHES
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

// The predicate's value, seen through logic, through the default of a scalar
// placeholder and into the branches of other conditions.
static std::optional<bool> evaluate(Value predicate, unsigned depth = 8) {
  if (std::optional<bool> value = getConstantBool(predicate))
    return value;
  NodeOp node = getProducer(predicate);
  if (!node || node.getDataOperands().empty() || depth == 0)
    return std::nullopt;
  std::optional<bool> first = evaluate(node.getDataOperands()[0], depth - 1);
  if (isa<PlaceholderWithDefaultOp, SwitchOp, RefSwitchOp>(node))
    return first;
  if (isa<LogicalNotOp>(node))
    return first ? std::optional(!*first) : std::nullopt;
  if (!isa<LogicalAndOp, LogicalOrOp>(node) || node.getDataOperands().size() != 2)
    return std::nullopt;
  std::optional<bool> second = evaluate(node.getDataOperands()[1], depth - 1);
  bool deciding = isa<LogicalOrOp>(node);
  if (first == deciding || second == deciding)
    return deciding;
  return first && second ? std::optional(!deciding) : std::nullopt;
}

namespace {

struct TFResolveSwitches : public tf::impl::TFResolveSwitchesBase<TFResolveSwitches> {
  void runOnOperation() override {
    Block &body = getOperation().getBody().front();
    // Values of the side that is not taken. A node that needs one never runs.
    llvm::DenseSet<Value> dead;
    SmallVector<Operation *> worklist;
    auto kill = [&](Value value) {
      if (!dead.insert(value).second)
        return;
      for (Operation *user : value.getUsers())
        worklist.push_back(user);
    };
    SmallVector<NodeOp> merges;
    for (NodeOp node : body.getOps<NodeOp>()) {
      if (isa<MergeOp>(node))
        merges.push_back(node);
      if (!isa<SwitchOp, RefSwitchOp>(node) || node.getDataResults().size() != 2)
        continue;
      std::optional<bool> predicate = evaluate(node.getDataOperands()[1]);
      if (!predicate)
        continue;
      // Output 0 is the false side, output 1 the true side.
      kill(node.getDataResults()[*predicate ? 0 : 1]);
      node.getDataResults()[*predicate ? 1 : 0].replaceAllUsesWith(node.getDataOperands()[0]);
    }
    while (!worklist.empty()) {
      auto node = dyn_cast<NodeOp>(worklist.pop_back_val());
      if (!node)
        continue;
      // A condition within a side that is not taken has no live operand at all.
      if (isa<MergeOp>(node) && !llvm::all_of(node.getDataOperands(), [&](Value operand) {
            return dead.contains(operand);
          }))
        continue;
      for (Value result : node->getResults())
        kill(result);
    }
    DenseMap<Value, Value> chosen;
    for (NodeOp merge : merges) {
      SmallVector<std::pair<unsigned, Value>> alive;
      for (auto [index, operand] : llvm::enumerate(merge.getDataOperands()))
        if (!dead.contains(operand))
          alive.push_back({index, operand});
      if (alive.size() != 1 || merge.getDataResults().size() != 2)
        continue;
      auto [index, value] = alive.front();
      // Of two conditions one may choose the other's result.
      while (Value by = chosen.lookup(value))
        value = by;
      chosen[merge.getDataResults()[0]] = value;
      merge.getDataResults()[0].replaceAllUsesWith(value);
      if (merge.getDataResults()[1].use_empty())
        continue;
      // Which operand it was.
      OpBuilder builder(merge);
      auto type = RankedTensorType::get({}, builder.getI32Type());
      NamedAttribute attrs[] = {
          {builder.getStringAttr("dtype"), TypeAttr::get(type.getElementType())},
          {builder.getStringAttr("value"),
           DenseElementsAttr::get(type, static_cast<int32_t>(index))}};
      Operation *constant =
          createNode(builder, merge->getLoc(), "Const", (merge.getNodeName() + "/index").str(), "",
                     builder.getDictionaryAttr(attrs), TypeRange(type));
      merge.getDataResults()[1].replaceAllUsesWith(constant->getResult(0));
    }
  }
};

} // namespace
