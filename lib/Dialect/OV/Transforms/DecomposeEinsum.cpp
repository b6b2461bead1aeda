//===- DecomposeEinsum.cpp - Einsum becomes a product that passes know -----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The letters of an equation are of four kinds: those of both operands and the result
// (batch), of the left or right operand and the result (rows, columns), of both
// operands only (summed). Without a batch it is a product with a matrix, whose rows
// and columns may be several letters each; with one it is a product of matrices.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "mlir/IR/PatternMatch.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVDECOMPOSEEINSUM
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-decompose-einsum";

namespace {

// One operand and its letters.
struct Term {
  Value value;
  std::string letters;

  ArrayRef<int64_t> shape() const { return cast<RankedTensorType>(value.getType()).getShape(); }
  bool has(char letter) const { return StringRef(letters).contains(letter); }
  int64_t size(char letter) const { return shape()[letters.find(letter)]; }
};

class Decomposer {
public:
  explicit Decomposer(EinsumOp op) : op(op), builder(op), loc(op.getLoc()) {}

  /// Replaces the op; false, with a reason, if it can't.
  bool run();

  std::string reason;

private:
  bool parse();
  void sortLetters();
  Value matrixProduct();
  Value batchedProduct();
  Value transposed(const Term &term, StringRef letters);
  Value reshaped(Value value, size_t kept, ArrayRef<int64_t> rest);
  Value takeBias(Value product, ArrayRef<int64_t> columnSizes);
  Value fail(const Twine &text) {
    reason = text.str();
    return {};
  }

  EinsumOp op;
  OpBuilder builder;
  Location loc;
  Term lhs, rhs;
  std::string out;
  std::string batch, rows, columns, summed; ///< each in the order in which it appears first
  Operation *root = nullptr;                ///< what is replaced: the op, or the bias' sum
};

} // namespace

static bool hasDistinctLetters(StringRef letters) {
  return llvm::all_of(letters, [&](char c) { return letters.count(c) == 1; });
}

bool Decomposer::parse() {
  auto [left, right] = op.getEquation().split("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (!op.getEquation().contains("->") || op.getEquation().contains('.') || terms.size() != 2 ||
      op->getNumOperands() != 2)
    return fail("its equation is not one of two operands"), false;
  for (auto [term, letters, value] :
       {std::tuple(&lhs, terms[0], op->getOperand(0)), {&rhs, terms[1], op->getOperand(1)}}) {
    term->value = value;
    term->letters = letters.str();
    llvm::erase(term->letters, ' ');
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() != static_cast<int64_t>(term->letters.size()))
      return fail("an operand's shape is not known"), false;
    if (!hasDistinctLetters(term->letters))
      return fail("a letter is there twice in one operand"), false;
  }
  out = right.str();
  llvm::erase(out, ' ');
  if (!hasDistinctLetters(out))
    return fail("a letter is there twice in its result"), false;
  for (char letter : lhs.letters + rhs.letters)
    if (lhs.has(letter) + rhs.has(letter) + StringRef(out).contains(letter) < 2)
      return fail("it sums one operand on its own"), false;
  return true;
}

void Decomposer::sortLetters() {
  for (std::string *kind : {&batch, &rows, &columns, &summed})
    kind->clear();
  for (char letter : lhs.letters)
    if (!StringRef(out).contains(letter))
      summed += letter;
  for (char letter : out)
    (!lhs.has(letter) ? columns : !rhs.has(letter) ? rows : batch) += letter;
}

Value Decomposer::transposed(const Term &term, StringRef letters) {
  if (StringRef(term.letters) == letters)
    return term.value;
  SmallVector<int64_t> order;
  for (char letter : letters)
    order.push_back(static_cast<int64_t>(term.letters.find(letter)));
  return TransposeOp::create(builder, loc, term.value, createInts(builder, loc, order));
}

// The first dimensions as they are, then others.
Value Decomposer::reshaped(Value value, size_t kept, ArrayRef<int64_t> rest) {
  SmallVector<int64_t> target(kept, 0);
  llvm::append_range(target, rest);
  return ReshapeOp::create(builder, loc, value, createInts(builder, loc, target),
                           /*special_zero=*/true);
}

// A bias of the columns' shape is added before they are cut apart: then it is one to
// whoever looks for a dense layer.
Value Decomposer::takeBias(Value product, ArrayRef<int64_t> columnSizes) {
  if (!op.getOutput().hasOneUse())
    return product;
  auto sum = dyn_cast<AddOp>(*op.getOutput().user_begin());
  if (!sum)
    return product;
  Value bias = sum.getLhs() == op.getOutput() ? sum.getRhs() : sum.getLhs();
  auto type = dyn_cast<RankedTensorType>(bias.getType());
  if (!type || type.getShape() != columnSizes || !isa_and_nonnull<WeightOp>(bias.getDefiningOp()))
    return product;
  root = sum;
  builder.setInsertionPoint(sum);
  Value flat = ReshapeOp::create(builder, bias.getLoc(), bias,
                                 createInts(builder, loc, {llvm::product_of(columnSizes)}),
                                 /*special_zero=*/false);
  return AddOp::create(builder, sum.getLoc(), product, flat);
}

Value Decomposer::matrixProduct() {
  if (rows.empty() || columns.empty() || summed.empty())
    return fail("it is an outer product or a sum");
  bool isTransposed = rhs.letters == columns + summed;
  if (lhs.letters != rows + summed || (!isTransposed && rhs.letters != summed + columns) ||
      out != rows + columns)
    return fail("its letters are in an order that no product of matrices has");
  SmallVector<int64_t> columnSizes;
  int64_t depth = 1;
  for (char letter : columns)
    columnSizes.push_back(rhs.size(letter));
  for (char letter : summed) {
    if (lhs.size(letter) != rhs.size(letter) || ShapedType::isDynamic(lhs.size(letter)))
      return fail("a size that it sums over is not known");
    depth *= lhs.size(letter);
  }
  if (llvm::any_of(columnSizes, ShapedType::isDynamic))
    return fail("a size of its matrix is not known");
  int64_t width = llvm::product_of(columnSizes);
  Value input = summed.size() == 1 ? lhs.value : reshaped(lhs.value, rows.size(), {depth});
  Value matrix = rhs.value;
  if (rhs.letters.size() > 2) {
    SmallVector<int64_t> shape{depth, width};
    if (isTransposed)
      std::swap(shape[0], shape[1]);
    matrix = ReshapeOp::create(builder, matrix.getLoc(), matrix, createInts(builder, loc, shape),
                               /*special_zero=*/false);
  }
  Value product =
      MatMulOp::create(builder, loc, input, matrix, /*transpose_a=*/false, isTransposed);
  if (columns.size() == 1)
    return product;
  product = takeBias(product, columnSizes);
  return reshaped(product, rows.size(), columnSizes);
}

Value Decomposer::batchedProduct() {
  if (rows.size() != 1 || columns.size() != 1 || summed.size() != 1)
    return fail("it is no product of matrices, one for each element of a batch");
  // MatMul puts the left operand's rows first.
  if (out.find(rows) > out.find(columns)) {
    std::swap(lhs, rhs);
    sortLetters();
  }
  bool transposeA = lhs.letters == batch + summed + rows;
  bool transposeB = rhs.letters.back() == summed[0];
  Value left = transposeA ? lhs.value : transposed(lhs, batch + rows + summed);
  Value right = transposed(rhs, transposeB ? batch + columns + summed : batch + summed + columns);
  Value product = MatMulOp::create(builder, loc, left, right, transposeA, transposeB);
  return transposed({product, batch + rows + columns}, out);
}

bool Decomposer::run() {
  if (!parse())
    return false;
  root = op;
  sortLetters();
  Value result = batch.empty() ? matrixProduct() : batchedProduct();
  if (!result)
    return false;
  // Both are inferred; the op's own may have been stated by a file.
  if (result.getType() != root->getResult(0).getType())
    result.setType(root->getResult(0).getType());
  root->getResult(0).replaceAllUsesWith(result);
  return true;
}

namespace {

struct OVDecomposeEinsum : public bertmlir::ov::impl::OVDecomposeEinsumBase<OVDecomposeEinsum> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<EinsumOp> ops;
    getOperation().walk([&](EinsumOp op) { ops.push_back(op); });
    for (EinsumOp op : ops) {
      Decomposer decomposer(op);
      if (decomposer.run())
        remarkFused(op, kPass, "MatMul");
      else
        remarkMissed(op, kPass, decomposer.reason);
    }
    eraseDeadOps(getOperation());
  }
};

} // namespace
