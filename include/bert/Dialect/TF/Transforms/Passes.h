//===- Passes.h - passes on the tf dialect -----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_TRANSFORMS_PASSES_H
#define BERT_DIALECT_TF_TRANSFORMS_PASSES_H

#include "bert/Dialect/TF/IR/TFOps.h"
#include "mlir/Pass/Pass.h"

namespace bertmlir::tf {

#define GEN_PASS_DECL
#include "bert/Dialect/TF/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bert/Dialect/TF/Transforms/Passes.h.inc"

} // namespace bertmlir::tf

#endif // BERT_DIALECT_TF_TRANSFORMS_PASSES_H
