//===- GeneralizeShapes.cpp - any batch size, any sequence length ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Writes down what AxisAnalysis found out. At the shape that the model was built
// for, every rewritten literal has its old value.
//
//===----------------------------------------------------------------------===//

#include "GeneralizeShapes.h"

#include "bert/Dialect/OV/IR/ShapeInference.h"
#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVGENERALIZESHAPES
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

namespace {

class Rewriter {
public:
  Rewriter(func::FuncOp model, AxisAnalysis &analysis)
      : model(model), analysis(analysis), solver(analysis.getSolver()),
        builder(model.getContext()) {}

  void run() {
    for (const Literal &literal : analysis.getLiterals())
      rewrite(literal);
  }
  void setInputTypes(bool freeBatch, bool freeSequence);
  void setOtherType(BlockArgument input, const Label &label, int64_t limit);

private:
  void rewrite(const Literal &literal);
  void rewriteShape(const Literal &literal);
  void rewriteSliceEnd(const Literal &literal);
  void rewriteConstant(const Literal &literal);
  void rewriteCount(const Literal &literal);
  void addOffsets(const Literal &literal);
  Location locFor(Operation *op, StringRef suffix);
  bool isSymbolic(const Dim &dim) {
    return solver.contains(dim, Atom::Batch) || solver.contains(dim, Atom::Sequence);
  }
  /// A one-element tensor with the dimension's size, computed from an input's shape.
  Value sizeValue(const Dim &dim, Type elementType);
  Value symbolValue(bool isBatch, Type elementType);
  Value shapeValue(ArrayRef<Dim> dims, Type elementType, Location loc);
  /// What the operand says now, if it is exact.
  const Label *labelOf(Value value) { return analysis.lookup(value); }

  func::FuncOp model;
  AxisAnalysis &analysis;
  AxisSolver &solver;
  OpBuilder builder;
  DenseMap<std::pair<unsigned, Type>, Value> symbols;
};

} // namespace

Location Rewriter::locFor(Operation *op, StringRef suffix) {
  StringRef name = getLayerName(op->getLoc());
  return NameLoc::get(builder.getStringAttr(name + "/" + suffix));
}

//===----------------------------------------------------------------------===//
// Sizes at run time
//===----------------------------------------------------------------------===//

// One value per function: the batch and the sequence length of the first input.
Value Rewriter::symbolValue(bool isBatch, Type elementType) {
  Value &value = symbols[{isBatch, elementType}];
  if (value)
    return value;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&model.getBody().front());
  BlockArgument input = analysis.getInputs().front();
  auto loc = [&](StringRef name) -> Location { return NameLoc::get(builder.getStringAttr(name)); };
  StringRef name = isBatch ? "batch_size" : "sequence_length";
  Value shape = ShapeOfOp::create(builder, loc((name + "/shape").str()), input, elementType);
  Value index = createInts(builder, loc((name + "/index").str()), isBatch ? 0 : 1);
  Value axis = createScalarInt(builder, loc((name + "/axis").str()), 0);
  value = GatherOp::create(builder, loc(name), shape, index, axis, int64_t(0));
  return value;
}

Value Rewriter::sizeValue(const Dim &dim, Type elementType) {
  Monomial size = solver.monomialOf(dim);
  Value product;
  auto multiply = [&](Value factor) {
    product = product ? MultiplyOp::create(builder, factor.getLoc(), product, factor).getOutput()
                      : factor;
  };
  for (unsigned i = 0; i < size.b; ++i)
    multiply(symbolValue(/*isBatch=*/true, elementType));
  for (unsigned i = 0; i < size.s; ++i)
    multiply(symbolValue(/*isBatch=*/false, elementType));
  if (size.factor != 1 || !product)
    multiply(createInts(builder, builder.getUnknownLoc(), size.factor, elementType));
  return product;
}

Value Rewriter::shapeValue(ArrayRef<Dim> dims, Type elementType, Location loc) {
  if (llvm::none_of(dims, [&](const Dim &dim) { return isSymbolic(dim); }))
    return createInts(
        builder, loc,
        llvm::map_to_vector(dims, [&](const Dim &dim) { return solver.monomialOf(dim).factor; }),
        elementType);
  SmallVector<Value> parts;
  for (const Dim &dim : dims)
    parts.push_back(sizeValue(dim, elementType));
  if (parts.size() == 1)
    return parts.front();
  return ConcatOp::create(builder, loc, parts, int64_t(0));
}

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

// One symbolic dimension of a Reshape is computed (-1), so that most targets stay
// constants; the others come from the input's shape. Copying by 0 would do as well,
// but OpenVINO merges chains of Reshapes and then copies from the wrong one.
void Rewriter::rewriteShape(const Literal &literal) {
  Operation *op = literal.op;
  Location loc = locFor(op, "target");
  Value old = literal.kind == Literal::Squeeze ? Value() : op->getOperand(literal.operand);
  Type elementType = old ? getElementTypeOrSelf(old.getType()) : builder.getI64Type();
  bool isReshape = literal.kind == Literal::Squeeze || isa<ReshapeOp>(op);
  if (!isReshape) {
    Value target = shapeValue(literal.dims, elementType, loc);
    op->setOperand(literal.operand, target);
    return;
  }
  std::optional<size_t> computed;
  unsigned open = 0;
  for (auto [index, dim] : llvm::enumerate(literal.dims)) {
    if (!isSymbolic(dim))
      continue;
    computed = index;
    ++open;
  }
  SmallVector<Value> parts;
  SmallVector<int64_t> entries;
  for (auto [index, dim] : llvm::enumerate(literal.dims)) {
    entries.push_back(index == *computed ? -1 : solver.monomialOf(dim).factor);
    if (open > 1)
      parts.push_back(index == *computed ? createInts(builder, loc, -1, elementType).getOutput()
                                         : sizeValue(dim, elementType));
  }
  Value target = open > 1 ? ConcatOp::create(builder, loc, parts, int64_t(0)).getOutput()
                          : createInts(builder, loc, entries, elementType).getOutput();
  Value reshaped =
      ReshapeOp::create(builder, op->getLoc(), op->getOperand(0), target, false).getOutput();
  op->getResult(0).replaceAllUsesWith(reshaped);
  op->erase();
}

// The rest of the axis where it is the whole of a symbolic one, else the size.
void Rewriter::rewriteSliceEnd(const Literal &literal) {
  Operation *op = literal.op;
  Value old = op->getOperand(literal.operand);
  Type elementType = getElementTypeOrSelf(old.getType());
  std::optional<SmallVector<int64_t>> ends = getConstantInts(old);
  const Label *input = labelOf(op->getOperand(0));
  bool isWhole = input && input->isData;
  if (isWhole && ends) {
    (*ends)[literal.index] = elementType.isInteger(64) ? std::numeric_limits<int64_t>::max()
                                                       : std::numeric_limits<int32_t>::max();
    op->setOperand(literal.operand, createInts(builder, locFor(op, "stop"), *ends, elementType));
    return;
  }
  SmallVector<Value> parts;
  int64_t count = cast<RankedTensorType>(old.getType()).getNumElements();
  for (int64_t i = 0; i < count; ++i) {
    if (i == literal.index) {
      Value end = sizeValue(literal.dims.front(), elementType);
      if (literal.start != 0)
        end = AddOp::create(builder, locFor(op, "stop"), end,
                            createInts(builder, locFor(op, "first"), literal.start, elementType));
      parts.push_back(end);
    } else if (ends) {
      parts.push_back(createInts(builder, locFor(op, "stop"), (*ends)[i], elementType));
    } else {
      Value index = createInts(builder, locFor(op, "index"), i);
      Value axis = createScalarInt(builder, locFor(op, "axis"), 0);
      parts.push_back(GatherOp::create(builder, locFor(op, "stop"), old, index, axis, int64_t(0)));
    }
  }
  Value stop = parts.size() == 1
                   ? parts.front()
                   : ConcatOp::create(builder, locFor(op, "stop"), parts, int64_t(0)).getOutput();
  op->setOperand(literal.operand, stop);
}

// Uniform along the symbolic axes: one slice of it, repeated.
void Rewriter::rewriteConstant(const Literal &literal) {
  Operation *op = literal.op;
  auto constant = op->getOperand(literal.operand).getDefiningOp<ConstantOp>();
  auto dense = cast<DenseElementsAttr>(constant.getValue());
  auto type = cast<RankedTensorType>(dense.getType());
  SmallVector<int64_t> shape(type.getShape());
  for (auto [axis, dim] : llvm::enumerate(literal.dims))
    if (isSymbolic(dim))
      shape[axis] = 1;
  auto smallType = RankedTensorType::get(shape, type.getElementType());
  DenseElementsAttr small;
  if (dense.isSplat()) {
    small = dense.resizeSplat(smallType);
  } else {
    SmallVector<Attribute> all(dense.getValues<Attribute>());
    SmallVector<Attribute> kept;
    for (int64_t index = 0, e = all.size(); index < e; ++index) {
      int64_t rest = index;
      bool isFirst = true;
      for (int64_t axis = type.getRank() - 1; axis >= 0; --axis) {
        isFirst &= shape[axis] == type.getDimSize(axis) || rest % type.getDimSize(axis) == 0;
        rest /= type.getDimSize(axis);
      }
      if (isFirst)
        kept.push_back(all[index]);
    }
    small = DenseElementsAttr::get(smallType, kept);
  }
  Value slice = ConstantOp::create(builder, constant.getLoc(), small);
  Value target = shapeValue(literal.dims, builder.getI64Type(), locFor(constant, "shape"));
  op->setOperand(literal.operand,
                 BroadcastOp::create(builder, constant.getLoc(), slice, target, Value(), "numpy"));
}

// start, start + step, .. to as many as there are.
void Rewriter::rewriteCount(const Literal &literal) {
  Operation *op = literal.op;
  auto constant = op->getOperand(literal.operand).getDefiningOp<ConstantOp>();
  auto type = cast<RankedTensorType>(constant.getType());
  Type elementType = type.getElementType();
  Dim length = literal.dims[literal.index];
  length.append(literal.step);
  auto scalar = [&](Value size) -> Value {
    return SqueezeOp::create(builder, locFor(op, "limit"), size,
                             createInts(builder, locFor(op, "axes"), 0));
  };
  Value step = isSymbolic(literal.step)
                   ? scalar(sizeValue(literal.step, elementType))
                   : createScalarInt(builder, locFor(op, "step"),
                                     solver.monomialOf(literal.step).factor, elementType);
  Value count = RangeOp::create(builder, locFor(op, "count"),
                                createScalarInt(builder, locFor(op, "start"), 0, elementType),
                                scalar(sizeValue(length, elementType)), step, elementType);
  if (literal.start != 0)
    count =
        AddOp::create(builder, locFor(op, "shifted"), count,
                      createScalarInt(builder, locFor(op, "first"), literal.start, elementType));
  if (type.getRank() > 1) {
    SmallVector<int64_t> shape(type.getRank(), 1);
    shape[literal.index] = -1;
    count = ReshapeOp::create(builder, locFor(op, "column"), count,
                              createInts(builder, locFor(op, "shape"), shape), false);
  }
  op->setOperand(literal.operand, count);
}

// indices + example number * sequence length; indices are [b, ..] or [b * n].
void Rewriter::addOffsets(const Literal &literal) {
  Operation *op = literal.op;
  Value indices = op->getOperand(literal.operand);
  auto type = cast<RankedTensorType>(indices.getType());
  Type elementType = type.getElementType();
  auto scalar = [&](bool isBatch) -> Value {
    return SqueezeOp::create(builder, locFor(op, "limit"), symbolValue(isBatch, elementType),
                             createInts(builder, locFor(op, "axes"), 0));
  };
  Dim rest = solver.normalize(literal.dims.front());
  rest.erase(rest.begin());
  SmallVector<int64_t> shape = {-1};
  if (!rest.empty())
    shape.push_back(solver.monomialOf(rest).factor);
  for (const Dim &dim : ArrayRef(literal.dims).drop_front())
    shape.push_back(solver.monomialOf(dim).factor);
  SmallVector<int64_t> column(shape.size(), 1);
  column.front() = -1;
  auto reshape = [&](Value value, ArrayRef<int64_t> target, StringRef suffix) -> Value {
    return ReshapeOp::create(builder, locFor(op, suffix), value,
                             createInts(builder, locFor(op, "shape"), target), false);
  };
  Value examples = RangeOp::create(
      builder, locFor(op, "examples"),
      createScalarInt(builder, locFor(op, "start"), 0, elementType), scalar(/*isBatch=*/true),
      createScalarInt(builder, locFor(op, "step"), 1, elementType), elementType);
  Value offsets = MultiplyOp::create(builder, locFor(op, "offsets"), examples,
                                     symbolValue(/*isBatch=*/false, elementType));
  if (!rest.empty())
    indices = reshape(indices, shape, "rows");
  indices =
      AddOp::create(builder, locFor(op, "own_rows"), indices, reshape(offsets, column, "column"));
  if (!rest.empty()) {
    SmallVector<int64_t> flat(shape.begin() + 1, shape.end());
    flat.front() = -1;
    indices = reshape(indices, flat, "flat");
  }
  op->setOperand(literal.operand, indices);
}

void Rewriter::rewrite(const Literal &literal) {
  if (llvm::none_of(literal.dims, [&](const Dim &dim) { return isSymbolic(dim); }))
    return;
  Operation *op = literal.op;
  builder.setInsertionPoint(op);
  // Arithmetic that gives the right value for every shape stays.
  if (literal.kind != Literal::Squeeze && literal.kind != Literal::Constant &&
      literal.kind != Literal::Prefix && literal.kind != Literal::SliceEnd &&
      literal.kind != Literal::First && literal.kind != Literal::Count &&
      literal.kind != Literal::Offsets) {
    const Label *label = labelOf(op->getOperand(literal.operand));
    if (label && label->value && label->value->size() == literal.dims.size() &&
        llvm::all_of(llvm::zip_equal(*label->value, literal.dims), [&](auto pair) {
          auto &[value, dim] = pair;
          return value == solver.monomialOf(dim) || value == Monomial{-1, 0, 0};
        }))
      return;
  }
  switch (literal.kind) {
  case Literal::Shape:
  case Literal::Squeeze:
    return rewriteShape(literal);
  case Literal::Repeats: {
    Type elementType = getElementTypeOrSelf(op->getOperand(1).getType());
    op->setOperand(1, shapeValue(literal.dims, elementType, locFor(op, "repeats")));
    return;
  }
  case Literal::SliceEnd:
    return rewriteSliceEnd(literal);
  case Literal::Scalar: {
    Value old = op->getOperand(literal.operand);
    Value size = sizeValue(literal.dims.front(), getElementTypeOrSelf(old.getType()));
    if (cast<RankedTensorType>(old.getType()).getRank() == 0)
      size = SqueezeOp::create(builder, locFor(op, "limit"), size,
                               createInts(builder, locFor(op, "axes"), 0));
    op->setOperand(literal.operand, size);
    return;
  }
  case Literal::Constant:
    return rewriteConstant(literal);
  case Literal::Count:
    return rewriteCount(literal);
  case Literal::Offsets:
    return addOffsets(literal);
  case Literal::First: {
    op->setOperand(literal.operand,
                   SliceOp::create(builder, locFor(op, "one"), op->getOperand(literal.operand),
                                   createInts(builder, locFor(op, "start"), 0),
                                   createInts(builder, locFor(op, "stop"), 1),
                                   createInts(builder, locFor(op, "step"), 1),
                                   createInts(builder, locFor(op, "axes"), literal.index)));
    return;
  }
  case Literal::Prefix: {
    Type i64 = builder.getI64Type();
    Value table = op->getOperand(literal.operand);
    Value sliced = SliceOp::create(
        builder, locFor(op, "rows"), table, createInts(builder, locFor(op, "start"), 0),
        sizeValue(literal.dims.front(), i64), createInts(builder, locFor(op, "step"), 1),
        createInts(builder, locFor(op, "axes"), literal.index));
    op->setOperand(literal.operand, sliced);
    return;
  }
  }
}

void Rewriter::setOtherType(BlockArgument input, const Label &label, int64_t limit) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape(type.getShape()), bounds;
  for (auto [size, dim] : llvm::zip_equal(shape, label.dims)) {
    bool isSequence = solver.contains(dim, Atom::Sequence);
    bool isOpen = ShapedType::isDynamic(size) || isSymbolic(dim);
    bounds.append({isOpen ? 1 : size, isSequence ? limit : isOpen ? -1 : size});
    size = isOpen ? ShapedType::kDynamic : size;
  }
  input.setType(RankedTensorType::get(shape, type.getElementType()));
  if (llvm::is_contained(shape, ShapedType::kDynamic))
    model.setArgAttr(input.getArgNumber(), kBoundsAttr, builder.getDenseI64ArrayAttr(bounds));
}

void Rewriter::setInputTypes(bool freeBatch, bool freeSequence) {
  int64_t limit = -1;
  for (const SequenceLimit &rows : solver.getLimits())
    limit = limit < 0 ? rows.rows : std::min(limit, rows.rows);
  for (BlockArgument input : model.getArguments()) {
    auto type = cast<RankedTensorType>(input.getType());
    bool isInput = llvm::is_contained(analysis.getInputs(), input);
    if (const Label *label = labelOf(input); label && !isInput) {
      setOtherType(input, *label, limit);
      continue;
    }
    // An unused input that looks like the others goes along.
    if (!isInput && (!input.use_empty() ||
                     type.getShape() !=
                         cast<RankedTensorType>(analysis.getInputs().front().getType()).getShape()))
      continue;
    SmallVector<int64_t> shape(type.getShape());
    SmallVector<int64_t> bounds;
    for (int64_t dim : shape)
      bounds.append({ShapedType::isDynamic(dim) ? 1 : dim, ShapedType::isDynamic(dim) ? -1 : dim});
    if (freeBatch) {
      shape[0] = ShapedType::kDynamic;
      bounds[0] = 1;
      bounds[1] = -1;
    }
    if (freeSequence) {
      shape[1] = ShapedType::kDynamic;
      bounds[2] = 1;
      bounds[3] = limit;
    }
    input.setType(RankedTensorType::get(shape, type.getElementType()));
    model.setArgAttr(input.getArgNumber(), kBoundsAttr, builder.getDenseI64ArrayAttr(bounds));
  }
  model.setType(
      builder.getFunctionType(model.getBody().front().getArgumentTypes(), model.getResultTypes()));
}

LogicalResult ov::generalizeShapes(func::FuncOp model, AnalysisOptions options) {
  AxisAnalysis analysis(model, options);
  if (!analysis.run()) {
    // Other inputs (positions to predict) may have a fixed second dimension.
    bool isOpen =
        llvm::any_of(model.getArguments(),
                     [](BlockArgument input) {
                       auto type = dyn_cast<RankedTensorType>(input.getType());
                       return !input.use_empty() && type && type.getRank() == 2 &&
                              type.isDynamicDim(1);
                     }) &&
        llvm::all_of(model.getArguments(), [](BlockArgument input) {
          auto type = dyn_cast<RankedTensorType>(input.getType());
          return input.use_empty() || (type && type.getRank() > 0 && type.isDynamicDim(0));
        });
    if (isOpen) {
      emitRemark(model.getLoc())
          << "all dimensions of the inputs are open already; the model stays "
             "as it is ("
          << analysis.getReason() << ")";
      return success();
    }
    Operation *culprit = analysis.getCulprit();
    return emitError(culprit ? culprit->getLoc() : model.getLoc())
           << "the model can't be made reshapeable: " << analysis.getReason();
  }
  AxisSolver &solver = analysis.getSolver();
  bool freeSequence = solver.hasFreeSequence();
  if (options.sequence && !freeSequence)
    emitRemark(model.getLoc())
        << "the model was built for sequence length 1, which says nothing about longer ones; "
           "only the batch becomes free";
  emitRemark(model.getLoc())
      << "reshapeable, assuming that inputs are [batch, sequence], that reshapes keep the "
         "row-major order of axes, that the examples of a batch are independent, that the first "
         "rows of a table which meet the sequence are its positions, and that no float is a size";
  const SequenceLimit *limit = nullptr;
  for (const SequenceLimit &rows : solver.getLimits())
    if (!limit || rows.rows < limit->rows)
      limit = &rows;
  if (freeSequence && limit) {
    InFlightDiagnostic remark = emitRemark(model.getLoc());
    remark << "the sequence can have 1 to " << limit->rows << " tokens, as many as '"
           << limit->origin << "' has rows";
    if (limit->isCut)
      remark << " left: the converter that wrote the model has cut it to the built-in length";
    model->setAttr(kPositionTableAttr, StringAttr::get(model.getContext(), limit->origin));
  }
  Rewriter rewriter(model, analysis);
  rewriter.run();
  rewriter.setInputTypes(options.batch, freeSequence);
  return reinferTypes(model);
}

namespace {

struct OVGeneralizeShapes : public ov::impl::OVGeneralizeShapesBase<OVGeneralizeShapes> {
  using Base::Base;

  void runOnOperation() override {
    if (!getOperation().isExternal() &&
        failed(generalizeShapes(getOperation(), {batch, sequence, prefixTables})))
      signalPassFailure();
  }
};

} // namespace
