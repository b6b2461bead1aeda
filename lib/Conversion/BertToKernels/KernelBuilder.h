//===- KernelBuilder.h - builds loops on vectors and buffers ----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What all kernels are written with: loops as lambdas, vectors of the target's
// width, and the register block of products that dense layers and attention share.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_BERTTOKERNELS_KERNELBUILDER_H
#define LIB_CONVERSION_BERTTOKERNELS_KERNELBUILDER_H

#include "bert/Dialect/Bert/IR/BertOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace bertmlir::kernels {

/// Columns of a panel of packed weights; keys are kept in panels of the same width.
inline constexpr int64_t kPanel = bert::kPanelColumns;

/// What of a CPU the kernels depend on.
struct Target {
  /// f32 elements of a vector register: 16, 8 or 4.
  int64_t lanes;
  /// Whether a fused multiply-add is one instruction. If not, it must not be used: it would be a
  /// call.
  bool hasFMA;
  /// The block of results that stays in registers: rows x vectors.
  int64_t rows;
  int64_t vectors;
  /// Rows of a panel that are worked through before the next block of results.
  int64_t depth;

  /// From a register width of 512, 256 or 128 bits; null for others.
  static std::optional<Target> get(int64_t vectorBits, bool hasFMA);
};

/// A builder with the target at hand. Indices fold as they are made.
class KernelBuilder : public mlir::ImplicitLocOpBuilder {
public:
  using Value = mlir::Value;
  using ValueRange = mlir::ValueRange;

  KernelBuilder(mlir::Location loc, mlir::OpBuilder builder, const Target &target)
      : ImplicitLocOpBuilder(loc, builder), target(target) {}

  const Target target;

  mlir::VectorType vectorType() { return mlir::VectorType::get({target.lanes}, getF32Type()); }

  // Indices.
  Value index(int64_t value);
  Value add(Value a, Value b);
  Value add(Value a, int64_t b) { return add(a, index(b)); }
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value mul(Value a, int64_t b) { return mul(a, index(b)); }
  Value div(Value a, int64_t b);
  Value ceilDiv(Value a, Value b);
  Value ceilDiv(Value a, int64_t b) { return ceilDiv(a, index(b)); }
  Value roundUp(Value a, int64_t b) { return mul(ceilDiv(a, b), b); }
  Value min(Value a, Value b);
  /// The larger one of two indices, or of two numbers or vectors of them.
  Value max(Value a, Value b);
  Value isLess(Value a, Value b);
  Value isEqual(Value a, Value b);
  /// An element of a buffer of integers.
  Value loadIndex(Value buffer, ValueRange at);
  /// A dimension of a buffer.
  Value dim(Value buffer, int64_t dimension);

  // Numbers and vectors of them.
  Value scalar(float value);
  Value splat(float value);
  Value splat(Value value);
  Value load(Value buffer, ValueRange at);
  void store(Value value, Value buffer, ValueRange at);
  Value loadScalar(Value buffer, ValueRange at);
  /// a * b + c
  Value multiplyAdd(Value a, Value b, Value c);
  /// The sum or the largest of a vector's elements. Halves are combined, then quarters: a short
  /// chain, and the same order everywhere.
  Value reduceAdd(Value vector);
  Value reduceMax(Value vector);

  /// The lanes whose column, from `first` on, is below `columns`.
  Value columnMask(Value first, int64_t columns);
  /// The vector whose first column is `at`'s last index. What lies at `columns` and beyond is
  /// neither read (it is zero) nor written. The caller goes through the columns in steps of `step`,
  /// a vector if it is 0: no mask is needed where they are a multiple of it.
  Value loadColumns(Value buffer, ValueRange at, int64_t columns, int64_t step = 0);
  void storeColumns(Value value, Value buffer, ValueRange at, int64_t columns, int64_t step = 0);

  // Control.
  using Body = llvm::function_ref<void(Value)>;
  using CarryingBody = llvm::function_ref<llvm::SmallVector<Value>(Value, mlir::ValueRange)>;
  void forLoop(Value begin, Value end, int64_t step, Body body);
  void forLoop(Value begin, Value end, Value step, Body body);
  llvm::SmallVector<Value> forLoop(Value begin, Value end, int64_t step, ValueRange carried,
                                   CarryingBody body);
  /// Independent iterations, for the threads to share.
  void parallelLoop(Value count, Body body);
  void ifThen(Value condition, llvm::function_ref<void()> body);
  /// Covers rows [begin, end) with blocks of target.rows and one of what is left.
  void forRowBlocks(Value begin, Value end,
                    llvm::function_ref<void(int64_t rows, Value firstRow)> body);

  /// In how many parts each of `tasks` equal pieces of work is to be cut so that all threads have
  /// some to do; at least 1, at most `most` unless that is 0.
  Value getTaskParts(Value tasks, Value most);

private:
  Value reduce(Value vector, llvm::function_ref<Value(Value, Value)> combine);
  void emitInto(mlir::Region &region, llvm::function_ref<void()> body);
};

/// One register block of a product A x B: `rows` rows of A by `vectors` vectors of B.
struct ProductBlock {
  int64_t rows;
  int64_t vectors;
  /// The depth to sum over, [begin, end), and how many steps the loop takes at once. The depth must
  /// be a multiple of it.
  mlir::Value begin;
  mlir::Value end;
  int64_t unroll;
  /// A's element in a row of the block, as a scalar.
  llvm::function_ref<mlir::Value(int64_t row, mlir::Value depth)> loadLeft;
  /// B's vector.
  llvm::function_ref<mlir::Value(int64_t vector, mlir::Value depth)> loadRight;
  /// Called once for each turn of the loop, for what is to be fetched ahead.
  llvm::function_ref<void(mlir::Value depth)> fetch;
};

/// Emits the loop; takes and returns the sums, row by row. The order of additions of an element
/// does not depend on the block that it is in.
llvm::SmallVector<mlir::Value> emitProduct(KernelBuilder &b, const ProductBlock &block,
                                           mlir::ValueRange sums);

/// An activation on a vector.
mlir::Value emitActivation(KernelBuilder &b, bert::Activation activation, mlir::Value x);

//===----------------------------------------------------------------------===//
// The kernels. Each fills the body of a function whose arguments are buffers.
//===----------------------------------------------------------------------===//

/// (input [T, rows], panels [P * rows * 64], biases [P * 64] or none, output [T, columns])
void emitDense(KernelBuilder &b, mlir::func::FuncOp kernel, int64_t rows, int64_t columns,
               bool hasBias, bert::Activation activation);

/// The buffers of tokens in a kernel's arguments, in this order; see docs/native-code.md.
struct TokenBuffers {
  mlir::Value tokenBegin, tokenPosition, tokenSequence, keyBegin, keyRow, keyBias;
  static constexpr unsigned kCount = 6;
  static TokenBuffers get(mlir::ValueRange values) {
    return {values[0], values[1], values[2], values[3], values[4], values[5]};
  }
};

struct AttentionShape {
  int64_t heads;
  int64_t headSize;
  float scale;
  /// The queries are one row per sequence, in a buffer of their own.
  bool oneQuery;
  /// First columns of q, k and v in their buffers.
  int64_t queryColumn, keyColumn, valueColumn;
};

/// f32 elements of scratch that one worker needs for sequences of this length.
mlir::Value emitAttentionScratchSize(KernelBuilder &b, mlir::Value sequence, int64_t headSize);

/// (queries, keys, values, tokens' buffers, scratch [workers * size], size, output [T, width]).
void emitAttention(KernelBuilder &b, mlir::func::FuncOp kernel, const AttentionShape &shape);

/// (input [T, width], residual if there is one, gamma, beta, output)
void emitAddLayerNorm(KernelBuilder &b, mlir::func::FuncOp kernel, int64_t width, bool hasResidual,
                      float epsilon);

/// (ids, types if there are any, tokens' buffers, word, position, token_type if there are types,
/// gamma, beta, output [T, width]); tables are flat, `tableWidth` columns wide.
void emitEmbeddings(KernelBuilder &b, mlir::func::FuncOp kernel, int64_t width, bool hasTypes,
                    float epsilon);

/// (input [T, width], tokens' buffers, output [B, width])
void emitFirstToken(KernelBuilder &b, mlir::func::FuncOp kernel, int64_t width);

/// (input [T, width], tokens' buffers, output [B, S, width], or [B, S] for one column)
void emitUnpackTokens(KernelBuilder &b, mlir::func::FuncOp kernel, int64_t width,
                      std::optional<int64_t> column);

} // namespace bertmlir::kernels

#endif // LIB_CONVERSION_BERTTOKERNELS_KERNELBUILDER_H
