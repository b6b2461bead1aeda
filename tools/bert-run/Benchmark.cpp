//===- Benchmark.cpp - how long a model takes --------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Benchmark.h"

#include "MachinePeak.h"
#include "Roles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"

#include <chrono>

using namespace bertmlir;
using namespace bertmlir::run;

static bool isShown(const bert_tensor &mask, int64_t index) {
  switch (mask.type) {
  case BERT_I32:
    return static_cast<const int32_t *>(mask.data)[index] != 0;
  case BERT_I64:
    return static_cast<const int64_t *>(mask.data)[index] != 0;
  case BERT_F32:
    return static_cast<const float *>(mask.data)[index] != 0;
  default:
    return true;
  }
}

Load run::getLoad(const native::ModelInterface &model, llvm::ArrayRef<bert_tensor> inputs) {
  Load load;
  Roles roles = findRoles(model);
  if (roles.ids < 0 || inputs[static_cast<size_t>(roles.ids)].rank != 2)
    return load;
  const bert_tensor &ids = inputs[static_cast<size_t>(roles.ids)];
  int64_t batch = ids.dims[0], sequence = ids.dims[1];
  const bert_tensor *mask = nullptr;
  if (roles.mask >= 0) {
    const bert_tensor &given = inputs[static_cast<size_t>(roles.mask)];
    if (given.rank == 2 && given.dims[0] == batch && given.dims[1] == sequence)
      mask = &given;
  }
  load.positions = batch * sequence;
  double pairs = 0;
  for (int64_t b = 0; b < batch; ++b) {
    int64_t length = sequence;
    if (mask)
      length = llvm::count_if(llvm::seq<int64_t>(b * sequence, (b + 1) * sequence),
                              [&](int64_t index) { return isShown(*mask, index); });
    load.tokens += length;
    pairs += static_cast<double>(length) * static_cast<double>(length);
  }
  const native::Work &work = model.work;
  load.flops = static_cast<double>(work.flopsPerToken) * static_cast<double>(load.tokens) +
               static_cast<double>(work.flopsPerPair) * pairs +
               static_cast<double>(work.flopsPerSequence) * static_cast<double>(batch);
  return load;
}

llvm::Error run::benchmark(llvm::raw_ostream &os, const Load &load, int threads, int64_t runs,
                           llvm::function_ref<llvm::Error()> call) {
  using Clock = std::chrono::steady_clock;
  double peak = load.flops > 0 ? measureMachinePeak(threads) : 0;
  std::vector<double> times;
  for (int64_t i = 0; i < runs; ++i) {
    Clock::time_point begin = Clock::now();
    if (llvm::Error error = call())
      return error;
    times.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  // What a neighbour on the machine took away from one of the two is not the machine's limit.
  if (load.flops > 0)
    peak = std::max(peak, measureMachinePeak(threads));

  llvm::sort(times);
  auto percentile = [&](double part) {
    size_t at = static_cast<size_t>(part * static_cast<double>(times.size()));
    return times[std::min(at, times.size() - 1)];
  };
  double median = percentile(0.5);
  os << "runs " << times.size() << ", threads " << threads
     << llvm::format("\nms: min %.3f, median %.3f, p90 %.3f, p99 %.3f, max %.3f\n",
                     times.front() * 1e3, median * 1e3, percentile(0.9) * 1e3,
                     percentile(0.99) * 1e3, times.back() * 1e3);
  if (load.positions > 0) {
    os << llvm::format("tokens/s: %.0f", static_cast<double>(load.tokens) / median);
    if (load.tokens < load.positions)
      os << " (" << load.tokens << " of " << load.positions << " positions, the rest is padding)";
    os << "\n";
  }
  if (load.flops > 0)
    os << llvm::format("GFLOP/s: %.1f in products, %.0f %% of the machine's f32 peak (%.1f, "
                       "measured here)\n",
                       load.flops / median / 1e9, 100 * load.flops / median / peak, peak / 1e9);
  return llvm::Error::success();
}
