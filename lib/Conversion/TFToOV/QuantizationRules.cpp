//===- QuantizationRules.cpp - weights of 8 bits and rounding on the way --------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Tools that make frozen graphs smaller store matrices as bytes with their smallest and
// largest value; training for integers leaves nodes that round to a few levels.
// Source: TensorFlow's definitions of Dequantize and FakeQuantWithMinMaxVars.
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <cmath>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tftoov;

// A scalar operand's value, of a constant or of a variable.
static std::optional<float> getLimit(NodeConverter &c, unsigned index) {
  if (std::optional<double> value = ov::getConstantFloat(c.operand(index)))
    return static_cast<float>(*value);
  auto weight = c.operand(index).getDefiningOp<ov::WeightOp>();
  auto dense = weight ? dyn_cast<DenseElementsAttr>(weight.getValue()) : DenseElementsAttr();
  if (!dense || !dense.getElementType().isF32() || dense.getNumElements() != 1)
    return std::nullopt;
  return *dense.getValues<float>().begin();
}

// A constant of unsigned bytes as one of signed bytes, 128 lower: native code knows these.
static Value makeSigned(NodeConverter &c, Value codes) {
  auto constant = codes.getDefiningOp<ov::ConstantOp>();
  if (!constant)
    return {};
  auto type = cast<RankedTensorType>(constant.getType());
  ArrayRef<char> bytes;
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
    bytes = dense.getRawData();
  else if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue()))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      bytes = blob->getData();
  if (bytes.size() != 1 && bytes.size() != static_cast<size_t>(type.getNumElements()))
    return {};
  SmallVector<char> shifted = llvm::map_to_vector(
      bytes, [](char code) { return static_cast<char>(static_cast<uint8_t>(code) ^ 0x80); });
  RankedTensorType signedType = type.clone(c.builder.getI8Type());
  return c.helper<ov::ConstantOp>("signed",
                                  DenseElementsAttr::getFromRawBuffer(signedType, shifted));
}

// Bytes times a scale plus an offset.
static LogicalResult dequantize(NodeConverter &c) {
  std::optional<float> low = getLimit(c, 1), high = getLimit(c, 2);
  if (!low || !high)
    return c.error() << "needs constants as its limits";
  auto type = dyn_cast<IntegerType>(c.elementType(0));
  if (!type || type.getWidth() != 8 || tf::getIntAttr(c.node, "axis", -1) != -1)
    return c.error() << "needs elements of 8 bits and one range for all";
  int lowest = type.isUnsigned() ? 0 : -128, highest = type.isUnsigned() ? 255 : 127;
  StringRef mode = tf::getStringAttr(c.node, "mode", "MIN_COMBINED");
  double scale = (static_cast<double>(*high) - *low) / 255, offset = *low;
  if (mode == "SCALED") {
    bool isNarrow = tf::getBoolAttr(c.node, "narrow_range", false);
    scale = *high / highest;
    if (lowest < 0)
      scale = std::max<double>(scale, *low / (isNarrow ? lowest + 1 : lowest));
    offset = 0;
  } else {
    // The lower limit is a multiple of the scale, too.
    if (mode == "MIN_FIRST" && scale != 0)
      offset = std::round(offset / scale) * scale;
    offset -= lowest * scale;
  }
  Type f32 = c.builder.getF32Type();
  Value codes = c.operand(0);
  if (Value shifted = lowest == 0 ? makeSigned(c, codes) : Value()) {
    codes = shifted;
    offset += 128 * scale;
  }
  codes = c.helper<ov::ConvertOp>("codes", codes, f32);
  Value steps = c.number("scale", scale, f32);
  if (offset == 0)
    return c.give(c.create<ov::MultiplyOp>(codes, steps).getOutput());
  Value scaled = c.helper<ov::MultiplyOp>("scaled", codes, steps);
  return c.give(c.create<ov::AddOp>(scaled, c.number("offset", offset, f32)).getOutput());
}

// To the levels between two limits, which move a little so that 0 is a level.
static LogicalResult roundToLevels(NodeConverter &c, float low, float high) {
  int64_t width = tf::getIntAttr(c.node, "num_bits", 8);
  if (width < 2 || width > 16 || !(low < high) || low > 0 || high < 0)
    return c.error() << "needs 2 to 16 bits and limits with 0 between them";
  float first = tf::getBoolAttr(c.node, "narrow_range", false) ? 1 : 0,
        last = static_cast<float>((1 << width) - 1);
  float scale = (high - low) / (last - first);
  float zero = std::round(std::clamp(first - low / scale, first, last));
  Type f32 = c.builder.getF32Type();
  Value from = c.number("low", (first - zero) * scale, f32);
  Value to = c.number("high", (last - zero) * scale, f32);
  return c.give(c.create<ov::FakeQuantizeOp>(c.operand(0), from, to, from, to,
                                             static_cast<int64_t>(last - first) + 1, "numpy")
                    .getOutput());
}

static LogicalResult fakeQuantVars(NodeConverter &c) {
  std::optional<float> low = getLimit(c, 1), high = getLimit(c, 2);
  if (!low || !high)
    return c.error() << "needs constants as its limits";
  return roundToLevels(c, *low, *high);
}

static LogicalResult fakeQuantArgs(NodeConverter &c) {
  return roundToLevels(c, static_cast<float>(tf::getFloatAttr(c.node, "min", -6)),
                       static_cast<float>(tf::getFloatAttr(c.node, "max", 6)));
}

void tftoov::addQuantizationRules(RuleTable &table) {
  table["Dequantize"] = dequantize;
  table["FakeQuantWithMinMaxArgs"] = fakeQuantArgs;
  table["FakeQuantWithMinMaxVars"] = fakeQuantVars;
}
