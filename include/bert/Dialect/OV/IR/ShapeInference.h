//===- ShapeInference.h - result types of ov ops ----------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One function per op computes the result types; builders use it leniently (what
// can't be right becomes an unranked tensor, since a builder can't fail), the
// verifier uses it strictly.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_SHAPEINFERENCE_H
#define BERT_DIALECT_OV_IR_SHAPEINFERENCE_H

#include "bert/Dialect/OV/IR/OVOps.h"

namespace bertmlir::ov {

/// What is known of the elements of an integer tensor of rank 0 or 1 that shape arithmetic computes
/// (constants, ShapeOf, Gather, Concat, ...); ShapedType::kDynamic for an element that is not
/// known. None if not even their number is known.
std::optional<llvm::SmallVector<int64_t>> evaluateShapeValue(mlir::Value value);

/// The broadcast of two shapes by numpy's rules; none if they don't fit.
std::optional<llvm::SmallVector<int64_t>> broadcastShapes(llvm::ArrayRef<int64_t> lhs,
                                                          llvm::ArrayRef<int64_t> rhs);

/// Computes the types of all ops of a model function anew, from its arguments on, and the
/// function's result types. For passes that change an argument's type or a shape. Emits an error
/// and fails where the ops don't fit together.
mlir::LogicalResult reinferTypes(mlir::func::FuncOp function);

namespace detail {

/// Collects why a type could not be inferred.
struct Inference {
  llvm::SmallVectorImpl<mlir::Type> &types;
  std::string error;

  mlir::LogicalResult fail(const llvm::Twine &reason) {
    error = reason.str();
    return mlir::failure();
  }
};

/// Unranked results with the same element types stand in for unranked or wrong ones.
bool areCompatible(mlir::TypeRange inferred, mlir::TypeRange actual);

} // namespace detail
} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_IR_SHAPEINFERENCE_H
