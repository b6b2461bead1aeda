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

namespace {

struct TFPruneToOutputs : public tf::impl::TFPruneToOutputsBase<TFPruneToOutputs> {
  void runOnOperation() override {
    GraphOp graph = getOperation();
    llvm::DenseSet<Operation *> needed = collectNeeded(graph);
    SmallVector<Operation *> unneeded;
    for (Operation &op : graph.getBody().front()) {
      if (auto input = dyn_cast<InputOp>(op)) {
        if (!needed.contains(&op))
          emitRemark(op.getLoc()) << "input '" << input.getName()
                                  << "' is not needed by any output; it stays as an unused input";
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
