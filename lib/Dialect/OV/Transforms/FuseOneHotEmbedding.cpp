//===- FuseOneHotEmbedding.cpp - a product with one-hot rows is a look-up ------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVFUSEONEHOTEMBEDDING
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-fuse-one-hot-embedding";

// Whether all elements of a constant, integer or floating point, are `expected`.
static bool isNumber(Value constant, int64_t expected) {
  return getConstantFloat(constant) == static_cast<double>(expected) ||
         getConstantInt(constant) == expected;
}

// Why a product that reads the one-hot rows is no look-up; "" if it is one.
static std::string whyNot(OneHotOp oneHot, MatMulOp product) {
  if (!isNumber(oneHot.getOnValue(), 1) || !isNumber(oneHot.getOffValue(), 0))
    return "its values are not 1 and 0";
  auto rows = dyn_cast<RankedTensorType>(oneHot.getType());
  int64_t axis = static_cast<int64_t>(oneHot.getAxis());
  if (!rows || (axis != -1 && axis != rows.getRank() - 1))
    return "its new axis is not the last one";
  if (product.getLhs() != oneHot.getOutput() || product.getTransposeA())
    return "its rows are not the left side of a product";
  auto table = dyn_cast<RankedTensorType>(product.getRhs().getType());
  if (!table || table.getRank() != 2 || product.getTransposeB())
    return "it is not multiplied by a table of rank 2";
  std::optional<int64_t> depth = getConstantInt(oneHot.getDepth());
  if (!depth || *depth != table.getDimSize(0))
    return "its depth is not the table's number of rows";
  return "";
}

namespace {

struct OVFuseOneHotEmbedding
    : public bertmlir::ov::impl::OVFuseOneHotEmbeddingBase<OVFuseOneHotEmbedding> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<OneHotOp> anchors;
    getOperation().walk([&](OneHotOp op) { anchors.push_back(op); });
    for (OneHotOp oneHot : anchors)
      for (Operation *user : llvm::make_early_inc_range(oneHot->getUsers()))
        fuse(oneHot, user);
    eraseDeadOps(getOperation());
  }

  void fuse(OneHotOp oneHot, Operation *user) {
    auto product = dyn_cast<MatMulOp>(user);
    if (!product)
      return;
    if (std::string reason = whyNot(oneHot, product); !reason.empty()) {
      remarkMissed(oneHot, kPass, reason);
      return;
    }
    IRRewriter rewriter(product);
    Location loc = rewriter.getFusedLoc({oneHot.getLoc(), product.getLoc()});
    Value axis = createScalarInt(rewriter, oneHot.getLoc(), 0);
    auto gather = GatherOp::create(rewriter, loc, product.getRhs(), oneHot.getIndices(), axis, 0);
    if (gather.getType() != product.getType()) {
      remarkMissed(oneHot, kPass, "the look-up would have another type");
      gather.erase();
      return;
    }
    remarkFused(oneHot, kPass, "Gather");
    rewriter.replaceOp(product, gather.getOutput());
  }
};

} // namespace
