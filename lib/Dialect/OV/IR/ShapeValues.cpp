//===- ShapeValues.cpp - what is known of computed shapes --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A dynamic graph computes its Reshape targets by ShapeOf, StridedSlice and
// Concat. This evaluates such arithmetic as far as it is known, element by
// element, without changing the IR.
//
//===----------------------------------------------------------------------===//

#include "InferTypes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::detail;

namespace {

constexpr int64_t kUnknown = ShapedType::kDynamic;
// Shape arithmetic of real graphs is a dozen ops deep and a dozen entries long.
constexpr unsigned kMaxDepth = 64;
constexpr int64_t kMaxElements = 64;

using Elements = SmallVector<int64_t>;

// As many unknown elements as the type says.
std::optional<Elements> unknownElements(Value value) {
  RankedTensorType type = ranked(value);
  if (!type || type.getRank() > 1 || !type.hasStaticShape() || type.getNumElements() > kMaxElements)
    return std::nullopt;
  return Elements(type.getNumElements(), kUnknown);
}

std::optional<int64_t> floorDivide(int64_t x, int64_t y) {
  if (y == 0)
    return std::nullopt;
  return x / y - ((x % y != 0 && (x < 0) != (y < 0)) ? 1 : 0);
}

// One-dimensional slices with constant limits, stride 1.
std::optional<Elements> cut(const Elements &input, int64_t begin, int64_t end) {
  int64_t size = input.size();
  if (begin < 0)
    begin += size;
  if (end < 0)
    end += size;
  begin = std::clamp<int64_t>(begin, 0, size);
  end = std::clamp<int64_t>(end, begin, size);
  return Elements(input.begin() + begin, input.begin() + end);
}

// Remembers what it has evaluated: sharing must not make the walk exponential.
class Evaluator {
public:
  std::optional<Elements> evaluate(Value value, unsigned depth) {
    RankedTensorType type = ranked(value);
    if (!type || type.getRank() > 1 || !isa<IntegerType>(type.getElementType()))
      return std::nullopt;
    if (auto it = known.find(value); it != known.end())
      return it->second;
    std::optional<Elements> result;
    if (Operation *op = value.getDefiningOp(); op && depth > 0)
      result = evaluateOp(op, depth - 1);
    // Types and values must agree on the count; a mismatch is a broken op, which
    // its own verifier reports.
    if (result && type.hasStaticShape() &&
        type.getNumElements() != static_cast<int64_t>(result->size()))
      result = std::nullopt;
    if (!result)
      result = unknownElements(value);
    known.insert({value, result});
    return result;
  }

private:
  // Applies `f` element by element; a one-element side is broadcast.
  std::optional<Elements> combine(Value lhs, Value rhs, unsigned depth,
                                  llvm::function_ref<std::optional<int64_t>(int64_t, int64_t)> f) {
    std::optional<Elements> a = evaluate(lhs, depth), b = evaluate(rhs, depth);
    if (!a || !b || (a->size() != b->size() && a->size() != 1 && b->size() != 1))
      return std::nullopt;
    Elements result(a->size() == 1 ? b->size() : a->size());
    for (size_t i = 0; i < result.size(); ++i) {
      int64_t x = a->size() == 1 ? a->front() : (*a)[i];
      int64_t y = b->size() == 1 ? b->front() : (*b)[i];
      std::optional<int64_t> z;
      if (x != kUnknown && y != kUnknown)
        z = f(x, y);
      result[i] = z.value_or(kUnknown);
    }
    return result;
  }

  std::optional<Elements> evaluateGather(GatherOp op, unsigned depth) {
    std::optional<Elements> input = evaluate(op.getInput(), depth);
    std::optional<Elements> indices = evaluate(op.getIndices(), depth);
    std::optional<int64_t> axis = getConstantInt(op.getAxis());
    if (!input || !indices || axis.value_or(-1) != 0)
      return std::nullopt;
    Elements result;
    for (int64_t index : *indices) {
      int64_t size = input->size();
      if (index != kUnknown && index < 0)
        index += size;
      result.push_back(index >= 0 && index < size ? (*input)[index] : kUnknown);
    }
    return result;
  }

  std::optional<Elements> evaluateStridedSlice(StridedSliceOp op, unsigned depth) {
    std::optional<Elements> input = evaluate(op.getInput(), depth);
    std::optional<Elements> begin = getConstantInts(op.getBegin());
    std::optional<Elements> end = getConstantInts(op.getEnd());
    std::optional<Elements> strides = getConstantInts(op.getStrides());
    auto isSet = [](ArrayRef<int64_t> mask) { return !mask.empty() && mask.front() == 1; };
    if (!input || !begin || !end || begin->size() != 1 || end->size() != 1 ||
        ranked(op.getInput()) == nullptr || ranked(op.getInput()).getRank() != 1 ||
        (strides && (strides->size() != 1 || strides->front() != 1)) ||
        isSet(op.getNewAxisMask()) || isSet(op.getEllipsisMask()))
      return std::nullopt;
    int64_t first = isSet(op.getBeginMask()) ? 0 : begin->front();
    if (isSet(op.getShrinkAxisMask())) {
      if (first < 0)
        first += input->size();
      if (first < 0 || first >= static_cast<int64_t>(input->size()))
        return std::nullopt;
      return Elements{(*input)[first]};
    }
    return cut(*input, first, isSet(op.getEndMask()) ? input->size() : end->front());
  }

  std::optional<Elements> evaluateSlice(SliceOp op, unsigned depth) {
    std::optional<Elements> input = evaluate(op.getInput(), depth);
    std::optional<int64_t> start = getConstantInt(op.getStart());
    std::optional<int64_t> stop = getConstantInt(op.getStop());
    std::optional<int64_t> step = getConstantInt(op.getStep());
    if (!input || !start || !stop || step.value_or(0) != 1)
      return std::nullopt;
    return cut(*input, *start, *stop);
  }

  std::optional<Elements> evaluateConcat(ConcatOp op, unsigned depth) {
    Elements result;
    for (Value input : op.getInputs()) {
      std::optional<Elements> part = evaluate(input, depth);
      if (!part)
        return std::nullopt;
      llvm::append_range(result, *part);
      if (result.size() > kMaxElements)
        return std::nullopt;
    }
    return result;
  }

  std::optional<Elements> evaluateProduct(ReduceProdOp op, unsigned depth) {
    std::optional<Elements> input = evaluate(op.getInput(), depth);
    if (!input)
      return std::nullopt;
    int64_t product = 1;
    for (int64_t element : *input)
      if (element == kUnknown || llvm::MulOverflow(product, element, product))
        return Elements{kUnknown};
    return Elements{product};
  }

  std::optional<Elements> evaluateOp(Operation *op, unsigned depth) {
    using Result = std::optional<Elements>;
    auto checked = [](bool overflow, int64_t value) {
      return overflow ? std::nullopt : std::optional<int64_t>(value);
    };
    return llvm::TypeSwitch<Operation *, Result>(op)
        .Case([&](ConstantOp op) -> Result {
          return ranked(op.getResult()).getRank() <= 1 ? getConstantInts(op, kMaxElements)
                                                       : std::nullopt;
        })
        .Case([&](ShapeOfOp op) -> Result {
          RankedTensorType type = ranked(op.getInput());
          if (!type)
            return std::nullopt;
          return Elements(type.getShape());
        })
        .Case([&](ConvertOp op) -> Result {
          if (!isa<IntegerType>(getElementTypeOrSelf(op.getInput().getType())))
            return std::nullopt;
          return evaluate(op.getInput(), depth);
        })
        .Case<SqueezeOp, UnsqueezeOp, ReshapeOp>(
            [&](auto op) -> Result { return evaluate(op.getInput(), depth); })
        .Case([&](GatherOp op) { return evaluateGather(op, depth); })
        .Case([&](StridedSliceOp op) { return evaluateStridedSlice(op, depth); })
        .Case([&](SliceOp op) { return evaluateSlice(op, depth); })
        .Case([&](ConcatOp op) { return evaluateConcat(op, depth); })
        .Case([&](ReduceProdOp op) { return evaluateProduct(op, depth); })
        .Case([&](AddOp op) {
          return combine(op.getLhs(), op.getRhs(), depth, [&](int64_t x, int64_t y) {
            int64_t z = 0;
            return checked(llvm::AddOverflow(x, y, z), z);
          });
        })
        .Case([&](SubtractOp op) {
          return combine(op.getLhs(), op.getRhs(), depth, [&](int64_t x, int64_t y) {
            int64_t z = 0;
            return checked(llvm::SubOverflow(x, y, z), z);
          });
        })
        .Case([&](MultiplyOp op) {
          return combine(op.getLhs(), op.getRhs(), depth, [&](int64_t x, int64_t y) {
            int64_t z = 0;
            return checked(llvm::MulOverflow(x, y, z), z);
          });
        })
        .Case([&](DivideOp op) { return combine(op.getLhs(), op.getRhs(), depth, floorDivide); })
        .Case([&](MaximumOp op) {
          return combine(op.getLhs(), op.getRhs(), depth,
                         [](int64_t x, int64_t y) { return std::optional(std::max(x, y)); });
        })
        .Case([&](MinimumOp op) {
          return combine(op.getLhs(), op.getRhs(), depth,
                         [](int64_t x, int64_t y) { return std::optional(std::min(x, y)); });
        })
        .Default([](Operation *) -> Result { return std::nullopt; });
  }

  DenseMap<Value, std::optional<Elements>> known;
};

} // namespace

std::optional<SmallVector<int64_t>> ov::evaluateShapeValue(Value value) {
  return Evaluator().evaluate(value, kMaxDepth);
}
