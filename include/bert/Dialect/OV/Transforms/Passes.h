//===- Passes.h - passes on the ov dialect -----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_PASSES_H
#define BERT_DIALECT_OV_TRANSFORMS_PASSES_H

#include "bert/Dialect/OV/IR/OVOps.h"
#include "mlir/Pass/Pass.h"

namespace bertmlir::ov {

#define GEN_PASS_DECL
#include "bert/Dialect/OV/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bert/Dialect/OV/Transforms/Passes.h.inc"

} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_TRANSFORMS_PASSES_H
