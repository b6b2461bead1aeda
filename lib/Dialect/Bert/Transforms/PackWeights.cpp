//===- PackWeights.cpp - weights get places in the weights file ------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/Transforms/Passes.h"
#include "bert/Dialect/Bert/Transforms/WeightPlan.h"

namespace bertmlir::bert {
#define GEN_PASS_DEF_BERTPACKWEIGHTS
#include "bert/Dialect/Bert/Transforms/Passes.h.inc"
} // namespace bertmlir::bert

using namespace mlir;
using namespace bertmlir;

namespace {

struct BertPackWeights : public bert::impl::BertPackWeightsBase<BertPackWeights> {
  using Base::Base;

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    FailureOr<bert::WeightPlan> plan = bert::planWeights(getOperation());
    if (failed(plan))
      return signalPassFailure();
    bert::applyPlan(getOperation(), *plan);
  }
};

} // namespace
