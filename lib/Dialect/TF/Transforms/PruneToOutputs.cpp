//===- PruneToOutputs.cpp - removes what no output needs -------------------- ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFPRUNETOOUTPUTS
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

// On an input of which it was said that no output needs it: the pass runs again behind
// what strips training.
static constexpr llvm::StringLiteral kUnusedAttr = "tf.unused";

namespace {

struct TFPruneToOutputs : public tf::impl::TFPruneToOutputsBase<TFPruneToOutputs> {
  void runOnOperation() override {
    GraphOp graph = getOperation();
    llvm::DenseSet<Operation *> needed = collectNeeded(graph);
    SmallVector<Operation *> unneeded;
    for (Operation &op : graph.getBody().front()) {
      if (auto input = dyn_cast<InputOp>(op)) {
        if (needed.contains(&op) || op.hasAttr(kUnusedAttr))
          continue;
        emitRemark(op.getLoc()) << "input '" << input.getName()
                                << "' is not needed by any output; it stays as an unused input";
        op.setAttr(kUnusedAttr, UnitAttr::get(&getContext()));
        continue;
      }
      if (!needed.contains(&op)) {
        unneeded.push_back(&op);
        continue;
      }
      if (auto node = dyn_cast<NodeOp>(op))
        op.setOperands(SmallVector<Value>(node.getDataOperands()));
    }
    eraseAll(unneeded);
  }
};

} // namespace
