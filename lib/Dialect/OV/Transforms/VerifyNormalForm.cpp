//===- VerifyNormalForm.cpp - the contract of ov-normalize ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVVERIFYNORMALFORM
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static bool isLiteral(Value value) {
  return isa_and_nonnull<ConstantOp, WeightOp>(value.getDefiningOp());
}

// [.., hidden] of rank 3 or more, flattened to two dimensions.
static bool isFlattened(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() != 2 || !isView(value.getDefiningOp()))
    return false;
  auto source = dyn_cast<RankedTensorType>(lookThroughViews(value).getType());
  return source && source.getRank() > 2 && !type.isDynamicDim(1) &&
         source.getDimSize(source.getRank() - 1) == type.getDimSize(1);
}

// What is not in normal form about an op; "" if nothing.
static std::string findViolation(Operation *op) {
  if (isView(op) && isView(op->getOperand(0).getDefiningOp()))
    return "changes a shape that another op has just changed";
  if (op->hasTrait<OpTrait::IsCommutative>() && isLiteral(op->getOperand(0)) &&
      !isLiteral(op->getOperand(1)))
    return "has its constant on the left";
  return llvm::TypeSwitch<Operation *, std::string>(op)
      .Case([](TransposeOp op) -> std::string {
        bool isChain = op.getInput().getDefiningOp<TransposeOp>() &&
                       getConstantInts(op.getOrder()).has_value();
        return isChain ? "transposes what another op has just transposed" : "";
      })
      .Case([](MatMulOp op) -> std::string {
        auto rhs = dyn_cast<RankedTensorType>(op.getRhs().getType());
        bool isDense = rhs && rhs.getRank() == 2 && !op.getTransposeA();
        return isDense && isFlattened(op.getLhs()) ? "works on flattened tokens" : "";
      })
      .Case([](DivideOp op) -> std::string {
        std::optional<double> divisor = getConstantFloat(op.getRhs());
        return divisor && std::isnormal(*divisor) && std::isnormal(static_cast<float>(1 / *divisor))
                   ? "divides by a constant instead of multiplying by its inverse"
                   : "";
      })
      .Case<SoftMaxOp, LogSoftmaxOp>([](auto op) -> std::string {
        auto type = dyn_cast<RankedTensorType>(op.getInput().getType());
        return type && static_cast<int64_t>(op.getAxis()) == type.getRank() - 1
                   ? "counts its last axis from the front"
                   : "";
      })
      .Case([](MVNOp op) -> std::string {
        std::optional<SmallVector<int64_t>> axes = getConstantInts(op.getAxes());
        return axes && llvm::any_of(*axes, [](int64_t axis) { return axis >= 0; })
                   ? "counts its axes from the front"
                   : "";
      })
      .Default([](Operation *) { return std::string(); });
}

namespace {

struct OVVerifyNormalForm : public bertmlir::ov::impl::OVVerifyNormalFormBase<OVVerifyNormalForm> {
  using Base::Base;

  void runOnOperation() override {
    WalkResult result = getOperation().walk([](Operation *op) {
      std::string violation = findViolation(op);
      if (violation.empty())
        return WalkResult::advance();
      op->emitOpError() << "at " << describeLayer(op) << " is not in normal form: it " << violation
                        << "; run ov-normalize first";
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
