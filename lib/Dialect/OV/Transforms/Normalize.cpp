//===- Normalize.cpp - one spelling for what can be said in many ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One walk from the parameters to the results. Each op is rewritten in terms of
// operands that have their normal form already, so no rule has to be tried twice.
// Nothing is erased before the end: symbolic shapes remember values.
//
// A Reshape that flattens [batch, sequence, hidden] is moved down past every op
// that works token by token, until it meets the Reshape that undoes it.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVNORMALIZE
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

namespace {

class Normalizer {
public:
  explicit Normalizer(func::FuncOp function)
      : function(function), builder(function.getContext()), shapes(function),
        views(builder, shapes) {}

  void run();

private:
  void visit(Operation *op);
  void replace(Operation *op, Value by);

  // Spelling.
  void putConstantRight(Operation *op);
  void multiplyByInverse(DivideOp op);
  void countAxesFromEnd(MVNOp op);
  template <typename OpT> void countAxisFromEnd(OpT op);
  void dropLeadingOnes(Operation *op);
  void reduceShapeOperands(Operation *op);

  // Movement.
  void reduceView(Operation *op);
  void composeTransposes(TransposeOp op);
  void absorbTransposes(MatMulOp op);
  void splitStridedSlice(StridedSliceOp op);

  // Tokens.
  struct Flattened {
    Value source;        ///< rank 3 or more
    SymbolicShape shape; ///< of the source as tokens: [batch, sequence, hidden]
  };
  std::optional<Flattened> getFlattened(Value value);
  bool sinkUnary(Operation *op);
  bool sinkBinary(Operation *op);
  bool sinkMatMul(MatMulOp op);
  bool sinkLookUp(Operation *op, unsigned indices);
  void sinkSplit(SplitOp op);
  void finishSink(Operation *op, ArrayRef<Value> operands, ArrayRef<SymbolicDim> shape);

  func::FuncOp function;
  OpBuilder builder;
  SymbolicShapes shapes;
  ViewBuilder views;
};

} // namespace

static RankedTensorType rankedType(Value value) {
  return value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
}

static bool isLiteral(Value value) {
  return isa_and_nonnull<ConstantOp, WeightOp>(value.getDefiningOp());
}

void Normalizer::replace(Operation *op, Value by) {
  Value result = op->getResult(0);
  if (by == result)
    return;
  // Inference may know more or less of a shape than the graph says.
  if (by.getType() != result.getType() && by.getDefiningOp() && !isa<BlockArgument>(by))
    if (succeeded(verifyCompatibleShape(by.getType(), result.getType())) &&
        !isa<ConstantOp, WeightOp>(by.getDefiningOp()) && !rankedType(by).hasStaticShape())
      by.setType(cast<TensorType>(result.getType()));
  views.replaced(result, by);
  result.replaceAllUsesWith(by);
}

//===----------------------------------------------------------------------===//
// Spelling
//===----------------------------------------------------------------------===//

void Normalizer::putConstantRight(Operation *op) {
  if (isLiteral(op->getOperand(0)) && !isLiteral(op->getOperand(1)))
    op->setOperands({op->getOperand(1), op->getOperand(0)});
}

// x / c = x * (1 / c), within one rounding.
void Normalizer::multiplyByInverse(DivideOp op) {
  std::optional<double> divisor = getConstantFloat(op.getRhs());
  auto type = rankedType(op.getRhs());
  if (!divisor || !std::isnormal(*divisor) || !std::isnormal(static_cast<float>(1 / *divisor)))
    return;
  auto inverse =
      DenseElementsAttr::get(type, builder.getFloatAttr(type.getElementType(), 1 / *divisor));
  Value constant = ConstantOp::create(builder, op.getRhs().getLoc(), inverse);
  replace(op, MultiplyOp::create(builder, op.getLoc(), op.getLhs(), constant));
}

void Normalizer::countAxesFromEnd(MVNOp op) {
  RankedTensorType type = rankedType(op.getInput());
  std::optional<SmallVector<int64_t>> axes = getConstantInts(op.getAxes());
  if (!type || !axes)
    return;
  for (int64_t &axis : *axes)
    axis = axis < 0 ? axis : axis - type.getRank();
  llvm::sort(*axes);
  op.getAxesMutable().assign(createInts(builder, op.getLoc(), *axes));
}

template <typename OpT> void Normalizer::countAxisFromEnd(OpT op) {
  RankedTensorType type = rankedType(op.getInput());
  int64_t axis = static_cast<int64_t>(op.getAxis());
  if (type && axis == type.getRank() - 1)
    op.setAxis(-1);
}

// Broadcasting supplies leading dimensions of size 1 by itself.
void Normalizer::dropLeadingOnes(Operation *op) {
  for (unsigned i : {0u, 1u}) {
    auto unsqueeze = op->getOperand(i).getDefiningOp<UnsqueezeOp>();
    RankedTensorType other = rankedType(op->getOperand(1 - i));
    if (!unsqueeze || !other || !rankedType(unsqueeze) ||
        other.getRank() < rankedType(unsqueeze).getRank())
      continue;
    std::optional<SmallVector<int64_t>> axes = getConstantInts(unsqueeze.getAxes());
    if (axes && llvm::all_of(llvm::enumerate(*axes), [](auto entry) {
          return entry.value() == static_cast<int64_t>(entry.index());
        }))
      op->setOperand(i, unsqueeze.getInput());
  }
}

// Target shapes, limits and the like: what follows from dimensions is read from
// them directly.
void Normalizer::reduceShapeOperands(Operation *op) {
  SmallVector<unsigned> operands;
  llvm::TypeSwitch<Operation *>(op)
      .Case<BroadcastOp, TileOp>([&](Operation *) { operands = {1}; })
      .Case<SliceOp>([&](Operation *) { operands = {1, 2}; })
      .Case<RangeOp>([&](Operation *) { operands = {0, 1, 2}; })
      .Case<OneHotOp>([&](Operation *) { operands = {1}; });
  for (unsigned index : operands) {
    Value operand = op->getOperand(index);
    std::optional<SymbolicShape> elements = shapes.getElements(operand);
    if (!elements || operand.getDefiningOp<ConstantOp>())
      continue;
    RankedTensorType type = rankedType(operand);
    Value reduced =
        views.elements(op->getLoc(), *elements, type.getElementType(), type.getRank() == 0);
    if (reduced && reduced.getType() == operand.getType())
      op->setOperand(index, reduced);
  }
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

void Normalizer::reduceView(Operation *op) {
  Value result = op->getResult(0);
  if (!rankedType(result) || !rankedType(op->getOperand(0)))
    return;
  Value view = views.view(op->getLoc(), op->getOperand(0), shapes.getShape(result));
  if (!view) {
    // A target that is not made of dimensions is used as it is.
    if (auto reshape = dyn_cast<ReshapeOp>(op); reshape && !reshape.getSpecialZero())
      op->setOperand(0, lookThroughViews(op->getOperand(0)));
    return;
  }
  // One row of a dimension, cut out and squeezed: a look-up.
  if (auto squeeze = view.getDefiningOp<SqueezeOp>()) {
    auto slice = squeeze.getInput().getDefiningOp<SliceOp>();
    std::optional<int64_t> squeezed = getConstantInt(squeeze.getAxes());
    std::optional<int64_t> axis =
        slice && slice.getAxes() ? getConstantInt(slice.getAxes()) : std::nullopt;
    std::optional<int64_t> start = slice ? getConstantInt(slice.getStart()) : std::nullopt;
    std::optional<int64_t> stop = slice ? getConstantInt(slice.getStop()) : std::nullopt;
    if (axis && squeezed && *axis == *squeezed && start && stop && *start >= 0 &&
        *stop == *start + 1 && getConstantInt(slice.getStep()) == 1) {
      Location loc = op->getLoc();
      view = GatherOp::create(builder, loc, slice.getInput(), createScalarInt(builder, loc, *start),
                              createScalarInt(builder, loc, *axis), 0);
    }
  }
  replace(op, view);
}

void Normalizer::composeTransposes(TransposeOp op) {
  std::optional<SmallVector<int64_t>> order = getConstantInts(op.getOrder());
  if (!order)
    return;
  Value source = op.getInput();
  while (auto inner = source.getDefiningOp<TransposeOp>()) {
    std::optional<SmallVector<int64_t>> innerOrder = getConstantInts(inner.getOrder());
    if (!innerOrder || innerOrder->size() != order->size())
      break;
    for (int64_t &axis : *order)
      axis = (*innerOrder)[axis];
    source = inner.getInput();
  }
  if (llvm::equal(*order, llvm::seq<int64_t>(0, order->size())))
    return replace(op, source);
  replace(op, TransposeOp::create(builder, op.getLoc(), source,
                                  createInts(builder, op.getLoc(), *order)));
}

// A Transpose of the last two dimensions is a flag of the product; one that does
// that and more leaves the rest behind.
void Normalizer::absorbTransposes(MatMulOp op) {
  for (unsigned side : {0u, 1u}) {
    auto transpose = op->getOperand(side).getDefiningOp<TransposeOp>();
    std::optional<SmallVector<int64_t>> order =
        transpose ? getConstantInts(transpose.getOrder()) : std::nullopt;
    if (!order || order->size() < 2)
      continue;
    SmallVector<int64_t> swapped = *order;
    std::swap(swapped[swapped.size() - 1], swapped[swapped.size() - 2]);
    Value source = transpose.getInput();
    if (!llvm::equal(swapped, llvm::seq<int64_t>(0, swapped.size()))) {
      // Keys as [batch, heads, size, sequence]; queries are [.., sequence, size].
      if (ArrayRef<int64_t>(*order) != ArrayRef<int64_t>{0, 2, 3, 1})
        continue;
      source = TransposeOp::create(builder, transpose.getLoc(), source,
                                   createInts(builder, transpose.getLoc(), swapped));
    }
    op->setOperand(side, source);
    if (side == 0)
      op.setTransposeA(!op.getTransposeA());
    else
      op.setTransposeB(!op.getTransposeB());
  }
}

// Slices of whole steps become Slice for what is cut and Gather for what is picked.
void Normalizer::splitStridedSlice(StridedSliceOp op) {
  RankedTensorType type = rankedType(op.getInput());
  std::optional<SmallVector<int64_t>> begin = getConstantInts(op.getBegin());
  std::optional<SmallVector<int64_t>> end = getConstantInts(op.getEnd());
  std::optional<SmallVector<int64_t>> strides = getConstantInts(op.getStrides());
  auto isSet = [](ArrayRef<int64_t> mask, size_t index) {
    return index < mask.size() && mask[index] != 0;
  };
  if (!type || !begin || !end || !strides || begin->size() != end->size() ||
      begin->size() != strides->size() || static_cast<int64_t>(begin->size()) > type.getRank() ||
      llvm::any_of(*strides, [](int64_t stride) { return stride != 1; }))
    return;
  SmallVector<int64_t> axes, starts, stops;
  SmallVector<std::pair<int64_t, int64_t>> picks;
  for (size_t i = 0; i < begin->size(); ++i) {
    if (isSet(op.getNewAxisMask(), i) || isSet(op.getEllipsisMask(), i))
      return;
    if (isSet(op.getShrinkAxisMask(), i)) {
      // Gather counts a negative index from the end, too.
      picks.push_back({i, isSet(op.getBeginMask(), i) ? 0 : (*begin)[i]});
      continue;
    }
    int64_t start = isSet(op.getBeginMask(), i) ? 0 : (*begin)[i];
    int64_t stop = isSet(op.getEndMask(), i) ? std::numeric_limits<int64_t>::max() : (*end)[i];
    if (start == 0 && (stop == std::numeric_limits<int64_t>::max() ||
                       (!type.isDynamicDim(i) && stop >= type.getDimSize(i))))
      continue;
    axes.push_back(i);
    starts.push_back(start);
    stops.push_back(stop);
  }
  Location loc = op.getLoc();
  Value value = op.getInput();
  if (!axes.empty())
    value = SliceOp::create(builder, loc, value, createInts(builder, loc, starts),
                            createInts(builder, loc, stops),
                            createInts(builder, loc, SmallVector<int64_t>(axes.size(), 1)),
                            createInts(builder, loc, axes));
  for (auto [axis, index] : llvm::reverse(picks))
    value = GatherOp::create(builder, loc, value, createScalarInt(builder, loc, index),
                             createScalarInt(builder, loc, axis), 0);
  replace(op, value);
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

// [batch * sequence, hidden] that looks at [batch, sequence, ...] with `hidden` in
// the trailing dimensions.
std::optional<Normalizer::Flattened> Normalizer::getFlattened(Value value) {
  RankedTensorType type = rankedType(value);
  if (!type || type.getRank() != 2 || !isView(value.getDefiningOp()))
    return std::nullopt;
  Value source = lookThroughViews(value);
  SymbolicShape from = shapes.getShape(source), to = shapes.getShape(value);
  SymbolicDim hidden = SymbolicShapes::number(1);
  // Two dimensions at least must be left in front.
  for (size_t split = from.size(); split-- > 2;) {
    std::optional<SymbolicDim> product = SymbolicShapes::multiply({from[split], hidden});
    if (!product)
      return std::nullopt;
    hidden = *product;
    // One head of all columns is a dimension of 1 between the sequence and them.
    if (hidden != to.back() || (split > 2 && from[split - 1].isNumber(1)))
      continue;
    SymbolicShape shape(from.begin(), from.begin() + split);
    shape.push_back(hidden);
    return Flattened{source, shape};
  }
  return std::nullopt;
}

// The op on other operands, then the flattening.
void Normalizer::finishSink(Operation *op, ArrayRef<Value> operands, ArrayRef<SymbolicDim> shape) {
  Value result = views.rewrite(op, operands, shape);
  Value view = views.view(op->getLoc(), result, shapes.getShape(op->getResult(0)));
  if (view)
    replace(op, view);
}

static bool worksByToken(Operation *op) {
  if (auto softmax = dyn_cast<SoftMaxOp>(op))
    return static_cast<int64_t>(softmax.getAxis()) == -1;
  if (auto softmax = dyn_cast<LogSoftmaxOp>(op))
    return static_cast<int64_t>(softmax.getAxis()) == -1;
  if (auto mvn = dyn_cast<MVNOp>(op))
    return getConstantInt(mvn.getAxes()) == -1;
  return op->hasTrait<UnaryElementwise>() || isa<ConvertOp>(op);
}

bool Normalizer::sinkUnary(Operation *op) {
  std::optional<Flattened> flat = getFlattened(op->getOperand(0));
  if (!flat)
    return false;
  SmallVector<Value> operands(op->getOperands());
  operands[0] = views.view(op->getLoc(), flat->source, flat->shape);
  if (!operands[0])
    return false;
  finishSink(op, operands, flat->shape);
  return true;
}

bool Normalizer::sinkBinary(Operation *op) {
  RankedTensorType type = rankedType(op->getResult(0));
  if (!type || type.getRank() != 2)
    return false;
  SmallVector<Value> operands;
  SymbolicShape shape;
  for (Value operand : op->getOperands()) {
    std::optional<Flattened> flat = getFlattened(operand);
    if (flat) {
      if (!shape.empty() && shape != flat->shape)
        return false;
      shape = flat->shape;
      operands.push_back(views.view(op->getLoc(), flat->source, flat->shape));
      if (!operands.back())
        return false;
      continue;
    }
    // A bias or a number, the same for all tokens and no wider than one.
    RankedTensorType operandType = rankedType(operand);
    if (!operandType || operandType.getRank() > 1 ||
        (operandType.getRank() == 1 && operandType.getDimSize(0) != 1 &&
         operandType.getDimSize(0) != type.getDimSize(1)))
      return false;
    operands.push_back(operand);
  }
  if (shape.empty() || shape.back() != shapes.getShape(op->getResult(0)).back())
    return false;
  finishSink(op, operands, shape);
  return true;
}

bool Normalizer::sinkMatMul(MatMulOp op) {
  RankedTensorType rhs = rankedType(op.getRhs());
  std::optional<Flattened> flat = getFlattened(op.getLhs());
  if (!flat || !rhs || rhs.getRank() != 2 || op.getTransposeA())
    return false;
  Value tokens = views.view(op.getLoc(), flat->source, flat->shape);
  if (!tokens)
    return false;
  SymbolicShape shape = flat->shape;
  shape.back() = shapes.getShape(op.getOutput()).back();
  finishSink(op, {tokens, op.getRhs()}, shape);
  return true;
}

// Look-ups by Gather along axis 0 and by OneHot along a new last axis: the ids'
// shape is the head of the result's, whatever it is.
bool Normalizer::sinkLookUp(Operation *op, unsigned index) {
  Value ids = op->getOperand(index);
  if (!isView(ids.getDefiningOp()) || !rankedType(ids) || !rankedType(op->getResult(0)))
    return false;
  Value source = lookThroughViews(ids);
  SymbolicShape shape = shapes.getShape(source);
  SymbolicShape viewed = shapes.getShape(op->getResult(0));
  shape.append(viewed.begin() + rankedType(ids).getRank(), viewed.end());
  SmallVector<Value> operands(op->getOperands());
  operands[index] = source;
  finishSink(op, operands, shape);
  return true;
}

// Query, key and value out of one product.
void Normalizer::sinkSplit(SplitOp op) {
  std::optional<Flattened> flat = getFlattened(op.getInput());
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  if (!flat || !axis || (*axis != -1 && *axis != 1))
    return;
  Location loc = op.getLoc();
  Value tokens = views.view(loc, flat->source, flat->shape);
  std::optional<SymbolicDim> part =
      SymbolicShapes::divide(flat->shape.back(), SymbolicShapes::number(op.getNumSplits()));
  if (!tokens || !part)
    return;
  SymbolicShape shape = flat->shape;
  shape.back() = *part;
  Type element = getElementTypeOrSelf(op.getInput().getType());
  SmallVector<Type> types(op.getNumSplits(), ViewBuilder::type(shape, element));
  Type axisType = getElementTypeOrSelf(op.getAxis().getType());
  auto split = SplitOp::create(builder, loc, types, tokens,
                               createScalarInt(builder, loc, -1, axisType), op.getNumSplits());
  for (auto [before, after] : llvm::zip_equal(op.getOutputs(), split.getOutputs())) {
    Value view = views.view(loc, after, shapes.getShape(before));
    if (!view)
      continue;
    views.replaced(before, view);
    before.replaceAllUsesWith(view);
  }
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

void Normalizer::visit(Operation *op) {
  builder.setInsertionPoint(op);
  reduceShapeOperands(op);
  llvm::TypeSwitch<Operation *>(op)
      .Case<ReshapeOp, SqueezeOp, UnsqueezeOp>([&](Operation *op) { reduceView(op); })
      .Case([&](TransposeOp op) { composeTransposes(op); })
      .Case([&](StridedSliceOp op) { splitStridedSlice(op); })
      .Case([&](SplitOp op) { sinkSplit(op); })
      .Case([&](MatMulOp op) {
        absorbTransposes(op);
        sinkMatMul(op);
      })
      .Case([&](GatherOp op) {
        if (getConstantInt(op.getAxis()) == 0 && op.getBatchDims() == 0)
          sinkLookUp(op, 1);
      })
      .Case([&](OneHotOp op) {
        RankedTensorType type = rankedType(op.getOutput());
        if (type && static_cast<int64_t>(op.getAxis()) == type.getRank() - 1)
          op.setAxis(-1);
        if (static_cast<int64_t>(op.getAxis()) == -1)
          sinkLookUp(op, 0);
      })
      .Case<AddOp, MultiplyOp, MaximumOp, MinimumOp, SquaredDifferenceOp, SubtractOp, DivideOp,
            PowerOp>([&](Operation *op) {
        dropLeadingOnes(op);
        if (op->hasTrait<OpTrait::IsCommutative>())
          putConstantRight(op);
        if (!sinkBinary(op))
          if (auto divide = dyn_cast<DivideOp>(op))
            multiplyByInverse(divide);
      })
      .Default([&](Operation *op) {
        if (auto softmax = dyn_cast<SoftMaxOp>(op))
          countAxisFromEnd(softmax);
        if (auto softmax = dyn_cast<LogSoftmaxOp>(op))
          countAxisFromEnd(softmax);
        if (auto mvn = dyn_cast<MVNOp>(op))
          countAxesFromEnd(mvn);
        if (worksByToken(op))
          sinkUnary(op);
      });
}

void Normalizer::run() {
  SmallVector<Operation *> ops;
  for (Operation &op : function.getBody().front().without_terminator())
    ops.push_back(&op);
  for (Operation *op : ops)
    visit(op);
  eraseDeadOps(function);
  function.setType(
      FunctionType::get(function.getContext(), function.getArgumentTypes(),
                        function.getBody().front().getTerminator()->getOperandTypes()));
}

namespace {

struct OVNormalize : public bertmlir::ov::impl::OVNormalizeBase<OVNormalize> {
  using Base::Base;

  void runOnOperation() override {
    if (getOperation().isDeclaration())
      return;
    Normalizer(getOperation()).run();
  }
};

} // namespace
