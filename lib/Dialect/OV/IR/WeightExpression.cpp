//===- WeightExpression.cpp - evaluates what is done to weights --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Ops that pick elements are described by one table of byte offsets for each
// dimension of the result: the element at (i, j, ...) lies at
// base + table[0][i] + table[1][j] + ... of the input. That covers slices with any
// step, transposes and look-ups, and shows at once what lies in one piece.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/IR/WeightExpression.h"

#include "bert/Support/MappedFile.h"
#include "bert/Support/ResourceBlob.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cstring>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

//===----------------------------------------------------------------------===//
// Bytes of attributes
//===----------------------------------------------------------------------===//

static uint64_t getWidth(Type elementType) {
  return std::max<uint64_t>(elementType.getIntOrFloatBitWidth(), 8) / 8;
}

static TensorBytes own(RankedTensorType type, std::string bytes) {
  auto owner = std::make_shared<std::string>(std::move(bytes));
  return {type, ArrayRef<char>(owner->data(), owner->size()), owner};
}

// Bytes that are yet to be written.
static TensorBytes allocate(RankedTensorType type) {
  size_t size = type.getNumElements() * getWidth(type.getElementType());
  std::shared_ptr<char[]> owner(new char[size]);
  return {type, ArrayRef<char>(owner.get(), size), owner};
}

// A splat's one element, a boolean's bit: spelled out as the files have them.
static std::string expand(DenseElementsAttr dense) {
  std::string bytes;
  if (dense.getElementType().getIntOrFloatBitWidth() == 1) {
    for (bool element : dense.getValues<bool>())
      bytes.push_back(element ? 1 : 0);
    return bytes;
  }
  StringRef raw(dense.getRawData().data(), dense.getRawData().size());
  bytes.reserve(raw.size() * dense.getNumElements());
  for (int64_t i = 0, e = dense.getNumElements(); i < e; ++i)
    bytes += raw;
  return bytes;
}

FailureOr<TensorBytes> ov::getTensorBytes(ElementsAttr value, std::string &reason) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isIntOrFloat()) {
    reason = "holds neither integers nor floats";
    return failure();
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    if (dense.getNumElements() > kMaxComputedElements) {
      reason = "has " + std::to_string(dense.getNumElements()) +
               " elements, which is more than a literal may have";
      return failure();
    }
    if (dense.isSplat() || type.getElementTypeBitWidth() == 1)
      return own(type, expand(dense));
    return TensorBytes{type, dense.getRawData(), nullptr};
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob) {
    reason = "has no bytes: text leaves weights out; pass the model on as bytecode "
             "(--emit-bytecode)";
    return failure();
  }
  uint64_t expected = type.getNumElements() * getWidth(type.getElementType());
  if (blob->getData().size() != expected) {
    reason = "holds " + std::to_string(blob->getData().size()) + " bytes where its type needs " +
             std::to_string(expected);
    return failure();
  }
  return TensorBytes{type, blob->getData(), nullptr};
}

//===----------------------------------------------------------------------===//
// What can be evaluated
//===----------------------------------------------------------------------===//

// The operands that hold data; the others say where it goes and must be constants.
static OperandRange getData(Operation *op) {
  if (isa<ConcatOp, AddOp, SubtractOp, MultiplyOp, DivideOp>(op))
    return op->getOperands();
  return op->getOperands().take_front(1);
}

static bool isArithmetic(Operation *op) { return isa<AddOp, SubtractOp, MultiplyOp, DivideOp>(op); }

// They are computed by recursion. Real ones are a few ops; a graph may hold any chain.
static constexpr unsigned kMaxDepth = 100;

// `depth` becomes the number of ops on the longest way from a weight.
bool WeightExpressions::isExpression(Operation &op, unsigned &depth) const {
  if (!isa<SliceOp, StridedSliceOp, GatherOp, TransposeOp, ReshapeOp, SqueezeOp, UnsqueezeOp,
           ConcatOp>(op) &&
      !isArithmetic(&op))
    return false;
  auto type = dyn_cast<RankedTensorType>(op.getResult(0).getType());
  if (!type || !type.hasStaticShape() || (isArithmetic(&op) && !type.getElementType().isF32()))
    return false;
  // A column and a row are few elements, their sum or what a look-up repeats may be any number.
  std::optional<int64_t> elements = getCheckedNumElements(type.getShape());
  if (!elements || *elements > kMaxComputedElements)
    return false;
  if (auto gather = dyn_cast<GatherOp>(op); gather && gather.getBatchDims() != 0)
    return false;
  bool hasWeight = false;
  depth = 1;
  OperandRange data = getData(&op);
  for (Value operand : data) {
    Operation *producer = operand.getDefiningOp();
    bool isWeight = producer && (isa<WeightOp>(producer) || contains(producer));
    if (!isWeight && (!producer || !isa<ConstantOp>(producer)))
      return false;
    hasWeight |= isWeight;
    depth = std::max(depth, expressions.lookup(producer) + 1);
  }
  if (depth > kMaxDepth)
    return false;
  for (Value operand : op.getOperands().drop_front(data.size()))
    if (!getConstantInts(operand))
      return false;
  return hasWeight;
}

WeightExpressions::WeightExpressions(func::FuncOp function) {
  if (function.isExternal())
    return;
  unsigned depth = 0;
  for (Operation &op : function.getBody().front())
    if (isExpression(op, depth))
      expressions.insert({&op, depth});
}

bool WeightExpressions::isAbsorbed(Operation *op) const {
  return !op->use_empty() &&
         llvm::all_of(op->getUsers(), [&](Operation *user) { return contains(user); });
}

//===----------------------------------------------------------------------===//
// Picking elements
//===----------------------------------------------------------------------===//

namespace {

/// For each dimension of a result the byte offsets of its entries in the input.
struct Selection {
  int64_t base = 0;
  SmallVector<std::vector<int64_t>> tables;

  /// A dimension with `size` entries, `step` elements of `stride` bytes apart. A step may be any
  /// number where there is but one entry.
  std::vector<int64_t> &add(int64_t size, int64_t first, int64_t stride, int64_t step = 1) {
    std::vector<int64_t> &table = tables.emplace_back();
    for (int64_t i = 0; i < size; ++i)
      table.push_back(i == 0 ? first : table.back() + step * stride);
    return table;
  }
};

} // namespace

static SmallVector<int64_t> getByteStrides(RankedTensorType type) {
  SmallVector<int64_t> strides(type.getRank());
  int64_t stride = getWidth(type.getElementType());
  for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
    strides[dim] = stride;
    stride *= type.getDimSize(dim);
  }
  return strides;
}

// The dimensions from `from` on that lie in one piece, as one run of bytes.
static size_t findRun(const Selection &selection, int64_t width, int64_t &run) {
  size_t from = selection.tables.size();
  for (run = width; from > 0; --from) {
    const std::vector<int64_t> &table = selection.tables[from - 1];
    bool isRun = true;
    for (size_t i = 1; isRun && i < table.size(); ++i)
      isRun = table[i] - table[i - 1] == run;
    if (!isRun)
      break;
    run *= table.size();
  }
  return from;
}

using Quad = uint32_t __attribute__((vector_size(16)));

// Four rows of four elements, `pitch` bytes apart, become four columns of a tile.
static void transposeQuads(const char *source, int64_t pitch, uint32_t *target, int64_t side) {
  Quad rows[4];
  for (int64_t i = 0; i < 4; ++i)
    memcpy(&rows[i], source + i * pitch, sizeof(Quad));
  Quad evenLow = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
  Quad oddLow = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
  Quad evenHigh = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
  Quad oddHigh = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
  const Quad columns[4] = {__builtin_shufflevector(evenLow, oddLow, 0, 1, 4, 5),
                           __builtin_shufflevector(evenLow, oddLow, 2, 3, 6, 7),
                           __builtin_shufflevector(evenHigh, oddHigh, 0, 1, 4, 5),
                           __builtin_shufflevector(evenHigh, oddHigh, 2, 3, 6, 7)};
  for (int64_t i = 0; i < 4; ++i)
    memcpy(target + i * side, &columns[i], sizeof(Quad));
}

// A matrix of 4-byte elements read by columns: row r of the result begins at `source + 4 * r`, and
// its elements are `pitch` bytes apart. In tiles, so that every cache line is read and written
// once.
static void transposeMatrix(const char *source, int64_t pitch, int64_t rows, int64_t columns,
                            char *target) {
  constexpr int64_t side = 16; // 64 bytes
  uint32_t tile[side][side];
  for (int64_t column = 0; column < columns; column += side)
    for (int64_t row = 0; row < rows; row += side) {
      int64_t height = std::min(side, rows - row), width = std::min(side, columns - column);
      const char *from = source + column * pitch + 4 * row;
      if (height == side && width == side) {
        for (int64_t j = 0; j < side; j += 4)
          for (int64_t i = 0; i < side; i += 4)
            transposeQuads(from + j * pitch + 4 * i, pitch, &tile[i][j], side);
      } else {
        for (int64_t j = 0; j < width; ++j)
          for (int64_t i = 0; i < height; ++i)
            memcpy(&tile[i][j], from + j * pitch + 4 * i, 4);
      }
      for (int64_t i = 0; i < height; ++i)
        memcpy(target + 4 * ((row + i) * columns + column), tile[i], 4 * width);
    }
}

void ov::transposeRows(const TensorBytes &matrix, int64_t first, int64_t count, char *target) {
  int64_t pitch = 4 * matrix.type.getDimSize(1);
  transposeMatrix(matrix.bytes.data() + 4 * first, pitch, count, matrix.type.getDimSize(0), target);
}

// The distance of a table's entries, if it is the same for all.
static std::optional<int64_t> getStep(const std::vector<int64_t> &table) {
  if (table.size() < 2)
    return std::nullopt;
  int64_t step = table[1] - table[0];
  for (size_t i = 2; i < table.size(); ++i)
    if (table[i] - table[i - 1] != step)
      return std::nullopt;
  return step;
}

static TensorBytes select(const TensorBytes &input, RankedTensorType type,
                          const Selection &selection) {
  int64_t run = 0;
  size_t outer = findRun(selection, getWidth(type.getElementType()), run);
  int64_t base = selection.base;
  for (size_t dim = outer; dim < selection.tables.size(); ++dim)
    base += selection.tables[dim].empty() ? 0 : selection.tables[dim].front();
  if (outer == 0)
    return {type, input.bytes.slice(run == 0 ? 0 : base, run), input.owner};

  if (outer == 2 && run == 4 && getStep(selection.tables[0]) == 4)
    if (std::optional<int64_t> pitch = getStep(selection.tables[1])) {
      int64_t rows = selection.tables[0].size(), columns = selection.tables[1].size();
      TensorBytes result = allocate(type);
      fetchPagesIfMapped(input.bytes);
      transposeMatrix(input.bytes.data() + base + selection.tables[0][0] + selection.tables[1][0],
                      *pitch, rows, columns, const_cast<char *>(result.bytes.data()));
      dropPagesIfMapped(input.bytes);
      return result;
    }

  std::string bytes;
  bytes.reserve(type.getNumElements() * getWidth(type.getElementType()));
  SmallVector<size_t> index(outer, 0);
  for (int64_t left = type.getNumElements(); left > 0;) {
    int64_t at = base;
    for (size_t dim = 0; dim < outer; ++dim)
      at += selection.tables[dim][index[dim]];
    bytes.append(input.bytes.data() + at, run);
    left -= run / getWidth(type.getElementType());
    for (size_t dim = outer; dim-- > 0;) {
      if (++index[dim] < selection.tables[dim].size())
        break;
      index[dim] = 0;
    }
  }
  dropPagesIfMapped(input.bytes);
  return own(type, std::move(bytes));
}

// Where a slice begins: counted from the end if negative, then inside.
static int64_t clampIndex(int64_t index, int64_t size, int64_t step) {
  index = index < 0 ? index + size : index;
  return step > 0 ? std::clamp<int64_t>(index, 0, size) : std::clamp<int64_t>(index, -1, size - 1);
}

static FailureOr<Selection> getSelection(SliceOp op, RankedTensorType input) {
  std::optional<SmallVector<int64_t>> start = getConstantInts(op.getStart()),
                                      step = getConstantInts(op.getStep()), axes;
  if (op.getAxes())
    axes = getConstantInts(op.getAxes());
  else
    axes = llvm::to_vector(llvm::seq<int64_t>(0, start->size()));
  SmallVector<int64_t> strides = getByteStrides(input);
  SmallVector<int64_t> first(input.getRank(), 0), steps(input.getRank(), 1);
  for (auto [index, axis] : llvm::enumerate(*axes)) {
    int64_t dim = axis < 0 ? axis + input.getRank() : axis;
    steps[dim] = (*step)[index];
    first[dim] = clampIndex((*start)[index], input.getDimSize(dim), steps[dim]);
  }
  Selection selection;
  for (auto [dim, size] : llvm::enumerate(op.getType().getShape()))
    selection.add(size, first[dim] * strides[dim], strides[dim], steps[dim]);
  return selection;
}

static FailureOr<Selection> getSelection(StridedSliceOp op, RankedTensorType input) {
  SmallVector<int64_t> begin = *getConstantInts(op.getBegin());
  SmallVector<int64_t> step = *getConstantInts(op.getStrides());
  ArrayRef<int64_t> result = op.getType().getShape();
  SmallVector<int64_t> strides = getByteStrides(input);
  auto isSet = [](ArrayRef<int64_t> mask, size_t index) {
    return index < mask.size() && mask[index] == 1;
  };
  int64_t entries = begin.size(), consumed = 0;
  for (int64_t i = 0; i < entries; ++i)
    consumed += !isSet(op.getNewAxisMask(), i) && !isSet(op.getEllipsisMask(), i);
  Selection selection;
  int64_t dim = 0;
  auto addWhole = [&] {
    selection.add(input.getDimSize(dim), 0, strides[dim]);
    ++dim;
  };
  for (int64_t i = 0; i < entries; ++i) {
    if (isSet(op.getEllipsisMask(), i)) {
      for (int64_t skipped = input.getRank() - consumed; skipped > 0; --skipped)
        addWhole();
      consumed = input.getRank();
      continue;
    }
    if (isSet(op.getNewAxisMask(), i)) {
      selection.add(1, 0, 0);
      continue;
    }
    int64_t size = input.getDimSize(dim);
    int64_t first = isSet(op.getBeginMask(), i) ? (step[i] > 0 ? 0 : size - 1)
                                                : clampIndex(begin[i], size, step[i]);
    if (isSet(op.getShrinkAxisMask(), i)) {
      if (first < 0 || first >= size)
        return failure();
      selection.base += first * strides[dim++];
      continue;
    }
    if (selection.tables.size() >= result.size())
      return failure();
    selection.add(result[selection.tables.size()], first * strides[dim], strides[dim], step[i]);
    ++dim;
  }
  while (dim < input.getRank())
    addWhole();
  return selection;
}

static FailureOr<Selection> getSelection(TransposeOp op, RankedTensorType input) {
  SmallVector<int64_t> order = *getConstantInts(op.getOrder());
  SmallVector<int64_t> strides = getByteStrides(input);
  if (order.empty())
    order = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, input.getRank())));
  Selection selection;
  for (int64_t axis : order) {
    int64_t dim = axis < 0 ? axis + input.getRank() : axis;
    selection.add(input.getDimSize(dim), 0, strides[dim]);
  }
  return selection;
}

static FailureOr<Selection> getSelection(GatherOp op, RankedTensorType input) {
  int64_t axis = getConstantInt(op.getAxis()).value_or(0);
  axis = axis < 0 ? axis + input.getRank() : axis;
  SmallVector<int64_t> indices = *getConstantInts(op.getIndices());
  SmallVector<int64_t> strides = getByteStrides(input);
  Selection selection;
  for (int64_t dim = 0; dim < input.getRank(); ++dim) {
    if (dim != axis) {
      selection.add(input.getDimSize(dim), 0, strides[dim]);
      continue;
    }
    // All dimensions of the indices as one: the order in memory is the same.
    std::vector<int64_t> &table = selection.add(0, 0, 0);
    for (int64_t index : indices) {
      index = index < 0 ? index + input.getDimSize(axis) : index;
      if (index < 0 || index >= input.getDimSize(axis))
        return failure();
      table.push_back(index * strides[axis]);
    }
  }
  return selection;
}

//===----------------------------------------------------------------------===//
// Joining and arithmetic
//===----------------------------------------------------------------------===//

static TensorBytes concatenate(ConcatOp op, ArrayRef<TensorBytes> inputs) {
  auto type = cast<RankedTensorType>(op.getType());
  int64_t axis = static_cast<int64_t>(op.getAxis());
  axis = axis < 0 ? axis + type.getRank() : axis;
  int64_t pieces = 1;
  for (int64_t dim : type.getShape().take_front(axis))
    pieces *= dim;
  std::string bytes;
  bytes.reserve(type.getNumElements() * getWidth(type.getElementType()));
  for (int64_t piece = 0; piece < pieces; ++piece)
    for (const TensorBytes &input : inputs) {
      size_t size = input.bytes.size() / pieces;
      bytes.append(input.bytes.data() + piece * size, size);
    }
  for (const TensorBytes &input : inputs)
    dropPagesIfMapped(input.bytes);
  return own(type, std::move(bytes));
}

static TensorBytes compute(Operation *op, ArrayRef<TensorBytes> inputs) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  // Byte strides in the result's dimensions; 0 where an operand is repeated.
  SmallVector<int64_t> strides[2];
  for (auto [input, aligned] : llvm::zip_equal(inputs, strides)) {
    aligned.assign(type.getRank() - input.type.getRank(), 0);
    for (auto [dim, stride] : llvm::zip_equal(input.type.getShape(), getByteStrides(input.type)))
      aligned.push_back(dim == 1 ? 0 : stride);
  }
  using Function = float (*)(float, float);
  auto apply =
      llvm::TypeSwitch<Operation *, Function>(op)
          .Case([](AddOp) -> Function { return [](float x, float y) { return x + y; }; })
          .Case([](SubtractOp) -> Function { return [](float x, float y) { return x - y; }; })
          .Case([](MultiplyOp) -> Function { return [](float x, float y) { return x * y; }; })
          .Default([](Operation *) -> Function { return [](float x, float y) { return x / y; }; });
  std::string bytes(type.getNumElements() * 4, '\0');
  SmallVector<int64_t> index(type.getRank(), 0);
  int64_t at[2] = {0, 0};
  for (int64_t i = 0, e = type.getNumElements(); i < e; ++i) {
    float lhs, rhs;
    memcpy(&lhs, inputs[0].bytes.data() + at[0], 4);
    memcpy(&rhs, inputs[1].bytes.data() + at[1], 4);
    float result = apply(lhs, rhs);
    memcpy(bytes.data() + 4 * i, &result, 4);
    for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
      at[0] += strides[0][dim];
      at[1] += strides[1][dim];
      if (++index[dim] < type.getDimSize(dim))
        break;
      at[0] -= strides[0][dim] * index[dim];
      at[1] -= strides[1][dim] * index[dim];
      index[dim] = 0;
    }
  }
  for (const TensorBytes &input : inputs)
    dropPagesIfMapped(input.bytes);
  return own(type, std::move(bytes));
}

FailureOr<TensorBytes> ov::evaluateTensor(Value value, std::string &reason) {
  Operation *op = value.getDefiningOp();
  if (auto weight = dyn_cast_or_null<WeightOp>(op))
    return getTensorBytes(weight.getValue(), reason);
  if (auto constant = dyn_cast_or_null<ConstantOp>(op))
    return getTensorBytes(constant.getValue(), reason);
  if (!op) {
    reason = "is an input of the model";
    return failure();
  }

  SmallVector<TensorBytes, 2> inputs;
  for (Value operand : getData(op)) {
    FailureOr<TensorBytes> input = evaluateTensor(operand, reason);
    if (failed(input)) {
      if (auto weight = operand.getDefiningOp<WeightOp>())
        reason = "needs weight '" + weight.getName().str() + "', which " + reason;
      return failure();
    }
    inputs.push_back(*input);
  }
  if (auto concat = dyn_cast<ConcatOp>(op))
    return concatenate(concat, inputs);
  if (isArithmetic(op))
    return compute(op, inputs);
  auto type = cast<RankedTensorType>(value.getType());
  if (isa<ReshapeOp, SqueezeOp, UnsqueezeOp>(op))
    return TensorBytes{type, inputs[0].bytes, inputs[0].owner};
  auto selection = llvm::TypeSwitch<Operation *, FailureOr<Selection>>(op)
                       .Case<SliceOp, StridedSliceOp, TransposeOp, GatherOp>(
                           [&](auto pick) { return getSelection(pick, inputs[0].type); })
                       .Default([](Operation *) { return failure(); });
  if (failed(selection)) {
    reason = "picks what its weight does not hold";
    return failure();
  }
  return select(inputs[0], type, *selection);
}
