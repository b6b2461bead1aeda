//===- LayerNorm.cpp - layer normalisation ----------------------------------------===//
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

// The vector that the only reader, of this kind, joins with a value; the reader becomes `root`.
template <typename OpT>
static Value takeVector(Operation *&root, const Weights &weights, int64_t width) {
  if (!root->hasOneUse())
    return {};
  auto op = dyn_cast<OpT>(*root->user_begin());
  if (!op || op.getOutput().getType() != root->getResult(0).getType())
    return {};
  Value other = op.getLhs() == root->getResult(0) ? op.getRhs() : op.getLhs();
  if (!weights.isVector(other, width))
    return {};
  root = op;
  return other;
}

void ovtobert::fuseLayerNorm(MVNOp anchor, const Weights &weights, const Sums &sums) {
  Value input = anchor.getInput();
  ArrayRef<int64_t> dims = getDims(input);
  if (dims.size() < 2 || ShapedType::isDynamic(dims.back()) || !getElementTypeOrSelf(input).isF32())
    return remarkMissed(anchor, kPass, "its input is not f32 of known width");
  int64_t rank = dims.size(), width = dims.back();
  std::optional<SmallVector<int64_t>> axes = getConstantInts(anchor.getAxes());
  if (!axes || axes->size() != 1 || ((*axes)[0] != -1 && (*axes)[0] != rank - 1))
    return remarkMissed(anchor, kPass, "it normalises along other axes than the last one");
  if (!anchor.getNormalizeVariance() || anchor.getEpsMode() != "INSIDE_SQRT")
    return remarkMissed(anchor, kPass, "its epsilon is not inside the root of the variance");

  Operation *root = anchor;
  Value gamma = takeVector<MultiplyOp>(root, weights, width);
  Value beta = takeVector<AddOp>(root, weights, width);
  IRRewriter rewriter(root);
  auto uniform = [&](float value) -> Value {
    auto type = RankedTensorType::get({width}, rewriter.getF32Type());
    return ConstantOp::create(rewriter, anchor.getLoc(),
                              DenseElementsAttr::get(type, llvm::ArrayRef(value)));
  };
  if (!gamma)
    gamma = uniform(1.0f);
  if (!beta)
    beta = uniform(0.0f);

  // The residual: a sum that nobody else reads.
  Value residual;
  auto sum = input.getDefiningOp<AddOp>();
  if (sum && sum->hasOneUse() && sums.isPlain(sum)) {
    input = sum.getLhs();
    residual = sum.getRhs();
  }
  auto norm = bert::AddLayerNormOp::create(
      rewriter, rewriter.getFusedLoc({anchor.getLoc(), root->getLoc()}),
      root->getResult(0).getType(), input, residual, gamma, beta,
      rewriter.getF32FloatAttr(anchor.getEps().convertToDouble()));
  remarkFused(anchor, kPass, "layer normalisation");
  rewriter.replaceAllUsesWith(root->getResult(0), norm.getOutput());
}
