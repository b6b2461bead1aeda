//===- SinkFirstToken.cpp - the last layer for the first token only ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/Transforms/Passes.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace bertmlir::bert {
#define GEN_PASS_DEF_BERTSINKFIRSTTOKEN
#include "bert/Dialect/Bert/Transforms/Passes.h.inc"
} // namespace bertmlir::bert

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::bert;

namespace {

// [tokens, w] or [sequences, w] as [?, width].
RankedTensorType getRowsType(OpBuilder &b, int64_t width) {
  return RankedTensorType::get({ShapedType::kDynamic, width}, b.getF32Type());
}

Value firstOf(PatternRewriter &rewriter, Location loc, FirstTokenOp like, Value rows) {
  int64_t width = cast<RankedTensorType>(rows.getType()).getShape().back();
  auto outer = cast<RankedTensorType>(like.getOutput().getType()).getShape()[0];
  auto type = RankedTensorType::get({outer, width}, rewriter.getF32Type());
  return FirstTokenOp::create(rewriter, loc, type, rows, like.getTokens());
}

// What moves keeps its layer's name, and what selects the rows takes that of whoever reads them.
struct SinkFirstToken : public OpRewritePattern<FirstTokenOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(FirstTokenOp op, PatternRewriter &rewriter) const override {
    if (!op.getTokens())
      return rewriter.notifyMatchFailure(op, "it is not in packed form");
    // A sum with its residual reads the same rows twice.
    for (Operation *user : op.getInput().getUsers()) {
      auto other = dyn_cast<FirstTokenOp>(user);
      if (other && other != op && other.getTokens() == op.getTokens() &&
          other->getBlock() == op->getBlock() && other->isBeforeInBlock(op)) {
        rewriter.replaceOp(op, other.getOutput());
        return success();
      }
    }
    if (!op.getInput().hasOneUse())
      return rewriter.notifyMatchFailure(op, "other tokens are read too");
    Operation *producer = op.getInput().getDefiningOp();
    if (auto dense = dyn_cast_or_null<DenseOp>(producer)) {
      Value input = firstOf(rewriter, dense.getLoc(), op, dense.getInput());
      rewriter.replaceOp(op, DenseOp::create(rewriter, dense.getLoc(), op.getOutput().getType(),
                                             input, dense.getWeights(), dense.getBiases(),
                                             dense.getActivation(), dense.getTransposed()));
      return success();
    }
    if (auto norm = dyn_cast_or_null<AddLayerNormOp>(producer)) {
      Value input = firstOf(rewriter, norm.getLoc(), op, norm.getInput());
      Value residual =
          norm.getResidual() ? firstOf(rewriter, norm.getLoc(), op, norm.getResidual()) : Value();
      rewriter.replaceOp(op, AddLayerNormOp::create(
                                 rewriter, norm.getLoc(), op.getOutput().getType(), input, residual,
                                 norm.getGamma(), norm.getBeta(), norm.getEpsilonAttr()));
      return success();
    }
    if (auto attention = dyn_cast_or_null<AttentionOp>(producer))
      return sinkIntoAttention(op, attention, rewriter);
    return rewriter.notifyMatchFailure(op, "what computes its input needs all tokens");
  }

private:
  // Columns [begin, end) of a dense layer's weights or biases.
  static Value sliceColumns(PatternRewriter &rewriter, Value whole, bool isTransposed,
                            int64_t begin, int64_t end) {
    Location loc = whole.getLoc();
    bool isFirst = isTransposed || cast<RankedTensorType>(whole.getType()).getRank() == 1;
    auto number = [&](int64_t value) { return ov::createInts(rewriter, loc, {value}); };
    return ov::SliceOp::create(rewriter, loc, whole, number(begin), number(end), number(1),
                               number(isFirst ? 0 : 1));
  }

  // Query from the first tokens, key and value from all.
  static LogicalResult sinkIntoAttention(FirstTokenOp op, AttentionOp attention,
                                         PatternRewriter &rewriter) {
    if (attention.getInputs().size() != 1)
      return rewriter.notifyMatchFailure(op, "query, key and value are not one dense layer");
    auto joined = attention.getInputs()[0].getDefiningOp<DenseOp>();
    if (!joined || joined.getActivation() != Activation::None ||
        !attention.getInputs()[0].hasOneUse())
      return rewriter.notifyMatchFailure(op, "query, key and value are not one dense layer");
    int64_t width = attention.getWidth();
    SmallVector<Value> weights(joined.getWeights()), biases(joined.getBiases());
    // Some models keep the three in one tensor.
    auto split = [&](SmallVector<Value> &values) {
      if (values.size() != 1)
        return;
      Value whole = values[0];
      values = {sliceColumns(rewriter, whole, joined.getTransposed(), 0, width),
                sliceColumns(rewriter, whole, joined.getTransposed(), width, 3 * width)};
    };
    if (weights.size() != 1 && weights.size() != 3)
      return rewriter.notifyMatchFailure(op, "query, key and value are not one dense layer");
    split(weights);
    split(biases);
    auto partOf = [](ArrayRef<Value> values, bool isQuery) {
      return isQuery ? values.take_front(1) : values.drop_front(values.empty() ? 0 : 1);
    };
    Value first = firstOf(rewriter, joined.getLoc(), op, joined.getInput());
    auto firstType = RankedTensorType::get(
        {cast<RankedTensorType>(first.getType()).getShape()[0], width}, rewriter.getF32Type());
    Value query =
        DenseOp::create(rewriter, joined.getLoc(), firstType, first, partOf(weights, true),
                        partOf(biases, true), Activation::None, joined.getTransposed());
    Value keyValue = DenseOp::create(
        rewriter, joined.getLoc(), getRowsType(rewriter, 2 * width), joined.getInput(),
        partOf(weights, false), partOf(biases, false), Activation::None, joined.getTransposed());
    rewriter.replaceOp(
        op, AttentionOp::create(rewriter, attention.getLoc(), op.getOutput().getType(),
                                ValueRange{query, keyValue}, attention.getMask(),
                                attention.getTokens(), attention.getHeadsAttr(),
                                attention.getScaleAttr(), attention.getMaskedValueAttr()));
    return success();
  }
};

struct BertSinkFirstToken
    : public bertmlir::bert::impl::BertSinkFirstTokenBase<BertSinkFirstToken> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SinkFirstToken>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
