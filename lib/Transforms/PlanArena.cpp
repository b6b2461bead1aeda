//===- PlanArena.cpp - buffers get places in one arena ------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A model is straight-line code, so each buffer lives from its allocation to its
// last use, and buffers that live at different times can share a place. Sizes are
// symbolic: buffers whose sizes are multiples of the same product of open
// dimensions form a class, and within a class places are found on the factors alone.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/IR/WeightLayout.h"
#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"

namespace bertmlir {
#define GEN_PASS_DEF_PLANARENA
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

/// Places are at multiples of this many bytes; the arena's beginning is too.
static constexpr int64_t kAlignment = 64;

/// The runtime's function that returns the number of tokens.
static constexpr StringLiteral kPackTokens = "bert_pack_tokens";

namespace {

/// One allocation: how large it is, when it lives, where it goes.
struct Buffer {
  memref::AllocOp alloc;
  /// Positions of operations in the function's block.
  size_t first = 0, last = 0;
  /// Its bytes are `bytes` times the product of its class.
  int64_t bytes = 0;
  int64_t offset = 0;
};

/// Buffers whose sizes are multiples of one product of open sizes.
struct SizeClass {
  SmallVector<Value> factors;
  SmallVector<Buffer> buffers;
  int64_t bytes = 0;
  /// Behind the definition of the last factor; null: at the beginning of the function.
  Operation *definedBy = nullptr;
  size_t definedAt = 0;
  Value product, begin;
};

class Planner {
public:
  explicit Planner(func::FuncOp function)
      : function(function), body(function.getBody().front()), sizeFunction(nullptr) {}

  LogicalResult run();

private:
  LogicalResult hoist();
  void readSizesOfViews();
  LogicalResult collect();
  size_t positionOf(Operation *op) { return positions.lookup(body.findAncestorOpInBlock(*op)); }
  LogicalResult addLifetime(Buffer &buffer, const BufferViewFlowAnalysis &aliases);
  LogicalResult addToClass(Buffer buffer);
  void place(SizeClass &sizeClass);
  void writePlaces();
  LogicalResult writeSizeFunction();

  // Sizes, in the function that computes the arena's.
  bool canCompute(Value value);
  Value compute(Value value);

  func::FuncOp function;
  Block &body;
  func::FuncOp sizeFunction;
  DenseMap<Operation *, size_t> positions;
  SmallVector<SizeClass> classes;
  std::optional<OpBuilder> sizeBuilder;
  DenseMap<Value, Value> computed;
  DenseMap<Value, bool> computable;
};

} // namespace

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

// Allocations inside loops move out, so that there is one of them.
LogicalResult Planner::hoist() {
  SmallVector<memref::AllocOp> nested;
  function.walk([&](memref::AllocOp alloc) {
    if (alloc->getBlock() != &body)
      nested.push_back(alloc);
  });
  for (memref::AllocOp alloc : nested) {
    Operation *outer = body.findAncestorOpInBlock(*alloc);
    if (alloc->getParentOfType<scf::ParallelOp>())
      return alloc.emitOpError("lies in a parallel loop, whose iterations can't share a place");
    for (Value size : alloc.getDynamicSizes())
      if (outer->isAncestor(size.getParentRegion()->getParentOp()))
        return alloc.emitOpError("has a size that a loop computes");
    alloc->moveBefore(outer);
  }
  return success();
}

// A dimension of a view, from what the view was made with; null if it has to be asked.
static OpFoldResult readSize(OpBuilder &builder, Value view, int64_t index) {
  auto type = cast<MemRefType>(view.getType());
  if (!type.isDynamicDim(index))
    return builder.getIndexAttr(type.getDimSize(index));
  Operation *op = view.getDefiningOp();
  if (auto alloc = dyn_cast_or_null<memref::AllocOp>(op))
    return alloc.getMixedSizes()[index];
  if (auto expanded = dyn_cast_or_null<memref::ExpandShapeOp>(op))
    return expanded.getMixedOutputShape()[index];
  if (auto reread = dyn_cast_or_null<memref::ReinterpretCastOp>(op))
    return reread.getMixedSizes()[index];
  if (auto cast = dyn_cast_or_null<memref::CastOp>(op);
      cast && isa<MemRefType>(cast.getSource().getType()))
    return readSize(builder, cast.getSource(), index);
  if (auto part = dyn_cast_or_null<memref::SubViewOp>(op)) {
    llvm::SmallBitVector dropped = part.getDroppedDims();
    for (auto [sourceIndex, size] : llvm::enumerate(part.getMixedSizes()))
      if (!dropped.test(sourceIndex) && index-- == 0)
        return size;
  }
  if (auto collapsed = dyn_cast_or_null<memref::CollapseShapeOp>(op)) {
    Value product;
    int64_t number = 1;
    // By value: the list of groups is a temporary.
    ReassociationIndices group = collapsed.getReassociationIndices()[index];
    for (int64_t sourceIndex : group) {
      OpFoldResult size = readSize(builder, collapsed.getSrc(), sourceIndex);
      if (!size)
        return {};
      if (std::optional<int64_t> constant = getConstantIntValue(size)) {
        number *= *constant;
        continue;
      }
      auto value = cast<Value>(size);
      product = product ? arith::MulIOp::create(builder, view.getLoc(), product, value).getResult()
                        : value;
    }
    if (!product)
      return builder.getIndexAttr(number);
    if (number == 1)
      return product;
    Value constant = arith::ConstantIndexOp::create(builder, view.getLoc(), number);
    return arith::MulIOp::create(builder, view.getLoc(), product, constant).getResult();
  }
  return {};
}

// Upstream does not look through all of them.
void Planner::readSizesOfViews() {
  for (memref::DimOp dim : llvm::to_vector(body.getOps<memref::DimOp>())) {
    std::optional<int64_t> index = dim.getConstantIndex();
    auto type = dyn_cast<MemRefType>(dim.getSource().getType());
    if (!index || !type || *index < 0 || *index >= type.getRank())
      continue;
    OpBuilder builder(dim);
    if (OpFoldResult size = readSize(builder, dim.getSource(), *index)) {
      dim.replaceAllUsesWith(getValueOrCreateConstantIndexOp(builder, dim.getLoc(), size));
      dim.erase();
    }
  }
}

LogicalResult Planner::addLifetime(Buffer &buffer, const BufferViewFlowAnalysis &aliases) {
  buffer.first = buffer.last = positionOf(buffer.alloc);
  SmallVector<Value> values;
  for (Value alias : aliases.resolve(buffer.alloc.getResult()))
    values.push_back(alias);
  // An address keeps a buffer alive as long as anything is computed from it.
  DenseSet<Value> seen;
  while (!values.empty()) {
    Value value = values.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    for (Operation *user : value.getUsers()) {
      buffer.last = std::max(buffer.last, positionOf(user));
      bool isAddress =
          !isa<MemRefType>(value.getType()) || isa<memref::ExtractAlignedPointerAsIndexOp>(user);
      if (isAddress && !isa<func::CallOp>(user))
        llvm::append_range(values, user->getResults());
    }
  }
  return success();
}

// Multiplies sizes; fails if the product is no size of memory.
static LogicalResult multiply(int64_t &number, int64_t size) {
  return failure(size < 0 || llvm::MulOverflow(number, size, number));
}

// Splits a size into a number and the values that nothing is known of.
static LogicalResult addFactors(Value size, int64_t &number, SmallVectorImpl<Value> &factors) {
  APInt constant;
  if (matchPattern(size, m_ConstantInt(&constant)))
    return multiply(number, constant.getSExtValue());
  if (auto product = size.getDefiningOp<arith::MulIOp>())
    return failure(failed(addFactors(product.getLhs(), number, factors)) ||
                   failed(addFactors(product.getRhs(), number, factors)));
  factors.push_back(size);
  return success();
}

LogicalResult Planner::addToClass(Buffer buffer) {
  MemRefType type = buffer.alloc.getType();
  if (!type.getLayout().isIdentity() || !type.getElementType().isIntOrIndexOrFloat())
    return buffer.alloc.emitOpError("has a layout that can't be placed in an arena");
  int64_t bytes =
      type.getElementType().isIndex() ? 8 : llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  SmallVector<Value> factors;
  bool isSize = llvm::all_of(type.getShape(), [&](int64_t dim) {
    return ShapedType::isDynamic(dim) || succeeded(multiply(bytes, dim));
  });
  isSize &= llvm::all_of(buffer.alloc.getDynamicSizes(),
                         [&](Value size) { return succeeded(addFactors(size, bytes, factors)); });
  if (!isSize || bytes > std::numeric_limits<int64_t>::max() - kAlignment)
    return buffer.alloc.emitOpError("has a size that no memory has");
  auto orderOf = [&](Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return std::pair<size_t, unsigned>(0, argument.getArgNumber());
    return std::pair<size_t, unsigned>(positionOf(value.getDefiningOp()) + 1,
                                       cast<OpResult>(value).getResultNumber());
  };
  llvm::sort(factors, [&](Value a, Value b) { return orderOf(a) < orderOf(b); });
  buffer.bytes = llvm::alignTo(bytes, kAlignment);
  auto found = llvm::find_if(classes, [&](SizeClass &other) { return other.factors == factors; });
  if (found == classes.end()) {
    SizeClass &added = classes.emplace_back();
    added.factors = factors;
    if (!factors.empty()) {
      added.definedBy = factors.back().getDefiningOp();
      added.definedAt = orderOf(factors.back()).first;
    }
    found = std::prev(classes.end());
  }
  found->buffers.push_back(buffer);
  return success();
}

LogicalResult Planner::collect() {
  SmallVector<Operation *> order;
  for (Operation &op : body) {
    positions[&op] = order.size();
    order.push_back(&op);
  }
  BufferViewFlowAnalysis aliases(function);
  Operation *end = body.getTerminator();
  for (memref::AllocOp alloc : llvm::to_vector(body.getOps<memref::AllocOp>())) {
    Buffer buffer{alloc};
    if (failed(addLifetime(buffer, aliases)))
      return failure();
    if (llvm::all_of(alloc.getDynamicSizes(), [&](Value size) { return canCompute(size); })) {
      if (failed(addToClass(buffer)))
        return failure();
      continue;
    }
    // Its size depends on data, so nobody can plan for it.
    if (buffer.last == positions[end])
      return alloc.emitOpError("is returned, and its size depends on the values of the inputs; "
                               "give the model static shapes");
    OpBuilder builder(function.getContext());
    builder.setInsertionPointAfter(order[buffer.last]);
    auto dealloc = memref::DeallocOp::create(builder, alloc.getLoc(), alloc);
    positions[dealloc] = buffer.last;
  }
  // What is known early stands first: its place must not wait for what comes later.
  llvm::sort(classes, [](const SizeClass &a, const SizeClass &b) {
    return std::pair(a.definedAt, a.buffers.front().first) <
           std::pair(b.definedAt, b.buffers.front().first);
  });
  return success();
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

// Large ones first, each at the lowest place that is free while it lives.
void Planner::place(SizeClass &sizeClass) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : sizeClass.buffers)
    order.push_back(&buffer);
  llvm::sort(order, [](Buffer *a, Buffer *b) {
    return std::pair(-a->bytes, a->first) < std::pair(-b->bytes, b->first);
  });
  SmallVector<Buffer *> placed;
  for (Buffer *buffer : order) {
    SmallVector<Buffer *> neighbours;
    for (Buffer *other : placed)
      if (buffer->first <= other->last && other->first <= buffer->last)
        neighbours.push_back(other);
    llvm::sort(neighbours, [](Buffer *a, Buffer *b) { return a->offset < b->offset; });
    for (Buffer *other : neighbours) {
      if (buffer->offset + buffer->bytes <= other->offset)
        break;
      buffer->offset = std::max(buffer->offset, other->offset + other->bytes);
    }
    placed.push_back(buffer);
    sizeClass.bytes = std::max(sizeClass.bytes, buffer->offset + buffer->bytes);
  }
}

static Value multiply(OpBuilder &builder, Location loc, ArrayRef<Value> factors, int64_t number) {
  Value product;
  for (Value factor : factors)
    product = product ? arith::MulIOp::create(builder, loc, product, factor).getResult() : factor;
  if (!product)
    return arith::ConstantIndexOp::create(builder, loc, number);
  if (number == 1)
    return product;
  Value constant = arith::ConstantIndexOp::create(builder, loc, number);
  return arith::MulIOp::create(builder, loc, product, constant);
}

void Planner::writePlaces() {
  MLIRContext *context = function.getContext();
  (void)bert::getOrAddWeightsArgument(function);
  auto bytesType = MemRefType::get({ShapedType::kDynamic}, IntegerType::get(context, 8));
  unsigned index = function.getNumArguments();
  auto mark = DictionaryAttr::get(
      context, NamedAttribute(StringAttr::get(context, "bert.arena"), UnitAttr::get(context)));
  (void)function.insertArgument(index, bytesType, mark, function.getLoc());
  Value arena = function.getArgument(index);

  OpBuilder builder(context);
  Location loc = function.getLoc();
  Value end;
  Operation *lastPoint = nullptr;
  for (SizeClass &sizeClass : classes) {
    // Points only move down, since the classes are sorted.
    if (sizeClass.definedBy && (!lastPoint || !sizeClass.definedBy->isBeforeInBlock(lastPoint)))
      lastPoint = sizeClass.definedBy;
    if (lastPoint)
      builder.setInsertionPointAfter(lastPoint);
    else
      builder.setInsertionPointToStart(&body);
    sizeClass.product = multiply(builder, loc, sizeClass.factors, 1);
    sizeClass.begin = end ? end : arith::ConstantIndexOp::create(builder, loc, 0);
    Value bytes = multiply(builder, loc, sizeClass.product, sizeClass.bytes);
    auto sum = arith::AddIOp::create(builder, loc, sizeClass.begin, bytes);
    end = sum;
    lastPoint = sum;
  }
  for (SizeClass &sizeClass : classes)
    for (Buffer &buffer : sizeClass.buffers) {
      builder.setInsertionPoint(buffer.alloc);
      Location place = buffer.alloc.getLoc();
      Value at = sizeClass.begin;
      if (buffer.offset != 0)
        at = arith::AddIOp::create(builder, place, at,
                                   multiply(builder, place, sizeClass.product, buffer.offset));
      auto view = memref::ViewOp::create(builder, place, buffer.alloc.getType(), arena, at,
                                         buffer.alloc.getDynamicSizes());
      for (Operation *user : llvm::make_early_inc_range(buffer.alloc->getUsers()))
        if (isa<memref::DeallocOp>(user))
          user->erase();
      buffer.alloc.replaceAllUsesWith(view.getResult());
      buffer.alloc.erase();
    }
}

//===----------------------------------------------------------------------===//
// The arena's size
//===----------------------------------------------------------------------===//

// The value that a dimension of a buffer was made from; a null value with the index
// of an argument's dimension where it is one.
static bool isModelInput(Value value, func::FuncOp function) {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == &function.getBody().front() &&
         !function.getArgAttr(argument.getArgNumber(), bert::kWeightsAttr);
}

bool Planner::canCompute(Value value) {
  auto [it, isNew] = computable.try_emplace(value, false);
  if (!isNew)
    return it->second;
  bool result = [&] {
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (auto dim = dyn_cast<memref::DimOp>(op)) {
      std::optional<int64_t> index = dim.getConstantIndex();
      return index && isModelInput(dim.getSource(), function);
    }
    if (auto call = dyn_cast<func::CallOp>(op)) {
      if (call.getCallee() == kPackTokens)
        return canCompute(call.getOperand(0)) && canCompute(call.getOperand(1));
      return call.getCallee() == "bert_num_workers";
    }
    return isa<arith::ArithDialect>(op->getDialect()) && op->getNumRegions() == 0 &&
           llvm::all_of(op->getOperands(), [&](Value operand) { return canCompute(operand); });
  }();
  return computable[value] = result;
}

Value Planner::compute(Value value) {
  if (Value known = computed.lookup(value))
    return known;
  OpBuilder &builder = *sizeBuilder;
  Operation *op = value.getDefiningOp();
  Value result;
  if (auto dim = dyn_cast<memref::DimOp>(op)) {
    unsigned number = cast<BlockArgument>(dim.getSource()).getArgNumber();
    result = memref::DimOp::create(builder, op->getLoc(), sizeFunction.getArgument(number),
                                   *dim.getConstantIndex());
  } else if (auto call = dyn_cast<func::CallOp>(op); call && call.getCallee() == kPackTokens) {
    // As if no position were hidden.
    result = arith::MulIOp::create(builder, op->getLoc(), compute(call.getOperand(0)),
                                   compute(call.getOperand(1)));
  } else {
    IRMapping mapping;
    for (Value operand : op->getOperands())
      mapping.map(operand, compute(operand));
    result = builder.clone(*op, mapping)->getResult(cast<OpResult>(value).getResultNumber());
  }
  return computed[value] = result;
}

LogicalResult Planner::writeSizeFunction() {
  SmallVector<Type> inputs(function.getArgumentTypes().begin(), function.getArgumentTypes().end());
  for (BlockArgument argument : function.getArguments())
    if (function.getArgAttr(argument.getArgNumber(), bert::kWeightsAttr)) {
      // It is the last one; see getOrAddWeightsArgument().
      if (argument.getArgNumber() + 1 != inputs.size())
        return function.emitError("has arguments behind the weights; plan-arena ran already");
      inputs.pop_back();
    }
  MLIRContext *context = function.getContext();
  OpBuilder builder(context);
  builder.setInsertionPointAfter(function);
  std::string name = (function.getName() + "_arena_bytes").str();
  if (SymbolTable::lookupNearestSymbolFrom(function, StringAttr::get(context, name)))
    return function.emitError("there is a function '") << name << "' already";
  sizeFunction = func::FuncOp::create(builder, function.getLoc(), name,
                                      FunctionType::get(context, inputs, builder.getIndexType()));
  sizeBuilder = OpBuilder::atBlockBegin(sizeFunction.addEntryBlock());
  Location loc = function.getLoc();
  Value sum = arith::ConstantIndexOp::create(*sizeBuilder, loc, 0);
  for (SizeClass &sizeClass : classes) {
    SmallVector<Value> factors;
    for (Value factor : sizeClass.factors)
      factors.push_back(compute(factor));
    Value bytes = multiply(*sizeBuilder, loc, factors, sizeClass.bytes);
    sum = arith::AddIOp::create(*sizeBuilder, loc, sum, bytes);
  }
  func::ReturnOp::create(*sizeBuilder, loc, sum);
  for (func::FuncOp made : {function, sizeFunction})
    made->setAttr("llvm.emit_c_interface", UnitAttr::get(context));
  return success();
}

LogicalResult Planner::run() {
  if (!function.getBody().hasOneBlock())
    return function.emitError("is not straight-line code; plan-arena comes before branches");
  readSizesOfViews();
  if (failed(hoist()) || failed(collect()))
    return failure();
  for (SizeClass &sizeClass : classes)
    place(sizeClass);
  if (failed(writeSizeFunction()))
    return failure();
  writePlaces();
  return success();
}

namespace {

struct PlanArena : public bertmlir::impl::PlanArenaBase<PlanArena> {
  using PlanArenaBase::PlanArenaBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> models;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isPrivate() && !function.isExternal())
        models.push_back(function);
    for (func::FuncOp model : models)
      if (failed(Planner(model).run()))
        return signalPassFailure();
  }
};

} // namespace
