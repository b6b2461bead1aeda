//===- LowerToLLVM.h - from loops and buffers to the LLVM dialect -------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_LOWERTOLLVM_H
#define BERT_PIPELINES_LOWERTOLLVM_H

#include "mlir/Pass/PassManager.h"

namespace bertmlir {

/// The end of the way to native code: memref, scf, vector, math and func become the LLVM dialect.
/// What runs in parallel must have been outlined before.
void buildLowerToLLVMPipeline(mlir::OpPassManager &pm);

/// Registers `--bert-lower-to-llvm`.
void registerLowerToLLVMPipeline();

} // namespace bertmlir

#endif // BERT_PIPELINES_LOWERTOLLVM_H
