//===- LayerNorm.cpp - layer normalisation and embeddings -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Matchers.h"

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

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

void ovtobert::fuseLayerNorm(MVNOp anchor, const Weights &weights) {
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
  if (sum && sum->hasOneUse() && sum.getLhs().getType() == input.getType() &&
      sum.getRhs().getType() == input.getType()) {
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

//===----------------------------------------------------------------------===//
// Embeddings
//===----------------------------------------------------------------------===//

namespace {
struct Lookup {
  Value table, ids;
};
} // namespace

// A look-up of rows by ids [batch, sequence].
static std::optional<Lookup> matchLookup(Value value, const Weights &weights) {
  auto gather = value.getDefiningOp<GatherOp>();
  if (!gather || gather.getBatchDims() != 0 || getConstantInt(gather.getAxis()) != 0 ||
      !weights.isWeight(gather.getInput(), 2) || getDims(gather.getIndices()).size() != 2)
    return std::nullopt;
  Type element = getElementTypeOrSelf(gather.getIndices());
  if (!element.isInteger(32) && !element.isInteger(64))
    return std::nullopt;
  return Lookup{gather.getInput(), gather.getIndices()};
}

// The table whose first rows stand for the positions: [sequence, width], or with a batch of 1.
static Value matchPositions(Value value, const Weights &weights) {
  if (isView(value.getDefiningOp())) {
    ArrayRef<int64_t> dims = getDims(value);
    if (dims.size() != 3 || dims[0] != 1)
      return {};
    value = lookThroughViews(value);
  }
  if (getDims(value).size() != 2)
    return {};
  if (auto slice = value.getDefiningOp<SliceOp>()) {
    auto isAll = [](Value ints, int64_t expected) {
      std::optional<SmallVector<int64_t>> found = getConstantInts(ints);
      return found && found->size() == 1 && (*found)[0] == expected;
    };
    if (slice.getAxes() && isAll(slice.getStart(), 0) && isAll(slice.getStep(), 1) &&
        isAll(slice.getAxes(), 0) && weights.isWeight(slice.getInput(), 2))
      return slice.getInput();
  }
  return weights.isWeight(value, 2) ? value : Value();
}

static void collectSum(Value value, SmallVectorImpl<Value> &terms) {
  auto sum = value.getDefiningOp<AddOp>();
  // The last term's own reader is the layer normalisation or a sum of this tree.
  if (sum && sum->hasOneUse()) {
    collectSum(sum.getLhs(), terms);
    collectSum(sum.getRhs(), terms);
    return;
  }
  terms.push_back(value);
}

void ovtobert::fuseEmbeddings(bert::AddLayerNormOp anchor, const Weights &weights) {
  SmallVector<Value> terms;
  collectSum(anchor.getInput(), terms);
  if (anchor.getResidual())
    collectSum(anchor.getResidual(), terms);
  SmallVector<Lookup> lookups;
  Value positions;
  for (Value term : terms) {
    if (std::optional<Lookup> lookup = matchLookup(term, weights)) {
      lookups.push_back(*lookup);
      continue;
    }
    Value found = positions ? Value() : matchPositions(term, weights);
    if (!found) {
      // Without a look-up it is one of the layers' sums.
      if (!lookups.empty())
        remarkMissed(anchor, kPass, "beside its look-ups it adds something else than positions");
      return;
    }
    positions = found;
  }
  if (lookups.empty() || lookups.size() > 2 || !positions)
    return lookups.empty()
               ? void()
               : remarkMissed(anchor, kPass,
                              "embeddings need one or two look-ups and a table of positions");
  int64_t width = getDims(anchor.getOutput()).back();
  for (Value table : {lookups[0].table, lookups.back().table, positions})
    if (getDims(table)[1] != width)
      return remarkMissed(anchor, kPass, "its tables are not as wide as their sum");
  Value types = lookups.size() == 2 ? lookups[1].ids : Value();
  if (types && failed(verifyCompatibleShape(lookups[0].ids.getType(), types.getType())))
    return remarkMissed(anchor, kPass, "its ids and types differ in shape");
  IRRewriter rewriter(anchor);
  auto embeddings = bert::EmbeddingsOp::create(
      rewriter, anchor.getLoc(), anchor.getOutput().getType(), lookups[0].ids, types, Value(),
      lookups[0].table, positions, types ? lookups[1].table : Value(), anchor.getGamma(),
      anchor.getBeta(), anchor.getEpsilonAttr());
  remarkFused(anchor, kPass, "embeddings");
  rewriter.replaceOp(anchor, embeddings.getOutput());
}
