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
  return c.give(
      c.create<OpT>(c.operand(0), axes, tf::getBoolAttr(c.node, "keep_dims", false)).getOutput());
}

template <typename OpT> static LogicalResult alongLastAxis(NodeConverter &c) {
  return c.give(c.create<OpT>(c.operand(0), int64_t(-1)).getOutput());
}

// Keras spells layer normalisation as a batch normalisation of rows, in training
// mode: statistics of the input itself. In inference mode they are operands.
static LogicalResult fusedBatchNorm(NodeConverter &c) {
  RankedTensorType type = c.rankedType(0);
  StringRef layout = tf::getStringAttr(c.node, "data_format", "NHWC");
  if (!type || type.getRank() != 4 || (layout != "NHWC" && layout != "NCHW"))
    return c.error() << "needs four dimensions and the data_format NHWC or NCHW";
  bool channelsFirst = layout == "NCHW";
  auto alongChannels = [&](unsigned index, StringRef suffix) -> Value {
    if (!channelsFirst)
      return c.operand(index);
    return c.helper<ov::UnsqueezeOp>(suffix, c.operand(index),
                                     c.ints((suffix + "/axes").str(), {1, 2}));
  };
  double epsilon = tf::getFloatAttr(c.node, "epsilon", 1e-4);
  Value normalized;
  if (tf::getBoolAttr(c.node, "is_training", true)) {
    Value axes =
        c.ints("axes", channelsFirst ? ArrayRef<int64_t>{0, 2, 3} : ArrayRef<int64_t>{0, 1, 2});
    normalized = c.helper<ov::MVNOp>("normalized", c.operand(0), axes,
                                     llvm::APFloat(epsilon), true, "INSIDE_SQRT");
  } else {
    Value centred = c.helper<ov::SubtractOp>("centred", c.operand(0), alongChannels(3, "mean"));
    Value variance = c.helper<ov::AddOp>("variance", alongChannels(4, "moment"),
                                         c.number("epsilon", epsilon, c.elementType(4)));
    Value deviation = c.helper<ov::SqrtOp>("deviation", variance);
    normalized = c.helper<ov::DivideOp>("normalized", centred, deviation, "numpy", true);
  }
  Value scaled = c.helper<ov::MultiplyOp>("scaled", normalized, alongChannels(1, "scale"));
  Value result = c.create<ov::AddOp>(scaled, alongChannels(2, "offset"));
  return c.give(result); // the statistics are for training
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
  table["FusedBatchNorm"] = fusedBatchNorm;
  table["FusedBatchNormV2"] = fusedBatchNorm;
  table["FusedBatchNormV3"] = fusedBatchNorm;
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
