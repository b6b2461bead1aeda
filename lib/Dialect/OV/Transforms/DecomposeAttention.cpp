//===- DecomposeAttention.cpp - attention as the products it is made of -----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "mlir/IR/PatternMatch.h"

#include <cmath>

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVDECOMPOSEATTENTION
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-decompose-attention";

// Where a mask lost leading axes of 1, the one that still has them: the sum gives them
// back, and one of them may be the batch.
static Value withLeadingAxes(Value mask, int64_t rank) {
  Operation *op = mask.getDefiningOp();
  if (!isa_and_nonnull<SqueezeOp, ReshapeOp>(op))
    return mask;
  auto before = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  auto after = dyn_cast<RankedTensorType>(mask.getType());
  if (!before || !after || before.getRank() <= after.getRank() || before.getRank() > rank)
    return mask;
  int64_t dropped = before.getRank() - after.getRank();
  bool dropsOnes =
      llvm::all_of(before.getShape().take_front(dropped), [](int64_t dim) { return dim == 1; });
  if (!dropsOnes || before.getShape().drop_front(dropped) != after.getShape())
    return mask;
  return op->getOperand(0);
}

namespace {

struct OVDecomposeAttention
    : public bertmlir::ov::impl::OVDecomposeAttentionBase<OVDecomposeAttention> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<ScaledDotProductAttentionOp> anchors;
    getOperation().walk([&](ScaledDotProductAttentionOp op) { anchors.push_back(op); });
    for (ScaledDotProductAttentionOp op : anchors)
      decompose(op);
    eraseDeadOps(getOperation());
  }

  void decompose(ScaledDotProductAttentionOp op) {
    auto queryType = dyn_cast<RankedTensorType>(op.getQuery().getType());
    auto keyType = dyn_cast<RankedTensorType>(op.getKey().getType());
    if (op.getCausal())
      return remarkMissed(op, kPass, "it is causal");
    if (!queryType || !keyType || queryType.getRank() != keyType.getRank() ||
        queryType.getRank() < 2)
      return remarkMissed(op, kPass, "its queries and keys have different ranks");
    int64_t headSize = queryType.getShape().back();
    if (!op.getScale() && ShapedType::isDynamic(headSize))
      return remarkMissed(op, kPass, "its scale is that of an open head size");

    IRRewriter rewriter(op);
    Type elementType = queryType.getElementType();
    StringRef name = getLayerName(op.getLoc());
    auto loc = [&](StringRef suffix) -> Location {
      return NameLoc::get(rewriter.getStringAttr(name + "/" + suffix), op.getLoc());
    };
    Value scores = MatMulOp::create(rewriter, loc("scores"), op.getQuery(), op.getKey(),
                                    /*transpose_a=*/false, /*transpose_b=*/true);
    Value scale = op.getScale();
    if (!scale)
      scale =
          createScalarFloat(rewriter, loc("scale"), 1 / std::sqrt(double(headSize)), elementType);
    if (getConstantFloat(scale).value_or(0) != 1)
      scores = MultiplyOp::create(rewriter, loc("scaled"), scores, scale);

    if (Value mask = op.getAttentionMask()) {
      mask = withLeadingAxes(mask, queryType.getRank());
      if (getElementTypeOrSelf(mask.getType()).isInteger(1)) {
        Value hidden = createScalarFloat(rewriter, loc("hidden"),
                                         -std::numeric_limits<double>::infinity(), elementType);
        scores = SelectOp::create(rewriter, loc("masked"), mask, scores, hidden);
      } else if (getConstantFloat(mask).value_or(1) != 0 ||
                 cast<RankedTensorType>(mask.getType()).getRank() > 0) {
        scores = AddOp::create(rewriter, loc("masked"), scores, mask);
      }
    }
    Value shares = SoftMaxOp::create(rewriter, loc("softmax"), scores, int64_t(-1));
    auto context = MatMulOp::create(rewriter, op.getLoc(), shares, op.getValue(),
                                    /*transpose_a=*/false, /*transpose_b=*/false);
    if (context.getType() != op.getType()) {
      context.erase();
      return remarkMissed(op, kPass, "its parts would have another type");
    }
    remarkFused(op, kPass, "MatMul, SoftMax, MatMul");
    rewriter.replaceOp(op, context.getOutput());
  }
};

} // namespace
