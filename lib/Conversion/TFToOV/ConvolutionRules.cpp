//===- ConvolutionRules.cpp - convolutions over tokens -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Classifiers put convolutions over the tokens on top of BERT, and the largest value
// over time on top of these. A filter runs along one axis there, so that each of its
// taps is a dense layer: there is no need for images.
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tftoov;

// The integers of a list attribute; none if it is missing.
static SmallVector<int64_t> getInts(NodeConverter &c, StringRef name) {
  SmallVector<int64_t> values;
  if (auto list = dyn_cast_or_null<ArrayAttr>(tf::getNodeAttr(c.node, name)))
    for (Attribute element : list)
      if (auto value = dyn_cast<IntegerAttr>(element))
        values.push_back(value.getInt());
  return values;
}

static bool areOnes(ArrayRef<int64_t> values) {
  return llvm::all_of(values, [](int64_t value) { return value == 1; });
}

// The sum of each tap's product with the tokens that it meets.
static LogicalResult conv2D(NodeConverter &c) {
  RankedTensorType input = c.rankedType(0), filter = c.rankedType(1);
  StringRef padding = tf::getStringAttr(c.node, "padding", "");
  if (!input || !filter || input.getRank() != 4 || filter.getRank() != 4 ||
      !filter.hasStaticShape() || (padding != "VALID" && padding != "SAME") ||
      tf::getStringAttr(c.node, "data_format", "NHWC") != "NHWC" ||
      !areOnes(getInts(c, "strides")) || !areOnes(getInts(c, "dilations")))
    return c.error() << "needs four dimensions, NHWC, strides and dilations of 1, and no explicit "
                        "padding";
  ArrayRef<int64_t> size = filter.getShape(); // [height, width, channels, units]
  bool isWholeRow = size[2] == 1 && padding == "VALID" && input.getDimSize(2) == size[1];
  // Which axis of the image, and of the filter, is none.
  int64_t imageAxis = 0, filterAxis = 0;
  if (size[0] == 1 && input.getDimSize(1) == 1)
    imageAxis = 1, filterAxis = 0;
  else if (size[1] == 1 && input.getDimSize(2) == 1)
    imageAxis = 2, filterAxis = 1;
  else if (isWholeRow)
    imageAxis = 3, filterAxis = 2;
  else
    return c.error() << "is a convolution along two axes, which can't be converted; one along the "
                        "tokens can";
  Value tokens = c.helper<ov::SqueezeOp>("tokens", c.operand(0), c.ints("axis", imageAxis));
  Value taps = c.helper<ov::SqueezeOp>("taps", c.operand(1), c.ints("axis", filterAxis));
  int64_t count = filterAxis == 0 ? size[1] : size[0];
  if (count > 256)
    return c.error() << "has " << count << " taps; up to 256 can be converted";
  if (padding == "SAME")
    tokens = padAlong(c, tokens, 1, (count - 1) / 2, count / 2,
                      c.number("zero", 0, input.getElementType()), "padded");
  Value sum;
  for (int64_t tap = 0; tap < count; ++tap) {
    std::string name = "tap_" + std::to_string(tap);
    int64_t stop = tap + 1 == count ? std::numeric_limits<int64_t>::max() : tap + 1 - count;
    Value met = count == 1 ? tokens
                           : c.helper<ov::SliceOp>(name + "/tokens", tokens, c.ints("start", tap),
                                                   c.ints("stop", stop), c.ints("step", 1),
                                                   c.ints("axes", 1))
                                 .getOutput();
    Value weights = c.helper<ov::GatherOp>(name + "/weights", taps, c.scalar("index", tap),
                                           c.scalar("axis", 0), int64_t(0));
    Value product = c.helper<ov::MatMulOp>(name, met, weights, false, false);
    sum = sum ? c.helper<ov::AddOp>(name + "/sum", sum, product).getOutput() : product;
  }
  int64_t restored = imageAxis == 3 ? 2 : imageAxis;
  return c.give(c.create<ov::UnsqueezeOp>(sum, c.ints("axis", restored)).getOutput());
}

// Over all that is left of the tokens: a maximum or a mean.
template <typename ReduceOpT> static LogicalResult pool(NodeConverter &c) {
  RankedTensorType type = c.rankedType(0);
  SmallVector<int64_t> window = getInts(c, "ksize");
  if (!type || type.getRank() != 4 || window.size() != 4 ||
      tf::getStringAttr(c.node, "data_format", "NHWC") != "NHWC" ||
      tf::getStringAttr(c.node, "padding", "") != "VALID")
    return c.error() << "needs four dimensions, NHWC and the padding VALID";
  SmallVector<int64_t> axes;
  for (auto [axis, length] : llvm::enumerate(window)) {
    if (length == 1)
      continue;
    if (length != type.getDimSize(axis))
      return c.error() << "has a window that is not the whole of dimension " << axis
                       << ", which can't be converted";
    axes.push_back(axis);
  }
  if (axes.empty())
    return c.give(c.operand(0));
  return c.give(c.create<ReduceOpT>(c.operand(0), c.ints("axes", axes), true).getOutput());
}

void tftoov::addConvolutionRules(RuleTable &table) {
  table["AvgPool"] = pool<ov::ReduceMeanOp>;
  table["Conv2D"] = conv2D;
  table["MaxPool"] = pool<ov::ReduceMaxOp>;
}
