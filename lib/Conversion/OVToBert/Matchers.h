//===- Matchers.h - from the normal form of ov to bert ops --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to convert-ov-to-bert. Each matcher looks at one anchor op, replaces what
// belongs together by a bert op, and says in a remark what it did or why not. What is
// left without a reader is erased at the end.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_OVTOBERT_MATCHERS_H
#define LIB_CONVERSION_OVTOBERT_MATCHERS_H

#include "bert/Dialect/Bert/IR/BertOps.h"
#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/OV/IR/WeightExpression.h"
#include "bert/Dialect/OV/Transforms/SymbolicShapes.h"

#include "mlir/IR/PatternMatch.h"

namespace bertmlir::ovtobert {

inline constexpr llvm::StringLiteral kPass = "convert-ov-to-bert";

/// Which values are weights: those that the packer can evaluate.
class Weights {
public:
  explicit Weights(mlir::func::FuncOp function) : expressions(function) {}

  /// A trained value, a uniform literal, or what is computed from them, of type f32 and this rank.
  bool isWeight(mlir::Value value, int64_t rank) const;
  /// The same of rank 1 and of this size.
  bool isVector(mlir::Value value, int64_t size) const;

private:
  ov::WeightExpressions expressions;
};

/// How the operands of sums stretch, by their shapes' names; found before anything is replaced.
class Sums {
public:
  Sums(mlir::func::FuncOp function, ov::SymbolicShapes &shapes);

  /// Both operands have the result's shape.
  bool isPlain(ov::AddOp sum) const { return plain.contains(sum); }
  /// [batch, sequence, width] plus [sequence, width], or the same with a batch of 1.
  bool repeatsBatch(ov::AddOp sum) const { return repeating.contains(sum); }

private:
  llvm::DenseSet<mlir::Operation *> plain, repeating;
};

/// The tensor's dimensions; empty if it is unranked.
llvm::ArrayRef<int64_t> getDims(mlir::Value value);

/// One attention, as it stands in the model; found before anything is replaced.
struct AttentionMatch {
  ov::SoftMaxOp anchor;
  mlir::Value query, key, value; ///< [batch, sequence, width]
  mlir::Value mask;              ///< [batch, sequence], or null
  int64_t heads = 0;
  double scale = 1;
  double maskedValue = 0;
  mlir::Operation *root = nullptr; ///< its result is [batch, sequence, width]
};

/// Fails, with a remark if it looked like attention.
mlir::FailureOr<AttentionMatch> matchAttention(ov::SoftMaxOp anchor, ov::SymbolicShapes &shapes);
void replaceAttention(AttentionMatch match);

/// Layer normalisation: MVN with its scale and shift, and the sum before it.
void fuseLayerNorm(ov::MVNOp anchor, const Weights &weights, const Sums &sums);

/// The sum of look-ups under a layer normalisation.
void fuseEmbeddings(bert::AddLayerNormOp anchor, const Weights &weights, const Sums &sums);

/// A product with a weight, its biases and its activation.
void fuseDense(ov::MatMulOp anchor, const Weights &weights);

/// A look-up of position 0 along the sequence.
void fuseFirstToken(mlir::Operation *anchor);

/// Query, key and value of one input become one dense layer.
void mergeQueryKeyValue(bert::AttentionOp attention);

} // namespace bertmlir::ovtobert

#endif // LIB_CONVERSION_OVTOBERT_MATCHERS_H
