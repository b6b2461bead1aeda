//===- SinkTokenSlice.cpp - compute only the token that is read ------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Two walks. The first goes from the readers to the producers and finds the values of
// which one token is enough; the second goes forward and writes each op that computes
// such a value again, for that token. What still needs all tokens (keys and values,
// layers before the last one) is cut where the two regions meet.
//
//===----------------------------------------------------------------------===//

#include "TokenAxes.h"

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVSINKTOKENSLICE
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-sink-token-slice";

namespace {

// What the readers of a value need of it: one index along one axis, or all.
struct Demand {
  int64_t axis = kWhole;
  int64_t index = 0;

  bool isWhole() const { return axis == kWhole; }
  bool operator==(const Demand &other) const {
    return axis == other.axis && (isWhole() || index == other.index);
  }
};

} // namespace

static RankedTensorType rankedType(Value value) {
  return dyn_cast<RankedTensorType>(value.getType());
}

//===----------------------------------------------------------------------===//
// Where tokens are picked
//===----------------------------------------------------------------------===//

// What an op that picks one index along one axis of its first operand picks.
static std::optional<Demand> getPick(Operation *op) {
  Demand pick;
  if (auto gather = dyn_cast<GatherOp>(op)) {
    std::optional<int64_t> axis = getConstantInt(gather.getAxis());
    std::optional<int64_t> index = getConstantInt(gather.getIndices());
    RankedTensorType indices = rankedType(gather.getIndices());
    if (!axis || !index || !indices || indices.getRank() > 1 || gather.getBatchDims() != 0)
      return std::nullopt;
    pick = {*axis, *index};
  } else if (auto slice = dyn_cast<SliceOp>(op)) {
    std::optional<int64_t> axis =
        slice.getAxes() ? getConstantInt(slice.getAxes()) : std::optional<int64_t>();
    std::optional<int64_t> start = getConstantInt(slice.getStart());
    // From a negative start to 0 is nothing at all.
    if (!axis || !start || *start < 0 || getConstantInt(slice.getStop()) != *start + 1 ||
        getConstantInt(slice.getStep()) != 1)
      return std::nullopt;
    pick = {*axis, *start};
  } else {
    return std::nullopt;
  }
  RankedTensorType type = rankedType(op->getOperand(0));
  if (!type || !rankedType(op->getResult(0)) || pick.axis < -type.getRank() ||
      pick.axis >= type.getRank())
    return std::nullopt;
  if (pick.axis < 0)
    pick.axis += type.getRank();
  // Clamped slices and look-ups beyond the end are no picks.
  int64_t size = type.getDimSize(pick.axis);
  if (size == 1 || (!ShapedType::isDynamic(size) && (pick.index >= size || pick.index < -size)))
    return std::nullopt;
  // An open dimension may turn out to be too short for any other token: the op then gives nothing,
  // or fails, and so must what replaces it.
  if (ShapedType::isDynamic(size) && pick.index != 0)
    return std::nullopt;
  return pick;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

class TokenSliceSinker {
public:
  explicit TokenSliceSinker(func::FuncOp function)
      : body(function.getBody().front()), shapes(function), finder(shapes),
        builder(function.getContext()), views(builder, shapes) {}

  void run();

private:
  void findDemands();
  void need(Value value, Demand demand);
  std::string whyNot(Operation *pick);
  void rewrite(Operation *op);
  void replacePick(Operation *pick);
  // One index of an operand, along its axis: computed alone, or cut out.
  Value part(Value value, int64_t axis, int64_t index);

  Block &body;
  SymbolicShapes shapes;
  OperandAxisFinder finder;
  OpBuilder builder;
  ViewBuilder views;
  DenseMap<Value, Demand> demands;
  /// Ops that are written again, with what they need of their operands.
  DenseMap<Operation *, OperandAxes> sunk;
  SmallVector<Operation *> picks;
  /// Values of which one index was computed, and those that it was cut out of.
  DenseMap<Value, Value> parts;
  DenseMap<std::pair<Value, std::pair<int64_t, int64_t>>, Value> cuts;
};

} // namespace

void TokenSliceSinker::need(Value value, Demand demand) {
  auto [entry, isNew] = demands.try_emplace(value, demand);
  if (!isNew && !(entry->second == demand))
    entry->second = Demand();
}

void TokenSliceSinker::findDemands() {
  for (Operation &op : llvm::reverse(body)) {
    if (std::optional<Demand> pick = getPick(&op)) {
      picks.push_back(&op);
      need(op.getOperand(0), *pick);
      for (Value operand : op.getOperands().drop_front())
        need(operand, Demand());
      continue;
    }
    auto demand = op.getNumResults() == 1 ? demands.find(op.getResult(0)) : demands.end();
    if (demand != demands.end() && !demand->second.isWhole()) {
      Demand needed = demand->second;
      if (std::optional<OperandAxes> axes = finder.find(&op, needed.axis)) {
        for (auto [operand, axis] : llvm::zip_equal(op.getOperands(), *axes))
          need(operand, {axis, needed.index});
        sunk[&op] = std::move(*axes);
        continue;
      }
    }
    for (Value operand : op.getOperands())
      need(operand, Demand());
  }
  std::reverse(picks.begin(), picks.end());
}

std::string TokenSliceSinker::whyNot(Operation *pick) {
  Value input = pick->getOperand(0);
  Demand wanted = *getPick(pick);
  Operation *producer = input.getDefiningOp();
  if (producer && sunk.contains(producer))
    return "";
  for (Operation *user : input.getUsers())
    if (std::optional<Demand> other = getPick(user); !other || !(*other == wanted))
      return "all tokens of what it reads are needed by " +
             (isa<func::ReturnOp>(user) ? "an output" : describeLayer(user));
  return producer ? describeLayer(producer) + " needs all tokens" : "it reads an input";
}

Value TokenSliceSinker::part(Value value, int64_t axis, int64_t index) {
  if (demands.lookup(value) == Demand{axis, index})
    if (Value computed = parts.lookup(value))
      return computed;
  Value &cut = cuts[{value, {axis, index}}];
  if (cut)
    return cut;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfterValue(value);
  Location loc = value.getLoc();
  cut = GatherOp::create(builder, loc, value, createInts(builder, loc, index),
                         createScalarInt(builder, loc, axis), 0);
  return cut;
}

void TokenSliceSinker::rewrite(Operation *op) {
  Demand demand = demands.lookup(op->getResult(0));
  builder.setInsertionPoint(op);
  SmallVector<Value> operands;
  for (auto [operand, axis] : llvm::zip_equal(op->getOperands(), sunk[op]))
    operands.push_back(axis == kWhole ? operand : part(operand, axis, demand.index));
  SymbolicShape shape = shapes.getShape(op->getResult(0));
  shape[demand.axis] = SymbolicShapes::number(1);
  // Without a result, part() cuts the value that is there.
  if (Value result = views.rewrite(op, operands, shape))
    parts[op->getResult(0)] = result;
}

// A Gather stays, since it drops the axis where that is asked for: its form says token, not view.
void TokenSliceSinker::replacePick(Operation *pick) {
  Value only = parts.lookup(pick->getOperand(0));
  if (!only)
    return;
  auto gather = dyn_cast<GatherOp>(pick);
  if (!gather || pick->getResult(0).getType() == only.getType()) {
    pick->getResult(0).replaceAllUsesWith(only);
    return;
  }
  if (getConstantInt(gather.getIndices()) != 0) {
    builder.setInsertionPoint(pick);
    gather.getIndicesMutable().assign(createScalarInt(builder, pick->getLoc(), 0));
  }
  gather.getInputMutable().assign(only);
}

void TokenSliceSinker::run() {
  findDemands();
  SmallVector<Operation *> ops;
  int64_t products = 0;
  for (Operation &op : body)
    if (sunk.contains(&op)) {
      ops.push_back(&op);
      products += isa<MatMulOp, ScaledDotProductAttentionOp>(op);
    }
  for (Operation *pick : picks) {
    std::string reason = whyNot(pick);
    if (reason.empty() && products == 0)
      reason = "there is no product that could be spared";
    // Dimensions of tensors are picked by the same op.
    if (!reason.empty() && rankedType(pick->getOperand(0)).getRank() < 3)
      continue;
    if (!reason.empty())
      remarkMissed(pick, kPass, reason);
    else
      remarkFused(pick, kPass,
                  "a cut before " + std::to_string(ops.size()) + " ops, " +
                      std::to_string(products) + " of them products");
  }
  if (products == 0)
    return;
  for (Operation *op : ops)
    rewrite(op);
  for (Operation *pick : picks)
    if (Operation *producer = pick->getOperand(0).getDefiningOp();
        producer && sunk.contains(producer))
      replacePick(pick);
}

namespace {

struct OVSinkTokenSlice : public bertmlir::ov::impl::OVSinkTokenSliceBase<OVSinkTokenSlice> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration())
      return;
    TokenSliceSinker(function).run();
    eraseDeadOps(function);
  }
};

} // namespace
