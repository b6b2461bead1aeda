//===- Benchmark.h - how long a model takes ------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_BENCHMARK_H
#define TOOLS_BERT_RUN_BENCHMARK_H

#include "bert/Target/Native/ModelInterface.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace bertmlir::run {

/// What a call has to do.
struct Load {
  int64_t positions = 0; ///< batch times sequence; 0 where the inputs are something else
  int64_t tokens = 0;    ///< those that the mask shows
  double flops = 0;      ///< of matrix products; 0 where they are not known
};

Load getLoad(const native::ModelInterface &model, llvm::ArrayRef<bert_tensor> inputs);

/// Calls `runs` times and prints how long that took: the shortest and the longest call, the median
/// and what one in ten or in a hundred exceeds; tokens in a second; operations in a second, and
/// their share of what the machine can do at most, which is measured before and after.
llvm::Error benchmark(llvm::raw_ostream &os, const Load &load, int threads, int64_t runs,
                      llvm::function_ref<llvm::Error()> call);

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_BENCHMARK_H
