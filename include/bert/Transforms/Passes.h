//===- Passes.h - passes on loops and buffers ---------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TRANSFORMS_PASSES_H
#define BERT_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace bertmlir {

#define GEN_PASS_DECL
#include "bert/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "bert/Transforms/Passes.h.inc"

} // namespace bertmlir

#endif // BERT_TRANSFORMS_PASSES_H
