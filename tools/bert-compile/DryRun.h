//===- DryRun.h - what --dry-run prints ----------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_COMPILE_DRYRUN_H
#define TOOLS_BERT_COMPILE_DRYRUN_H

#include "bert/Target/Native/ModelInterface.h"
#include "bert/Target/Native/NativeTarget.h"

#include "llvm/Support/raw_ostream.h"

namespace bertmlir::compile {

/// Counts what a model computes, by operation: the fused ones, then those that stay on their own.
std::string describeOperations(mlir::func::FuncOp fused);

/// Prints what the library would be.
void printDryRun(llvm::raw_ostream &os, const native::ModelInterface &model,
                 llvm::StringRef operations, llvm::ArrayRef<native::NativeTarget> targets);

} // namespace bertmlir::compile

#endif // TOOLS_BERT_COMPILE_DRYRUN_H
