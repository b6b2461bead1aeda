//===- Attention.cpp - attention out of the normal form ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// softmax(q k^T scale + (1 - mask) value) v, where q, k and v are [batch, sequence,
// width] cut into heads. The shapes are compared by name, so that a batch that happens
// to equal the number of heads is not taken for it.
//
//===----------------------------------------------------------------------===//

#include "Matchers.h"

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtobert;

namespace {

class AttentionMatcher {
public:
  AttentionMatcher(SoftMaxOp anchor, SymbolicShapes &shapes) : shapes(shapes) {
    match.anchor = anchor;
  }

  FailureOr<AttentionMatch> run();

private:
  bool matchScores();
  bool matchMask(Value mask);
  bool matchContext();
  // The [batch, sequence, width] behind a [batch, heads, sequence, size] transposed by `order`.
  // Numbers that it is multiplied by go to `scale`.
  Value matchHeads(Value heads, ArrayRef<int64_t> order, double &scale);
  bool fail(const Twine &text) {
    reason = text.str();
    return false;
  }

  SymbolicShapes &shapes;
  AttentionMatch match;
  std::string reason;
  SymbolicShape queryShape; ///< of query: batch, sequence, width
  SymbolicShape keyShape;
};

} // namespace

static bool hasOneUse(Value value) { return value && value.hasOneUse(); }

static std::optional<SmallVector<int64_t>> getOrder(TransposeOp transpose) {
  return transpose ? getConstantInts(transpose.getOrder()) : std::nullopt;
}

// What a product with numbers multiplies; `scale` takes them.
static Value peelScale(Value value, double &scale) {
  while (hasOneUse(value)) {
    std::optional<WithConstant> scaled = matchWithConstant<MultiplyOp>(value);
    if (!scaled || scaled->value.getType() != value.getType())
      break;
    scale *= scaled->constant;
    value = scaled->value;
  }
  return value;
}

Value AttentionMatcher::matchHeads(Value heads, ArrayRef<int64_t> order, double &scale) {
  auto transpose = peelScale(heads, scale).getDefiningOp<TransposeOp>();
  std::optional<SmallVector<int64_t>> found = getOrder(transpose);
  if (!found || ArrayRef<int64_t>(*found) != order)
    return {};
  Value cut = peelScale(transpose.getInput(), scale);
  // With one head, or heads of size 1, it is an Unsqueeze.
  if (!isView(cut.getDefiningOp()) || getDims(cut).size() != 4)
    return {};
  Value joined = cut.getDefiningOp()->getOperand(0);
  if (getDims(joined).size() != 3)
    return {};
  SymbolicShape whole = shapes.getShape(joined);
  SymbolicShape parts = shapes.getShape(cut);
  if (whole[0] != parts[0] || whole[1] != parts[1] || !whole[2].isNumber() ||
      !parts[2].isNumber() || !parts[3].isNumber() ||
      whole[2].factor != parts[2].factor * parts[3].factor)
    return {};
  if (match.heads != 0 && match.heads != parts[2].factor)
    return {};
  match.heads = parts[2].factor;
  return peelScale(joined, scale);
}

// The mask as its maker had it: before it got its place among four dimensions and became f32.
static Value peelMask(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    auto convert = dyn_cast<ConvertOp>(op);
    auto isInteger = [](Type type) { return type.isInteger(32) || type.isInteger(64); };
    if (!isView(op) && !(convert && getElementTypeOrSelf(convert.getOutput()).isF32() &&
                         isInteger(getElementTypeOrSelf(convert.getInput()))))
      break;
    value = op->getOperand(0);
  }
  return value;
}

// 1 - mask, or mask - 1 with the sign in `factor`; gives the mask.
static Value matchInverse(Value value, double &factor) {
  auto isOne = [](Value number) {
    return getConstantFloat(number) == 1.0 || getConstantInt(number) == 1;
  };
  if (auto difference = value.getDefiningOp<SubtractOp>()) {
    if (isOne(difference.getLhs()))
      return difference.getRhs();
    if (isOne(difference.getRhs())) {
      factor = -factor;
      return difference.getLhs();
    }
  }
  if (std::optional<WithConstant> sum = matchWithConstant<AddOp>(value);
      sum && sum->constant == -1.0) {
    factor = -factor;
    return sum->value;
  }
  return {};
}

bool AttentionMatcher::matchMask(Value mask) {
  SymbolicShape expected{keyShape[0], SymbolicShapes::number(1), SymbolicShapes::number(1),
                         keyShape[1]};
  if (getDims(mask).size() != 4 || shapes.getShape(mask) != expected)
    return fail("its mask is not [batch, 1, 1, sequence]");
  std::optional<WithConstant> product = matchWithConstant<MultiplyOp>(peelMask(mask));
  if (!product)
    return fail("what is added to its scores is not (1 - mask) times a number");
  match.maskedValue *= product->constant;
  Value inner = matchInverse(peelMask(product->value), match.maskedValue);
  if (!inner)
    return fail("what is added to its scores is not (1 - mask) times a number");
  inner = peelMask(inner);
  Type element = getElementTypeOrSelf(inner);
  if (!element.isF32() && !element.isInteger(32) && !element.isInteger(64))
    return fail("its mask is neither f32 nor i32 nor i64");
  // Views keep the order of the elements, so the same shape means the same places.
  if (getDims(inner).size() != 2 ||
      shapes.getShape(inner) != SymbolicShape{keyShape[0], keyShape[1]})
    return fail("its mask is not made from one of shape [batch, sequence]");
  match.mask = inner;
  return true;
}

bool AttentionMatcher::matchScores() {
  Value scores = match.anchor.getInput();
  if (!hasOneUse(scores))
    return fail("its scores are used elsewhere");
  // What scales the sum scales both of its parts.
  scores = peelScale(scores, match.scale);
  match.maskedValue = match.scale;
  Value mask;
  auto sum = scores.getDefiningOp<AddOp>();
  if (sum) {
    if (!hasOneUse(sum.getOutput()))
      return fail("its scores are used elsewhere");
    auto isMask = [](Value value) {
      ArrayRef<int64_t> dims = getDims(value);
      return dims.size() == 4 && dims[1] == 1 && dims[2] == 1;
    };
    scores = sum.getLhs();
    mask = sum.getRhs();
    if (isMask(scores) && !isMask(mask))
      std::swap(scores, mask);
    if (!isMask(mask))
      return fail("what is added to its scores depends on the query or the head");
  }
  auto product = peelScale(scores, match.scale).getDefiningOp<MatMulOp>();
  if (!product || product.getTransposeA() || !hasOneUse(product.getOutput()))
    return fail("its scores are not a product of queries and keys");
  match.query = matchHeads(product.getLhs(), {0, 2, 1, 3}, match.scale);
  match.key = matchHeads(product.getRhs(),
                         product.getTransposeB() ? ArrayRef<int64_t>{0, 2, 1, 3}
                                                 : ArrayRef<int64_t>{0, 2, 3, 1},
                         match.scale);
  if (!match.query || !match.key)
    return fail("its queries and keys are not [batch, sequence, width] cut into heads");
  queryShape = shapes.getShape(match.query);
  keyShape = shapes.getShape(match.key);
  if (queryShape != keyShape)
    return fail("its queries and keys are not of one sequence");
  return !mask || matchMask(mask);
}

bool AttentionMatcher::matchContext() {
  Value weights = match.anchor.getOutput();
  if (!hasOneUse(weights))
    return fail("its probabilities are used elsewhere");
  auto product = dyn_cast<MatMulOp>(*weights.user_begin());
  if (!product || product.getLhs() != weights || product.getTransposeA() ||
      product.getTransposeB() || !hasOneUse(product.getOutput()))
    return fail("its probabilities are not multiplied by values");
  double scale = 1;
  match.value = matchHeads(product.getRhs(), {0, 2, 1, 3}, scale);
  if (!match.value || scale != 1 || shapes.getShape(match.value) != keyShape)
    return fail("its values are not [batch, sequence, width] cut into heads");
  auto transpose = dyn_cast<TransposeOp>(*product.getOutput().user_begin());
  std::optional<SmallVector<int64_t>> order = getOrder(transpose);
  if (!order || *order != SmallVector<int64_t>{0, 2, 1, 3} || !hasOneUse(transpose.getOutput()))
    return fail("its heads are not put side by side");
  Operation *joined = *transpose.getOutput().user_begin();
  if (!isView(joined) || joined->getOperand(0) != transpose.getOutput() ||
      getDims(joined->getResult(0)).size() != 3 ||
      shapes.getShape(joined->getResult(0)) != queryShape ||
      joined->getResult(0).getType() != match.query.getType())
    return fail("its heads are not put side by side");
  match.root = joined;
  return true;
}

FailureOr<AttentionMatch> AttentionMatcher::run() {
  // Other uses of SoftMax are none of ours and need no remark.
  ArrayRef<int64_t> dims = getDims(match.anchor.getInput());
  int64_t axis = match.anchor.getAxis();
  if (dims.size() != 4 || (axis != -1 && axis != 3))
    return failure();
  if (matchScores() && matchContext())
    return match;
  remarkMissed(match.anchor, kPass, reason);
  return failure();
}

FailureOr<AttentionMatch> ovtobert::matchAttention(SoftMaxOp anchor, SymbolicShapes &shapes) {
  return AttentionMatcher(anchor, shapes).run();
}

void ovtobert::replaceAttention(AttentionMatch match) {
  IRRewriter rewriter(match.root);
  Location loc = rewriter.getFusedLoc({match.anchor.getLoc(), match.root->getLoc()});
  auto attention = bert::AttentionOp::create(
      rewriter, loc, match.root->getResult(0).getType(),
      ValueRange{match.query, match.key, match.value}, match.mask, Value(),
      rewriter.getI64IntegerAttr(match.heads), rewriter.getF32FloatAttr(match.scale),
      rewriter.getF32FloatAttr(match.mask ? match.maskedValue : -10000.0));
  remarkFused(match.anchor, kPass, "attention");
  rewriter.replaceAllUsesWith(match.root->getResult(0), attention.getOutput());
}

//===----------------------------------------------------------------------===//
// Query, key and value
//===----------------------------------------------------------------------===//

// One product that is cut into query, key and value.
static Value matchSplit(OperandRange inputs) {
  auto split = inputs[0].getDefiningOp<SplitOp>();
  if (!split || split.getNumSplits() != 3)
    return {};
  int64_t rank = getDims(split.getInput()).size();
  std::optional<int64_t> axis = getConstantInt(split.getAxis());
  if (rank != 3 || !axis || (*axis != -1 && *axis != rank - 1) ||
      !llvm::equal(inputs, split.getOutputs()))
    return {};
  return split.getInput();
}

void ovtobert::mergeQueryKeyValue(bert::AttentionOp attention) {
  if (attention.getInputs().size() != 3)
    return;
  if (Value whole = matchSplit(attention.getInputs()))
    return attention.getInputsMutable().assign(whole);
  SmallVector<bert::DenseOp> parts;
  for (Value input : attention.getInputs()) {
    auto dense = input.getDefiningOp<bert::DenseOp>();
    if (!dense || !input.hasOneUse() || dense.getActivation() != bert::Activation::None)
      return remarkMissed(attention, kPass, "query, key and value are not three dense layers");
    parts.push_back(dense);
  }
  SmallVector<Value> weights, biases;
  SmallVector<Location> locations;
  for (bert::DenseOp part : parts) {
    if (part.getInput() != parts[0].getInput())
      return remarkMissed(attention, kPass, "query, key and value have different inputs");
    if (part.getTransposed() != parts[0].getTransposed() ||
        part.getBiases().size() != parts[0].getBiases().size())
      return remarkMissed(attention, kPass, "query, key and value are spelled differently");
    llvm::append_range(weights, part.getWeights());
    llvm::append_range(biases, part.getBiases());
    locations.push_back(part.getLoc());
  }
  IRRewriter rewriter(attention);
  SmallVector<int64_t> shape(getDims(parts[0].getOutput()));
  shape.back() *= 3;
  auto type = RankedTensorType::get(shape, rewriter.getF32Type());
  auto joined =
      bert::DenseOp::create(rewriter, rewriter.getFusedLoc(locations), type, parts[0].getInput(),
                            weights, biases, bert::Activation::None, parts[0].getTransposed());
  rewriter.modifyOpInPlace(attention,
                           [&] { attention.getInputsMutable().assign(joined.getOutput()); });
}
