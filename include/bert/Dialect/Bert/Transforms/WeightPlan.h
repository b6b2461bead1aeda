//===- WeightPlan.h - where weights go in the weights file ---------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Packing has two halves that need the same facts: the model gets places in place of
// weights, and the file gets the bytes. A plan is made once and used for both, since
// a model that has been packed no longer knows its bytes.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_TRANSFORMS_WEIGHTPLAN_H
#define BERT_DIALECT_BERT_TRANSFORMS_WEIGHTPLAN_H

#include "bert/Dialect/Bert/IR/BertOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace bertmlir::bert {

/// One tensor of the file: an f32 matrix or vector.
struct PlannedWeight {
  /// Of the first of its parts.
  std::string name;
  /// Values of the model: weights, constants, or what ov::WeightExpressions contains, perhaps
  /// behind a Convert to f32. Several stand side by side, each with the same number of columns.
  llvm::SmallVector<mlir::Value> parts;
  /// The parts are [columns, rows].
  bool transposed = false;
  /// [rows, columns of all parts], or [elements] of a vector.
  llvm::SmallVector<int64_t> shape;
  Layout layout = Layout::Rows;
  /// From the start of the data, a multiple of kWeightAlignment.
  int64_t offset = 0;
  /// In the file, filling included.
  int64_t bytes = 0;
};

struct WeightPlan {
  /// By offset, in the order in which the model uses them, without gaps.
  std::vector<PlannedWeight> weights;
  int64_t bytes = 0;
};

/// Finds what a model's computations need of its weights. The weights of a bert.dense are `panels`,
/// all others `rows`. Weights of other types than floats are left alone. Fails at an op whose
/// weights can't be packed.
mlir::FailureOr<WeightPlan> planWeights(mlir::func::FuncOp model);

/// Passes the plan's bytes to `write`, piece by piece and in order. Not much more than one weight
/// is in memory at a time. The plan must not have been applied.
mlir::LogicalResult writeWeights(const WeightPlan &plan,
                                 llvm::function_ref<llvm::Error(llvm::ArrayRef<char>)> write);

/// Puts bert.packed_weight in the weights' place and erases what nobody uses any more. Integer
/// weights become ov.constant. The bert dialect must be loaded.
void applyPlan(mlir::func::FuncOp model, const WeightPlan &plan);

} // namespace bertmlir::bert

#endif // BERT_DIALECT_BERT_TRANSFORMS_WEIGHTPLAN_H
