//===- SymbolicShapes.cpp - open dimensions by name ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What an op says of its result's dimensions; where nothing is known, each open
// dimension is a symbol of its own.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/SymbolicShapes.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

// Shape arithmetic of real graphs is a dozen entries long.
static constexpr int64_t kMaxElements = 64;

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

std::optional<SymbolicDim> SymbolicShapes::multiply(ArrayRef<SymbolicDim> dims) {
  SymbolicDim product;
  for (const SymbolicDim &dim : dims) {
    if (llvm::MulOverflow(product.factor, dim.factor, product.factor))
      return std::nullopt;
    product.symbols.append(dim.symbols);
  }
  llvm::sort(product.symbols);
  return product;
}

std::optional<SymbolicDim> SymbolicShapes::divide(const SymbolicDim &dim, const SymbolicDim &by) {
  if (by.factor == 0 || dim.factor % by.factor != 0)
    return std::nullopt;
  SymbolicDim quotient = number(dim.factor / by.factor);
  // Both lists are sorted.
  auto divisor = by.symbols.begin();
  for (unsigned symbol : dim.symbols) {
    if (divisor != by.symbols.end() && *divisor == symbol)
      ++divisor;
    else
      quotient.symbols.push_back(symbol);
  }
  return divisor == by.symbols.end() ? std::optional(quotient) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

SymbolicDim SymbolicShapes::newSymbol(Value value, int64_t index, bool isDimension) {
  unsigned symbol = sources.size();
  sources.push_back({value, index, isDimension});
  parents.push_back(symbol);
  return {1, {symbol}};
}

unsigned SymbolicShapes::find(unsigned symbol) const {
  while (parents[symbol] != symbol)
    symbol = parents[symbol];
  return symbol;
}

SymbolicDim SymbolicShapes::canonical(SymbolicDim dim) const {
  for (unsigned &symbol : dim.symbols)
    symbol = find(symbol);
  llvm::sort(dim.symbols);
  return dim;
}

SymbolicShape SymbolicShapes::canonical(ArrayRef<SymbolicDim> dims) const {
  SymbolicShape result;
  for (const SymbolicDim &dim : dims)
    result.push_back(canonical(dim));
  return result;
}

// Dimensions of two inputs become one symbol. Fails for other symbols and for
// dimensions at different places.
bool SymbolicShapes::joinInputs(unsigned a, unsigned b) {
  a = find(a);
  b = find(b);
  auto isInput = [&](unsigned symbol) {
    return sources[symbol].isDimension && isa<BlockArgument>(sources[symbol].value);
  };
  if (a == b)
    return true;
  if (!isInput(a) || !isInput(b) || sources[a].index != sources[b].index ||
      cast<RankedTensorType>(sources[a].value.getType()).getRank() !=
          cast<RankedTensorType>(sources[b].value.getType()).getRank())
    return false;
  // The earlier input's name stays.
  parents[std::max(a, b)] = std::min(a, b);
  return true;
}

// A Reshape keeps the number of elements, so what is left after cancelling is
// equal; if these are inputs' dimensions, each is taken for its counterpart. What
// -1 stands for takes the rest.
void SymbolicShapes::joinByElementCount(Operation *op) {
  auto reshape = cast<ReshapeOp>(op);
  std::optional<SymbolicShape> target = getElements(reshape.getShape());
  if (!target || reshape.getSpecialZero())
    return;
  bool hasRest = false;
  for (SymbolicDim &dim : *target) {
    if (dim.factor > 0)
      continue;
    if (hasRest || !dim.isNumber(-1))
      return;
    hasRest = true;
    dim = number(1);
  }
  std::optional<SymbolicDim> from = multiply(getShape(reshape.getInput()));
  std::optional<SymbolicDim> to = multiply(canonical(*target));
  if (!from || !to)
    return;
  SmallVector<unsigned> left, right;
  std::set_difference(from->symbols.begin(), from->symbols.end(), to->symbols.begin(),
                      to->symbols.end(), std::back_inserter(left));
  std::set_difference(to->symbols.begin(), to->symbols.end(), from->symbols.begin(),
                      from->symbols.end(), std::back_inserter(right));
  if (!hasRest && (from->factor != to->factor || left.size() != right.size()))
    return;
  for (unsigned symbol : right) {
    auto counterpart = llvm::find_if(
        left, [&](unsigned other) { return sources[other].index == sources[symbol].index; });
    if (counterpart == left.end() || !joinInputs(symbol, *counterpart))
      return;
    left.erase(counterpart);
  }
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

SymbolicShapes::SymbolicShapes(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    if (isa<RankedTensorType>(argument.getType()))
      getShape(argument);
  // Producers first: this keeps recursion shallow, and finds all joins before
  // anybody asks. The second time, they are known from the start.
  for (int round = 0; round < 2; ++round) {
    function.walk([&](Operation *op) {
      for (Value result : op->getResults())
        if (isa<RankedTensorType>(result.getType()))
          getShape(result);
    });
    if (round == 0)
      forgetComputed();
  }
}

// What ops say, but not what the function's arguments are.
void SymbolicShapes::forgetComputed() {
  SmallVector<Value> computed;
  for (auto &[value, shape] : shapes)
    if (value.getDefiningOp())
      computed.push_back(value);
  for (Value value : computed)
    shapes.erase(value);
  elements.clear();
}

SymbolicShape SymbolicShapes::getShape(Value value) {
  if (auto it = shapes.find(value); it != shapes.end())
    return canonical(it->second);
  auto type = cast<RankedTensorType>(value.getType());
  std::optional<SymbolicShape> rule;
  if (Operation *op = value.getDefiningOp())
    rule = computeShape(op, value);
  if (rule && static_cast<int64_t>(rule->size()) != type.getRank())
    rule = std::nullopt;
  SymbolicShape shape;
  for (auto [index, dim] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(dim))
      shape.push_back(number(dim));
    else if (rule && !(*rule)[index].isNumber(ShapedType::kDynamic))
      shape.push_back((*rule)[index]);
    else
      shape.push_back(newSymbol(value, index, /*isDimension=*/true));
  }
  shapes[value] = shape;
  return canonical(shape);
}

// In rules: a dimension of which nothing is known.
static SymbolicDim unknown() { return SymbolicShapes::number(ShapedType::kDynamic); }

static bool keepsShape(Operation *op) {
  return op->hasTrait<UnaryElementwise>() ||
         isa<ConvertOp, FakeQuantizeOp, LogSoftmaxOp, MVNOp, PReluOp, SoftMaxOp, SwishOp>(op);
}

std::optional<SymbolicShape> SymbolicShapes::broadcast(ArrayRef<SymbolicDim> lhs,
                                                       ArrayRef<SymbolicDim> rhs) {
  SymbolicShape result(std::max(lhs.size(), rhs.size()));
  for (size_t i = 0, e = result.size(); i < e; ++i) {
    SymbolicDim a = i + lhs.size() < e ? number(1) : lhs[i + lhs.size() - e];
    SymbolicDim b = i + rhs.size() < e ? number(1) : rhs[i + rhs.size() - e];
    if (a == b || b.isNumber(1))
      result[i] = a;
    else if (a.isNumber(1))
      result[i] = b;
    else if (a.symbols.size() == 1 && b.symbols.size() == 1 && a.factor == b.factor &&
             joinInputs(a.symbols.front(), b.symbols.front()))
      result[i] = a;
    else
      result[i] = unknown();
  }
  return result;
}

// A target entry that is computed from data might be -1, so only dimensions count.
std::optional<SymbolicShape> SymbolicShapes::reshapeTarget(Operation *op) {
  auto reshape = cast<ReshapeOp>(op);
  std::optional<SymbolicShape> target = getElements(reshape.getShape());
  if (!target || !isa<RankedTensorType>(reshape.getInput().getType()))
    return std::nullopt;
  joinByElementCount(op);
  SymbolicShape from = getShape(reshape.getInput());
  SymbolicShape to = canonical(*target);
  std::optional<size_t> rest;
  bool isKnown = true;
  for (auto [index, dim] : llvm::enumerate(to)) {
    if (dim.isNumber(-1)) {
      rest = index;
      dim = number(1);
    } else if (dim.isNumber(0) && reshape.getSpecialZero()) {
      dim = index < from.size() ? from[index] : unknown();
    } else if (llvm::any_of(dim.symbols,
                            [&](unsigned symbol) { return !sources[symbol].isDimension; })) {
      dim = unknown();
    }
    isKnown &= !dim.isNumber(ShapedType::kDynamic);
  }
  if (!rest)
    return to;
  std::optional<SymbolicDim> all = multiply(from), others = multiply(to);
  std::optional<SymbolicDim> quotient;
  if (isKnown && all && others)
    quotient = divide(*all, *others);
  to[*rest] = quotient ? *quotient : unknown();
  return to;
}

// Stops at a dimension of another tensor are taken to lie within the input, as the
// position table's rows do: the model is wrong otherwise.
std::optional<SymbolicShape> SymbolicShapes::sliceShape(Operation *op) {
  auto slice = cast<SliceOp>(op);
  SymbolicShape shape = getShape(slice.getInput());
  std::optional<SymbolicShape> start = getElements(slice.getStart());
  std::optional<SymbolicShape> stop = getElements(slice.getStop());
  std::optional<SymbolicShape> step = getElements(slice.getStep());
  SmallVector<int64_t> axes;
  if (slice.getAxes()) {
    std::optional<SmallVector<int64_t>> constant = getConstantInts(slice.getAxes());
    if (!constant)
      return std::nullopt;
    axes = *constant;
  } else if (start) {
    axes = llvm::to_vector(llvm::seq<int64_t>(0, start->size()));
  }
  if (!start || !stop || !step || start->size() != axes.size() || stop->size() != axes.size() ||
      step->size() != axes.size())
    return std::nullopt;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (axis < 0)
      axis += shape.size();
    if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
      return std::nullopt;
    bool isPrefix = (*start)[i].isNumber(0) && (*step)[i].isNumber(1);
    const SymbolicDim &end = (*stop)[i];
    if (isPrefix && end.isNumber() && end.factor >= std::numeric_limits<int32_t>::max())
      continue;
    bool isDimension = !end.isNumber() && llvm::all_of(end.symbols, [&](unsigned symbol) {
      return sources[symbol].isDimension;
    });
    shape[axis] = isPrefix && isDimension ? end : unknown();
  }
  return shape;
}

// By steps of 1; what is cut is not known, what is kept or dropped is.
std::optional<SymbolicShape> SymbolicShapes::stridedSliceShape(Operation *op) {
  auto slice = cast<StridedSliceOp>(op);
  SymbolicShape input = getShape(slice.getInput()), shape;
  std::optional<SmallVector<int64_t>> begin = getConstantInts(slice.getBegin());
  std::optional<SmallVector<int64_t>> strides = getConstantInts(slice.getStrides());
  auto isSet = [](ArrayRef<int64_t> mask, size_t index) {
    return index < mask.size() && mask[index] != 0;
  };
  if (!begin || !strides || begin->size() > input.size())
    return std::nullopt;
  for (auto [index, dim] : llvm::enumerate(input)) {
    if (index >= begin->size()) {
      shape.push_back(dim);
      continue;
    }
    if (isSet(slice.getNewAxisMask(), index) || isSet(slice.getEllipsisMask(), index) ||
        index >= strides->size())
      return std::nullopt;
    if (isSet(slice.getShrinkAxisMask(), index))
      continue;
    bool isWhole = (isSet(slice.getBeginMask(), index) || (*begin)[index] == 0) &&
                   isSet(slice.getEndMask(), index) && (*strides)[index] == 1;
    shape.push_back(isWhole ? dim : unknown());
  }
  return shape;
}

static std::optional<SmallVector<int64_t>> normalizedAxes(Value axes, int64_t rank) {
  std::optional<SmallVector<int64_t>> values = getConstantInts(axes);
  if (!values)
    return std::nullopt;
  for (int64_t &axis : *values) {
    axis = axis < 0 ? axis + rank : axis;
    if (axis < 0 || axis >= rank)
      return std::nullopt;
  }
  return values;
}

// How many steps of 1 there are: from a number to itself plus a size they are that size.
std::optional<SymbolicDim> SymbolicShapes::countSteps(RangeOp op) {
  std::optional<int64_t> start = getConstantInt(op.getStart());
  if (!start || getConstantInt(op.getStep()) != 1)
    return std::nullopt;
  Value size = op.getStop();
  if (*start != 0) {
    auto sum = size.getDefiningOp<AddOp>();
    if (!sum)
      return std::nullopt;
    bool isLeft = getConstantInt(sum.getLhs()) == start;
    if (!isLeft && getConstantInt(sum.getRhs()) != start)
      return std::nullopt;
    size = isLeft ? sum.getRhs() : sum.getLhs();
  }
  std::optional<SymbolicShape> steps = getElements(size);
  // Other numbers than sizes may be negative.
  if (!steps || steps->size() != 1 || steps->front().isNumber() || steps->front().factor < 0 ||
      !llvm::all_of(
          steps->front().symbols, [&](unsigned symbol) { return sources[symbol].isDimension; }))
    return std::nullopt;
  return steps->front();
}

std::optional<SymbolicShape> SymbolicShapes::computeShape(Operation *op, Value result) {
  using Result = std::optional<SymbolicShape>;
  if (op->getNumOperands() == 0 ||
      !llvm::all_of(op->getOperandTypes(), [](Type type) { return isa<RankedTensorType>(type); }))
    return std::nullopt;
  if (keepsShape(op))
    return getShape(op->getOperand(0));
  if (op->hasTrait<BinaryElementwise>())
    return broadcast(getShape(op->getOperand(0)), getShape(op->getOperand(1)));
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](SelectOp op) -> Result {
        Result values = broadcast(getShape(op.getThenValue()), getShape(op.getElseValue()));
        return values ? broadcast(*values, getShape(op.getCondition())) : values;
      })
      .Case([&](MatMulOp op) -> Result {
        SymbolicShape lhs = getShape(op.getLhs()), rhs = getShape(op.getRhs());
        if (lhs.size() < 2 || rhs.size() < 2)
          return std::nullopt;
        Result shape = broadcast(ArrayRef<SymbolicDim>(lhs).drop_back(2),
                                 ArrayRef<SymbolicDim>(rhs).drop_back(2));
        if (!shape)
          return std::nullopt;
        shape->push_back(lhs[lhs.size() - (op.getTransposeA() ? 1 : 2)]);
        shape->push_back(rhs[rhs.size() - (op.getTransposeB() ? 2 : 1)]);
        return shape;
      })
      .Case<ReduceMaxOp, ReduceMeanOp, ReduceMinOp, ReduceSumOp, ReduceProdOp>(
          [&](auto op) -> Result {
            SymbolicShape input = getShape(op.getInput());
            std::optional<SmallVector<int64_t>> axes = normalizedAxes(op.getAxes(), input.size());
            if (!axes)
              return std::nullopt;
            SymbolicShape shape;
            for (auto [index, dim] : llvm::enumerate(input)) {
              if (!llvm::is_contained(*axes, static_cast<int64_t>(index)))
                shape.push_back(dim);
              else if (op.getKeepDims())
                shape.push_back(number(1));
            }
            return shape;
          })
      .Case([&](ReshapeOp op) { return reshapeTarget(op); })
      .Case([&](UnsqueezeOp op) -> Result {
        SymbolicShape input = getShape(op.getInput());
        int64_t rank = cast<RankedTensorType>(result.getType()).getRank();
        std::optional<SmallVector<int64_t>> axes = normalizedAxes(op.getAxes(), rank);
        if (!axes)
          return std::nullopt;
        SymbolicShape shape(rank, number(1));
        auto next = input.begin();
        for (int64_t i = 0; i < rank && next != input.end(); ++i)
          if (!llvm::is_contained(*axes, i))
            shape[i] = *next++;
        return shape;
      })
      .Case([&](SqueezeOp op) -> Result {
        SymbolicShape input = getShape(op.getInput()), shape;
        std::optional<SmallVector<int64_t>> axes;
        if (op.getAxes())
          axes = normalizedAxes(op.getAxes(), input.size());
        if (!axes)
          return std::nullopt;
        for (auto [index, dim] : llvm::enumerate(input))
          if (!llvm::is_contained(*axes, static_cast<int64_t>(index)))
            shape.push_back(dim);
        return shape;
      })
      .Case([&](TransposeOp op) -> Result {
        SymbolicShape input = getShape(op.getInput()), shape;
        std::optional<SmallVector<int64_t>> order = normalizedAxes(op.getOrder(), input.size());
        if (!order || order->size() != input.size())
          return std::nullopt;
        for (int64_t axis : *order)
          shape.push_back(input[axis]);
        return shape;
      })
      .Case([&](BroadcastOp op) -> Result {
        Result target = getElements(op.getTargetShape());
        if (!target || op.getMode() == "explicit")
          return target;
        return op.getMode() == "numpy" ? target : broadcast(getShape(op.getInput()), *target);
      })
      .Case([&](GatherOp op) -> Result {
        SymbolicShape input = getShape(op.getInput()), indices = getShape(op.getIndices());
        std::optional<int64_t> axis = getConstantInt(op.getAxis());
        int64_t rank = input.size();
        if (!axis || *axis < -rank || *axis >= rank || op.getBatchDims() != 0)
          return std::nullopt;
        *axis = *axis < 0 ? *axis + rank : *axis;
        SymbolicShape shape(input.begin(), input.begin() + *axis);
        shape.append(indices);
        shape.append(input.begin() + *axis + 1, input.end());
        return shape;
      })
      .Case([&](OneHotOp op) -> Result {
        SymbolicShape shape = getShape(op.getIndices());
        int64_t axis = static_cast<int64_t>(op.getAxis());
        axis = axis < 0 ? axis + shape.size() + 1 : axis;
        if (axis < 0 || axis > static_cast<int64_t>(shape.size()))
          return std::nullopt;
        shape.insert(shape.begin() + axis, unknown());
        return shape;
      })
      .Case([&](SplitOp op) -> Result {
        SymbolicShape shape = getShape(op.getInput());
        std::optional<int64_t> axis = getConstantInt(op.getAxis());
        int64_t rank = shape.size();
        if (!axis || *axis < -rank || *axis >= rank)
          return std::nullopt;
        SymbolicDim &cut = shape[*axis < 0 ? *axis + rank : *axis];
        std::optional<SymbolicDim> part = SymbolicShapes::divide(cut, number(op.getNumSplits()));
        cut = part ? *part : unknown();
        return shape;
      })
      .Case([&](RangeOp op) -> Result {
        std::optional<SymbolicDim> steps = countSteps(op);
        return steps ? Result(SymbolicShape{*steps}) : Result();
      })
      .Case([&](SliceOp op) { return sliceShape(op); })
      .Case([&](StridedSliceOp op) { return stridedSliceShape(op); })
      .Default([](Operation *) { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

std::optional<SymbolicShape> SymbolicShapes::getElements(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() > 1 || !isa<IntegerType>(type.getElementType()) ||
      !type.hasStaticShape() || type.getNumElements() > kMaxElements)
    return std::nullopt;
  if (auto it = elements.find(value); it != elements.end())
    return canonical(*it->second);
  std::optional<SymbolicShape> result;
  if (Operation *op = value.getDefiningOp())
    result = computeElements(op);
  if (!result || static_cast<int64_t>(result->size()) != type.getNumElements())
    result = SymbolicShape(type.getNumElements(), unknown());
  for (auto [index, element] : llvm::enumerate(*result))
    if (element.isNumber(ShapedType::kDynamic))
      element = newSymbol(value, index, /*isDimension=*/false);
  elements[value] = result;
  return canonical(*result);
}

// One-dimensional, by steps of 1, between constants.
static std::optional<SymbolicShape> cut(ArrayRef<SymbolicDim> input, int64_t begin, int64_t end) {
  int64_t size = input.size();
  begin = std::clamp<int64_t>(begin < 0 ? begin + size : begin, 0, size);
  end = std::clamp<int64_t>(end < 0 ? end + size : end, begin, size);
  return SymbolicShape(input.slice(begin, end - begin));
}

static std::optional<SymbolicDim> combine(Operation *op, const SymbolicDim &x,
                                          const SymbolicDim &y) {
  using Result = std::optional<SymbolicDim>;
  bool areNumbers = x.isNumber() && y.isNumber();
  int64_t z = 0;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<MultiplyOp>([&](Operation *) { return SymbolicShapes::multiply({x, y}); })
      .Case<DivideOp>([&](Operation *) { return SymbolicShapes::divide(x, y); })
      .Case<AddOp>([&](Operation *) -> Result {
        if (x.isNumber(0) || y.isNumber(0))
          return x.isNumber(0) ? y : x;
        if (!areNumbers || llvm::AddOverflow(x.factor, y.factor, z))
          return std::nullopt;
        return SymbolicShapes::number(z);
      })
      .Case<SubtractOp>([&](Operation *) -> Result {
        if (y.isNumber(0))
          return x;
        if (x == y)
          return SymbolicShapes::number(0);
        if (!areNumbers || llvm::SubOverflow(x.factor, y.factor, z))
          return std::nullopt;
        return SymbolicShapes::number(z);
      })
      .Case<MaximumOp, MinimumOp>([&](Operation *op) -> Result {
        if (x == y)
          return x;
        if (!areNumbers)
          return std::nullopt;
        return SymbolicShapes::number(isa<MaximumOp>(op) ? std::max(x.factor, y.factor)
                                                         : std::min(x.factor, y.factor));
      })
      .Default([](Operation *) { return Result(); });
}

std::optional<SymbolicShape> SymbolicShapes::computeElements(Operation *op) {
  using Result = std::optional<SymbolicShape>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](ConstantOp op) -> Result {
        std::optional<SmallVector<int64_t>> values = getConstantInts(op, kMaxElements);
        if (!values)
          return std::nullopt;
        SymbolicShape result;
        for (int64_t value : *values)
          result.push_back(number(value));
        return result;
      })
      .Case([&](ShapeOfOp op) -> Result {
        return isa<RankedTensorType>(op.getInput().getType()) ? Result(getShape(op.getInput()))
                                                              : Result();
      })
      .Case<ConvertOp, SqueezeOp, UnsqueezeOp, ReshapeOp>(
          [&](auto op) { return getElements(op.getInput()); })
      .Case([&](GatherOp op) -> Result {
        Result input = getElements(op.getInput());
        std::optional<SmallVector<int64_t>> indices = getConstantInts(op.getIndices());
        if (!input || !indices || getConstantInt(op.getAxis()).value_or(1) != 0)
          return std::nullopt;
        SymbolicShape result;
        for (int64_t index : *indices) {
          index = index < 0 ? index + input->size() : index;
          if (index < 0 || index >= static_cast<int64_t>(input->size()))
            return std::nullopt;
          result.push_back((*input)[index]);
        }
        return result;
      })
      .Case([&](StridedSliceOp op) -> Result {
        Result input = getElements(op.getInput());
        std::optional<int64_t> begin = getConstantInt(op.getBegin());
        std::optional<int64_t> end = getConstantInt(op.getEnd());
        auto isSet = [](ArrayRef<int64_t> mask) { return !mask.empty() && mask[0]; };
        if (!input || !begin || !end || getConstantInt(op.getStrides()).value_or(0) != 1 ||
            isSet(op.getNewAxisMask()) || isSet(op.getEllipsisMask()))
          return std::nullopt;
        int64_t size = input->size();
        int64_t from = isSet(op.getBeginMask()) ? 0 : *begin;
        if (isSet(op.getShrinkAxisMask()))
          return cut(*input, from, from == -1 ? size : from + 1);
        return cut(*input, from, isSet(op.getEndMask()) ? size : *end);
      })
      .Case([&](SliceOp op) -> Result {
        Result input = getElements(op.getInput());
        std::optional<int64_t> start = getConstantInt(op.getStart());
        std::optional<int64_t> stop = getConstantInt(op.getStop());
        if (!input || !start || !stop || getConstantInt(op.getStep()).value_or(0) != 1)
          return std::nullopt;
        return cut(*input, *start, *stop);
      })
      .Case([&](ConcatOp op) -> Result {
        SymbolicShape result;
        for (Value part : op.getInputs()) {
          Result values = getElements(part);
          if (!values)
            return std::nullopt;
          result.append(*values);
        }
        return result;
      })
      .Case([&](ReduceProdOp op) -> Result {
        Result input = getElements(op.getInput());
        std::optional<SymbolicDim> product = input ? multiply(*input) : std::nullopt;
        return product ? Result(SymbolicShape{*product}) : Result();
      })
      .Case<AddOp, SubtractOp, MultiplyOp, DivideOp, MaximumOp, MinimumOp>(
          [&](Operation *op) -> Result {
            Result lhs = getElements(op->getOperand(0)), rhs = getElements(op->getOperand(1));
            if (!lhs || !rhs || lhs->empty() || rhs->empty() ||
                (lhs->size() != rhs->size() && lhs->size() != 1 && rhs->size() != 1))
              return std::nullopt;
            SymbolicShape result;
            for (size_t i = 0, e = std::max(lhs->size(), rhs->size()); i < e; ++i) {
              std::optional<SymbolicDim> value =
                  combine(op, (*lhs)[lhs->size() == 1 ? 0 : i], (*rhs)[rhs->size() == 1 ? 0 : i]);
              result.push_back(value ? *value : unknown());
            }
            return result;
          })
      .Default([](Operation *) { return Result(); });
}
