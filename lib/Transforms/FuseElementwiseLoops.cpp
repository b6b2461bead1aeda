//===- FuseElementwiseLoops.cpp - element-wise loop nests in one pass over memory ----===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Upstream's pass of that kind also moves element-wise ops into reductions and
// products, where they are computed again for every row or column.
//
//===----------------------------------------------------------------------===//

#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace bertmlir {
#define GEN_PASS_DEF_FUSEELEMENTWISELOOPS
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

// One reader, which reads each element once.
static bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
  auto consumer = dyn_cast<linalg::LinalgOp>(operand->getOwner());
  return producer && consumer && producer->hasOneUse() &&
         consumer.getNumParallelLoops() == consumer.getNumLoops() &&
         consumer.getMatchingIndexingMap(operand).isPermutation();
}

namespace {

struct FuseElementwiseLoops
    : public bertmlir::impl::FuseElementwiseLoopsBase<FuseElementwiseLoops> {
  using FuseElementwiseLoopsBase::FuseElementwiseLoopsBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
