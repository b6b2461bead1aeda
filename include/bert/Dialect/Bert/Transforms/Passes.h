//===- Passes.h - passes on the bert dialect ---------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_TRANSFORMS_PASSES_H
#define BERT_DIALECT_BERT_TRANSFORMS_PASSES_H

#include "bert/Dialect/Bert/IR/BertOps.h"
#include "bert/Dialect/OV/IR/OVOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace bertmlir::bert {

#define GEN_PASS_DECL
#include "bert/Dialect/Bert/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bert/Dialect/Bert/Transforms/Passes.h.inc"

} // namespace bertmlir::bert

#endif // BERT_DIALECT_BERT_TRANSFORMS_PASSES_H
