//===- OVToBert.cpp - what a model means ------------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Matchers.h"

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/OV/Transforms/Fusion.h"

namespace bertmlir {
#define GEN_PASS_DEF_CONVERTOVTOBERT
#include "bert/Conversion/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtobert;

ArrayRef<int64_t> ovtobert::getDims(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getShape() : ArrayRef<int64_t>();
}

bool Weights::isWeight(Value value, int64_t rank) const {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() != rank || !type.hasStaticShape() || !type.getElementType().isF32())
    return false;
  Operation *op = value.getDefiningOp();
  return op && (isa<WeightOp, ConstantOp>(op) || expressions.contains(op));
}

bool Weights::isVector(Value value, int64_t size) const {
  return isWeight(value, 1) && getDims(value)[0] == size;
}

Sums::Sums(func::FuncOp function, SymbolicShapes &shapes) {
  SmallVector<AddOp> sums;
  function.walk([&](AddOp sum) {
    if (!getDims(sum.getOutput()).empty() && isa<RankedTensorType>(sum.getLhs().getType()) &&
        isa<RankedTensorType>(sum.getRhs().getType()))
      sums.push_back(sum);
  });
  // Once for what the sums say about each other's dimensions.
  for (AddOp sum : sums)
    shapes.getShape(sum.getOutput());
  for (AddOp sum : sums) {
    SymbolicShape whole = shapes.getShape(sum.getOutput());
    SymbolicShape lhs = shapes.getShape(sum.getLhs()), rhs = shapes.getShape(sum.getRhs());
    if (lhs == whole && rhs == whole)
      plain.insert(sum);
    if (whole.size() != 3)
      continue;
    auto isRow = [&](const SymbolicShape &shape) {
      return shape == SymbolicShape{whole[1], whole[2]} ||
             shape == SymbolicShape{SymbolicShapes::number(1), whole[1], whole[2]};
    };
    if ((lhs == whole && isRow(rhs)) || (isRow(lhs) && rhs == whole))
      repeating.insert(sum);
  }
}

void ovtobert::fuseFirstToken(Operation *anchor) {
  auto gather = dyn_cast<GatherOp>(anchor);
  if (!gather || getDims(gather.getInput()).size() != 3 || gather.getBatchDims() != 0 ||
      getConstantInt(gather.getAxis()) != 1 || !getDims(gather.getIndices()).empty() ||
      getConstantInt(gather.getIndices()) != 0 || !getElementTypeOrSelf(gather.getInput()).isF32())
    return;
  IRRewriter rewriter(anchor);
  auto first = bert::FirstTokenOp::create(rewriter, anchor->getLoc(), gather.getOutput().getType(),
                                          gather.getInput(), Value());
  remarkFused(anchor, kPass, "first token");
  rewriter.replaceAllUsesWith(gather.getOutput(), first.getOutput());
}

namespace {
struct ConvertOVToBert : public bertmlir::impl::ConvertOVToBertBase<ConvertOVToBert> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    Weights weights(function);

    // Attention first: shapes by name are known as long as all is still in ov.
    SmallVector<AttentionMatch> attentions;
    std::optional<Sums> sums;
    {
      SymbolicShapes shapes(function);
      sums.emplace(function, shapes);
      for (SoftMaxOp anchor : collect<SoftMaxOp>())
        if (FailureOr<AttentionMatch> match = matchAttention(anchor, shapes); succeeded(match))
          attentions.push_back(*match);
    }
    for (const AttentionMatch &match : attentions)
      replaceAttention(match);

    // What a step leaves dead would be another reader to the next one.
    eraseDeadOps(function);
    for (MVNOp anchor : collect<MVNOp>())
      fuseLayerNorm(anchor, weights, *sums);
    eraseDeadOps(function);
    for (MatMulOp anchor : collect<MatMulOp>())
      fuseDense(anchor, weights);
    for (GatherOp anchor : collect<GatherOp>())
      fuseFirstToken(anchor);
    for (bert::AddLayerNormOp anchor : collect<bert::AddLayerNormOp>())
      fuseEmbeddings(anchor, weights, *sums);
    eraseDeadOps(function);
    for (bert::AttentionOp attention : collect<bert::AttentionOp>())
      mergeQueryKeyValue(attention);
    eraseDeadOps(function);
  }

  template <typename OpT> SmallVector<OpT> collect() {
    SmallVector<OpT> ops;
    getOperation().walk([&](OpT op) { ops.push_back(op); });
    return ops;
  }
};
} // namespace
