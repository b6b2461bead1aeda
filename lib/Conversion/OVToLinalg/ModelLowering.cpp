//===- ModelLowering.cpp - loop nests on tensors, shapes by name ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What all rules build with: sizes out of symbols, loop nests, broadcasting,
// reshapes.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtolinalg;

ModelLowering::ModelLowering(func::FuncOp function)
    : builder(function.getLoc(), function.getContext()), function(function), shapes(function) {}

LogicalResult ModelLowering::refuse(const Twine &reason) {
  std::string op = current->getName().getStringRef().str(), text = reason.str();
  for (Refusal &refusal : refusals)
    if (refusal.op == op && refusal.reason == text) {
      ++refusal.count;
      return failure();
    }
  refusals.push_back({op, text, current->getLoc()});
  return failure();
}

LogicalResult ModelLowering::report() {
  if (refusals.empty())
    return success();
  InFlightDiagnostic error = function.emitError("can't be lowered to loops: ");
  for (auto [i, refusal] : llvm::enumerate(refusals)) {
    error << (i ? "; " : "") << refusal.count << " x " << refusal.op << " (" << refusal.reason;
    StringRef name = getLayerName(refusal.loc);
    if (!name.empty())
      error << "; the first is '" << name << "'";
    error << ")";
  }
  return error;
}

// The dialects below have signless integers only. What is only converted needs no other
// rule than that it is never negative.
void ModelLowering::takeUnsignedValues() {
  auto take = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    auto integer = type ? dyn_cast<IntegerType>(type.getElementType()) : IntegerType();
    if (!integer || !integer.isUnsigned() || integer.getWidth() > 32 ||
        !llvm::all_of(value.getUsers(), llvm::IsaPred<ov::ConvertOp>))
      return;
    value.setType(type.clone(builder.getIntegerType(integer.getWidth())));
    unsignedValues.insert(value);
  };
  llvm::for_each(function.getArguments(), take);
  function.setType(
      builder.getFunctionType(function.getBody().getArgumentTypes(), function.getResultTypes()));
  for (auto convert : function.getOps<ov::ConvertOp>())
    take(convert.getResult());
}

LogicalResult ModelLowering::run() {
  takeUnsignedValues();
  RuleTable table;
  addConstantRules(table);
  addElementwiseRules(table);
  addComputeRules(table);
  addContractionRules(table);
  addMovementRules(table);
  addCuttingRules(table);
  addLookUpRules(table);

  SmallVector<Operation *> ops;
  for (Operation &op : function.getBody().front())
    ops.push_back(&op);
  SmallVector<Operation *> done;
  for (Operation *op : ops) {
    current = op;
    builder.setInsertionPoint(op);
    builder.setLoc(op->getLoc());
    auto isLost = [&](Value operand) {
      Operation *producer = operand.getDefiningOp();
      return producer && llvm::is_contained(done, producer) && !lowered.contains(operand);
    };
    auto rule = table.rules.find(op->getName().getStringRef());
    if (rule == table.rules.end()) {
      if (isa_and_nonnull<OVDialect>(op->getDialect())) {
        if (auto layer = dyn_cast<GenericLayerOp>(op))
          (void)refuse("a layer of type " + layer.getType() +
                       ", which nothing knows how to compute");
        else
          (void)refuse("no rule");
        done.push_back(op);
        continue;
      }
      // Of another dialect: it stays; give() lets it read what its operands have become.
      continue;
    }
    done.push_back(op);
    if (llvm::any_of(op->getOperands(), isLost))
      continue;
    auto isOpen = [](Type type) {
      auto ranked = dyn_cast<RankedTensorType>(type);
      return !ranked;
    };
    auto isForeign = [](Type type) {
      Type element = getElementTypeOrSelf(type);
      auto integer = dyn_cast<IntegerType>(element);
      return integer && !integer.isSignless();
    };
    if (llvm::any_of(op->getResultTypes(), isOpen) || llvm::any_of(op->getOperandTypes(), isOpen)) {
      (void)refuse("the rank of its operands or results is not known");
      continue;
    }
    if (llvm::any_of(op->getResultTypes(), isForeign) ||
        llvm::any_of(op->getOperandTypes(), isForeign)) {
      (void)refuse("unsigned elements");
      continue;
    }
    computedDims.clear();
    (void)rule->second(*this, op);
  }
  if (failed(report()))
    return failure();
  for (Operation *op : llvm::reverse(done))
    op->erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Tensor ModelLowering::get(Value value) {
  if (auto it = lowered.find(value); it != lowered.end())
    return it->second;
  Tensor tensor{value, shapes.getShape(value), {}};
  auto type = cast<RankedTensorType>(value.getType());
  for (int64_t i = 0; i < type.getRank(); ++i) {
    OpFoldResult size;
    if (!type.isDynamicDim(i)) {
      size = number(type.getDimSize(i));
    } else {
      const SymbolicDim &dim = tensor.shape[i];
      size = fromSymbols(dim);
      if (!size) {
        size = tensor::DimOp::create(builder, value, i).getResult();
        if (dim.factor == 1 && dim.symbols.size() == 1)
          symbols.try_emplace(dim.symbols.front(), cast<Value>(size));
      }
    }
    tensor.dims.push_back(size);
  }
  return lowered[value] = tensor;
}

LogicalResult ModelLowering::give(unsigned index, Value value) {
  Value result = current->getResult(index);
  auto type = cast<RankedTensorType>(result.getType());
  Tensor tensor{value, shapes.getShape(result), {}};
  if (value.getType() != type)
    tensor.value = tensor::CastOp::create(builder, type, value);
  auto computed = computedDims.find(index);
  for (int64_t i = 0; i < type.getRank(); ++i) {
    const SymbolicDim &dim = tensor.shape[i];
    OpFoldResult size;
    // The sizes that the names give are the plainest.
    if (!type.isDynamicDim(i))
      size = number(type.getDimSize(i));
    else if (!(size = fromSymbols(dim)))
      size = computed != computedDims.end() ? computed->second[i]
                                            : tensor::DimOp::create(builder, value, i).getResult();
    if (dim.factor == 1 && dim.symbols.size() == 1)
      symbols.try_emplace(dim.symbols.front(), this->index(size));
    tensor.dims.push_back(size);
  }
  lowered[result] = tensor;
  for (OpOperand &use : llvm::make_early_inc_range(result.getUses()))
    if (!isa_and_nonnull<OVDialect>(use.getOwner()->getDialect()))
      use.set(tensor.value);
  return success();
}

Tensor ModelLowering::result(unsigned index, function_ref<OpFoldResult(int64_t)> compute) {
  Value value = current->getResult(index);
  auto type = cast<RankedTensorType>(value.getType());
  Tensor tensor{Value(), shapes.getShape(value), {}};
  for (int64_t i = 0; i < type.getRank(); ++i) {
    if (!type.isDynamicDim(i)) {
      tensor.dims.push_back(number(type.getDimSize(i)));
      continue;
    }
    OpFoldResult size = fromSymbols(tensor.shape[i]);
    if (!size) {
      assert(compute && "an op that makes new dimensions says how large they are");
      size = compute(i);
    }
    tensor.dims.push_back(size);
  }
  computedDims[index] = tensor.dims;
  return tensor;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

// The value of a symbol, if it exists already or can be read from an argument or
// from what has been lowered.
Value ModelLowering::symbolValue(unsigned symbol) {
  if (auto it = symbols.find(symbol); it != symbols.end())
    return it->second;
  const SymbolSource &source = shapes.getSource(symbol);
  Value value = source.value;
  if (isa<BlockArgument>(value) && source.isDimension) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&function.getBody().front());
    return symbols[symbol] = tensor::DimOp::create(builder, value, source.index);
  }
  auto it = lowered.find(value);
  if (it == lowered.end())
    return {};
  if (source.isDimension)
    return symbols[symbol] = tensor::DimOp::create(builder, it->second.value, source.index);
  SmallVector<Value> place;
  if (it->second.rank() == 1)
    place.push_back(arith::ConstantIndexOp::create(builder, source.index));
  Value element = tensor::ExtractOp::create(builder, it->second.value, place);
  return symbols[symbol] =
             arith::IndexCastOp::create(builder, builder.getIndexType(), element).getResult();
}

OpFoldResult ModelLowering::fromSymbols(const SymbolicDim &dim) {
  if (dim.isNumber(ShapedType::kDynamic))
    return {};
  OpFoldResult size = number(dim.factor);
  for (unsigned symbol : dim.symbols) {
    Value value = symbolValue(symbol);
    if (!value)
      return {};
    size = multiply(size, value);
  }
  return size;
}

std::optional<Dims> ModelLowering::elements(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() > 1 || !type.hasStaticShape())
    return std::nullopt;
  std::optional<SymbolicShape> named = shapes.getElements(value);
  Dims dims;
  Tensor tensor;
  for (int64_t i = 0, e = type.getNumElements(); i < e; ++i) {
    OpFoldResult size;
    if (named && i < static_cast<int64_t>(named->size()))
      size = fromSymbols((*named)[i]);
    if (!size) {
      if (!tensor.value)
        tensor = get(value);
      SmallVector<Value> place;
      if (type.getRank() == 1)
        place.push_back(arith::ConstantIndexOp::create(builder, i));
      Value element = tensor::ExtractOp::create(builder, tensor.value, place);
      size = arith::IndexCastOp::create(builder, builder.getIndexType(), element).getResult();
    }
    dims.push_back(size);
  }
  return dims;
}

Value ModelLowering::index(OpFoldResult size) {
  return getValueOrCreateConstantIndexOp(builder, builder.getLoc(), size);
}

template <typename OpT>
static OpFoldResult fold(ModelLowering &c, OpFoldResult a, OpFoldResult b,
                         llvm::function_ref<std::optional<int64_t>(int64_t, int64_t)> compute) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    if (std::optional<int64_t> value = compute(*x, *y))
      return c.number(*value);
  return OpT::create(c.builder, c.index(a), c.index(b)).getResult();
}

OpFoldResult ModelLowering::add(OpFoldResult a, OpFoldResult b) {
  if (isZeroInteger(a))
    return b;
  if (isZeroInteger(b))
    return a;
  return fold<arith::AddIOp>(*this, a, b, [](int64_t x, int64_t y) -> std::optional<int64_t> {
    int64_t sum;
    return llvm::AddOverflow(x, y, sum) ? std::nullopt : std::optional(sum);
  });
}

OpFoldResult ModelLowering::subtract(OpFoldResult a, OpFoldResult b) {
  if (isZeroInteger(b))
    return a;
  return fold<arith::SubIOp>(*this, a, b, [](int64_t x, int64_t y) -> std::optional<int64_t> {
    int64_t difference;
    return llvm::SubOverflow(x, y, difference) ? std::nullopt : std::optional(difference);
  });
}

OpFoldResult ModelLowering::multiply(OpFoldResult a, OpFoldResult b) {
  if (isOneInteger(a))
    return b;
  if (isOneInteger(b))
    return a;
  return fold<arith::MulIOp>(*this, a, b, [](int64_t x, int64_t y) -> std::optional<int64_t> {
    int64_t product;
    return llvm::MulOverflow(x, y, product) ? std::nullopt : std::optional(product);
  });
}

OpFoldResult ModelLowering::minimum(OpFoldResult a, OpFoldResult b) {
  return fold<arith::MinSIOp>(*this, a, b, [](int64_t x, int64_t y) { return std::min(x, y); });
}

OpFoldResult ModelLowering::maximum(OpFoldResult a, OpFoldResult b) {
  return fold<arith::MaxSIOp>(*this, a, b, [](int64_t x, int64_t y) { return std::max(x, y); });
}

OpFoldResult ModelLowering::ceilDivide(OpFoldResult a, OpFoldResult b) {
  b = maximum(b, number(1));
  if (isOneInteger(b))
    return a;
  return fold<arith::CeilDivSIOp>(*this, a, b, [](int64_t x, int64_t y) -> std::optional<int64_t> {
    return x / y + (x % y > 0 ? 1 : 0);
  });
}

OpFoldResult ModelLowering::select(arith::CmpIPredicate predicate, OpFoldResult lhs,
                                   OpFoldResult rhs, OpFoldResult a, OpFoldResult b) {
  if (a == b)
    return a;
  std::optional<int64_t> x = getConstantIntValue(lhs), y = getConstantIntValue(rhs);
  if (x && y)
    return arith::applyCmpPredicate(predicate, APInt(64, *x, true), APInt(64, *y, true)) ? a : b;
  Value condition = arith::CmpIOp::create(builder, predicate, index(lhs), index(rhs));
  return arith::SelectOp::create(builder, condition, index(a), index(b)).getResult();
}

RankedTensorType ModelLowering::tensorType(const Dims &dims, Type elementType) {
  SmallVector<int64_t> shape;
  for (OpFoldResult dim : dims)
    shape.push_back(getConstantIntValue(dim).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, elementType);
}

//===----------------------------------------------------------------------===//
// Loop nests
//===----------------------------------------------------------------------===//

Value ModelLowering::constant(LoopBuilder &b, Type type, double value) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(b, b.getFloatAttr(type, value));
  return arith::ConstantOp::create(b, b.getIntegerAttr(type, static_cast<int64_t>(value)));
}

Value ModelLowering::constant(Type type, double value) { return constant(builder, type, value); }

AffineMap ModelLowering::map(unsigned numLoops, ArrayRef<int64_t> loops) {
  SmallVector<AffineExpr> places;
  for (int64_t loop : loops)
    places.push_back(builder.getAffineDimExpr(loop));
  return AffineMap::get(numLoops, 0, places, builder.getContext());
}

Value ModelLowering::empty(const Dims &dims, Type elementType) {
  return tensor::EmptyOp::create(builder, dims, elementType);
}

// A size that is a constant's value becomes part of the type here.
static Dims foldConstants(const Dims &dims, OpBuilder &builder) {
  Dims folded;
  for (OpFoldResult dim : dims) {
    std::optional<int64_t> value = getConstantIntValue(dim);
    folded.push_back(value ? OpFoldResult(builder.getIndexAttr(*value)) : dim);
  }
  return folded;
}

static Value createNest(LoopBuilder &builder, Value init, AffineMap resultMap,
                        ArrayRef<LoopOperand> operands, Body body, bool accumulates) {
  unsigned numLoops = resultMap.getNumDims();
  SmallVector<utils::IteratorType> iterators(numLoops, utils::IteratorType::reduction);
  for (AffineExpr place : resultMap.getResults())
    if (auto loop = dyn_cast<AffineDimExpr>(place))
      iterators[loop.getPosition()] = utils::IteratorType::parallel;
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (const LoopOperand &operand : operands) {
    inputs.push_back(operand.tensor);
    maps.push_back(operand.map);
  }
  maps.push_back(resultMap);
  auto nest = linalg::GenericOp::create(builder, init.getType(), inputs, init, maps, iterators,
                                        [&](OpBuilder &nested, Location loc, ValueRange arguments) {
                                          ImplicitLocOpBuilder b(loc, nested);
                                          Value element = body(
                                              b, accumulates ? arguments : arguments.drop_back());
                                          linalg::YieldOp::create(b, element);
                                        });
  return nest.getResult(0);
}

Value ModelLowering::generate(const Dims &dims, Type elementType, ArrayRef<LoopOperand> operands,
                              Body body) {
  Value init = empty(foldConstants(dims, builder), elementType);
  return createNest(builder, init, builder.getMultiDimIdentityMap(dims.size()), operands, body,
                    /*accumulates=*/false);
}

Value ModelLowering::accumulate(unsigned numLoops, AffineMap resultMap, const Dims &dims,
                                Value init, ArrayRef<LoopOperand> operands, Body body) {
  assert(resultMap.getNumDims() == numLoops);
  Value buffer = empty(foldConstants(dims, builder), init.getType());
  buffer = linalg::FillOp::create(builder, init, buffer).getResult(0);
  return createNest(builder, buffer, resultMap, operands, body, /*accumulates=*/true);
}

// How an operand is read in a nest over the result's dimensions. Ambiguous where
// only the run tells whether a dimension is repeated.
LoopOperand ModelLowering::place(const Tensor &result, const Tensor &operand,
                                 ArrayRef<int64_t> places, bool &isAmbiguous) {
  SmallVector<AffineExpr> exprs;
  isAmbiguous = false;
  for (int64_t i = 0; i < operand.rank(); ++i) {
    int64_t at = places[i];
    std::optional<int64_t> size = getConstantIntValue(operand.dims[i]);
    bool isRepeated = size == 1 && getConstantIntValue(result.dims[at]) != 1;
    bool isEqual = size ? *size != 1 || !isRepeated : operand.shape[i] == result.shape[at];
    exprs.push_back(isRepeated ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(at));
    isAmbiguous |= !isRepeated && !isEqual;
  }
  return {operand.value, AffineMap::get(result.rank(), 0, exprs, builder.getContext())};
}

Value ModelLowering::broadcast(const Tensor &result, const Tensor &operand,
                               ArrayRef<int64_t> places) {
  bool isAmbiguous = false;
  LoopOperand plain = place(result, operand, places, isAmbiguous);
  if (!isAmbiguous)
    return generate(result.dims, operand.elementType(), plain,
                    [](LoopBuilder &, ValueRange arguments) { return arguments[0]; });
  SmallVector<Value> sizes;
  for (OpFoldResult dim : operand.dims)
    sizes.push_back(index(dim));
  Value zero = arith::ConstantIndexOp::create(builder, 0);
  Value one = arith::ConstantIndexOp::create(builder, 1);
  return generate(result.dims, operand.elementType(), {}, [&](LoopBuilder &b, ValueRange) -> Value {
    SmallVector<Value> at;
    for (auto [i, size] : llvm::enumerate(sizes)) {
      Value loop = linalg::IndexOp::create(b, places[i]);
      Value isOne = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, size, one);
      at.push_back(arith::SelectOp::create(b, isOne, zero, loop));
    }
    return tensor::ExtractOp::create(b, operand.value, at);
  });
}

Value ModelLowering::elementwise(const Tensor &result, Type elementType, ArrayRef<Tensor> operands,
                                 Body body) {
  SmallVector<LoopOperand> placed;
  // Constants go into the body.
  SmallVector<TypedAttr> literals;
  for (const Tensor &operand : operands) {
    DenseElementsAttr splat;
    if (auto constant = operand.value.getDefiningOp<arith::ConstantOp>())
      splat = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (splat && splat.isSplat()) {
      literals.push_back(splat.getSplatValue<TypedAttr>());
      continue;
    }
    literals.push_back({});
    SmallVector<int64_t> places;
    for (int64_t i = 0; i < operand.rank(); ++i)
      places.push_back(result.rank() - operand.rank() + i);
    bool isAmbiguous = false;
    LoopOperand plain = place(result, operand, places, isAmbiguous);
    if (isAmbiguous)
      plain = {broadcast(result, operand, places), builder.getMultiDimIdentityMap(result.rank())};
    placed.push_back(plain);
  }
  return generate(result.dims, elementType, placed, [&](LoopBuilder &b, ValueRange loops) {
    SmallVector<Value> arguments;
    for (TypedAttr literal : literals) {
      if (literal) {
        arguments.push_back(arith::ConstantOp::create(b, literal));
        continue;
      }
      arguments.push_back(loops.front());
      loops = loops.drop_front();
    }
    return body(b, arguments);
  });
}

Tensor ModelLowering::reduce(const Tensor &input, ArrayRef<int64_t> axes, Value init, Body body) {
  SmallVector<int64_t> kept, all;
  Tensor reduced;
  for (int64_t i = 0; i < input.rank(); ++i) {
    all.push_back(i);
    if (llvm::is_contained(axes, i))
      continue;
    kept.push_back(i);
    reduced.dims.push_back(input.dims[i]);
    reduced.shape.push_back(input.shape[i]);
  }
  unsigned rank = input.rank();
  reduced.value = accumulate(rank, map(rank, kept), reduced.dims, init,
                             LoopOperand{input.value, map(rank, all)}, body);
  return reduced;
}

Tensor ModelLowering::transpose(const Tensor &tensor, ArrayRef<int64_t> order) {
  Tensor result;
  SmallVector<int64_t> places(order.size());
  for (auto [i, axis] : llvm::enumerate(order)) {
    places[axis] = i;
    result.dims.push_back(tensor.dims[axis]);
    result.shape.push_back(tensor.shape[axis]);
  }
  result.value = generate(result.dims, tensor.elementType(),
                          LoopOperand{tensor.value, map(order.size(), places)},
                          [](LoopBuilder &, ValueRange arguments) { return arguments[0]; });
  return result;
}

Tensor ModelLowering::unsqueeze(const Tensor &tensor, ArrayRef<int64_t> axes) {
  Tensor result;
  int64_t next = 0;
  for (int64_t i = 0, e = tensor.rank() + axes.size(); i < e; ++i) {
    bool isNew = llvm::is_contained(axes, i);
    result.dims.push_back(isNew ? number(1) : tensor.dims[next]);
    result.shape.push_back(isNew ? SymbolicShapes::number(1) : tensor.shape[next]);
    next += !isNew;
  }
  result.value = reshape(tensor, result);
  return result;
}

Tensor ModelLowering::broadcastShape(const Tensor &lhs, const Tensor &rhs) {
  Tensor result;
  int64_t rank = std::max(lhs.rank(), rhs.rank());
  for (int64_t i = 0; i < rank; ++i) {
    int64_t l = i + lhs.rank() - rank, r = i + rhs.rank() - rank;
    bool useRight = l < 0;
    OpFoldResult size;
    if (l >= 0 && r >= 0 && lhs.shape[l] != rhs.shape[r]) {
      useRight =
          getConstantIntValue(lhs.dims[l]) == 1 ||
          (!getConstantIntValue(lhs.dims[l]) && getConstantIntValue(rhs.dims[r]).value_or(1) != 1);
      bool isOpen = !getConstantIntValue(lhs.dims[l]) && !getConstantIntValue(rhs.dims[r]);
      if (isOpen)
        size = select(arith::CmpIPredicate::eq, lhs.dims[l], number(1), rhs.dims[r], lhs.dims[l]);
    }
    // A size that only the run tells has no name.
    if (size)
      result.shape.push_back(SymbolicShapes::number(ShapedType::kDynamic));
    else
      result.shape.push_back(useRight ? rhs.shape[r] : lhs.shape[l]);
    result.dims.push_back(size ? size : useRight ? rhs.dims[r] : lhs.dims[l]);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

namespace {

/// Neighbouring dimensions whose product is the same on both sides.
struct Group {
  SmallVector<int64_t, 2> from, to;
};

} // namespace

// Cuts two shapes with the same number of elements into the smallest groups that
// the names let us find.
static SmallVector<Group> findGroups(ArrayRef<SymbolicDim> from, ArrayRef<SymbolicDim> to) {
  SmallVector<Group> groups;
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    Group group;
    std::optional<SymbolicDim> left = from[i], right = to[j];
    group.from.push_back(i++);
    group.to.push_back(j++);
    while (!(left && right && *left == *right)) {
      bool rightIsMultiple = left && right && SymbolicShapes::divide(*right, *left);
      bool leftIsMultiple = left && right && SymbolicShapes::divide(*left, *right);
      if (rightIsMultiple && i < from.size()) {
        left = SymbolicShapes::multiply({*left, from[i]});
        group.from.push_back(i++);
      } else if (leftIsMultiple && j < to.size()) {
        right = SymbolicShapes::multiply({*right, to[j]});
        group.to.push_back(j++);
      } else {
        // No name says where this ends: all the rest is one group.
        while (i < from.size())
          group.from.push_back(i++);
        while (j < to.size())
          group.to.push_back(j++);
        break;
      }
    }
    groups.push_back(group);
  }
  // What is left are ones.
  while (i < from.size())
    groups.back().from.push_back(i++);
  while (j < to.size())
    groups.back().to.push_back(j++);
  return groups;
}

static int64_t productOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> places) {
  int64_t product = 1;
  for (int64_t place : places) {
    if (ShapedType::isDynamic(shape[place]))
      return ShapedType::kDynamic;
    product *= shape[place];
  }
  return product;
}

Value ModelLowering::reshape(const Tensor &tensor, const Tensor &to) {
  RankedTensorType fromType = tensor.type();
  Dims dims = foldConstants(to.dims, builder);
  RankedTensorType toType = tensorType(dims, fromType.getElementType());
  auto castTo = [&](Value value, RankedTensorType type) -> Value {
    if (value.getType() == type)
      return value;
    return tensor::CastOp::create(builder, type, value);
  };
  // Rank 0 holds one element, whatever the other side's type says of its ones.
  SmallVector<int64_t> ones(std::max(fromType.getRank(), toType.getRank()), 1);
  auto onesType = RankedTensorType::get(ones, fromType.getElementType());
  if (fromType.getRank() == 0 && toType.getRank() == 0)
    return tensor.value;
  if (fromType.getRank() == 0) {
    Value expanded = tensor::ExpandShapeOp::create(builder, onesType, tensor.value,
                                                   ArrayRef<ReassociationIndices>());
    return castTo(expanded, toType);
  }
  if (toType.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, toType, castTo(tensor.value, onesType),
                                           ArrayRef<ReassociationIndices>());

  SmallVector<Group> groups = findGroups(tensor.shape, to.shape);
  SmallVector<ReassociationIndices> collapsing, expanding;
  SmallVector<int64_t> collapsed, expandable;
  bool collapses = false, expands = false;
  for (const Group &group : groups) {
    collapsing.emplace_back(group.from.begin(), group.from.end());
    expanding.emplace_back(group.to.begin(), group.to.end());
    collapsed.push_back(productOf(fromType.getShape(), group.from));
    expandable.push_back(productOf(toType.getShape(), group.to));
    collapses |= group.from.size() > 1;
    expands |= group.to.size() > 1;
  }
  Value value = tensor.value;
  if (collapses)
    value = tensor::CollapseShapeOp::create(
        builder, RankedTensorType::get(collapsed, fromType.getElementType()), value, collapsing);
  value = castTo(value, RankedTensorType::get(expandable, fromType.getElementType()));
  if (expands)
    value = tensor::ExpandShapeOp::create(builder, toType, value, expanding, dims);
  return value;
}
