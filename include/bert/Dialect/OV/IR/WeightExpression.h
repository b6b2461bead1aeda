//===- WeightExpression.h - evaluates what is done to weights ---------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A change to a weight (a slice of a table, parts joined) stays an op until the
// bytes are needed: by the writer of an IR, by the packer of native code. They ask
// here, one tensor at a time.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_WEIGHTEXPRESSION_H
#define BERT_DIALECT_OV_IR_WEIGHTEXPRESSION_H

#include "bert/Dialect/OV/IR/OVOps.h"

#include "llvm/ADT/DenseMap.h"

#include <memory>

namespace bertmlir::ov {

/// The elements of a tensor as a file has them: row-major, little-endian, booleans a byte each.
struct TensorBytes {
  mlir::RankedTensorType type;
  llvm::ArrayRef<char> bytes;
  /// Keeps `bytes` alive where they were computed; null where they lie in an attribute or in a
  /// mapped file.
  std::shared_ptr<const void> owner;
};

/// The most elements of a tensor that is spelled out or computed: 1 GB of f32, more than the
/// largest table of a BERT. A few bytes of a file can state any number.
inline constexpr int64_t kMaxComputedElements = int64_t(1) << 28;

/// The bytes of a constant's or a weight's value; those of a `dense_resource` are not copied.
/// Fails, with a `reason` that goes on after the name, where there are none or the wrong number, or
/// where one element stands for more than kMaxComputedElements.
mlir::FailureOr<TensorBytes> getTensorBytes(mlir::ElementsAttr value, std::string &reason);

/// Finds the ops of a function that only move, join or scale weights: Slice, StridedSlice, Gather
/// by constant indices, Transpose, Reshape, Squeeze, Unsqueeze, Concat, and Add, Subtract, Multiply
/// and Divide in f32. A Convert is none of them: what is behind it is stored in another type on
/// purpose. What has more elements than kMaxComputedElements is none, nor what is nested deeper
/// than any model's.
class WeightExpressions {
public:
  explicit WeightExpressions(mlir::func::FuncOp function);

  /// Whether evaluateTensor() computes the op's result. False for weights and constants themselves.
  bool contains(mlir::Operation *op) const { return expressions.contains(op); }

  /// Whether only such ops use the op's result, so that it need not exist itself.
  bool isAbsorbed(mlir::Operation *op) const;

private:
  bool isExpression(mlir::Operation &op, unsigned &depth) const;

  /// Each with the depth to which it is nested.
  llvm::DenseMap<mlir::Operation *, unsigned> expressions;
};

/// Computes a weight, a constant, or an op that WeightExpressions contains. A part that lies in one
/// piece in its weight (rows of a table, another shape) is not copied. Fails with a `reason`.
mlir::FailureOr<TensorBytes> evaluateTensor(mlir::Value value, std::string &reason);

/// Rows `first` to `first + count` of a transposed matrix: columns of `matrix`, of shape [rows,
/// columns] and with elements of 4 bytes. They are written to `target` one after the other.
void transposeRows(const TensorBytes &matrix, int64_t first, int64_t count, char *target);

} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_IR_WEIGHTEXPRESSION_H
