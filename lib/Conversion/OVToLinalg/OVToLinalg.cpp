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

namespace bertmlir {
#define GEN_PASS_DEF_CONVERTOVTOLINALG
#include "bert/Conversion/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

namespace {

struct ConvertOVToLinalg : public bertmlir::impl::ConvertOVToLinalgBase<ConvertOVToLinalg> {
  using ConvertOVToLinalgBase::ConvertOVToLinalgBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(ovtolinalg::ModelLowering(function).run()))
      signalPassFailure();
  }
};

} // namespace
