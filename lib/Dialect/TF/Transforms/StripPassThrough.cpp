//===- StripPassThrough.cpp - removes nodes that pass their operand on ------ ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFSTRIPPASSTHROUGH
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

namespace {

struct TFStripPassThrough : public tf::impl::TFStripPassThroughBase<TFStripPassThrough> {
  void runOnOperation() override {
    SmallVector<Operation *> stripped;
    for (NodeOp node : getOperation().getBody().front().getOps<NodeOp>()) {
      OperandRange operands = node.getDataOperands();
      // One that passes itself on is a broken file's; the conversion reports it.
      if (!isPassThrough(node) || operands.size() < node.getDataResults().size() ||
          llvm::any_of(operands, [&](Value operand) { return operand.getDefiningOp() == node; }))
        continue;
      replaceData(node, operands);
      stripped.push_back(node);
    }
    eraseAll(stripped);
  }
};

} // namespace
