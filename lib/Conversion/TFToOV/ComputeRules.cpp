//===- ComputeRules.cpp - products, reductions, normalisation ------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tftoov;

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static LogicalResult matMul(NodeConverter &c) {
  return c.give(c.create<ov::MatMulOp>(c.operand(0), c.operand(1),
                                       tf::getBoolAttr(c.node, "transpose_a", false),
                                       tf::getBoolAttr(c.node, "transpose_b", false))
                    .getOutput());
}

static LogicalResult batchMatMul(NodeConverter &c) {
  return c.give(c.create<ov::MatMulOp>(c.operand(0), c.operand(1),
                                       tf::getBoolAttr(c.node, "adj_x", false),
                                       tf::getBoolAttr(c.node, "adj_y", false))
                    .getOutput());
}

static LogicalResult einsum(NodeConverter &c) {
  StringRef equation = tf::getStringAttr(c.node, "equation", "");
  if (equation.empty())
    return c.error() << "has no equation";
  return c.give(c.create<ov::EinsumOp>(c.operands, equation).getOutput());
}

//===----------------------------------------------------------------------===//
// Reductions and normalisation
//===----------------------------------------------------------------------===//

// One axis may be a scalar in TensorFlow. Reduce layers may have that too, but OpenVINO's own
// fusions hand the axes on to layers that want a list, and fail.
template <typename OpT> static LogicalResult reduce(NodeConverter &c) {
  Value axes = c.operand(1);
  if (auto type = c.rankedType(1); type && type.getRank() == 0) {
    if (std::optional<int64_t> axis = ov::getConstantInt(axes))
      axes = c.ints("axes", *axis, type.getElementType());
    else
      axes = c.helper<ov::UnsqueezeOp>("axes", axes, c.ints("axes_axis", 0));
  }
  return c.give(c.create<OpT>(c.operand(0), axes, tf::getBoolAttr(c.node, "keep_dims", false))
                    .getOutput());
}

template <typename OpT> static LogicalResult alongLastAxis(NodeConverter &c) {
  return c.give(c.create<OpT>(c.operand(0), int64_t(-1)).getOutput());
}

//===----------------------------------------------------------------------===//
// The largest
//===----------------------------------------------------------------------===//

static LogicalResult argMax(NodeConverter &c) {
  std::optional<int64_t> axis = ov::getConstantInt(c.operand(1));
  if (!axis)
    return c.error() << "needs a constant dimension";
  Type type = tf::getTypeAttr(c.node, "output_type");
  if (!type)
    type = c.builder.getI64Type();
  auto top = c.helper<ov::TopKOp>("topk", c.operand(0), c.scalar("k", 1), *axis, "max", "value",
                                  type, false);
  return c.give(c.create<ov::SqueezeOp>(top.getIndices(), c.ints("axes", *axis)).getOutput());
}

static LogicalResult topK(NodeConverter &c) {
  auto top = c.create<ov::TopKOp>(c.operand(0), c.operand(1), int64_t(-1), "max", "value",
                                  c.builder.getI32Type(), false);
  return c.give(top->getResults());
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

void tftoov::addComputeRules(RuleTable &table) {
  table["All"] = reduce<ov::ReduceLogicalAndOp>;
  table["Any"] = reduce<ov::ReduceLogicalOrOp>;
  table["ArgMax"] = argMax;
  table["BatchMatMul"] = batchMatMul;
  table["BatchMatMulV2"] = batchMatMul;
  table["Einsum"] = einsum;
  table["LogSoftmax"] = alongLastAxis<ov::LogSoftmaxOp>;
  table["MatMul"] = matMul;
  table["Max"] = reduce<ov::ReduceMaxOp>;
  table["Mean"] = reduce<ov::ReduceMeanOp>;
  table["Min"] = reduce<ov::ReduceMinOp>;
  table["Prod"] = reduce<ov::ReduceProdOp>;
  table["Softmax"] = alongLastAxis<ov::SoftMaxOp>;
  table["Sum"] = reduce<ov::ReduceSumOp>;
  table["TopKV2"] = topK;
}
