//===- StripDropout.cpp - dropout means nothing in inference -------------- ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

#include "mlir/IR/Remarks.h"

#include <cmath>

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFSTRIPDROPOUT
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

static Value operandOf(NodeOp node, unsigned index) {
  return index < node.getDataOperands().size() ? node.getDataOperands()[index] : Value();
}

template <typename... OpTs> static NodeOp producedBy(Value value) {
  NodeOp node = value ? getProducer(value) : NodeOp();
  return node && isa<OpTs...>(node.getOperation()) ? node : NodeOp();
}

// The tensor itself, without nodes that pass it on.
static Value sourceOf(Value value) {
  for (unsigned steps = 0; steps < 1000; ++steps) {
    Operation *op = value.getDefiningOp();
    if (!op || !isPassThrough(op) || op->getNumOperands() == 0)
      return value;
    value = op->getOperand(0);
  }
  return value;
}

static bool isSame(Value a, Value b) {
  if (sourceOf(a) == sourceOf(b))
    return true;
  std::optional<double> x = getConstantFloat(a), y = getConstantFloat(b);
  return x && y && std::abs(*x - *y) <= 1e-6;
}

// random * (max - min) + min, or the bare random numbers.
static bool isRandom(Value value) {
  NodeOp node = producedBy<RandomUniformOp, AddOp, AddV2Op, MulOp>(value);
  if (!node)
    return false;
  if (isa<RandomUniformOp>(node.getOperation()))
    return true;
  return isRandom(operandOf(node, 0)) || isRandom(operandOf(node, 1));
}

// random >= rate; gives the rate.
static Value matchKept(Value value) {
  NodeOp compare = producedBy<GreaterEqualOp>(value);
  return compare && isRandom(operandOf(compare, 0)) ? operandOf(compare, 1) : Value();
}

// Whether scale is 1 / (1 - rate), as constants or as nodes.
static bool isInverseOfKept(Value scale, Value rate) {
  std::optional<double> scaleValue = getConstantFloat(scale), rateValue = getConstantFloat(rate);
  if (scaleValue && rateValue)
    return std::abs(*scaleValue * (1 - *rateValue) - 1) < 1e-3;
  NodeOp divide = producedBy<RealDivOp, DivOp>(scale);
  if (!divide || getConstantFloat(operandOf(divide, 0)).value_or(0) != 1)
    return false;
  NodeOp subtract = producedBy<SubOp>(operandOf(divide, 1));
  if (subtract)
    return getConstantFloat(operandOf(subtract, 0)).value_or(0) == 1 &&
           isSame(operandOf(subtract, 1), rate);
  // The rate itself may be 1 - keep.
  NodeOp rateNode = producedBy<SubOp>(rate);
  return rateNode && getConstantFloat(operandOf(rateNode, 0)).value_or(0) == 1 &&
         isSame(operandOf(rateNode, 1), operandOf(divide, 1));
}

// x * scale or x / keep with the right scale for `rate`; gives x.
static Value matchScaled(Value value, Value rate) {
  if (NodeOp multiply = producedBy<MulOp>(value)) {
    for (unsigned side : {0, 1})
      if (isInverseOfKept(operandOf(multiply, 1 - side), rate))
        return operandOf(multiply, side);
    return {};
  }
  NodeOp divide = producedBy<RealDivOp, DivOp>(value);
  if (!divide)
    return {};
  Value keep = operandOf(divide, 1);
  std::optional<double> keepValue = getConstantFloat(keep), rateValue = getConstantFloat(rate);
  if (keepValue && rateValue)
    return std::abs(*keepValue + *rateValue - 1) < 1e-3 ? operandOf(divide, 0) : Value();
  NodeOp subtract = producedBy<SubOp>(keep);
  if (subtract && getConstantFloat(operandOf(subtract, 0)).value_or(0) == 1 &&
      isSame(operandOf(subtract, 1), rate))
    return operandOf(divide, 0);
  NodeOp rateNode = producedBy<SubOp>(rate);
  return rateNode && isSame(operandOf(rateNode, 1), keep) ? operandOf(divide, 0) : Value();
}

//===----------------------------------------------------------------------===//
// Spellings: each gives x, or null
//===----------------------------------------------------------------------===//

// x / keep * floor(keep + random): TensorFlow until 1.12.
static Value matchFloor(NodeOp node) {
  if (!isa<MulOp>(node.getOperation()))
    return {};
  for (unsigned side : {0, 1}) {
    NodeOp scaled = producedBy<RealDivOp, DivOp>(operandOf(node, side));
    NodeOp floor = producedBy<FloorOp>(operandOf(node, 1 - side));
    NodeOp sum = floor ? producedBy<AddOp, AddV2Op>(operandOf(floor, 0)) : NodeOp();
    if (!scaled || !sum)
      continue;
    for (unsigned keep : {0, 1})
      if (isRandom(operandOf(sum, 1 - keep)) && isSame(operandOf(sum, keep), operandOf(scaled, 1)))
        return operandOf(scaled, 0);
  }
  return {};
}

// x * scale * cast(random >= rate): TensorFlow from 1.13.
static Value matchCast(NodeOp node) {
  if (!isa<MulOp>(node.getOperation()))
    return {};
  for (unsigned side : {0, 1}) {
    NodeOp cast = producedBy<CastOp>(operandOf(node, 1 - side));
    Value rate = cast ? matchKept(operandOf(cast, 0)) : Value();
    if (!rate)
      continue;
    if (Value x = matchScaled(operandOf(node, side), rate))
      return x;
  }
  return {};
}

// select(random >= rate, x * scale, 0): TensorFlow 2.
static Value matchSelect(NodeOp node) {
  if (!isa<SelectOp, SelectV2Op>(node.getOperation()))
    return {};
  Value rate = matchKept(operandOf(node, 0));
  if (!rate)
    return {};
  DenseElementsAttr zero = getConstant(operandOf(node, 2));
  NodeOp zeros = producedBy<ZerosLikeOp>(operandOf(node, 2));
  if (!zeros && !(zero && zero.isSplat() && isa<FloatType>(zero.getElementType()) &&
                  zero.getSplatValue<APFloat>().isZero()))
    return {};
  return matchScaled(operandOf(node, 1), rate);
}

namespace {

struct TFStripDropout : public tf::impl::TFStripDropoutBase<TFStripDropout> {
  void runOnOperation() override {
    GraphOp graph = getOperation();
    auto options = remark::RemarkOpts::name(getArgument()).category(getArgument());
    for (NodeOp node : graph.getBody().front().getOps<NodeOp>())
      for (auto match : {matchFloor, matchCast, matchSelect})
        if (Value x = match(node); x && x.getDefiningOp() != node) {
          node.getDataResults()[0].replaceAllUsesWith(x);
          remark::passed(node->getLoc(), options)
              << remark::add("'{0}' became its input", node.getNodeName().str());
          break;
        }
    llvm::DenseSet<Operation *> needed = collectNeeded(graph);
    for (NodeOp node : graph.getBody().front().getOps<RandomUniformOp>())
      if (needed.contains(node))
        remark::missed(node->getLoc(), options) << remark::reason(
            "'{0}': what its random numbers are used for is no dropout", node.getNodeName().str());
  }
};

} // namespace
