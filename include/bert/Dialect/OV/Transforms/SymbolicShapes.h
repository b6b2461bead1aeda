//===- SymbolicShapes.h - open dimensions by name ---------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A type says of an open dimension only that it is
// open. Here each dimension is a product of a number and of symbols, so that two
// open dimensions can be told to be equal, and a Reshape to be none.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_SYMBOLICSHAPES_H
#define BERT_DIALECT_OV_TRANSFORMS_SYMBOLICSHAPES_H

#include "bert/Dialect/OV/IR/OVOps.h"

#include "llvm/ADT/DenseMap.h"

namespace bertmlir::ov {

/// A number times symbols, the symbols in ascending order.
struct SymbolicDim {
  int64_t factor = 1;
  llvm::SmallVector<unsigned, 2> symbols;

  bool isNumber() const { return symbols.empty(); }
  bool isNumber(int64_t value) const { return symbols.empty() && factor == value; }
  bool operator==(const SymbolicDim &other) const {
    return factor == other.factor && symbols == other.symbols;
  }
  bool operator!=(const SymbolicDim &other) const { return !(*this == other); }
};

using SymbolicShape = llvm::SmallVector<SymbolicDim, 4>;

/// Where a symbol's value can be read at run time.
struct SymbolSource {
  mlir::Value value;
  int64_t index;
  /// Dimension `index` of `value`, or else element `index` of `value`.
  bool isDimension;
};

/// Shapes of a model function's values, computed when they are asked for. Ops may be added while an
/// object lives, but none may be erased: it remembers values.
///
/// Takes two open dimensions of different inputs, at the same place of equal rank, for one where
/// the graph itself joins them: in an element-wise op, or in a Reshape that puts one in the other's
/// place. (BERT's inputs are all [batch, sequence], but their types don't say so.)
class SymbolicShapes {
public:
  explicit SymbolicShapes(mlir::func::FuncOp function);

  /// One entry per dimension. The value must be ranked.
  SymbolicShape getShape(mlir::Value value);

  /// The elements of an integer tensor of rank 0 or 1; none if their number is not known.
  std::optional<SymbolicShape> getElements(mlir::Value value);

  const SymbolSource &getSource(unsigned symbol) const { return sources[symbol]; }

  /// The product of some dimensions; none if it overflows.
  static std::optional<SymbolicDim> multiply(llvm::ArrayRef<SymbolicDim> dims);
  /// Exact quotient; none if there is none.
  static std::optional<SymbolicDim> divide(const SymbolicDim &dim, const SymbolicDim &by);
  static SymbolicDim number(int64_t value) { return {value, {}}; }

private:
  SymbolicDim newSymbol(mlir::Value value, int64_t index, bool isDimension);
  unsigned find(unsigned symbol) const;
  SymbolicDim canonical(SymbolicDim dim) const;
  SymbolicShape canonical(llvm::ArrayRef<SymbolicDim> dims) const;

  std::optional<SymbolicDim> countSteps(RangeOp op);
  std::optional<SymbolicShape> computeShape(mlir::Operation *op, mlir::Value result);
  std::optional<SymbolicShape> computeElements(mlir::Operation *op);
  std::optional<SymbolicShape> broadcast(llvm::ArrayRef<SymbolicDim> lhs,
                                         llvm::ArrayRef<SymbolicDim> rhs);
  std::optional<SymbolicShape> reshapeTarget(mlir::Operation *reshape);
  std::optional<SymbolicShape> sliceShape(mlir::Operation *slice);
  std::optional<SymbolicShape> stridedSliceShape(mlir::Operation *slice);

  bool joinInputs(unsigned a, unsigned b);
  void joinByElementCount(mlir::Operation *reshape);
  void forgetComputed();

  llvm::SmallVector<SymbolSource> sources;
  llvm::SmallVector<unsigned> parents; ///< a union-find forest over the symbols
  llvm::DenseMap<mlir::Value, SymbolicShape> shapes;
  llvm::DenseMap<mlir::Value, std::optional<SymbolicShape>> elements;
};

} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_TRANSFORMS_SYMBOLICSHAPES_H
