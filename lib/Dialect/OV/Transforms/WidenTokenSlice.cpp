//===- WidenTokenSlice.cpp - a layer for one token becomes one for all ------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The way back from ov-sink-token-slice. Each op that works on one token is written
// again for all, and what sinking knows of the new op must lead back to the old one.
//
//===----------------------------------------------------------------------===//

#include "TokenAxes.h"

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVWIDENTOKENSLICE
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-widen-token-slice";

namespace {

class TokenSliceWidener {
public:
  explicit TokenSliceWidener(func::FuncOp function)
      : body(function.getBody().front()), shapes(function), finder(shapes),
        builder(function.getContext()), views(builder, shapes) {}

  void run();

private:
  /// What a value of size 1 along an axis is one index of.
  struct Wide {
    Value all;
    int64_t axis;
    int64_t index;
  };

  std::optional<Wide> matchCut(Operation *op);
  std::optional<Wide> widen(Operation *op);
  void replaceOtherUses(Value value, const Wide &wide);

  Block &body;
  SymbolicShapes shapes;
  OperandAxisFinder finder;
  OpBuilder builder;
  ViewBuilder views;
  DenseMap<Value, Wide> wide;
  /// Ops that were written again.
  llvm::SetVector<Operation *> widened;
};

} // namespace

// Gather of one index that keeps its axis.
std::optional<TokenSliceWidener::Wide> TokenSliceWidener::matchCut(Operation *op) {
  auto gather = dyn_cast<GatherOp>(op);
  if (!gather || gather.getBatchDims() != 0)
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(gather.getInput().getType());
  auto indices = dyn_cast<RankedTensorType>(gather.getIndices().getType());
  std::optional<int64_t> axis = getConstantInt(gather.getAxis());
  std::optional<int64_t> index = getConstantInt(gather.getIndices());
  if (!type || type.getRank() < 3 || !indices || indices.getRank() != 1 || !axis || !index ||
      *axis < 0 || *axis >= type.getRank() || type.getDimSize(*axis) == 1)
    return std::nullopt;
  return Wide{gather.getInput(), *axis, *index};
}

std::optional<TokenSliceWidener::Wide> TokenSliceWidener::widen(Operation *op) {
  const Wide *known = nullptr;
  OperandAxes expected;
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    auto found = wide.find(operand);
    bool isWide = found != wide.end();
    // All parts are of one token of one sequence.
    if (isWide && known &&
        (known->index != found->second.index ||
         shapes.getShape(known->all)[known->axis] !=
             shapes.getShape(found->second.all)[found->second.axis]))
      return std::nullopt;
    expected.push_back(isWide ? found->second.axis : kWhole);
    operands.push_back(isWide ? found->second.all : operand);
    if (isWide)
      known = &found->second;
  }
  if (!known || op->getNumResults() != 1 || !isa<RankedTensorType>(op->getResult(0).getType()))
    return std::nullopt;
  SymbolicDim size = shapes.getShape(known->all)[known->axis];
  SymbolicShape shape = shapes.getShape(op->getResult(0));
  builder.setInsertionPoint(op);
  // The operand's own axis first: a batch of 1 looks like a token.
  SmallVector<size_t> candidates{static_cast<size_t>(known->axis)};
  for (size_t axis = 0; axis < shape.size(); ++axis)
    candidates.push_back(axis);
  for (size_t axis : candidates) {
    if (axis >= shape.size() || !shape[axis].isNumber(1))
      continue;
    SymbolicShape all = shape;
    all[axis] = size;
    Value result = views.rewrite(op, operands, all);
    if (!result || result == operands[0])
      continue;
    // What a view was looked through to has been checked before.
    if (Operation *made = result.getDefiningOp();
        isView(op) && made && isView(made) && made->getOperand(0) != operands[0])
      continue;
    std::optional<OperandAxes> axes = finder.find(result.getDefiningOp(), axis);
    bool isSame = axes && (isView(op) ? axes->front() == expected.front() : *axes == expected);
    if (isSame && shapes.getShape(result)[axis] == size)
      return Wide{result, static_cast<int64_t>(axis), known->index};
  }
  return std::nullopt;
}

void TokenSliceWidener::replaceOtherUses(Value value, const Wide &from) {
  for (OpOperand &use : llvm::make_early_inc_range(value.getUses())) {
    Operation *user = use.getOwner();
    if (widened.contains(user))
      continue;
    Location loc = user->getLoc();
    builder.setInsertionPoint(user);
    auto pick = dyn_cast<GatherOp>(user);
    if (pick && use.getOperandNumber() == 0 && getConstantInt(pick.getAxis()) == from.axis &&
        getConstantInt(pick.getIndices()) == 0 && pick.getBatchDims() == 0 &&
        cast<RankedTensorType>(pick.getIndices().getType()).getRank() == 0) {
      pick.getIndicesMutable().assign(createScalarInt(builder, loc, from.index));
      use.set(from.all);
      continue;
    }
    use.set(GatherOp::create(builder, loc, from.all, createInts(builder, loc, from.index),
                             createScalarInt(builder, loc, from.axis), 0));
  }
}

void TokenSliceWidener::run() {
  SmallVector<Operation *> ops;
  for (Operation &op : body)
    ops.push_back(&op);
  SmallVector<Operation *> attentions;
  for (Operation *op : ops) {
    if (std::optional<Wide> cut = matchCut(op)) {
      wide.try_emplace(op->getResult(0), *cut);
    } else if (std::optional<Wide> all = widen(op)) {
      wide.try_emplace(op->getResult(0), *all);
      widened.insert(op);
      if (isa<SoftMaxOp, ScaledDotProductAttentionOp>(op))
        attentions.push_back(op);
    }
  }
  // What else works on one token is cheap as it is.
  if (attentions.empty())
    return;
  for (Operation *attention : attentions)
    remarkFused(attention, kPass, "attention of all tokens");
  for (Operation *op : widened)
    replaceOtherUses(op->getResult(0), wide.find(op->getResult(0))->second);
}

namespace {

struct OVWidenTokenSlice : public bertmlir::ov::impl::OVWidenTokenSliceBase<OVWidenTokenSlice> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration())
      return;
    TokenSliceWidener(function).run();
    eraseDeadOps(function);
  }
};

} // namespace
