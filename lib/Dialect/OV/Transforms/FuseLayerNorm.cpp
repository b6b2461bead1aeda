//===- FuseLayerNorm.cpp - layer normalisation becomes MVN --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Starts at the square root of a variance, on which all spellings agree, and
// matches down to the normalised value and up to its statistics. Names used here:
// m and v are mean and variance of x, r = 1 / sqrt(v + eps), g and b the scale
// and the shift.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/IR/ShapeInference.h"
#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVFUSELAYERNORM
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-fuse-layer-norm";

namespace {

struct Match {
  explicit Match(Operation *anchor) : anchor(anchor) {}

  Operation *anchor;
  // Statistics.
  Value x;
  SmallVector<int64_t> axes; ///< counted from the end, ascending
  double eps = 0;
  // The normalised value.
  Operation *root = nullptr;
  Value scale, shift;                 ///< null: none
  Operation *scaling = nullptr;       ///< the op that applies the scale
  llvm::SetVector<Operation *> inner; ///< what the fusion makes superfluous
  /// Why it is none; "" where the anchor has nothing to do with layer normalisation.
  std::string reason;
};

} // namespace

//===----------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------===//

// The axes of a mean, counted from the end.
static std::optional<SmallVector<int64_t>> getMeanAxes(ReduceMeanOp mean) {
  auto type = dyn_cast<RankedTensorType>(mean.getInput().getType());
  std::optional<SmallVector<int64_t>> axes = getConstantInts(mean.getAxes());
  if (!type || !axes || axes->empty() || !mean.getKeepDims())
    return std::nullopt;
  for (int64_t &axis : *axes)
    axis = axis < 0 ? axis : axis - type.getRank();
  llvm::sort(*axes);
  return axes;
}

// mean(x) over the axes of the variance. Not by identity: some graphs compute it
// once for the variance and once more.
static bool isMean(Value value, Match &match) {
  auto mean = value.getDefiningOp<ReduceMeanOp>();
  if (!mean || mean.getInput() != match.x || getMeanAxes(mean) != match.axes)
    return false;
  match.inner.insert(mean);
  return true;
}

// x - m
static bool isCentered(Value value, Match &match) {
  auto difference = value.getDefiningOp<SubtractOp>();
  if (!difference || difference.getLhs() != match.x || !isMean(difference.getRhs(), match))
    return false;
  match.inner.insert(difference);
  return true;
}

// SquaredDifference(x, m), x on either side.
static bool matchSquaredDifference(Value squares, Match &match) {
  auto difference = squares.getDefiningOp<SquaredDifferenceOp>();
  if (!difference)
    return false;
  for (auto [x, mean] : {std::pair(difference.getLhs(), difference.getRhs()),
                         std::pair(difference.getRhs(), difference.getLhs())}) {
    match.x = x;
    if (isMean(mean, match))
      return true;
  }
  return false;
}

// d * d or d^2 where d = x - m.
static bool matchSquareOfDifference(Value squares, Match &match) {
  Value base;
  if (auto product = squares.getDefiningOp<MultiplyOp>();
      product && product.getLhs() == product.getRhs())
    base = product.getLhs();
  if (auto power = squares.getDefiningOp<PowerOp>(); power && getConstantFloat(power.getRhs()) == 2)
    base = power.getLhs();
  auto difference = base ? base.getDefiningOp<SubtractOp>() : SubtractOp();
  if (!difference)
    return false;
  match.x = difference.getLhs();
  return isCentered(base, match);
}

// v + eps; fills in x, the axes and eps.
static LogicalResult matchStatistics(Value value, Match &match) {
  Value variance = value;
  std::optional<WithConstant> sum = matchWithConstant<AddOp>(value);
  if (sum)
    variance = sum->value;
  auto mean = variance.getDefiningOp<ReduceMeanOp>();
  if (!mean)
    return failure(); // The root of something else.
  Operation *squares = mean.getInput().getDefiningOp();
  if (!squares || !isa<SquaredDifferenceOp, MultiplyOp, PowerOp>(squares))
    return failure();
  auto fail = [&](const Twine &reason) {
    match.reason = reason.str();
    return failure();
  };
  std::optional<SmallVector<int64_t>> axes = getMeanAxes(mean);
  if (!axes)
    return fail("the variance is not over constant axes with keep_dims");
  match.axes = *axes;
  if (!matchSquaredDifference(mean.getInput(), match) &&
      !matchSquareOfDifference(mean.getInput(), match))
    return fail("the variance is not the mean of (x - mean(x))^2 with both means over one set of "
                "axes");
  if (!sum)
    return fail("no constant epsilon is added to the variance");
  if (!(sum->constant > 0))
    return fail("epsilon is not positive");
  match.eps = sum->constant;
  match.inner.insert(value.getDefiningOp());
  match.inner.insert(mean);
  match.inner.insert(squares);
  return success();
}

//===----------------------------------------------------------------------===//
// The square root
//===----------------------------------------------------------------------===//

// sqrt(y) or y^0.5; gives y.
static Value matchRoot(Operation *op) {
  if (auto root = dyn_cast<SqrtOp>(op))
    return root.getInput();
  if (auto power = dyn_cast<PowerOp>(op); power && getConstantFloat(power.getRhs()) == 0.5)
    return power.getLhs();
  return {};
}

// y^-0.5; gives y.
static Value matchInverseRoot(Operation *op) {
  auto power = dyn_cast<PowerOp>(op);
  return power && getConstantFloat(power.getRhs()) == -0.5 ? power.getLhs() : Value();
}

// 1 / s or s^-1.
static bool isReciprocal(Operation *op, Value s) {
  if (auto quotient = dyn_cast<DivideOp>(op))
    return quotient.getRhs() == s && getConstantFloat(quotient.getLhs()) == 1;
  auto power = dyn_cast<PowerOp>(op);
  return power && power.getLhs() == s && getConstantFloat(power.getRhs()) == -1;
}

//===----------------------------------------------------------------------===//
// The normalised value
//===----------------------------------------------------------------------===//

// The other operand of a product with `value`; null if `op` is no such product.
static Value otherFactor(Operation *op, Value value) {
  auto product = dyn_cast<MultiplyOp>(op);
  if (!product || (product.getLhs() == value) == (product.getRhs() == value))
    return {};
  return product.getLhs() == value ? product.getRhs() : product.getLhs();
}

// x - m, or its product with a scale that fits beside the one that may be known.
static bool matchCenteredOrScaled(Value value, Match &match) {
  if (isCentered(value, match))
    return true;
  auto product = value.getDefiningOp<MultiplyOp>();
  if (!product || match.scale)
    return false;
  for (Value side : {product.getLhs(), product.getRhs()}) {
    Value scale = otherFactor(product, side);
    if (!scale || !isCentered(side, match))
      continue;
    match.scale = scale;
    match.scaling = product;
    match.inner.insert(product);
    return true;
  }
  return false;
}

// (x - m) * k
static bool matchCenteredTimes(Value k, Match &match) {
  for (Operation *user : k.getUsers()) {
    Value other = otherFactor(user, k);
    if (!other || !matchCenteredOrScaled(other, match))
      continue;
    match.root = user;
    return true;
  }
  return false;
}

// (x - m) / s
static bool matchCenteredOver(Value s, Match &match) {
  for (Operation *user : s.getUsers()) {
    auto quotient = dyn_cast<DivideOp>(user);
    if (!quotient || quotient.getRhs() != s || !matchCenteredOrScaled(quotient.getLhs(), match))
      continue;
    match.root = user;
    return true;
  }
  return false;
}

// x * k + (b - m * k), or x * k - m * k: how tf.nn.batch_normalization spells it.
static bool matchDistributed(Value k, Match &match) {
  Operation *timesX = nullptr, *timesMean = nullptr;
  for (Operation *user : k.getUsers()) {
    Value other = otherFactor(user, k);
    if (other && other == match.x)
      timesX = user;
    else if (other && isMean(other, match))
      timesMean = user;
  }
  if (!timesX || !timesMean || !timesX->hasOneUse() || !timesMean->hasOneUse())
    return false;
  Value product = timesX->getResult(0), meanProduct = timesMean->getResult(0);
  auto difference = dyn_cast<SubtractOp>(*timesMean->user_begin());
  if (!difference || difference.getRhs() != meanProduct)
    return false;
  if (difference.getLhs() == product) {
    match.root = difference;
  } else {
    auto sum = dyn_cast<AddOp>(*timesX->user_begin());
    Value rest = difference.getOutput();
    if (!sum || !((sum.getLhs() == product && sum.getRhs() == rest) ||
                  (sum.getRhs() == product && sum.getLhs() == rest)))
      return false;
    match.shift = difference.getLhs();
    match.root = sum;
    match.inner.insert(difference);
  }
  match.inner.insert(timesX);
  match.inner.insert(timesMean);
  return true;
}

// From r: directly, or through k = r * g.
static bool matchFromInverse(Value r, Match &match) {
  match.inner.insert(r.getDefiningOp());
  if (matchCenteredTimes(r, match) || matchDistributed(r, match))
    return true;
  if (!r.hasOneUse()) {
    match.reason = "the inverse deviation is used more than once";
    return false;
  }
  Operation *user = *r.user_begin();
  Value scale = otherFactor(user, r);
  if (!scale)
    return false;
  match.scale = scale;
  match.scaling = user;
  Value k = user->getResult(0);
  match.inner.insert(user);
  return matchCenteredTimes(k, match) || matchDistributed(k, match);
}

// From s = sqrt(v + eps): as a divisor, or through its reciprocal.
static bool matchFromRoot(Value s, Match &match) {
  match.inner.insert(s.getDefiningOp());
  if (matchCenteredOver(s, match))
    return true;
  for (Operation *user : s.getUsers())
    if (isReciprocal(user, s))
      return matchFromInverse(user->getResult(0), match);
  return false;
}

static Match matchLayerNorm(Operation *anchor) {
  Match match(anchor);
  Value inverseInput = matchInverseRoot(anchor), rootInput = matchRoot(anchor);
  if (!inverseInput && !rootInput)
    return match;
  if (failed(matchStatistics(inverseInput ? inverseInput : rootInput, match)))
    return match;
  Value result = anchor->getResult(0);
  if (!(inverseInput ? matchFromInverse(result, match) : matchFromRoot(result, match))) {
    if (match.reason.empty())
      match.reason = "the deviation does not divide x - mean(x) in a known way";
    return match;
  }
  if (Operation *user = findOutsideUser(match.inner, match.root)) {
    match.root = nullptr;
    match.reason = "a part of it is also used by " + describeLayer(user);
  }
  return match;
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

struct OVFuseLayerNorm : public bertmlir::ov::impl::OVFuseLayerNormBase<OVFuseLayerNorm> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<Operation *> anchors;
    getOperation().walk([&](Operation *op) {
      if (isa<SqrtOp, PowerOp>(op))
        anchors.push_back(op);
    });
    for (Operation *anchor : anchors) {
      Match match = matchLayerNorm(anchor);
      if (match.root)
        replace(match);
      if (match.root)
        remarkFused(anchor, kPass, "MVN");
      else if (!match.reason.empty())
        remarkMissed(anchor, kPass, match.reason);
    }
    eraseDeadOps(getOperation());
  }

  // MVN, Multiply by the scale, Add of the shift. The last of them takes over the
  // root's name.
  void replace(Match &match) {
    IRRewriter rewriter(match.root);
    Location rootLoc = rewriter.getFusedLoc({match.anchor->getLoc(), match.root->getLoc()});
    Location scaleLoc = match.scaling ? match.scaling->getLoc() : rootLoc;
    Location mvnLoc = match.scale || match.shift ? match.anchor->getLoc() : rootLoc;
    Value axes = createInts(rewriter, match.anchor->getLoc(), match.axes);
    SmallVector<Operation *> created{axes.getDefiningOp()};
    Value value =
        MVNOp::create(rewriter, mvnLoc, match.x, axes, APFloat(match.eps), true, "INSIDE_SQRT");
    created.push_back(value.getDefiningOp());
    if (match.scale) {
      value = MultiplyOp::create(rewriter, match.shift ? scaleLoc : rootLoc, value, match.scale);
      created.push_back(value.getDefiningOp());
    }
    if (match.shift) {
      value = AddOp::create(rewriter, rootLoc, value, match.shift);
      created.push_back(value.getDefiningOp());
    }
    Value root = match.root->getResult(0);
    if (value.getType() == root.getType())
      return rewriter.replaceAllUsesWith(root, value);
    // A scale or shift that broadcasts differently once x comes first.
    for (Operation *op : llvm::reverse(created))
      op->erase();
    match.root = nullptr;
    match.reason = "its scale or shift changes the shape";
  }
};

} // namespace
