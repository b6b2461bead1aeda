//===- ThreadPool.h - the threads of one model instance -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_THREADPOOL_H
#define LIB_RUNTIME_THREADPOOL_H

#include <atomic>
#include <cstdint>
#include <pthread.h>
#include <sys/types.h>

namespace bertmlir::runtime {

/// Threads that share loops with the thread that asks for them, which is worker 0. One thread at a
/// time may use a pool; several pools live side by side.
///
/// A loop is cut into one range per worker, and a worker takes its range piece by piece; whoever
/// has none left helps the others. So a thread that the system has put aside, that has not woken up
/// yet or that could not be started delays a loop by the piece it holds at most.
///
/// After a fork the child has no threads; a Scope starts them again.
class ThreadPool {
public:
  using Body = void (*)(void *context, int64_t begin, int64_t end);

  /// Makes a pool for 1..BERT_MAX_WORKERS workers, the caller counted; threads start with the first
  /// Scope. Null if memory is short.
  static ThreadPool *create(int workers);
  /// Ends the threads. Nobody may be in the pool.
  void destroy();

  int getNumWorkers() const { return numWorkers; }

  /// While it lives, the pool is the calling thread's, whose floating point behaves as that of all
  /// others. Wakes the threads. May be nested: the pool that the thread had before comes back.
  class Scope {
  public:
    explicit Scope(ThreadPool &pool);
    ~Scope();
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;

  private:
    ThreadPool *previousPool;
    int previousWorker;
    bool wasInBody;
    unsigned previousControl;
  };

  /// bert_parallel_for on the calling thread's pool.
  static void parallelFor(int64_t count, Body body, void *context);
  /// bert_num_workers and bert_worker_index.
  static int getCurrentNumWorkers();
  static int getCurrentWorker();

private:
  // A range of a loop, in one word so that taking a piece is one exchange; each in a cache line of
  // its own.
  struct alignas(64) Worker {
    std::atomic<uint64_t> range;
    ThreadPool *pool;
    int index;
    pthread_t thread;
  };

  explicit ThreadPool(int workers) : numWorkers(workers) {}

  void start();
  void run(int64_t count, Body body, void *context);
  void work(int self);
  void serve(int self);
  static void *runThread(void *worker);

  int numWorkers;
  /// How many threads run; fewer than numWorkers - 1 where the system refused some.
  int numThreads = 0;
  /// The process that started them; another one after a fork.
  pid_t owner = 0;

  Body body = nullptr;
  void *context = nullptr;

  /// Whether a loop may be joined (bit 31), whether the caller sleeps until all are out (bit 30),
  /// and how many threads are inside.
  alignas(64) std::atomic<uint32_t> gate{0};
  /// Counts wake-ups; threads without work sleep on it.
  alignas(64) std::atomic<uint32_t> calls{0};
  std::atomic<uint32_t> sleepers{0};
  std::atomic<bool> isEnding{false};

  Worker *workers = nullptr;
};

/// Makes floating point on this thread behave as on every other: rounding to nearest, no traps,
/// denormals flushed to zero. Returns the former state for restoreFloatingPoint().
unsigned setFloatingPoint();
void restoreFloatingPoint(unsigned control);

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_THREADPOOL_H
