//===- Contractions.cpp - products become loop nests -------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The innermost loop runs over columns, so that it can be vectorised without
// changing the order of any sum.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtolinalg;

// sum + x * y * ...; the machine may do it in one rounding.
static Value multiplyAdd(LoopBuilder &b, ValueRange x) {
  Value product = x.front();
  auto fast = arith::FastMathFlags::contract;
  for (Value factor : x.drop_front().drop_back()) {
    if (isa<FloatType>(product.getType()))
      product = arith::MulFOp::create(b, product, factor, fast);
    else
      product = arith::MulIOp::create(b, product, factor);
  }
  if (isa<FloatType>(product.getType()))
    return arith::AddFOp::create(b, x.back(), product, fast);
  return arith::AddIOp::create(b, x.back(), product);
}

//===----------------------------------------------------------------------===//
// MatMul
//===----------------------------------------------------------------------===//

static Tensor leading(const Tensor &tensor) {
  Tensor batch = tensor;
  batch.shape.pop_back_n(2);
  batch.dims.pop_back_n(2);
  return batch;
}

Tensor ovtolinalg::matmul(ModelLowering &c, const Tensor &lhs, const Tensor &right,
                          bool transposed) {
  Tensor rhs = right;
  if (transposed) {
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rhs.rank()));
    std::swap(order[rhs.rank() - 1], order[rhs.rank() - 2]);
    rhs = c.transpose(rhs, order);
  }
  Tensor result = c.broadcastShape(leading(lhs), leading(rhs));
  int64_t batch = result.rank();

  // Loops: batch, row, inner, column.
  auto operandOf = [&](const Tensor &tensor, int64_t row, int64_t column) -> LoopOperand {
    Tensor operand = tensor;
    int64_t own = operand.rank() - 2, skipped = batch - own;
    SmallVector<int64_t> loops;
    for (int64_t i = 0; i < own; ++i) {
      bool isPlain = getConstantIntValue(operand.dims[i]).has_value() ||
                     operand.shape[i] == result.shape[skipped + i];
      if (isPlain)
        continue;
      // Repeated or not: only the run tells. Then it is spelled out.
      Tensor whole = result;
      whole.shape.append(operand.shape.end() - 2, operand.shape.end());
      whole.dims.append(operand.dims.end() - 2, operand.dims.end());
      SmallVector<int64_t> places;
      for (int64_t at = 0; at < operand.rank(); ++at)
        places.push_back(skipped + at);
      whole.value = c.broadcast(whole, operand, places);
      operand = whole;
      own = batch;
      skipped = 0;
      break;
    }
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < own; ++i) {
      bool isRepeated = getConstantIntValue(operand.dims[i]) == 1 &&
                        getConstantIntValue(result.dims[skipped + i]) != 1;
      exprs.push_back(isRepeated ? c.builder.getAffineConstantExpr(0)
                                 : c.builder.getAffineDimExpr(skipped + i));
    }
    exprs.push_back(c.builder.getAffineDimExpr(batch + row));
    exprs.push_back(c.builder.getAffineDimExpr(batch + column));
    return {operand.value, AffineMap::get(batch + 3, 0, exprs, c.builder.getContext())};
  };
  LoopOperand a = operandOf(lhs, 0, 1), b = operandOf(rhs, 1, 2);

  SmallVector<int64_t> kept = llvm::to_vector(llvm::seq<int64_t>(0, batch + 1));
  kept.push_back(batch + 2);
  result.shape.push_back(lhs.shape[lhs.rank() - 2]);
  result.dims.push_back(lhs.dims[lhs.rank() - 2]);
  result.shape.push_back(rhs.shape.back());
  result.dims.push_back(rhs.dims.back());
  Value zero = c.constant(lhs.elementType(), 0);
  result.value =
      c.accumulate(batch + 3, c.map(batch + 3, kept), result.dims, zero, {a, b}, multiplyAdd);
  return result;
}

static LogicalResult lowerMatMul(ModelLowering &c, Operation *generic) {
  auto op = cast<MatMulOp>(generic);
  Tensor lhs = c.get(op.getLhs()), rhs = c.get(op.getRhs());
  // A vector is a row on the left, a column on the right.
  bool isRow = lhs.rank() == 1, isColumn = rhs.rank() == 1;
  if (isRow) {
    lhs = c.unsqueeze(lhs, {0});
  } else if (op.getTransposeA()) {
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, lhs.rank()));
    std::swap(order[lhs.rank() - 1], order[lhs.rank() - 2]);
    lhs = c.transpose(lhs, order);
  }
  if (isColumn)
    rhs = c.unsqueeze(rhs, {1});
  Tensor product = matmul(c, lhs, rhs, op.getTransposeB() && !isColumn);
  if (!isRow && !isColumn)
    return c.give(product.value);
  Tensor result;
  for (int64_t i = 0; i < product.rank(); ++i) {
    if ((isRow && i == product.rank() - 2) || (isColumn && i == product.rank() - 1))
      continue;
    result.shape.push_back(product.shape[i]);
    result.dims.push_back(product.dims[i]);
  }
  return c.give(c.reshape(product, result));
}

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

static LogicalResult lowerEinsum(ModelLowering &c, Operation *generic) {
  auto op = cast<EinsumOp>(generic);
  std::string equation = op.getEquation().str();
  llvm::erase(equation, ' ');
  if (StringRef(equation).contains('.') || !StringRef(equation).contains("->"))
    return c.refuse("an equation with an ellipsis or without an explicit result");
  auto [left, right] = StringRef(equation).split("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');

  // Loops: the result's letters but the last, what is summed, the last.
  std::string loops = right.drop_back().str();
  for (char letter : left)
    if (letter != ',' && !right.contains(letter) && !StringRef(loops).contains(letter))
      loops += letter;
  if (!right.empty())
    loops += right.back();
  auto loopOf = [&](char letter) { return static_cast<int64_t>(StringRef(loops).find(letter)); };
  for (auto [i, letter] : llvm::enumerate(right))
    if (right.find(letter) != i)
      return c.refuse("an equation that repeats a letter in its result");

  SmallVector<Tensor> inputs;
  SmallVector<OpFoldResult> sizes(loops.size());
  for (auto [term, input] : llvm::zip_equal(terms, op.getInputs())) {
    inputs.push_back(c.get(input));
    for (auto [i, letter] : llvm::enumerate(term)) {
      OpFoldResult &size = sizes[loopOf(letter)];
      if (!size || getConstantIntValue(size) == 1)
        size = inputs.back().dims[i];
    }
  }
  SmallVector<LoopOperand> operands;
  for (auto [term, input] : llvm::zip_equal(terms, inputs)) {
    SmallVector<AffineExpr> exprs;
    for (auto [i, letter] : llvm::enumerate(term)) {
      bool isRepeated = getConstantIntValue(input.dims[i]) == 1 &&
                        getConstantIntValue(sizes[loopOf(letter)]) != 1;
      exprs.push_back(isRepeated ? c.builder.getAffineConstantExpr(0)
                                 : c.builder.getAffineDimExpr(loopOf(letter)));
    }
    operands.push_back(
        {input.value, AffineMap::get(loops.size(), 0, exprs, c.builder.getContext())});
  }
  Dims dims;
  SmallVector<int64_t> kept;
  for (char letter : right) {
    kept.push_back(loopOf(letter));
    dims.push_back(sizes[loopOf(letter)]);
  }
  return c.give(c.accumulate(loops.size(), c.map(loops.size(), kept), dims,
                             c.constant(inputs.front().elementType(), 0), operands, multiplyAdd));
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

// Source: OpenVINO's specification of ScaledDotProductAttention-13.
static LogicalResult lowerAttention(ModelLowering &c, Operation *generic) {
  auto op = cast<ScaledDotProductAttentionOp>(generic);
  Tensor query = c.get(op.getQuery()), key = c.get(op.getKey()), value = c.get(op.getValue());
  Type type = query.elementType();
  if (query.rank() < 2 || key.rank() < 2 || value.rank() < 2)
    return c.refuse("operands of rank below 2");
  Tensor scores = matmul(c, query, key, /*transposed=*/true);
  Tensor scale;
  if (op.getScale()) {
    scale = c.get(op.getScale());
    if (scale.rank() > 1)
      return c.refuse("a scale that is not one number");
  } else {
    std::optional<int64_t> size = getConstantIntValue(query.dims.back());
    if (!size)
      return c.refuse("no scale, and an open head size");
    scale.value = arith::ConstantOp::create(
        c.builder, DenseElementsAttr::get(RankedTensorType::get({}, type),
                                          c.builder.getFloatAttr(type, 1.0 / std::sqrt(*size))));
  }
  SmallVector<Tensor> operands = {scores, scale};
  bool hasMask = op.getAttentionMask() && !op.getCausal();
  if (hasMask) {
    Tensor mask = c.get(op.getAttentionMask());
    if (mask.rank() > scores.rank())
      return c.refuse("a mask with more dimensions than the scores");
    operands.push_back(mask);
  }
  int64_t rank = scores.rank();
  scores.value = c.elementwise(scores, type, operands, [&](LoopBuilder &b, ValueRange x) -> Value {
    Value scaled = arith::MulFOp::create(b, x[0], x[1]);
    Value least = arith::ConstantOp::create(
        b, b.getFloatAttr(type, APFloat::getInf(cast<FloatType>(type).getFloatSemantics(), true)));
    if (op.getCausal()) {
      Value row = linalg::IndexOp::create(b, rank - 2),
            column = linalg::IndexOp::create(b, rank - 1);
      Value isSeen = arith::CmpIOp::create(b, arith::CmpIPredicate::sle, column, row);
      return arith::SelectOp::create(b, isSeen, scaled, least);
    }
    if (!hasMask)
      return scaled;
    if (x[2].getType().isInteger(1))
      return arith::SelectOp::create(b, x[2], scaled, least);
    return arith::AddFOp::create(b, scaled, x[2]);
  });
  return c.give(matmul(c, softmax(c, scores, -1, false), value, /*transposed=*/false).value);
}

void ovtolinalg::addContractionRules(RuleTable &table) {
  table.add<MatMulOp>(lowerMatMul);
  table.add<EinsumOp>(lowerEinsum);
  table.add<ScaledDotProductAttentionOp>(lowerAttention);
}
