#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace consumer {

#define GEN_PASS_DEF_CONSUMERFUSEABSOLUTEVALUE
#include "Passes.h.inc"

namespace ov = bertmlir::ov;
using namespace mlir;

namespace {

#include "Patterns.h.inc"

struct FuseAbsoluteValuePass : impl::ConsumerFuseAbsoluteValueBase<FuseAbsoluteValuePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateWithGenerated(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace consumer
