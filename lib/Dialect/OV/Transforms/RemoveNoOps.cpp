//===- RemoveNoOps.cpp - ops that pass their input on go -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One rule per op: it gives the value that the op merely passes on. A value may
// stand in only where it has the op's type *and* that type says all: two open
// dimensions are not known to be equal because both are open.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVREMOVENOOPS
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static RankedTensorType typeOf(Value value) { return dyn_cast<RankedTensorType>(value.getType()); }

static bool isStaticAndEqual(Value input, Value output) {
  return input.getType() == output.getType() && typeOf(input) && typeOf(input).hasStaticShape();
}

// Joining `value` with `constant` can't change the shape of `value`.
static bool keepsShape(Value value, Value constant, Value output) {
  RankedTensorType type = typeOf(value), constantType = typeOf(constant);
  if (!type || !constantType)
    return false;
  if (isStaticAndEqual(value, output))
    return true;
  return constantType.getRank() <= type.getRank() &&
         llvm::all_of(constantType.getShape(), [](int64_t dim) { return dim == 1; });
}

// Whether all elements of a constant, integer or floating point, are `expected`.
static bool isUniform(Value constant, double expected) {
  if (std::optional<double> value = getConstantFloat(constant))
    return *value == expected;
  std::optional<SmallVector<int64_t>> values = getConstantInts(constant);
  return values && !values->empty() &&
         llvm::all_of(*values, [&](int64_t value) { return value == expected; });
}

// op(x, neutral), and op(neutral, x) where the op commutes.
static Value withNeutral(Operation *op, double neutral, bool commutes) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1), output = op->getResult(0);
  if (isUniform(rhs, neutral) && keepsShape(lhs, rhs, output))
    return lhs;
  if (commutes && isUniform(lhs, neutral) && keepsShape(rhs, lhs, output))
    return rhs;
  return {};
}

static bool isIdentityOrder(Value order) {
  std::optional<SmallVector<int64_t>> axes = getConstantInts(order);
  return axes && llvm::all_of(llvm::enumerate(*axes), [](auto entry) {
           return entry.value() == static_cast<int64_t>(entry.index());
         });
}

static bool areOnes(Value values) {
  std::optional<SmallVector<int64_t>> ints = getConstantInts(values);
  return ints && llvm::all_of(*ints, [](int64_t value) { return value == 1; });
}

// From 0 to an end that no tensor reaches, by steps of 1.
static bool takesAll(SliceOp slice) {
  std::optional<SmallVector<int64_t>> start = getConstantInts(slice.getStart());
  std::optional<SmallVector<int64_t>> stop = getConstantInts(slice.getStop());
  return start && stop && areOnes(slice.getStep()) &&
         llvm::all_of(*start, [](int64_t value) { return value == 0; }) &&
         llvm::all_of(*stop,
                      [](int64_t value) { return value >= std::numeric_limits<int32_t>::max(); });
}

static bool hasAny(ArrayRef<int64_t> mask) {
  return llvm::any_of(mask, [](int64_t bit) { return bit != 0; });
}

// What `op` passes on unchanged; null if it does something.
static Value passesOn(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([](ConvertOp op) {
        return op.getInput().getType() == op.getType() ? op.getInput() : Value();
      })
      .Case<AddOp>([](Operation *op) { return withNeutral(op, 0, true); })
      .Case<SubtractOp>([](Operation *op) { return withNeutral(op, 0, false); })
      .Case<MultiplyOp>([](Operation *op) { return withNeutral(op, 1, true); })
      .Case<DivideOp, PowerOp>([](Operation *op) { return withNeutral(op, 1, false); })
      .Case([](ReshapeOp op) {
        return isStaticAndEqual(op.getInput(), op.getOutput()) ? op.getInput() : Value();
      })
      // Without dimensions to insert or remove the rank stays, and so does all else.
      .Case<SqueezeOp, UnsqueezeOp>([](auto op) {
        RankedTensorType input = typeOf(op.getInput()), output = typeOf(op.getOutput());
        return input && output && input == output ? op.getInput() : Value();
      })
      .Case([](TransposeOp op) { return isIdentityOrder(op.getOrder()) ? op.getInput() : Value(); })
      .Case([](BroadcastOp op) {
        return isStaticAndEqual(op.getInput(), op.getOutput()) ? op.getInput() : Value();
      })
      .Case([](TileOp op) {
        return areOnes(op.getRepeats()) && op.getInput().getType() == op.getType() ? op.getInput()
                                                                                   : Value();
      })
      .Case([](SliceOp op) {
        return takesAll(op) ||
                       (isStaticAndEqual(op.getInput(), op.getOutput()) && areOnes(op.getStep()))
                   ? op.getInput()
                   : Value();
      })
      .Case([](StridedSliceOp op) {
        return isStaticAndEqual(op.getInput(), op.getOutput()) && areOnes(op.getStrides()) &&
                       !hasAny(op.getNewAxisMask()) && !hasAny(op.getShrinkAxisMask())
                   ? op.getInput()
                   : Value();
      })
      .Case(
          [](ConcatOp op) { return op.getInputs().size() == 1 ? op.getInputs().front() : Value(); })
      .Default([](Operation *) { return Value(); });
}

namespace {

struct OVRemoveNoOps : public bertmlir::ov::impl::OVRemoveNoOpsBase<OVRemoveNoOps> {
  using Base::Base;

  void runOnOperation() override {
    // Producers first: what one op passes on, the next sees.
    getOperation().walk([](Operation *op) {
      if (op->getNumResults() != 1)
        return;
      if (Value value = passesOn(op))
        op->getResult(0).replaceAllUsesWith(value);
    });
    eraseDeadOps(getOperation());
  }
};

} // namespace
