//===- FuseSwish.cpp - x * sigmoid(beta x) becomes Swish ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVFUSESWISH
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-fuse-swish";

namespace {

struct OVFuseSwish : public bertmlir::ov::impl::OVFuseSwishBase<OVFuseSwish> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<SigmoidOp> anchors;
    getOperation().walk([&](SigmoidOp op) { anchors.push_back(op); });
    for (SigmoidOp sigmoid : anchors)
      fuse(sigmoid);
    eraseDeadOps(getOperation());
  }

  void fuse(SigmoidOp sigmoid) {
    Value t = sigmoid.getOutput();
    auto product = t.hasOneUse() ? dyn_cast<MultiplyOp>(*t.user_begin()) : MultiplyOp();
    if (!product)
      return remarkMissed(sigmoid, kPass, "its value is not read by one product only");
    Value x = product.getLhs() == t ? product.getRhs() : product.getLhs();

    std::optional<WithConstant> scaled = matchWithConstant<MultiplyOp>(sigmoid.getInput());
    bool isScaled = scaled && scaled->value == x;
    if (sigmoid.getInput() != x && !isScaled)
      return remarkMissed(sigmoid, kPass, "its argument is not what it is multiplied with");
    if (product.getType() != x.getType())
      return remarkMissed(sigmoid, kPass, "the product has another shape");

    IRRewriter rewriter(product);
    Location loc = rewriter.getFusedLoc({sigmoid->getLoc(), product->getLoc()});
    Value beta;
    if (isScaled)
      beta = createScalarFloat(rewriter, loc, scaled->constant, getElementTypeOrSelf(x.getType()));
    remarkFused(sigmoid, kPass, "Swish");
    rewriter.replaceAllUsesWith(product.getOutput(),
                                SwishOp::create(rewriter, loc, x, beta).getOutput());
  }
};

} // namespace
