//===- AxisArithmetic.cpp - exact values of shape arithmetic -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

std::optional<Monomial> axes::multiply(const Monomial &x, const Monomial &y) {
  Monomial z;
  if (llvm::MulOverflow(x.factor, y.factor, z.factor))
    return std::nullopt;
  z.b = x.b + y.b;
  z.s = x.s + y.s;
  return z;
}

// 1 or 0 where that is known: sizes are at least 1.
static std::optional<Monomial> compare(Operation *op, const Monomial &a, const Monomial &b) {
  auto truth = [](bool value) { return Monomial{value, 0, 0}; };
  if (a.isNumber() && b.isNumber()) {
    if (isa<LessOp>(op))
      return truth(a.factor < b.factor);
    if (isa<LessEqualOp>(op))
      return truth(a.factor <= b.factor);
    if (isa<GreaterOp>(op))
      return truth(a.factor > b.factor);
    if (isa<GreaterEqualOp>(op))
      return truth(a.factor >= b.factor);
    return truth((a.factor == b.factor) == isa<EqualOp>(op));
  }
  bool isLeft = !a.isNumber() && a.factor > 0 && b.isNumber() && b.factor <= 0;
  bool isRight = !b.isNumber() && b.factor > 0 && a.isNumber() && a.factor <= 0;
  if (!isLeft && !isRight)
    return std::nullopt;
  if (isa<EqualOp, NotEqualOp>(op))
    return truth(isa<NotEqualOp>(op));
  return truth(isa<GreaterOp, GreaterEqualOp>(op) == isLeft);
}

// Shape arithmetic on exact values; leaves the value open where it is not exact.
bool AxisAnalysis::evaluateValue(Operation *op, ArrayRef<Label> operands, Label &result) {
  if (isa<SelectOp>(op) && operands[0].value && operands[1].value && operands[2].value &&
      !result.isData) {
    size_t count =
        std::max({operands[0].value->size(), operands[1].value->size(), operands[2].value->size()});
    SmallVector<Monomial> value;
    for (size_t i = 0; i < count; ++i) {
      const Monomial *chosen[3];
      for (auto [entry, label] : llvm::zip_equal(chosen, operands)) {
        if (label.value->size() != count && label.value->size() != 1)
          return true;
        entry = &(*label.value)[label.value->size() == 1 ? 0 : i];
      }
      value.push_back(chosen[0]->factor != 0 ? *chosen[1] : *chosen[2]);
    }
    result.value = std::move(value);
    return true;
  }
  if (operands.size() != 2 || !operands[0].value || !operands[1].value || result.isData)
    return true;
  auto &x = *operands[0].value, &y = *operands[1].value;
  if (x.size() != y.size() && x.size() != 1 && y.size() != 1)
    return true;
  SmallVector<Monomial> value;
  for (size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    const Monomial &a = x[x.size() == 1 ? 0 : i], &b = y[y.size() == 1 ? 0 : i];
    std::optional<Monomial> c;
    int64_t number = 0;
    bool areNumbers = a.isNumber() && b.isNumber();
    if (isa<MultiplyOp>(op))
      c = multiply(a, b);
    else if (isa<LessOp, LessEqualOp, GreaterOp, GreaterEqualOp, EqualOp, NotEqualOp>(op))
      c = compare(op, a, b);
    else if (isa<AddOp>(op) && a == Monomial{0, 0, 0})
      c = b;
    else if (isa<AddOp, SubtractOp>(op) && b == Monomial{0, 0, 0})
      c = a;
    else if (isa<AddOp>(op) && areNumbers && !llvm::AddOverflow(a.factor, b.factor, number))
      c = Monomial{number, 0, 0};
    else if (isa<SubtractOp>(op) && areNumbers && !llvm::SubOverflow(a.factor, b.factor, number))
      c = Monomial{number, 0, 0};
    else if (isa<DivideOp>(op) && b.factor != 0 && a.factor % b.factor == 0 && a.b >= b.b &&
             a.s >= b.s)
      c = Monomial{a.factor / b.factor, a.b - b.b, a.s - b.s};
    else if (isa<MaximumOp>(op) && areNumbers)
      c = Monomial{std::max(a.factor, b.factor), 0, 0};
    else if (isa<MinimumOp>(op) && areNumbers)
      c = Monomial{std::min(a.factor, b.factor), 0, 0};
    else if (isa<MaximumOp>(op) && (a == b || (b == Monomial{1, 0, 0} && !a.isNumber())))
      c = a; // sizes are at least 1
    else if (isa<MaximumOp>(op) && a == Monomial{1, 0, 0} && !b.isNumber())
      c = b;
    if (!c)
      return true;
    value.push_back(*c);
  }
  result.value = std::move(value);
  return true;
}
