//===- Embeddings.cpp - look-ups and positions under a layer normalisation --------===//
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

// False if a sum may repeat a term along another dimension than the batch.
static bool collectSum(Value value, const Sums &sums, SmallVectorImpl<Value> &terms) {
  auto sum = value.getDefiningOp<AddOp>();
  // The last term's own reader is the layer normalisation or a sum of this tree.
  if (sum && sum->hasOneUse()) {
    bool isKnown = collectSum(sum.getLhs(), sums, terms);
    isKnown &= collectSum(sum.getRhs(), sums, terms);
    return isKnown && (sums.isPlain(sum) || sums.repeatsBatch(sum));
  }
  terms.push_back(value);
  return true;
}

void ovtobert::fuseEmbeddings(bert::AddLayerNormOp anchor, const Weights &weights,
                              const Sums &sums) {
  SmallVector<Value> terms;
  bool isKnown = collectSum(anchor.getInput(), sums, terms);
  if (anchor.getResidual())
    isKnown &= collectSum(anchor.getResidual(), sums, terms);
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
  if (!isKnown)
    return remarkMissed(anchor, kPass, "its tables may be repeated along the sequence");
  int64_t width = getDims(anchor.getOutput()).back();
  for (Value table : {lookups[0].table, lookups.back().table, positions})
    if (getDims(table)[1] != width)
      return remarkMissed(anchor, kPass, "its tables are not as wide as their sum");
  Value types = lookups.size() == 2 ? lookups[1].ids : Value();
  IRRewriter rewriter(anchor);
  auto embeddings = bert::EmbeddingsOp::create(
      rewriter, anchor.getLoc(), anchor.getOutput().getType(), lookups[0].ids, types, Value(),
      lookups[0].table, positions, types ? lookups[1].table : Value(), anchor.getGamma(),
      anchor.getBeta(), anchor.getEpsilonAttr());
  remarkFused(anchor, kPass, "embeddings");
  rewriter.replaceOp(anchor, embeddings.getOutput());
}
