//===- TransposeWeights.cpp - weights as the runtime reads them -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// TensorFlow stores a dense layer's weights as [in, out]; OpenVINO's CPU plugin
// multiplies by [out, in] and transposes what it gets otherwise, each time it loads the
// model. The writer does it once.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/IR/WeightExpression.h"
#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVTRANSPOSEWEIGHTS
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-transpose-weights";

static bool readsAsColumns(OpOperand &use) {
  auto product = dyn_cast<MatMulOp>(use.getOwner());
  return product && use.getOperandNumber() == 1 && !product.getTransposeB();
}

// The name that the constant has in an IR.
static Location getConstantLoc(Operation *producer) {
  if (auto weight = dyn_cast<WeightOp>(producer))
    return NameLoc::get(weight.getNameAttr(), producer->getLoc());
  return producer->getLoc();
}

namespace {

struct OVTransposeWeights : public bertmlir::ov::impl::OVTransposeWeightsBase<OVTransposeWeights> {
  using Base::Base;

  void runOnOperation() override {
    WeightExpressions expressions(getOperation());
    SmallVector<Operation *> candidates;
    getOperation().walk([&](Operation *op) {
      if (isa<WeightOp>(op) || expressions.contains(op))
        candidates.push_back(op);
    });
    for (Operation *op : candidates)
      transpose(op);
  }

  void transpose(Operation *producer) {
    Value weight = producer->getResult(0);
    auto type = dyn_cast<RankedTensorType>(weight.getType());
    if (!type || type.getRank() != 2 || llvm::none_of(weight.getUses(), readsAsColumns))
      return;
    if (!llvm::all_of(weight.getUses(), readsAsColumns)) {
      remarkMissed(producer, kPass, "it is read in another way too, and would be stored twice");
      return;
    }
    OpBuilder builder(producer->getContext());
    builder.setInsertionPointAfter(producer);
    Location loc = getConstantLoc(producer);
    Value order = createInts(builder, loc, {1, 0});
    auto transposed = TransposeOp::create(builder, loc, weight, order);
    for (OpOperand &use : llvm::make_early_inc_range(weight.getUses())) {
      if (use.getOwner() == transposed)
        continue;
      cast<MatMulOp>(use.getOwner()).setTransposeB(true);
      use.set(transposed.getOutput());
    }
  }
};

} // namespace
