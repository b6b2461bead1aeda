//===- ParallelizeLoopNests.cpp - loop nests whose rows threads share --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What no kernel computes, such as the logarithm of a softmax over a vocabulary, can
// take longer than a layer does. Each element is still computed by one thread, in the
// order in which one thread alone would compute it, so answers don't change.
//
//===----------------------------------------------------------------------===//

#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Utils/Utils.h"

#include <numeric>

namespace bertmlir {
#define GEN_PASS_DEF_PARALLELIZELOOPNESTS
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

// Steps of a nest of known size that take about as long as it takes to call other threads.
static constexpr int64_t kLeastSteps = 4096;

static unsigned countLeadingParallel(linalg::LinalgOp nest) {
  SmallVector<utils::IteratorType> kinds = nest.getIteratorTypesArray();
  return static_cast<unsigned>(llvm::find_if_not(kinds, linalg::isParallelIterator) -
                               kinds.begin());
}

// Whether any two steps along the leading loops write to different places.
static bool writesApart(linalg::LinalgOp nest, unsigned leading) {
  for (OpOperand &output : nest.getDpsInitsMutable()) {
    AffineMap map = nest.getMatchingIndexingMap(&output);
    if (!map.isProjectedPermutation())
      return false;
    for (unsigned loop = 0; loop < leading; ++loop)
      if (!map.isFunctionOfDim(loop))
        return false;
  }
  return nest.getNumDpsInits() > 0;
}

static bool isWorthIt(linalg::LinalgOp nest) {
  int64_t steps = 1;
  for (int64_t size : nest.getStaticLoopRanges()) {
    if (ShapedType::isDynamic(size))
      return true;
    steps *= size;
  }
  return steps >= kLeastSteps;
}

namespace {

struct ParallelizeLoopNests
    : public bertmlir::impl::ParallelizeLoopNestsBase<ParallelizeLoopNests> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> nests;
    getOperation().walk([&](linalg::LinalgOp nest) {
      if (nest.hasPureBufferSemantics())
        nests.push_back(nest);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp nest : nests)
      parallelize(nest, rewriter);
  }

private:
  static void parallelize(linalg::LinalgOp nest, IRRewriter &rewriter) {
    unsigned leading = countLeadingParallel(nest);
    // The innermost loop is for vectors.
    bool isInnermost = leading == nest.getNumLoops();
    unsigned shared = isInnermost ? leading - (leading > 0) : leading;
    if (shared == 0 || !writesApart(nest, leading) || !isWorthIt(nest))
      return;
    rewriter.setInsertionPoint(nest);
    FailureOr<linalg::LinalgLoops> loops = linalg::linalgOpToParallelLoops(rewriter, nest);
    if (failed(loops))
      return;
    rewriter.eraseOp(nest);
    auto outer = dyn_cast<scf::ParallelOp>(loops->front());
    // Batch and sequence become one loop: either may be 1.
    if (!outer || outer.getNumLoops() != leading || shared == 1)
      return;
    std::vector<std::vector<unsigned>> groups(1, std::vector<unsigned>(shared));
    std::iota(groups[0].begin(), groups[0].end(), 0);
    if (isInnermost)
      groups.push_back({leading - 1});
    rewriter.setInsertionPoint(outer);
    collapseParallelLoops(rewriter, outer, groups);
  }
};

} // namespace
