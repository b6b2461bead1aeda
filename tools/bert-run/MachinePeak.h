//===- MachinePeak.h - what this machine computes at most ----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_MACHINEPEAK_H
#define TOOLS_BERT_RUN_MACHINEPEAK_H

namespace bertmlir::run {

/// Operations of f32 in a second, on this many threads: multiply-adds of the widest vectors that
/// this CPU has, in registers. Takes a tenth of a second.
double measureMachinePeak(int threads);

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_MACHINEPEAK_H
