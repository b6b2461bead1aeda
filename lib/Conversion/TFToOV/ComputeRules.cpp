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

// What grappler makes of a product and what follows it: the first addend is a bias, a
// second one is added, and an activation ends it.
static LogicalResult addFused(NodeConverter &c, Value value) {
  auto list = dyn_cast_or_null<ArrayAttr>(tf::getNodeAttr(c.node, "fused_ops"));
  unsigned next = 2, count = list ? list.size() : 0;
  for (unsigned i = 0; i < count; ++i) {
    auto attr = dyn_cast<StringAttr>(list[i]);
    StringRef op = attr ? attr.getValue() : StringRef();
    bool isLast = i + 1 == count;
    Location loc = isLast ? c.loc() : c.loc(op);
    auto unary = [&](auto tag) {
      value = decltype(tag)::create(c.builder, loc, value);
      return success();
    };
    auto with = [&](auto tag) -> LogicalResult {
      if (next >= c.operands.size())
        return c.error() << "has no operand for its fused " << op;
      value = decltype(tag)::create(c.builder, loc, value, c.operand(next++));
      return success();
    };
    LogicalResult result = failure();
    if (op == "BiasAdd" || op == "Add" || op == "AddV2")
      result = with(ov::AddOp());
    else if (op == "Mul")
      result = with(ov::MultiplyOp());
    else if (op == "Relu")
      result = unary(ov::ReluOp());
    else if (op == "Tanh")
      result = unary(ov::TanhOp());
    else if (op == "Sigmoid")
      result = unary(ov::SigmoidOp());
    else if (op == "GeluApproximate" || op == "GeluExact") {
      value = ov::GeluOp::create(c.builder, loc, value, op == "GeluExact" ? "ERF" : "TANH");
      result = success();
    } else if (op == "Relu6" || op == "Elu") {
      if (op == "Elu")
        value = ov::EluOp::create(c.builder, loc, value, c.builder.getF64FloatAttr(1.0));
      else
        value = ov::ClampOp::create(c.builder, loc, value, c.builder.getF64FloatAttr(0.0),
                                    c.builder.getF64FloatAttr(6.0));
      result = success();
    } else {
      return c.error() << "fuses '" << op << "', which can't be converted";
    }
    if (failed(result))
      return failure();
  }
  return c.give(value);
}

static LogicalResult fusedMatMul(NodeConverter &c) {
  if (c.operands.size() < 2)
    return c.error() << "has fewer than two operands";
  bool isBatch = c.node.getOpName() != "_FusedMatMul";
  Value product =
      c.helper<ov::MatMulOp>("product", c.operand(0), c.operand(1),
                             tf::getBoolAttr(c.node, isBatch ? "adj_x" : "transpose_a", false),
                             tf::getBoolAttr(c.node, isBatch ? "adj_y" : "transpose_b", false));
  return addFused(c, product);
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

// Half the sum of the squares.
static LogicalResult l2Loss(NodeConverter &c) {
  RankedTensorType type = c.rankedType(0);
  if (!type)
    return c.error() << "needs an operand of known rank";
  Value square = c.helper<ov::MultiplyOp>("square", c.operand(0), c.operand(0));
  Value axes = c.ints("axes", llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
  Value sum = c.helper<ov::ReduceSumOp>("sum", square, axes, false);
  return c.give(c.create<ov::MultiplyOp>(sum, c.number("half", 0.5, c.elementType(0))).getOutput());
}

// As a product with a triangle of ones: exact for integers below 2^24, which counts of
// tokens are.
static LogicalResult cumsum(NodeConverter &c) {
  RankedTensorType type = c.rankedType(0);
  std::optional<int64_t> axis = ov::getConstantInt(c.operand(1));
  if (!type || !axis || *axis < -type.getRank() || *axis >= type.getRank())
    return c.error() << "needs an operand of known rank and a constant axis in it";
  int64_t last = type.getRank() - 1, along = *axis < 0 ? *axis + type.getRank() : *axis;
  Value x = c.operand(0);
  Type element = type.getElementType(), real = c.builder.getF32Type();
  bool isInteger = isa<IntegerType>(element);
  if (isInteger)
    x = c.helper<ov::ConvertOp>("as_real", x, real);
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  std::swap(order[along], order[last]);
  if (along != last)
    x = c.helper<ov::TransposeOp>("turned", x, c.ints("order", order));
  if (last == 0)
    x = c.helper<ov::UnsqueezeOp>("row", x, c.ints("row_axis", 0));

  Value shape = c.helper<ov::ShapeOfOp>("shape", c.operand(0), c.builder.getI64Type());
  Value length = c.helper<ov::GatherOp>("length", shape, c.scalar("along", along),
                                        c.scalar("zero", 0), int64_t(0));
  Value places = c.helper<ov::RangeOp>("places", c.scalar("first", 0), length, c.scalar("step", 1),
                                       c.builder.getI64Type());
  Value from = c.helper<ov::UnsqueezeOp>("from", places, c.ints("from_axis", 1));
  Value to = c.helper<ov::UnsqueezeOp>("to", places, c.ints("to_axis", 0));
  bool excludes = tf::getBoolAttr(c.node, "exclusive", false);
  if (tf::getBoolAttr(c.node, "reverse", false))
    std::swap(from, to);
  Value takes = excludes ? c.helper<ov::LessOp>("takes", from, to).getOutput()
                         : c.helper<ov::LessEqualOp>("takes", from, to).getOutput();
  Value triangle = c.helper<ov::ConvertOp>("triangle", takes, isInteger ? real : element);
  Value sum = c.helper<ov::MatMulOp>("sum", x, triangle, false, false);
  if (last == 0)
    sum = c.helper<ov::SqueezeOp>("vector", sum, c.ints("row_axis", 0));
  if (along != last)
    sum = c.helper<ov::TransposeOp>("turned_back", sum, c.ints("order", order));
  if (isInteger)
    sum = c.create<ov::ConvertOp>(sum, element);
  return c.give(sum);
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
    normalized = c.helper<ov::MVNOp>("normalized", c.operand(0), axes, llvm::APFloat(epsilon), true,
                                     "INSIDE_SQRT");
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

static LogicalResult argBest(NodeConverter &c, StringRef mode) {
  std::optional<int64_t> axis = ov::getConstantInt(c.operand(1));
  if (!axis)
    return c.error() << "needs a constant dimension";
  Type type = tf::getTypeAttr(c.node, "output_type");
  if (!type)
    type = c.builder.getI64Type();
  auto top =
      c.helper<ov::TopKOp>("topk", c.operand(0), c.scalar("k", 1), *axis, mode, "value", type,
                           /*stable=*/true);
  return c.give(c.create<ov::SqueezeOp>(top.getIndices(), c.ints("axes", *axis)).getOutput());
}

static LogicalResult argMax(NodeConverter &c) { return argBest(c, "max"); }
static LogicalResult argMin(NodeConverter &c) { return argBest(c, "min"); }

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
  table["ArgMin"] = argMin;
  table["_FusedBatchMatMulV2"] = fusedMatMul;
  table["_FusedMatMul"] = fusedMatMul;
  table["BatchMatMulV3"] = batchMatMul;
  table["BatchMatMul"] = batchMatMul;
  table["BatchMatMulV2"] = batchMatMul;
  table["Cumsum"] = cumsum;
  table["L2Loss"] = l2Loss;
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
