//===- LowerStridedCopies.cpp - copies between parts of buffers become loops --------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Upstream's lowering calls a function of its runner's library for them, which
// compiled models do not have.
//
//===----------------------------------------------------------------------===//

#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace bertmlir {
#define GEN_PASS_DEF_LOWERSTRIDEDCOPIES
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

namespace {

struct LowerStridedCopies : public bertmlir::impl::LowerStridedCopiesBase<LowerStridedCopies> {
  using LowerStridedCopiesBase::LowerStridedCopiesBase;

  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp copy) {
      auto from = dyn_cast<MemRefType>(copy.getSource().getType());
      auto to = dyn_cast<MemRefType>(copy.getTarget().getType());
      if (from && to && !(from.getLayout().isIdentity() && to.getLayout().isIdentity()))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies) {
      OpBuilder builder(copy);
      int64_t rank = cast<MemRefType>(copy.getSource().getType()).getRank();
      SmallVector<AffineMap> maps(2, builder.getMultiDimIdentityMap(rank));
      SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
      linalg::GenericOp::create(builder, copy.getLoc(), copy.getSource(), copy.getTarget(), maps,
                                loops, [](OpBuilder &nested, Location loc, ValueRange elements) {
                                  linalg::YieldOp::create(nested, loc, elements.front());
                                });
      copy.erase();
    }
  }
};

} // namespace
