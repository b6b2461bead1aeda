//===- ElementTypes.h - OpenVINO's names of element types ----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_ELEMENTTYPES_H
#define BERT_SUPPORT_ELEMENTTYPES_H

#include "mlir/IR/BuiltinTypes.h"

namespace bertmlir {

/// The spelling of an element type in an IR and on Model Optimizer's command line (`f32`, `i64`,
/// `boolean`), "" if it has none.
llvm::StringRef stringifyElementType(mlir::Type type);

/// For errors: what a user may write where an element type is asked for.
inline constexpr llvm::StringLiteral kElementTypeNames =
    "f64, f32, f16, bf16, i64, i32, i16, i8, u8 and boolean";

/// The type of that name, or null.
mlir::Type parseElementType(llvm::StringRef name, mlir::MLIRContext *context);

/// An element as a command line writes it (`True`, `-1`, `0.5`); null if the type can't hold it.
mlir::Attribute parseElement(llvm::StringRef text, mlir::Type type);

} // namespace bertmlir

#endif // BERT_SUPPORT_ELEMENTTYPES_H
