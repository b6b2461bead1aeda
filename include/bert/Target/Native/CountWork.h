//===- CountWork.h - how much a call computes ---------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TARGET_NATIVE_COUNTWORK_H
#define BERT_TARGET_NATIVE_COUNTWORK_H

#include "bert/Target/Native/ModelInterface.h"

namespace bertmlir::native {

/// What the matrix products of a fused model (--ov-to-bert) cost, as far as it is a sum over
/// tokens, pairs of them and sequences. All zero where one product is something else, or did not
/// fuse.
Work countWork(mlir::func::FuncOp model);

} // namespace bertmlir::native

#endif // BERT_TARGET_NATIVE_COUNTWORK_H
