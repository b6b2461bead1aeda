//===- ValueFlow.h - which ops pass values on, read them, write them --*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_EXPORTDOT_VALUEFLOW_H
#define BERT_LIB_CONVERSION_EXPORTDOT_VALUEFLOW_H

#include "mlir/IR/Operation.h"

#include "llvm/ADT/SetVector.h"

namespace bertmlir::exportdot {

/// Views, casts between tensors and buffers, addresses: another name for their first operand.
bool isTransparent(mlir::Operation *op);

/// All results are sizes: scalars, and not addresses.
bool computesSize(mlir::Operation *op);

/// What a value is another name of.
mlir::Value getSource(mlir::Value value);

/// The values that an op, or what stands in it, reads: its own operands without control edges, and
/// what its regions use from outside.
llvm::SmallSetVector<mlir::Value, 8> getReadValues(mlir::Operation *op);

/// The buffers from outside that an op writes to, itself, in its regions or in a function it calls;
/// of a function without a body all that it is given.
llvm::SmallSetVector<mlir::Value, 4> getWrittenBuffers(mlir::Operation *op);

} // namespace bertmlir::exportdot

#endif // BERT_LIB_CONVERSION_EXPORTDOT_VALUEFLOW_H
