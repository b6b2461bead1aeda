//===- OVOps.h - the ov dialect: ops and helpers ----------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVOPS_H
#define BERT_DIALECT_OV_IR_OVOPS_H

#include "bert/Support/ElementTypes.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace bertmlir::ov {

/// How an attribute is spelled in the `data` element of a layer.
enum class XmlKind {
  Bool,        ///< `true`, `false` (BoolAttr)
  Int,         ///< `-1` (I64Attr)
  Float,       ///< `1e-12` (F64Attr)
  Ints,        ///< `1, 0, 1`, may be empty (DenseI64ArrayAttr)
  ElementType, ///< `f32`, `i64`, `boolean` (TypeAttr)
  String       ///< as it is (StrAttr)
};

/// One attribute of a layer. `absent` is what a missing one stands for; "!" says that it may not be
/// missing.
struct XmlAttribute {
  llvm::StringLiteral name;
  XmlKind kind;
  llvm::StringLiteral absent;
};

/// Attributes of a model function's arguments and results; see the dialect's description.
inline constexpr llvm::StringLiteral kNameAttr = "ov.name";
inline constexpr llvm::StringLiteral kNamesAttr = "ov.names";
inline constexpr llvm::StringLiteral kBoundsAttr = "ov.bounds";
/// Attribute of an argument: the shape that it shall get, spelled as bounds; see
/// ov-set-input-shapes.
inline constexpr llvm::StringLiteral kRequestedBoundsAttr = "ov.requested_bounds";
/// Attributes that ov-describe-interface makes; see there.
inline constexpr llvm::StringLiteral kDimsAttr = "ov.dims";
inline constexpr llvm::StringLiteral kRoleAttr = "ov.role";
inline constexpr llvm::StringLiteral kLimitAttr = "ov.limit";
/// What kDimsAttr says of a dimension that is not a number.
inline constexpr int64_t kBatchDim = -1;
inline constexpr int64_t kSequenceDim = -2;
inline constexpr int64_t kOpenDim = -3;
/// Attribute of a model function: the table whose rows limit the sequence length.
inline constexpr llvm::StringLiteral kPositionTableAttr = "ov.position_table";

/// All spellings of the name of a model function's argument or result, those of kNamesAttr before
/// that of kNameAttr. `attributes` are its attributes, or null.
llvm::SmallVector<llvm::StringRef> getSpellings(mlir::DictionaryAttr attributes);

/// An op with one operand whose every element becomes the result's element at the same place.
template <typename OpT>
class UnaryElementwise : public mlir::OpTrait::TraitBase<OpT, UnaryElementwise> {};

/// An op with two operands, broadcast as numpy does, whose elements at one place become the
/// result's there.
template <typename OpT>
class BinaryElementwise : public mlir::OpTrait::TraitBase<OpT, BinaryElementwise> {};

} // namespace bertmlir::ov

#include "bert/Dialect/OV/IR/OVDialect.h.inc"

#include "bert/Dialect/OV/IR/OVInterfaces.h.inc"

#define GET_OP_CLASSES
#include "bert/Dialect/OV/IR/OVOps.h.inc"

namespace bertmlir::ov {

/// The values of an `ov.constant` of integers (any width) or booleans, row-major. None for anything
/// else, and for more than `limit` elements.
std::optional<llvm::SmallVector<int64_t>> getConstantInts(mlir::Value value, int64_t limit = 4096);

/// The value of an `ov.constant` of integers with exactly one element.
std::optional<int64_t> getConstantInt(mlir::Value value);

/// The one value that all elements of a floating point `ov.constant` share (a scalar, a splat).
std::optional<double> getConstantFloat(mlir::Value value);

/// New constants. Integers are of the given element type, i64 unless said otherwise.
ConstantOp createInts(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int64_t> values,
                      mlir::Type elementType = {});
ConstantOp createScalarInt(mlir::OpBuilder &builder, mlir::Location loc, int64_t value,
                           mlir::Type elementType = {});
ConstantOp createScalarFloat(mlir::OpBuilder &builder, mlir::Location loc, double value,
                             mlir::Type elementType);

/// The layer name that a location carries: the innermost name of the last part of a fused location,
/// "" if it has none.
llvm::StringRef getLayerName(mlir::Location loc);

using bertmlir::parseElementType;
using bertmlir::stringifyElementType;

} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_IR_OVOPS_H
