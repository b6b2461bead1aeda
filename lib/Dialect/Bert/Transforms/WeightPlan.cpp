//===- WeightPlan.cpp - where weights go in the weights file ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/Transforms/WeightPlan.h"

#include "bert/Dialect/Bert/IR/WeightLayout.h"
#include "bert/Dialect/OV/IR/WeightExpression.h"
#include "bert/Support/MappedFile.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"

#include <cstring>
#include <map>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::bert;

//===----------------------------------------------------------------------===//
// What is a weight
//===----------------------------------------------------------------------===//

static bool isPackable(Type elementType) { return isa<FloatType>(elementType); }

// The Convert to f32 behind which a weight of another precision is stored.
static ov::ConvertOp getStorageConvert(Value value) {
  auto convert = value.getDefiningOp<ov::ConvertOp>();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return convert && type && type.getElementType().isF32() ? convert : ov::ConvertOp();
}

namespace {

// Finds the values that become part of the file.
class WeightValues {
public:
  explicit WeightValues(func::FuncOp model) : expressions(model) {}

  // Whether a value is made of weights only, in f32. Constants count where a bert op reads them.
  bool isWeight(Value value, bool orConstant = false) const {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape() || !type.getElementType().isF32())
      return false;
    if (ov::ConvertOp convert = getStorageConvert(value))
      return isSource(convert.getInput(), orConstant);
    return isSource(value, orConstant);
  }

  // Whether an op reads a weight of half precision as it is.
  bool readsHalf(const OpOperand &use) const {
    auto type = dyn_cast<RankedTensorType>(use.get().getType());
    return type && type.hasStaticShape() && type.getElementTypeBitWidth() == 16 &&
           isSource(use.get(), /*orConstant=*/false) && !expressions.contains(use.getOwner()) &&
           !(isa<ov::ConvertOp>(use.getOwner()) && getStorageConvert(use.getOwner()->getResult(0)));
  }

private:
  bool isSource(Value value, bool orConstant) const {
    Operation *op = value.getDefiningOp();
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!op || !type || !isPackable(type.getElementType()))
      return false;
    return isa<ov::WeightOp>(op) || expressions.contains(op) ||
           (orConstant && isa<ov::ConstantOp>(op));
  }

  ov::WeightExpressions expressions;
};

} // namespace

// That of the first weight that a value is made of.
static std::string getName(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto weight = dyn_cast_or_null<ov::WeightOp>(op))
    return weight.getName().str();
  if (op)
    for (Value operand : op->getOperands())
      if (std::string name = getName(operand); !name.empty())
        return name;
  return "";
}

// How a tensor of any rank lies in the file.
static SmallVector<int64_t> getStoredShape(ArrayRef<int64_t> shape) {
  if (shape.size() == 1 || shape.size() == 2)
    return SmallVector<int64_t>(shape);
  if (shape.empty())
    return {1};
  return {llvm::product_of(shape.drop_back()), shape.back()};
}

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

namespace {

class Planner {
public:
  explicit Planner(func::FuncOp model) : model(model), values(model) {}

  FailureOr<WeightPlan> run() {
    WalkResult result = model.walk([&](Operation *op) {
      if (auto dense = dyn_cast<DenseOp>(op))
        return succeeded(add(dense)) ? WalkResult::advance() : WalkResult::interrupt();
      bool isBert = isa_and_nonnull<BertDialect>(op->getDialect());
      for (Value operand : op->getOperands())
        if (values.isWeight(operand, /*orConstant=*/isBert) && !isPartOfWeight(op)) {
          if (failed(checkSize(op, operand)))
            return WalkResult::interrupt();
          add({operand}, /*transposed=*/false, getStoredShape(getShape(operand)), Layout::Rows);
        }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
    return std::move(plan);
  }

private:
  // Whether an op only makes one weight of others.
  bool isPartOfWeight(Operation *op) {
    return op->getNumResults() == 1 && isa_and_nonnull<ov::OVDialect>(op->getDialect()) &&
           values.isWeight(op->getResult(0));
  }

  // Kernels divide by a weight's sizes.
  LogicalResult checkSize(Operation *op, Value weight) {
    if (llvm::is_contained(getShape(weight), 0))
      return op->emitOpError("reads a weight of type ")
             << weight.getType() << ", which has no elements; native code can't be made of that";
    return success();
  }

  LogicalResult add(DenseOp dense) {
    SmallVector<Value> all(dense.getWeights());
    llvm::append_range(all, dense.getBiases());
    for (Value weight : all) {
      if (weight.getDefiningOp<PackedWeightOp>())
        return success();
      if (!values.isWeight(weight, /*orConstant=*/true))
        return dense.emitOpError(
            "has a weight that is computed from the input; only weights of the "
            "model can be packed");
      if (failed(checkSize(dense, weight)))
        return failure();
    }
    SmallVector<int64_t> shape(getShape(dense.getWeights().front()));
    if (dense.getTransposed())
      std::swap(shape[0], shape[1]);
    for (Value weight : dense.getWeights())
      if (getShape(weight) != getShape(dense.getWeights().front()))
        return dense.emitOpError("has weights of different shapes side by side");
    int64_t parts = static_cast<int64_t>(dense.getWeights().size());
    shape[1] *= parts;
    add(dense.getWeights(), dense.getTransposed(), shape, Layout::Panels);
    if (!dense.getBiases().empty())
      add(dense.getBiases(), /*transposed=*/false, {shape[1]}, Layout::Rows);
    return success();
  }

  void add(ValueRange parts, bool transposed, ArrayRef<int64_t> shape, Layout layout) {
    std::vector<const void *> key;
    for (Value part : parts)
      key.push_back(part.getAsOpaquePointer());
    if (!known.insert({{key, transposed, layout}, plan.weights.size()}).second)
      return;
    PlannedWeight weight;
    weight.name = getName(parts.front());
    if (weight.name.empty())
      weight.name = "constant";
    weight.parts.assign(parts.begin(), parts.end());
    weight.transposed = transposed;
    weight.shape.assign(shape.begin(), shape.end());
    weight.layout = layout;
    weight.offset = plan.bytes;
    weight.bytes =
        llvm::product_of(getPackedShape(shape, layout)) * static_cast<int64_t>(sizeof(float));
    plan.bytes += weight.bytes;
    plan.weights.push_back(std::move(weight));
  }

  func::FuncOp model;
  WeightValues values;
  WeightPlan plan;
  std::map<std::tuple<std::vector<const void *>, bool, Layout>, size_t> known;
};

} // namespace

// The file holds f32 only: where a model computes in half precision, its weights become
// what they were behind the file.
static void widenHalves(func::FuncOp model) {
  WeightValues values(model);
  SmallVector<OpOperand *> uses;
  model.walk([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      if (values.readsHalf(operand))
        uses.push_back(&operand);
  });
  DenseMap<Value, Value> widened;
  for (OpOperand *use : uses) {
    Value half = use->get();
    Value &again = widened[half];
    if (!again) {
      OpBuilder builder(model.getContext());
      builder.setInsertionPointAfterValue(half);
      Value wide = ov::ConvertOp::create(builder, half.getLoc(), half, builder.getF32Type());
      again = ov::ConvertOp::create(builder, half.getLoc(), wide, getElementTypeOrSelf(half));
    }
    use->set(again);
  }
}

FailureOr<WeightPlan> bert::planWeights(func::FuncOp model) {
  widenHalves(model);
  return Planner(model).run();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {

// The f32 elements of a part, wherever and in whatever precision they are stored.
class PartReader {
public:
  LogicalResult open(Value part) {
    ov::ConvertOp convert = getStorageConvert(part);
    std::string reason;
    FailureOr<ov::TensorBytes> found =
        ov::evaluateTensor(convert ? convert.getInput() : part, reason);
    if (failed(found))
      return emitError(part.getLoc()) << "weight '" << getName(part) << "' " << reason;
    tensor = std::move(*found);
    Type type = tensor.type.getElementType();
    if (type.isF32())
      return success();
    converted = std::make_unique<float[]>(static_cast<size_t>(tensor.type.getNumElements()));
    const llvm::fltSemantics &semantics = cast<FloatType>(type).getFloatSemantics();
    unsigned width = type.getIntOrFloatBitWidth();
    for (int64_t i = 0; i < tensor.type.getNumElements(); ++i) {
      uint64_t bits = 0;
      memcpy(&bits, tensor.bytes.data() + static_cast<size_t>(i) * (width / 8), width / 8);
      llvm::APFloat value(semantics, llvm::APInt(width, bits));
      bool losesInfo;
      value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      converted[static_cast<size_t>(i)] = value.convertToFloat();
    }
    return success();
  }

  // `count` elements from `first` on, `step` apart, to `target`.
  void read(int64_t first, int64_t step, int64_t count, float *target) const {
    if (converted) {
      for (int64_t i = 0; i < count; ++i)
        target[i] = converted[static_cast<size_t>(first + i * step)];
      return;
    }
    // Data may lie at any address.
    const char *source = tensor.bytes.data() + first * int64_t(sizeof(float));
    if (step == 1) {
      memcpy(target, source, static_cast<size_t>(count) * sizeof(float));
      return;
    }
    for (int64_t i = 0; i < count; ++i)
      memcpy(target + i, source + i * step * int64_t(sizeof(float)), sizeof(float));
  }

  // What was read need not stay in memory.
  void close() { dropPagesIfMapped(tensor.bytes); }

private:
  ov::TensorBytes tensor;
  std::unique_ptr<float[]> converted;
};

class Writer {
public:
  Writer(const PlannedWeight &weight, llvm::function_ref<llvm::Error(ArrayRef<char>)> write)
      : weight(weight), write(write) {}

  LogicalResult run() {
    for (Value part : weight.parts) {
      parts.emplace_back();
      if (failed(parts.back().open(part)))
        return failure();
    }
    llvm::Error error = weight.layout == Layout::Panels ? writePanels() : writeRows();
    for (PartReader &part : parts)
      part.close();
    if (error)
      return emitError(weight.parts.front().getLoc()) << llvm::toString(std::move(error));
    return success();
  }

private:
  // A row of the result, from one column on; behind the last column zeros.
  void readRow(int64_t row, int64_t column, int64_t count, float *target) {
    int64_t rows = weight.shape.size() == 2 ? weight.shape[0] : 1;
    int64_t columns = weight.shape.back();
    int64_t partColumns = columns / static_cast<int64_t>(parts.size());
    for (int64_t end = column + count; column < end;) {
      if (column >= columns) {
        std::fill(target, target + (end - column), 0.0f);
        return;
      }
      int64_t part = column / partColumns, inPart = column % partColumns;
      int64_t piece = std::min(end - column, partColumns - inPart);
      const PartReader &reader = parts[static_cast<size_t>(part)];
      if (weight.transposed)
        reader.read(inPart * rows + row, rows, piece, target);
      else
        reader.read(row * partColumns + inPart, 1, piece, target);
      target += piece;
      column += piece;
    }
  }

  llvm::Error flush(ArrayRef<float> values) {
    return write({reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float)});
  }

  llvm::Error writePanels() {
    int64_t rows = weight.shape[0];
    std::vector<float> panel(static_cast<size_t>(rows * kPanelColumns));
    for (int64_t column = 0; column < weight.shape[1]; column += kPanelColumns) {
      for (int64_t row = 0; row < rows; ++row)
        readRow(row, column, kPanelColumns, panel.data() + row * kPanelColumns);
      if (llvm::Error error = flush(panel))
        return error;
    }
    return llvm::Error::success();
  }

  llvm::Error writeRows() {
    int64_t rows = weight.shape.size() == 2 ? weight.shape[0] : 1;
    int64_t filled = roundUpToPanel(weight.shape.back());
    // Some rows at a time.
    int64_t block = std::max<int64_t>(1, (1 << 18) / std::max<int64_t>(filled, 1));
    std::vector<float> values;
    for (int64_t row = 0; row < rows; row += block) {
      int64_t count = std::min(block, rows - row);
      values.resize(static_cast<size_t>(count * filled));
      for (int64_t i = 0; i < count; ++i)
        readRow(row + i, 0, filled, values.data() + i * filled);
      if (llvm::Error error = flush(values))
        return error;
    }
    return llvm::Error::success();
  }

  const PlannedWeight &weight;
  llvm::function_ref<llvm::Error(ArrayRef<char>)> write;
  std::vector<PartReader> parts;
};

} // namespace

LogicalResult bert::writeWeights(const WeightPlan &plan,
                                 llvm::function_ref<llvm::Error(ArrayRef<char>)> write) {
  for (const PlannedWeight &weight : plan.weights)
    if (failed(Writer(weight, write).run()))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Applying
//===----------------------------------------------------------------------===//

// Integers are few and steer the computation; the code holds them.
static void makeConstants(func::FuncOp model) {
  SmallVector<ov::WeightOp> integers;
  model.walk([&](ov::WeightOp weight) {
    auto type = dyn_cast<RankedTensorType>(weight.getType());
    if (type && !isPackable(type.getElementType()))
      integers.push_back(weight);
  });
  for (ov::WeightOp weight : integers) {
    OpBuilder builder(weight);
    auto constant = ov::ConstantOp::create(builder, weight.getLoc(), weight.getValue());
    weight.replaceAllUsesWith(constant.getResult());
    weight.erase();
  }
}

void bert::applyPlan(func::FuncOp model, const WeightPlan &plan) {
  OpBuilder builder = OpBuilder::atBlockBegin(&model.front());
  std::map<std::tuple<std::vector<const void *>, bool, Layout>, Value> places;
  auto makeKey = [](ValueRange parts, bool transposed, Layout layout) {
    std::vector<const void *> key;
    for (Value part : parts)
      key.push_back(part.getAsOpaquePointer());
    return std::make_tuple(std::move(key), transposed, layout);
  };
  for (const PlannedWeight &weight : plan.weights) {
    Location loc = weight.parts.front().getLoc();
    auto type = RankedTensorType::get(weight.shape, builder.getF32Type());
    places[makeKey(weight.parts, weight.transposed, weight.layout)] =
        PackedWeightOp::create(builder, loc, type, builder.getStringAttr(weight.name),
                               builder.getI64IntegerAttr(weight.offset),
                               LayoutAttr::get(model.getContext(), weight.layout));
  }

  // Dense layers first: they take several weights at once.
  SmallVector<DenseOp> denseOps;
  model.walk([&](DenseOp dense) { denseOps.push_back(dense); });
  for (DenseOp dense : denseOps) {
    auto weights = places.find(makeKey(dense.getWeights(), dense.getTransposed(), Layout::Panels));
    if (weights == places.end())
      continue;
    SmallVector<Value> biases;
    if (!dense.getBiases().empty())
      biases.push_back(places.at(makeKey(dense.getBiases(), false, Layout::Rows)));
    OpBuilder atDense(dense);
    auto packed = DenseOp::create(atDense, dense.getLoc(), dense.getType(), dense.getInput(),
                                  ValueRange{weights->second}, biases, dense.getActivation(),
                                  /*transposed=*/false);
    packed->setDiscardableAttrs(dense->getDiscardableAttrDictionary());
    dense.replaceAllUsesWith(packed.getOutput());
    dense.erase();
  }
  for (const PlannedWeight &weight : plan.weights) {
    if (weight.parts.size() != 1 || weight.layout != Layout::Rows)
      continue;
    Value part = weight.parts.front();
    Value place = places.at(makeKey(weight.parts, false, Layout::Rows));
    // Ops that make another weight of it get it too; they go in the end. A constant stays one for
    // all but bert ops: others look for constants.
    bool isConstant = part.getDefiningOp<ov::ConstantOp>();
    part.replaceUsesWithIf(place, [&](OpOperand &use) {
      return !isConstant || isa_and_nonnull<BertDialect>(use.getOwner()->getDialect());
    });
    if (getShape(part) == ArrayRef<int64_t>(weight.shape))
      continue;
    // Another rank: users get the tensor that they had.
    OpBuilder afterPlace(model.getContext());
    afterPlace.setInsertionPointAfterValue(place);
    Value target = ov::createInts(afterPlace, part.getLoc(), getShape(part));
    Value reshaped = ov::ReshapeOp::create(afterPlace, part.getLoc(), place, target,
                                           /*special_zero=*/false);
    place.replaceAllUsesExcept(reshaped, reshaped.getDefiningOp());
  }

  // What only led to weights.
  bool changed = true;
  while (changed) {
    changed = false;
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(model.front())))
      if (isOpTriviallyDead(&op)) {
        op.erase();
        changed = true;
      }
  }
  makeConstants(model);
}
