//===- MachinePeak.cpp - what this machine computes at most ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "MachinePeak.h"

#include <chrono>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;

namespace {

// As many sums as hide the latency of two units, and leave registers for the factors.
constexpr int kSums = 12;
constexpr long kRounds = 20000;
constexpr double kSeconds = 0.1;

template <int kLanes> [[gnu::always_inline]] inline float multiplyAdd() {
  typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));
  Vector sums[kSums], factor = {}, addend = {};
  for (int lane = 0; lane < kLanes; ++lane) {
    factor[lane] = 0.999f;
    addend[lane] = 0.001f;
  }
  for (int i = 0; i < kSums; ++i)
    sums[i] = addend * static_cast<float>(i);
  for (long round = 0; round < kRounds; ++round) {
    // One instruction where there is one.
#pragma clang fp contract(fast)
#pragma clang loop unroll(full)
    for (int i = 0; i < kSums; ++i)
      sums[i] = sums[i] * factor + addend;
    // Each round is computed.
    __asm__ volatile("" ::: "memory");
  }
  float sum = 0;
  for (int i = 0; i < kSums; ++i)
    sum += sums[i][0];
  return sum;
}

struct Code {
  int lanes;
  float (*run)();
};

#if defined(__x86_64__)
__attribute__((target("avx512f"))) float multiplyAdd512() { return multiplyAdd<16>(); }
__attribute__((target("avx2,fma"))) float multiplyAdd256() { return multiplyAdd<8>(); }
#endif
float multiplyAdd128() { return multiplyAdd<4>(); }

Code chooseCode() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return {16, multiplyAdd512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return {8, multiplyAdd256};
#endif
  return {4, multiplyAdd128};
}

// Of one thread.
double measureSpeed(const Code &code) {
  volatile float sink;
  long calls = 0;
  Clock::time_point begin = Clock::now();
  double seconds;
  do {
    sink = code.run();
    ++calls;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  } while (seconds < kSeconds);
  (void)sink;
  double operations = 2.0 * kSums * static_cast<double>(kRounds) * code.lanes;
  return static_cast<double>(calls) * operations / seconds;
}

} // namespace

double bertmlir::run::measureMachinePeak(int threads) {
  Code code = chooseCode();
  std::vector<double> speeds(static_cast<size_t>(threads));
  std::vector<std::thread> others;
  for (size_t i = 1; i < speeds.size(); ++i)
    others.emplace_back([&, i] { speeds[i] = measureSpeed(code); });
  speeds[0] = measureSpeed(code);
  for (std::thread &thread : others)
    thread.join();
  double sum = 0;
  for (double speed : speeds)
    sum += speed;
  return sum;
}
