//===- Futex.h - sleeping on a word -------------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Linux' futex call, and how to wait without it for a moment first.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_FUTEX_H
#define LIB_RUNTIME_FUTEX_H

#include <atomic>
#include <climits>
#include <cstdint>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace bertmlir::runtime {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "the system sleeps on the word");

/// Sleeps until wakeAll(); returns at once if the word is not `expected`, and may return for no
/// reason.
inline void sleepWhile(std::atomic<uint32_t> &word, uint32_t expected) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

inline void wakeAll(std::atomic<uint32_t> &word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

inline void relaxProcessor() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield" ::: "memory");
#endif
}

/// Calls `isDone` until it returns true, for about `nanoseconds`; returns whether it did. After the
/// first tenth it lets other threads run in between, since what is waited for may need this core.
template <typename Predicate> bool spinUntil(Predicate isDone, int64_t nanoseconds) {
  auto now = [] {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return int64_t(time.tv_sec) * 1000000000 + time.tv_nsec;
  };
  int64_t start = now();
  for (;;) {
    for (int i = 0; i < 32; ++i) {
      if (isDone())
        return true;
      relaxProcessor();
    }
    int64_t waited = now() - start;
    if (waited > nanoseconds)
      return false;
    if (waited > nanoseconds / 10)
      sched_yield();
  }
}

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_FUTEX_H
