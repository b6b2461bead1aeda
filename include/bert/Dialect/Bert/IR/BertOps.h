//===- BertOps.h - the bert dialect -------------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_IR_BERTOPS_H
#define BERT_DIALECT_BERT_IR_BERTOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "bert/Dialect/Bert/IR/BertDialect.h.inc"

#include "bert/Dialect/Bert/IR/BertEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "bert/Dialect/Bert/IR/BertTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "bert/Dialect/Bert/IR/BertAttributes.h.inc"

namespace bertmlir::bert {

/// Columns of one panel of a packed matrix, and what rows of tables and vectors are filled up to.
/// A multiple of every target's vector width; every usual BERT width is a multiple of it.
inline constexpr int64_t kPanelColumns = 64;

/// Bytes that packed weights are aligned to: a cache line and the widest vector.
inline constexpr int64_t kWeightAlignment = 64;

inline int64_t roundUpToPanel(int64_t columns) {
  return (columns + kPanelColumns - 1) / kPanelColumns * kPanelColumns;
}

namespace detail {
/// Equal element types and shapes that agree wherever both sides know a dimension.
bool areCompatible(mlir::TypeRange inferred, mlir::TypeRange actual);
} // namespace detail

} // namespace bertmlir::bert

#define GET_OP_CLASSES
#include "bert/Dialect/Bert/IR/BertOps.h.inc"

#endif // BERT_DIALECT_BERT_IR_BERTOPS_H
