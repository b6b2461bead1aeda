//===- FuseAttention.cpp - attention as one layer, for runtimes that have it -----===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Not part of the normal form: only the way to an IR for such a runtime runs it.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVFUSEATTENTION
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-fuse-attention";

namespace {

// softmax(query key^T scale + mask) value
struct Attention {
  Value query, key, value;
  Value mask; ///< null: none
  double scale = 1;
  MatMulOp context;
};

} // namespace

// [batch, heads, tokens, head size].
static bool areHeads(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() == 4;
}

// Fills `found`; says why it is no attention that the layer could stand for.
static std::string match(SoftMaxOp softmax, Attention &found) {
  auto type = dyn_cast<RankedTensorType>(softmax.getType());
  if (!type || type.getRank() != 4)
    return "its scores are not of rank 4";
  if (static_cast<int64_t>(softmax.getAxis()) != -1)
    return "it is not along the last axis";
  if (!softmax->hasOneUse())
    return "its probabilities are read by more than one layer";
  found.context = dyn_cast<MatMulOp>(*softmax->user_begin());
  if (!found.context || found.context.getLhs() != softmax.getOutput() ||
      found.context.getTransposeA() || found.context.getTransposeB())
    return "its probabilities are not the left side of a product";

  // The mask comes last and the scale before it; each may be absent.
  Value scores = softmax.getInput();
  auto isRead = [](Value value) { return value.hasOneUse(); };
  if (auto add = scores.getDefiningOp<AddOp>()) {
    auto isScores = [](Value value) {
      Operation *op = value.getDefiningOp();
      return isa_and_nonnull<MatMulOp>(op) || matchWithConstant<MultiplyOp>(value).has_value();
    };
    bool isLeft = isScores(add.getLhs()) && add.getLhs().getType() == add.getType();
    if (!isLeft && !(isScores(add.getRhs()) && add.getRhs().getType() == add.getType()))
      return "what is added to its scores is not recognised";
    if (!isRead(scores))
      return "its scores are read by more than one layer";
    scores = isLeft ? add.getLhs() : add.getRhs();
    found.mask = isLeft ? add.getRhs() : add.getLhs();
  }
  if (std::optional<WithConstant> scaled = matchWithConstant<MultiplyOp>(scores)) {
    if (!isRead(scores))
      return "its scores are read by more than one layer";
    found.scale = scaled->constant;
    scores = scaled->value;
  }
  auto product = scores.getDefiningOp<MatMulOp>();
  if (!product || product.getTransposeA() || !product.getTransposeB())
    return "its scores are not a product of queries and transposed keys";
  if (!isRead(scores))
    return "its scores are read by more than one layer";
  found.query = product.getLhs();
  found.key = product.getRhs();
  found.value = found.context.getRhs();
  if (!areHeads(found.query) || !areHeads(found.key) || !areHeads(found.value))
    return "its queries, keys and values are not of rank 4";
  if (found.mask && cast<RankedTensorType>(found.mask.getType()).getRank() < 2)
    return "its mask has fewer than two dimensions";
  return "";
}

namespace {

struct OVFuseAttention : public bertmlir::ov::impl::OVFuseAttentionBase<OVFuseAttention> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<SoftMaxOp> anchors;
    getOperation().walk([&](SoftMaxOp op) { anchors.push_back(op); });
    for (SoftMaxOp softmax : anchors)
      fuse(softmax);
    eraseDeadOps(getOperation());
  }

  void fuse(SoftMaxOp softmax) {
    Attention found;
    if (std::string reason = match(softmax, found); !reason.empty())
      return remarkMissed(softmax, kPass, reason);
    IRRewriter rewriter(found.context);
    Type elementType = getElementTypeOrSelf(found.query.getType());
    SmallVector<Value> maskAndScale;
    // The operands are told apart by position, so a scale needs a mask before it.
    maskAndScale.push_back(
        found.mask ? found.mask : createScalarFloat(rewriter, softmax.getLoc(), 0, elementType));
    maskAndScale.push_back(createScalarFloat(rewriter, softmax.getLoc(), found.scale, elementType));
    Location loc = rewriter.getFusedLoc({softmax.getLoc(), found.context.getLoc()});
    auto attention = ScaledDotProductAttentionOp::create(
        rewriter, loc, found.query, found.key, found.value, maskAndScale, /*causal=*/false);
    if (attention.getType() != found.context.getType()) {
      attention.erase();
      return remarkMissed(softmax, kPass, "the fused layer would have another type");
    }
    remarkFused(softmax, kPass, "ScaledDotProductAttention");
    rewriter.replaceOp(found.context, attention.getOutput());
  }
};

} // namespace
