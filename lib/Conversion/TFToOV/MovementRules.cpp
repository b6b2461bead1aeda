//===- MovementRules.cpp - shapes, look-up, cutting and joining ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"

#include "bert/Dialect/OV/IR/ShapeInference.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tftoov;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static Type outType(NodeConverter &c) {
  Type type = tf::getTypeAttr(c.node, "out_type");
  return type ? type : c.builder.getI32Type();
}

static LogicalResult shape(NodeConverter &c) {
  SmallVector<Value> shapes;
  for (Value operand : c.operands)
    shapes.push_back(c.create<ov::ShapeOfOp>(operand, outType(c)));
  return c.give(shapes);
}

static LogicalResult size(NodeConverter &c) {
  Value shape = c.helper<ov::ShapeOfOp>("shape", c.operand(0), outType(c));
  return c.give(c.create<ov::ReduceProdOp>(shape, c.scalar("axis", 0), false).getOutput());
}

static LogicalResult rank(NodeConverter &c) {
  return c.give(
      ov::createScalarInt(c.builder, c.loc(), c.rankedType(0).getRank(), c.builder.getI32Type())
          .getOutput());
}

static LogicalResult reshape(NodeConverter &c) {
  return c.give(c.create<ov::ReshapeOp>(c.operand(0), c.operand(1), false).getOutput());
}

static LogicalResult transpose(NodeConverter &c) {
  return c.give(c.create<ov::TransposeOp>(c.operand(0), c.operand(1)).getOutput());
}

static LogicalResult expandDims(NodeConverter &c) {
  return c.give(c.create<ov::UnsqueezeOp>(c.operand(0), c.operand(1)).getOutput());
}

// The axes are an attribute, called squeeze_dims; none: all dimensions of size 1.
static LogicalResult squeeze(NodeConverter &c) {
  SmallVector<int64_t> axes;
  Attribute attribute = tf::getNodeAttr(c.node, "squeeze_dims");
  if (!attribute)
    attribute = tf::getNodeAttr(c.node, "axis");
  if (auto list = dyn_cast_or_null<ArrayAttr>(attribute))
    for (Attribute element : list)
      if (auto axis = dyn_cast<IntegerAttr>(element))
        axes.push_back(axis.getInt());
  Value operand = axes.empty() ? Value() : c.ints("axes", axes);
  return c.give(c.create<ov::SqueezeOp>(c.operand(0), operand).getOutput());
}

static LogicalResult fill(NodeConverter &c) {
  return c.give(
      c.create<ov::BroadcastOp>(c.operand(1), c.operand(0), Value(), "numpy").getOutput());
}

static LogicalResult broadcastTo(NodeConverter &c) {
  return c.give(
      c.create<ov::BroadcastOp>(c.operand(0), c.operand(1), Value(), "numpy").getOutput());
}

static LogicalResult tile(NodeConverter &c) {
  return c.give(c.create<ov::TileOp>(c.operand(0), c.operand(1)).getOutput());
}

static LogicalResult range(NodeConverter &c) {
  return c.give(c.create<ov::RangeOp>(c.operand(0), c.operand(1), c.operand(2), c.elementType(0))
                    .getOutput());
}

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

// Gather and ResourceGather look up along axis 0; GatherV2 takes the axis.
static LogicalResult gather(NodeConverter &c) {
  Value axis = c.operands.size() > 2 ? c.operand(2) : c.scalar("axis", 0, c.builder.getI32Type());
  return c.give(c.create<ov::GatherOp>(c.operand(0), c.operand(1), axis,
                                       tf::getIntAttr(c.node, "batch_dims", 0))
                    .getOutput());
}

static LogicalResult gatherNd(NodeConverter &c) {
  return c.give(c.create<ov::GatherNDOp>(c.operand(0), c.operand(1), int64_t(0)).getOutput());
}

static LogicalResult oneHot(NodeConverter &c) {
  return c.give(c.create<ov::OneHotOp>(c.operand(0), c.operand(1), c.operand(2), c.operand(3),
                                       tf::getIntAttr(c.node, "axis", -1))
                    .getOutput());
}

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

static LogicalResult concatOf(NodeConverter &c, ValueRange values, Value axis) {
  std::optional<int64_t> constant = ov::getConstantInt(axis);
  if (!constant)
    return c.error() << "needs a constant axis";
  if (values.empty())
    return c.error() << "joins nothing";
  return c.give(c.create<ov::ConcatOp>(values, *constant).getOutput());
}

static LogicalResult concat(NodeConverter &c) {
  if (c.operands.empty())
    return c.error() << "joins nothing";
  return concatOf(c, ArrayRef<Value>(c.operands).drop_front(), c.operands.front());
}

static LogicalResult concatV2(NodeConverter &c) {
  if (c.operands.empty())
    return c.error() << "joins nothing";
  return concatOf(c, ArrayRef<Value>(c.operands).drop_back(), c.operands.back());
}

static LogicalResult pack(NodeConverter &c) {
  if (c.operands.empty())
    return c.error() << "joins nothing";
  int64_t axis = tf::getIntAttr(c.node, "axis", 0);
  Value axes = c.ints("axes", axis);
  SmallVector<Value> parts;
  for (auto [index, operand] : llvm::enumerate(c.operands))
    parts.push_back(c.helper<ov::UnsqueezeOp>("part_" + std::to_string(index), operand, axes));
  return c.give(c.create<ov::ConcatOp>(parts, axis).getOutput());
}

Value tftoov::padAlong(NodeConverter &c, Value input, int64_t axis, int64_t before, int64_t behind,
                       Value value, const std::string &name) {
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  Value shape = c.helper<ov::ShapeOfOp>(name + "/shape", input, c.builder.getI64Type());
  auto sizes = [&](int64_t begin, int64_t end, StringRef suffix) -> Value {
    Value indices = c.ints(suffix, llvm::to_vector(llvm::seq(begin, end)));
    return c.helper<ov::GatherOp>(suffix, shape, indices, c.scalar("zero", 0), int64_t(0));
  };
  auto filled = [&](int64_t count, StringRef suffix) -> Value {
    SmallVector<Value> target;
    if (axis > 0)
      target.push_back(sizes(0, axis, name + "/outer"));
    target.push_back(c.ints(name + "/count", count));
    if (axis + 1 < rank)
      target.push_back(sizes(axis + 1, rank, name + "/inner"));
    Value whole = target.front();
    if (target.size() > 1)
      whole = c.helper<ov::ConcatOp>(name + "/target", target, int64_t(0));
    return c.helper<ov::BroadcastOp>((name + suffix).str(), value, whole, Value(), "numpy");
  };
  SmallVector<Value> parts;
  if (before != 0)
    parts.push_back(filled(before, "/before"));
  parts.push_back(input);
  if (behind != 0)
    parts.push_back(filled(behind, "/behind"));
  return parts.size() == 1 ? input : c.helper<ov::ConcatOp>(name, parts, axis).getOutput();
}

// One value before and behind along some axes, joined to the tensor.
static LogicalResult pad(NodeConverter &c) {
  RankedTensorType type = c.rankedType(0);
  std::optional<SmallVector<int64_t>> counts = ov::getConstantInts(c.operand(1));
  if (!type || !counts || counts->size() != static_cast<size_t>(2 * type.getRank()) ||
      llvm::any_of(*counts, [](int64_t count) { return count < 0; }))
    return c.error() << "needs constant paddings, two for each dimension";
  Value value = c.operands.size() > 2 ? c.operand(2) : c.number("value", 0, type.getElementType());
  Value result = c.operand(0);
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    result = padAlong(c, result, axis, (*counts)[2 * axis], (*counts)[2 * axis + 1], value,
                      "axis_" + std::to_string(axis));
  return c.give(result);
}

// Zero but for some diagonals: a row and a column apart by no more than two limits,
// of which a negative one is none.
static LogicalResult matrixBandPart(NodeConverter &c) {
  RankedTensorType type = c.rankedType(0);
  std::optional<int64_t> lower = ov::getConstantInt(c.operand(1));
  std::optional<int64_t> upper = ov::getConstantInt(c.operand(2));
  if (!type || type.getRank() < 2 || !lower || !upper)
    return c.error() << "needs a matrix and constant limits";
  Value shape = c.helper<ov::ShapeOfOp>("shape", c.operand(0), c.builder.getI64Type());
  auto places = [&](int64_t axis, StringRef name, int64_t newAxis) -> Value {
    Value length = c.helper<ov::GatherOp>((name + "/length").str(), shape, c.scalar(name, axis),
                                          c.scalar("zero", 0), int64_t(0));
    Value range = c.helper<ov::RangeOp>(name, c.scalar("zero", 0), length, c.scalar("one", 1),
                                        c.builder.getI64Type());
    return c.helper<ov::UnsqueezeOp>((name + "/row").str(), range, c.ints("axis", newAxis));
  };
  Value distance = c.helper<ov::SubtractOp>("distance", places(type.getRank() - 2, "rows", 1),
                                            places(type.getRank() - 1, "columns", 0));
  Value kept;
  if (*lower >= 0)
    kept = c.helper<ov::LessEqualOp>("below", distance, c.scalar("lower", *lower));
  if (*upper >= 0) {
    Value above = c.helper<ov::GreaterEqualOp>("above", distance, c.scalar("upper", -*upper));
    kept = kept ? c.helper<ov::LogicalAndOp>("kept", kept, above).getOutput() : above;
  }
  if (!kept)
    return c.give(c.operand(0));
  Value zero = c.number("value", 0, type.getElementType());
  return c.give(c.create<ov::SelectOp>(kept, c.operand(0), zero).getOutput());
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

// How many parts the node declares; its results' number is already checked
// against memory by the importer.
static int64_t countResults(NodeConverter &c) { return c.node.getDataResults().size(); }

static LogicalResult unpack(NodeConverter &c) {
  int64_t axis = tf::getIntAttr(c.node, "axis", 0);
  if (countResults(c) == 0)
    return c.error() << "has no results";
  auto split = c.create<ov::SplitOp>(c.operand(0), c.scalar("axis", axis), countResults(c));
  Value axes = c.ints("axes", axis);
  SmallVector<Value> parts;
  for (auto [index, part] : llvm::enumerate(split.getOutputs()))
    parts.push_back(c.helper<ov::SqueezeOp>("part_" + std::to_string(index), part, axes));
  return c.give(parts);
}

static LogicalResult split(NodeConverter &c) {
  if (countResults(c) == 0)
    return c.error() << "has no results";
  return c.give(c.create<ov::SplitOp>(c.operand(1), c.operand(0), countResults(c)).getOutputs());
}

static LogicalResult splitV(NodeConverter &c) {
  RankedTensorType lengths = c.rankedType(1);
  if (!lengths || lengths.getRank() != 1 || lengths.getDimSize(0) != countResults(c))
    return c.error() << "needs one length per result";
  return c.give(
      c.create<ov::VariadicSplitOp>(c.operand(0), c.operand(2), c.operand(1)).getOutputs());
}

// Whether an element of a size operand can be -1 ("up to the end"): it can't where
// it comes out of a shape.
static bool comesFromShape(Value value, unsigned depth = 16) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return false;
  if (isa<ov::ShapeOfOp>(op))
    return true;
  if (auto constant = ov::getConstantInts(value))
    return llvm::all_of(*constant, [](int64_t element) { return element >= -1; });
  if (isa<ov::ConvertOp, ov::GatherOp, ov::ReshapeOp, ov::SliceOp, ov::SqueezeOp,
          ov::StridedSliceOp, ov::UnsqueezeOp>(op))
    return comesFromShape(op->getOperand(0), depth - 1);
  if (isa<ov::ConcatOp, ov::MultiplyOp>(op))
    return llvm::all_of(op->getOperands(),
                        [&](Value operand) { return comesFromShape(operand, depth - 1); });
  return false;
}

// begin and size; a size of -1 reaches to the end. OpenVINO's Slice takes begin and
// stop along chosen axes, so axes that are kept whole drop out.
static LogicalResult slice(NodeConverter &c) {
  Value begin = c.operand(1), size = c.operand(2);
  Type type = c.elementType(1);
  std::optional<SmallVector<int64_t>> begins = ov::evaluateShapeValue(begin);
  std::optional<SmallVector<int64_t>> sizes = ov::evaluateShapeValue(size);
  if (!begins || !sizes || begins->size() != sizes->size())
    return c.error() << "needs as many sizes as begins";
  constexpr int64_t unknown = ShapedType::kDynamic;
  int64_t largest = type.isInteger(64) ? std::numeric_limits<int64_t>::max()
                                       : std::numeric_limits<int32_t>::max();
  SmallVector<int64_t> axes, starts, stops;
  bool isConstant = ov::getConstantInts(begin) && ov::getConstantInts(size);
  for (auto [axis, first, length] : llvm::enumerate(*begins, *sizes)) {
    if (first == 0 && length == -1)
      continue;
    if ((first != unknown && first < 0) || (length != unknown && length < -1))
      return c.error() << "has a negative begin or size";
    axes.push_back(axis);
    starts.push_back(first);
    int64_t stop = largest;
    if (length != -1 && llvm::AddOverflow(first, length, stop))
      return c.error() << "has a begin or size out of range";
    stops.push_back(stop);
    // TensorFlow refuses this at run time; a sequence that is too long for the
    // position table shows here.
    RankedTensorType input = c.rankedType(0);
    if (input && first != unknown && length != unknown && length != -1 &&
        axis < static_cast<size_t>(input.getRank()) && !input.isDynamicDim(axis) &&
        stop > input.getDimSize(axis)) {
      InFlightDiagnostic diagnostic = c.error();
      diagnostic << "takes " << length << " rows of ";
      if (auto weight = c.operand(0).getDefiningOp<ov::WeightOp>())
        diagnostic << "'" << weight.getName() << "'";
      else
        diagnostic << "a tensor";
      return diagnostic << ", which has " << input.getDimSize(axis) << "; ask for a shorter input";
    }
  }
  if (axes.empty())
    return c.give(c.operand(0));
  Value steps = c.ints("step", SmallVector<int64_t>(axes.size(), 1), type);
  Value axesValue = c.ints("axes", axes, type);
  if (isConstant)
    return c.give(c.create<ov::SliceOp>(c.operand(0), c.ints("start", starts, type),
                                        c.ints("stop", stops, type), steps, axesValue)
                      .getOutput());
  // Only the axes that are cut; the sum is the stop.
  Value zero = c.scalar("zero", 0, type);
  Value start = c.helper<ov::GatherOp>("start", begin, axesValue, zero, int64_t(0));
  Value length = c.helper<ov::GatherOp>("length", size, axesValue, zero, int64_t(0));
  Value stop = c.helper<ov::AddOp>("stop", start, length);
  bool mayReachEnd = llvm::any_of(axes, [&](int64_t axis) { return (*sizes)[axis] == -1; }) ||
                     !comesFromShape(size);
  if (mayReachEnd) {
    Value toEnd = c.helper<ov::EqualOp>("to_end", length, c.scalar("minus_one", -1, type));
    stop = c.helper<ov::SelectOp>("stop_or_end", toEnd, c.scalar("end", largest, type), stop);
  }
  return c.give(c.create<ov::SliceOp>(c.operand(0), start, stop, steps, axesValue).getOutput());
}

// TensorFlow packs each mask into the bits of an integer.
static LogicalResult stridedSlice(NodeConverter &c) {
  RankedTensorType begin = c.rankedType(1);
  if (!begin || begin.getRank() != 1 || !begin.hasStaticShape() || begin.getDimSize(0) > 64)
    return c.error() << "needs a known number of slices";
  auto mask = [&](StringRef name) {
    uint64_t bits = static_cast<uint64_t>(tf::getIntAttr(c.node, name, 0));
    SmallVector<int64_t> values;
    for (int64_t i = 0; i < begin.getDimSize(0); ++i)
      values.push_back((bits >> i) & 1);
    return values;
  };
  return c.give(c.create<ov::StridedSliceOp>(c.operand(0), c.operand(1), c.operand(2), c.operand(3),
                                             mask("begin_mask"), mask("end_mask"),
                                             mask("new_axis_mask"), mask("shrink_axis_mask"),
                                             mask("ellipsis_mask"))
                    .getOutput());
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

void tftoov::addMovementRules(RuleTable &table) {
  table["BroadcastTo"] = broadcastTo;
  table["Concat"] = concat;
  table["ConcatV2"] = concatV2;
  table["ExpandDims"] = expandDims;
  table["Fill"] = fill;
  table["Gather"] = gather;
  table["GatherNd"] = gatherNd;
  table["GatherV2"] = gather;
  table["OneHot"] = oneHot;
  table["Pack"] = pack;
  table["MatrixBandPart"] = matrixBandPart;
  table["Pad"] = pad;
  table["PadV2"] = pad;
  table["Range"] = range;
  table["Rank"] = rank;
  table["Reshape"] = reshape;
  table["ResourceGather"] = gather;
  table["Shape"] = shape;
  table["ShapeN"] = shape;
  table["Size"] = size;
  table["Slice"] = slice;
  table["Split"] = split;
  table["SplitV"] = splitV;
  table["Squeeze"] = squeeze;
  table["StridedSlice"] = stridedSlice;
  table["Tile"] = tile;
  table["Transpose"] = transpose;
  table["Unpack"] = unpack;
}
