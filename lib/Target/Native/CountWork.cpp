//===- CountWork.cpp - how much a call computes -----------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Only products count, as two operations for each term: everything else together is a
// hundredth of them, and a machine's peak is one of products.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/CountWork.h"

#include "bert/Dialect/Bert/IR/BertOps.h"
#include "bert/Dialect/OV/IR/OVOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::native;

namespace {

// What a tensor has a row for.
enum class Rows { Tokens, Sequences, Others };

class Counter {
public:
  Work count(func::FuncOp model);

private:
  Rows rowsOf(Value value) const {
    auto found = rows.find(value);
    if (found != rows.end())
      return found->second;
    // [batch, sequence, width]
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && type.getRank() == 3 ? Rows::Tokens : Rows::Others;
  }
  void visit(bert::DenseOp dense);
  void visit(bert::AttentionOp attention);

  Work work;
  bool isComplete = true;
  DenseMap<Value, Rows> rows;
};

} // namespace

void Counter::visit(bert::DenseOp dense) {
  int64_t flops = 0;
  for (Value weight : dense.getWeights())
    flops += 2 * cast<ShapedType>(weight.getType()).getNumElements();
  Rows kind = rows[dense.getOutput()] = rowsOf(dense.getInput());
  if (kind == Rows::Tokens)
    work.flopsPerToken += flops;
  else if (kind == Rows::Sequences)
    work.flopsPerSequence += flops;
  else
    isComplete = false;
}

// Scores, and their sums of values. One query for each sequence makes as many pairs as it has
// tokens.
void Counter::visit(bert::AttentionOp attention) {
  Rows kind = rows[attention.getOutput()] = rowsOf(attention.getInputs().front());
  int64_t flops = 4 * attention.getWidth();
  if (kind == Rows::Tokens)
    work.flopsPerPair += flops;
  else if (kind == Rows::Sequences)
    work.flopsPerToken += flops;
  else
    isComplete = false;
}

Work Counter::count(func::FuncOp model) {
  model.walk([&](Operation *op) {
    llvm::TypeSwitch<Operation *>(op)
        .Case([&](bert::EmbeddingsOp embeddings) { rows[embeddings.getOutput()] = Rows::Tokens; })
        .Case([&](bert::UnpackTokensOp unpack) { rows[unpack.getOutput()] = Rows::Tokens; })
        .Case([&](bert::FirstTokenOp first) { rows[first.getOutput()] = Rows::Sequences; })
        .Case([&](bert::AddLayerNormOp norm) { rows[norm.getOutput()] = rowsOf(norm.getInput()); })
        .Case<bert::DenseOp, bert::AttentionOp>([&](auto product) { visit(product); })
        .Case([&](ov::MatMulOp) { isComplete = false; });
  });
  return isComplete ? work : Work();
}

Work native::countWork(func::FuncOp model) { return Counter().count(model); }
