//===- OVToLinalg.cpp - ov becomes loop nests on tensors --------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The pass. Rules are in the files of their topics, which mirror the op families
// of the ov dialect.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/Bert/IR/BertOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"

#include <map>

namespace bertmlir {
#define GEN_PASS_DEF_CONVERTOVTOLINALG
#include "bert/Conversion/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

// Says which part of a model was not fused: the layers that this pass is left with.
static void remarkLeftovers(func::FuncOp function) {
  std::map<std::string, int64_t> counts;
  for (Operation &op : function.getBody().front())
    if (auto layer = dyn_cast<ov::LayerOp>(op))
      ++counts[layer.getIRType().str()];
  if (counts.empty())
    return;
  std::string text;
  for (auto &[type, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + type;
  remark::missed(function.getLoc(), remark::RemarkOpts::name("convert-ov-to-linalg")
                                        .category("convert-ov-to-linalg")
                                        .function(function.getName()))
      << remark::reason("not fused, so loops of their own: {0}", text);
}

namespace {

struct ConvertOVToLinalg : public bertmlir::impl::ConvertOVToLinalgBase<ConvertOVToLinalg> {
  using ConvertOVToLinalgBase::ConvertOVToLinalgBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    remarkLeftovers(function);
    if (failed(ovtolinalg::ModelLowering(function).run()))
      signalPassFailure();
  }
};

} // namespace
