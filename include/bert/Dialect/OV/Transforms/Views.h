//===- Views.h - changes of the shape that move no element ------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the transforms. Reshape, Squeeze and Unsqueeze spell one thing; this
// picks the plainest spelling for a change from one shape to another.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_VIEWS_H
#define BERT_DIALECT_OV_TRANSFORMS_VIEWS_H

#include "bert/Dialect/OV/Transforms/SymbolicShapes.h"

#include <map>

namespace bertmlir::ov {

/// Whether an op is Reshape, Squeeze or Unsqueeze.
bool isView(mlir::Operation *op);

/// The value that a chain of views looks at; the value itself if no view computes it.
mlir::Value lookThroughViews(mlir::Value value);

/// Writes views and shape arithmetic at the builder's insertion point.
class ViewBuilder {
public:
  ViewBuilder(mlir::OpBuilder &builder, SymbolicShapes &shapes)
      : builder(builder), shapes(shapes) {}

  /// `source` (or what it looks at) in shape `to`: as it is, by Unsqueeze, by Squeeze, by a Reshape
  /// to constants (0 copies an open dimension), and only if that can't say it by a Reshape to a
  /// computed shape.
  mlir::Value view(mlir::Location loc, mlir::Value source, llvm::ArrayRef<SymbolicDim> to);

  /// A tensor of rank 1 (or 0, for one element) with these elements. Null if one of them can't be
  /// computed from dimensions of values that exist at the insertion point.
  mlir::Value elements(mlir::Location loc, llvm::ArrayRef<SymbolicDim> elements,
                       mlir::Type elementType, bool isScalar);

  /// `op` once more at the insertion point, on other operands; its result then has shape `to`. A
  /// view becomes a view of its first operand. Null if that can't be written.
  mlir::Value rewrite(mlir::Operation *op, mlir::ValueRange operands,
                      llvm::ArrayRef<SymbolicDim> to);

  /// The type that such a shape has.
  static mlir::RankedTensorType type(llvm::ArrayRef<SymbolicDim> shape, mlir::Type elementType);

  /// Says that `by` now stands for `value`: shapes are read from it.
  void replaced(mlir::Value value, mlir::Value by) { replacements[value] = by; }

private:
  bool canRead(const SymbolSource &source) const;
  mlir::Value dimension(mlir::Location loc, unsigned symbol, mlir::Type elementType, bool isScalar);
  mlir::Value product(mlir::Location loc, const SymbolicDim &dim, mlir::Type elementType,
                      bool isScalar);

  mlir::OpBuilder &builder;
  SymbolicShapes &shapes;
  llvm::DenseMap<mlir::Value, mlir::Value> replacements;
  /// Dimensions that have been read, by symbol, element type and rank.
  std::map<std::tuple<unsigned, const void *, bool>, mlir::Value> dimensions;
};

} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_TRANSFORMS_VIEWS_H
