//===- FuseGelu.cpp - the error function's and tanh's spelling become Gelu ----===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Models spell GELU in a dozen ways: x / sqrt(2) or x * 0.7071, the factor 0.5
// here or there, x^3 or x * x * x, constants left or right. All are the same
// polynomial in x and t, where t is the value of Erf or Tanh. So the matcher
// computes the polynomial that an expression stands for and compares that.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <array>
#include <cmath>

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVFUSEGELU
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-fuse-gelu";

//===----------------------------------------------------------------------===//
// Polynomials
//===----------------------------------------------------------------------===//

namespace {

// Sum of at(i, j) * x^i * t^j.
struct Polynomial {
  static constexpr unsigned kMaxX = 3, kMaxT = 1;

  std::array<double, (kMaxX + 1) * (kMaxT + 1)> coefficients{};

  double &at(unsigned x, unsigned t) { return coefficients[t * (kMaxX + 1) + x]; }
  double at(unsigned x, unsigned t) const { return coefficients[t * (kMaxX + 1) + x]; }

  static Polynomial monomial(double factor, unsigned x, unsigned t) {
    Polynomial result;
    result.at(x, t) = factor;
    return result;
  }
  Polynomial plus(const Polynomial &other, double sign) const {
    Polynomial result = *this;
    for (auto [sum, term] : llvm::zip_equal(result.coefficients, other.coefficients))
      sum += sign * term;
    return result;
  }
  // None if a power is too high.
  std::optional<Polynomial> times(const Polynomial &other) const {
    Polynomial result;
    for (unsigned x = 0; x <= kMaxX; ++x)
      for (unsigned t = 0; t <= kMaxT; ++t)
        for (unsigned otherX = 0; otherX <= kMaxX; ++otherX)
          for (unsigned otherT = 0; otherT <= kMaxT; ++otherT) {
            double product = at(x, t) * other.at(otherX, otherT);
            if (product == 0)
              continue;
            if (x + otherX > kMaxX || t + otherT > kMaxT)
              return std::nullopt;
            result.at(x + otherX, t + otherT) += product;
          }
    return result;
  }
  bool isCloseTo(const Polynomial &expected) const {
    return llvm::all_of(llvm::zip_equal(coefficients, expected.coefficients),
                        [](auto pair) { return isClose(std::get<0>(pair), std::get<1>(pair)); });
  }
};

// Reads an expression as a polynomial in `x` and, if given, `t`.
class Reader {
public:
  explicit Reader(Value x, Value t = {}) : x(x), t(t) {}

  std::optional<Polynomial> read(Value value, unsigned depth = 8);

private:
  std::optional<Polynomial> readOp(Operation *op, unsigned depth);

  Value x, t;
};

} // namespace

std::optional<Polynomial> Reader::read(Value value, unsigned depth) {
  if (value == x)
    return Polynomial::monomial(1, 1, 0);
  if (value == t)
    return Polynomial::monomial(1, 0, 1);
  if (std::optional<double> constant = getConstantFloat(value))
    return Polynomial::monomial(*constant, 0, 0);
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return std::nullopt;
  return readOp(op, depth - 1);
}

std::optional<Polynomial> Reader::readOp(Operation *op, unsigned depth) {
  if (auto negative = dyn_cast<NegativeOp>(op)) {
    std::optional<Polynomial> input = read(negative.getInput(), depth);
    return input ? std::optional(Polynomial().plus(*input, -1)) : std::nullopt;
  }
  if (!isa<AddOp, SubtractOp, MultiplyOp, DivideOp, PowerOp>(op))
    return std::nullopt;
  std::optional<Polynomial> lhs = read(op->getOperand(0), depth);
  if (!lhs)
    return std::nullopt;
  if (isa<DivideOp, PowerOp>(op)) {
    std::optional<double> rhs = getConstantFloat(op->getOperand(1));
    if (!rhs)
      return std::nullopt;
    if (isa<DivideOp>(op))
      return *rhs == 0 ? std::nullopt : lhs->times(Polynomial::monomial(1 / *rhs, 0, 0));
    if (*rhs != 2 && *rhs != 3)
      return std::nullopt;
    std::optional<Polynomial> square = lhs->times(*lhs);
    return *rhs == 2 || !square ? square : square->times(*lhs);
  }
  std::optional<Polynomial> rhs = read(op->getOperand(1), depth);
  if (!rhs)
    return std::nullopt;
  if (isa<MultiplyOp>(op))
    return lhs->times(*rhs);
  return lhs->plus(*rhs, isa<AddOp>(op) ? 1 : -1);
}

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

namespace {

struct GeluMatch {
  Value x;
  Operation *root = nullptr;
  /// Why it is none; "" where the anchor has nothing to do with GELU.
  std::string reason;
};

} // namespace

// What x may be: any value in the expression, those near its end first. x itself
// may well be a sum (a bias that was added), so its op does not tell.
static SmallVector<Value> collectCandidates(Value expression) {
  constexpr unsigned kMaxCandidates = 24;
  llvm::SetVector<Value> candidates;
  candidates.insert(expression);
  for (unsigned i = 0; i < candidates.size() && candidates.size() < kMaxCandidates; ++i) {
    Operation *op = candidates[i].getDefiningOp();
    if (op && isa<AddOp, SubtractOp, MultiplyOp, DivideOp, PowerOp, NegativeOp>(op))
      for (Value operand : op->getOperands())
        if (!getConstantFloat(operand))
          candidates.insert(operand);
  }
  return candidates.takeVector();
}

// erf(s x / sqrt(2)) where s is 1 or -1. Gives s.
static std::optional<double> matchErfArgument(const Polynomial &argument) {
  for (double sign : {1.0, -1.0})
    if (argument.isCloseTo(Polynomial::monomial(sign * std::sqrt(0.5), 1, 0)))
      return sign;
  return std::nullopt;
}

// tanh(s sqrt(2 / pi) (x + 0.044715 x^3)) where s is 1 or -1. Gives s.
static std::optional<double> matchTanhArgument(const Polynomial &argument) {
  const double scale = std::sqrt(2 / 3.14159265358979323846);
  for (double sign : {1.0, -1.0}) {
    Polynomial expected = Polynomial::monomial(sign * scale, 1, 0);
    expected.at(3, 0) = sign * scale * 0.044715;
    if (argument.isCloseTo(expected))
      return sign;
  }
  return std::nullopt;
}

// Follows the only reader of t, of the result of that, ... until 0.5 x (1 + s t).
// Keeps the reason of the first candidate for x that fails here.
static void matchProduct(Operation *anchor, Value x, double sign, GeluMatch &match) {
  auto fail = [&](const Twine &reason) {
    if (match.reason.empty())
      match.reason = reason.str();
  };
  Polynomial expected = Polynomial::monomial(0.5, 1, 0);
  expected.at(1, 1) = 0.5 * sign;
  Value t = anchor->getResult(0), value = t;
  for (unsigned step = 0; step < 5; ++step) {
    if (value.use_empty())
      break;
    if (!value.hasOneUse())
      return fail("the value of " + describeLayer(value.getDefiningOp()) +
                  " is used more than once");
    Operation *user = *value.user_begin();
    if (!isa<AddOp, SubtractOp, MultiplyOp, DivideOp, NegativeOp>(user))
      break;
    value = user->getResult(0);
    std::optional<Polynomial> product = Reader(x, t).read(value);
    if (!product)
      break;
    if (!product->isCloseTo(expected))
      continue;
    if (value.getType() != x.getType())
      return fail("a constant broadcasts the result to another shape");
    match.x = x;
    match.root = user;
    return;
  }
  fail("its value does not end in 0.5 x (1 + " + anchor->getName().stripDialect() + "(...))");
}

static GeluMatch matchErf(ErfOp erf) {
  GeluMatch match;
  for (Value candidate : collectCandidates(erf.getInput())) {
    std::optional<Polynomial> argument = Reader(candidate).read(erf.getInput());
    std::optional<double> sign = argument ? matchErfArgument(*argument) : std::nullopt;
    if (sign)
      matchProduct(erf, candidate, *sign, match);
    if (match.root)
      return match;
  }
  if (match.reason.empty())
    match.reason = "its argument is not x / sqrt(2)";
  return match;
}

static std::string describeCubic(double linear, double cubic) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("its argument has %.6g x + %.6g x^3", linear,
                                                 cubic)
                                 << " where GELU has 0.797885 x + 0.0356774 x^3";
  return text;
}

static GeluMatch matchTanh(TanhOp tanh) {
  GeluMatch match;
  for (Value candidate : collectCandidates(tanh.getInput())) {
    std::optional<Polynomial> argument = Reader(candidate).read(tanh.getInput());
    // A cubic under Tanh is what GELU is told by; other Tanhs are none of ours.
    if (!argument || argument->at(3, 0) == 0)
      continue;
    std::optional<double> sign = matchTanhArgument(*argument);
    if (sign)
      matchProduct(tanh, candidate, *sign, match);
    if (match.root)
      return match;
    if (match.reason.empty())
      match.reason = describeCubic(argument->at(1, 0), argument->at(3, 0));
  }
  return match;
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

struct OVFuseGelu : public bertmlir::ov::impl::OVFuseGeluBase<OVFuseGelu> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<Operation *> anchors;
    getOperation().walk([&](Operation *op) {
      if (isa<ErfOp, TanhOp>(op))
        anchors.push_back(op);
    });
    for (Operation *anchor : anchors)
      fuse(anchor);
    eraseDeadOps(getOperation());
  }

  void fuse(Operation *anchor) {
    auto erf = dyn_cast<ErfOp>(anchor);
    GeluMatch match = erf ? matchErf(erf) : matchTanh(cast<TanhOp>(anchor));
    if (!match.root) {
      if (!match.reason.empty())
        remarkMissed(anchor, kPass, match.reason);
      return;
    }
    IRRewriter rewriter(match.root);
    Location loc = rewriter.getFusedLoc({anchor->getLoc(), match.root->getLoc()});
    auto gelu = GeluOp::create(rewriter, loc, match.x, erf ? "ERF" : "TANH");
    remarkFused(anchor, kPass, erf ? "Gelu ERF" : "Gelu TANH");
    rewriter.replaceAllUsesWith(match.root->getResult(0), gelu.getOutput());
  }
};

} // namespace
