//===- ExpandContiguousViews.cpp - other shapes of row-major buffers ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Upstream's expand-strided-metadata can't take a dimension apart into several open
// ones (it crashes), which is how [batch * sequence] becomes [batch, sequence].
// Buffers of models are row-major, where another shape is just other sizes.
//
//===----------------------------------------------------------------------===//

#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace bertmlir {
#define GEN_PASS_DEF_EXPANDCONTIGUOUSVIEWS
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

static OpFoldResult multiply(OpBuilder &builder, Location loc, OpFoldResult a, OpFoldResult b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    return builder.getIndexAttr(*x * *y);
  if (x == 1)
    return b;
  if (y == 1)
    return a;
  return arith::MulIOp::create(builder, loc, getValueOrCreateConstantIndexOp(builder, loc, a),
                               getValueOrCreateConstantIndexOp(builder, loc, b))
      .getResult();
}

// The buffer with these sizes, row-major.
static void replace(Operation *op, Value source, ArrayRef<OpFoldResult> sizes) {
  OpBuilder builder(op);
  SmallVector<OpFoldResult> strides(sizes.size());
  OpFoldResult stride = builder.getIndexAttr(1);
  for (size_t i = sizes.size(); i-- > 0;) {
    strides[i] = stride;
    stride = multiply(builder, op->getLoc(), stride, sizes[i]);
  }
  auto type = cast<MemRefType>(op->getResult(0).getType());
  Value cast = memref::ReinterpretCastOp::create(builder, op->getLoc(), type, source,
                                                 builder.getIndexAttr(0), sizes, strides);
  op->getResult(0).replaceAllUsesWith(cast);
  op->erase();
}

namespace {

struct ExpandContiguousViews
    : public bertmlir::impl::ExpandContiguousViewsBase<ExpandContiguousViews> {
  using ExpandContiguousViewsBase::ExpandContiguousViewsBase;

  void runOnOperation() override {
    SmallVector<memref::ExpandShapeOp> ops;
    getOperation()->walk([&](memref::ExpandShapeOp op) {
      auto from = cast<MemRefType>(op.getSrc().getType()), to = op.getResultType();
      if (from.getLayout().isIdentity() && to.getLayout().isIdentity())
        ops.push_back(op);
    });
    for (memref::ExpandShapeOp op : ops)
      replace(op, op.getSrc(), op.getMixedOutputShape());
  }
};

} // namespace
