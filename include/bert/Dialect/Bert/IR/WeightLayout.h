//===- WeightLayout.h - how packed weights lie in the weights file -----*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What the packer that writes the bytes and the code that reads them have to agree
// on. The layouts themselves are #bert.layout; see its description.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_IR_WEIGHTLAYOUT_H
#define BERT_DIALECT_BERT_IR_WEIGHTLAYOUT_H

#include "bert/Dialect/Bert/IR/BertOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace bertmlir::bert {

/// Name of the attribute that marks a model function's argument for the weights' bytes.
inline constexpr llvm::StringLiteral kWeightsAttr = "bert.weights";

/// The shape, in f32 elements, of what a weight of this shape takes in the file: with `rows` the
/// last dimension is filled up; with `panels` it is flat, one panel after the other.
llvm::SmallVector<int64_t> getPackedShape(llvm::ArrayRef<int64_t> shape, Layout layout);

/// The model function's argument for the weights' bytes, of type memref<?xi8>; the last one, added
/// where there is none.
mlir::Value getOrAddWeightsArgument(mlir::func::FuncOp function);

} // namespace bertmlir::bert

#endif // BERT_DIALECT_BERT_IR_WEIGHTLAYOUT_H
