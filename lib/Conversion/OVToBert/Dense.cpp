//===- Dense.cpp - products with weights, biases, activations ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Matchers.h"

#include "bert/Dialect/OV/Transforms/Fusion.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtobert;

// The activation that an op is; none if it is something else.
static std::optional<bert::Activation> getActivation(Operation *op) {
  if (auto gelu = dyn_cast<GeluOp>(op))
    return gelu.getApproximationMode() == "TANH" ? bert::Activation::GeluTanh
                                                 : bert::Activation::GeluErf;
  if (isa<ReluOp>(op))
    return bert::Activation::Relu;
  if (isa<TanhOp>(op))
    return bert::Activation::Tanh;
  return std::nullopt;
}

void ovtobert::fuseDense(MatMulOp anchor, const Weights &weights) {
  Value input = anchor.getLhs(), weight = anchor.getRhs();
  // Products of activations are attention's matter.
  if (!weights.isWeight(weight, 2))
    return;
  if (anchor.getTransposeA())
    return remarkMissed(anchor, kPass, "its input is transposed");
  ArrayRef<int64_t> dims = getDims(input);
  if (dims.size() < 2 || ShapedType::isDynamic(dims.back()) || !getElementTypeOrSelf(input).isF32())
    return remarkMissed(anchor, kPass, "its input is not f32 of known width");
  int64_t columns = getDims(weight)[anchor.getTransposeB() ? 0 : 1];

  Operation *root = anchor;
  SmallVector<Value> biases;
  SmallVector<Location> locations{anchor.getLoc()};
  auto nextUser = [&]() -> Operation * {
    return root->hasOneUse() ? *root->user_begin() : nullptr;
  };
  if (auto sum = dyn_cast_or_null<AddOp>(nextUser())) {
    Value other = sum.getLhs() == root->getResult(0) ? sum.getRhs() : sum.getLhs();
    if (weights.isVector(other, columns) &&
        sum.getOutput().getType() == anchor.getOutput().getType()) {
      biases.push_back(other);
      root = sum;
      locations.push_back(sum.getLoc());
    }
  }
  bert::Activation activation = bert::Activation::None;
  if (Operation *user = nextUser())
    if (std::optional<bert::Activation> found = getActivation(user)) {
      activation = *found;
      root = user;
      locations.push_back(user->getLoc());
    }
  IRRewriter rewriter(root);
  auto dense =
      bert::DenseOp::create(rewriter, rewriter.getFusedLoc(locations), root->getResult(0).getType(),
                            input, weight, biases, activation, anchor.getTransposeB());
  remarkFused(anchor, kPass, "dense layer");
  rewriter.replaceAllUsesWith(root->getResult(0), dense.getOutput());
}
