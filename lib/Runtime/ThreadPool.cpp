//===- ThreadPool.cpp - the threads of one model instance -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A model runs about a hundred loops of some tens of microseconds, one behind the
// other, so a thread waits for the next one by spinning, and sleeps only when
// none comes. Nothing here throws or needs the C++ library.
//
//===----------------------------------------------------------------------===//

#include "ThreadPool.h"

#include "Futex.h"
#include "bert/Runtime/Abi.h"

#include <cstdlib>
#include <new>
#include <signal.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

using namespace bertmlir::runtime;

namespace {

constexpr uint32_t isOpen = 1u << 31;
constexpr uint32_t callerSleeps = 1u << 30;
constexpr uint32_t insideMask = callerSleeps - 1;

// How long a thread waits for the next loop before it sleeps. The longest stretch that a model
// computes on one thread is far below this.
constexpr int64_t spinNanoseconds = 200 * 1000;

// What bert_parallel_for and its like refer to.
thread_local ThreadPool *currentPool = nullptr;
thread_local int currentWorker = 0;
// Set inside a body: a loop in a loop runs where it is.
thread_local bool isInBody = false;

uint64_t makeRange(uint64_t begin, uint64_t end) { return begin << 32 | end; }

// Takes a piece off a range, from its front or from its back. False if nothing is left.
bool takePiece(std::atomic<uint64_t> &range, bool fromBack, int64_t &begin, int64_t &end) {
  uint64_t old = range.load(std::memory_order_relaxed);
  for (;;) {
    uint64_t first = old >> 32, last = old & UINT32_MAX;
    if (first >= last)
      return false;
    // Large pieces first: few exchanges, and the last pieces are small.
    uint64_t size = (last - first + 3) / 4;
    uint64_t rest = fromBack ? makeRange(first, last - size) : makeRange(first + size, last);
    if (range.compare_exchange_weak(old, rest, std::memory_order_relaxed)) {
      begin = fromBack ? last - size : first;
      end = begin + size;
      return true;
    }
  }
}

} // namespace

//===----------------------------------------------------------------------===//
// Floating point state
//===----------------------------------------------------------------------===//

unsigned bertmlir::runtime::setFloatingPoint() {
#if defined(__x86_64__)
  unsigned control = _mm_getcsr();
  // All exceptions masked, denormal results (15) and inputs (6) are zero: they cost a hundred
  // cycles each, and no answer of a BERT depends on them.
  _mm_setcsr(0x1f80 | 1u << 15 | 1u << 6);
  return control;
#else
  return 0;
#endif
}

void bertmlir::runtime::restoreFloatingPoint(unsigned control) {
#if defined(__x86_64__)
  _mm_setcsr(control);
#else
  (void)control;
#endif
}

//===----------------------------------------------------------------------===//
// Starting and ending
//===----------------------------------------------------------------------===//

ThreadPool *ThreadPool::create(int workers) {
  if (workers < 1)
    workers = 1;
  if (workers > BERT_MAX_WORKERS)
    workers = BERT_MAX_WORKERS;
  void *place = aligned_alloc(alignof(ThreadPool), sizeof(ThreadPool));
  void *workerPlace = aligned_alloc(alignof(Worker), sizeof(Worker) * workers);
  if (!place || !workerPlace) {
    free(place);
    free(workerPlace);
    return nullptr;
  }
  auto *pool = new (place) ThreadPool(workers);
  pool->workers = static_cast<Worker *>(workerPlace);
  for (int i = 0; i < workers; ++i) {
    auto *worker = new (&pool->workers[i]) Worker();
    worker->pool = pool;
    worker->index = i;
  }
  return pool;
}

void ThreadPool::destroy() {
  if (owner == getpid() && numThreads > 0) {
    isEnding.store(true);
    calls.fetch_add(1);
    wakeAll(calls);
    for (int i = 1; i <= numThreads; ++i)
      pthread_join(workers[i].thread, nullptr);
  }
  free(workers);
  this->~ThreadPool();
  free(this);
}

// Starts the threads if this process has none. What a fork copied of the former ones' state is
// forgotten: they are not here.
void ThreadPool::start() {
  pid_t process = getpid();
  if (owner == process)
    return;
  owner = process;
  gate.store(0);
  sleepers.store(0);
  for (int i = 0; i < numWorkers; ++i)
    workers[i].range.store(0);
  numThreads = 0;

  // Signals are for the program's own threads.
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 4 << 20);
  for (int i = 1; i < numWorkers; ++i) {
    // Others take over the work of one that can't be started.
    if (pthread_create(&workers[i].thread, &attributes, runThread, &workers[i]) != 0)
      break;
    numThreads = i;
  }
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &previous, nullptr);
}

void *ThreadPool::runThread(void *argument) {
  auto *worker = static_cast<Worker *>(argument);
#if defined(__linux__)
  pthread_setname_np(pthread_self(), "bert-worker");
#endif
  setFloatingPoint();
  currentPool = worker->pool;
  currentWorker = worker->index;
  isInBody = true;
  worker->pool->serve(worker->index);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

// What a thread of the pool does until it ends.
void ThreadPool::serve(int self) {
  uint32_t seen = calls.load(std::memory_order_acquire) - 1;
  for (;;) {
    auto isCalled = [&] { return calls.load(std::memory_order_acquire) != seen; };
    if (!spinUntil(isCalled, spinNanoseconds)) {
      // Said before the last look at `calls`, which the system repeats: whoever raises `calls`
      // either is seen or sees a sleeper.
      sleepers.fetch_add(1);
      while (!isCalled())
        sleepWhile(calls, seen);
      sleepers.fetch_sub(1);
    }
    if (isEnding.load())
      return;
    seen = calls.load(std::memory_order_acquire);
    // Counting oneself in and seeing the gate open is one step: who has done it is waited for.
    if (gate.fetch_add(1, std::memory_order_acquire) & isOpen)
      work(self);
    if (gate.fetch_sub(1, std::memory_order_release) == (callerSleeps | 1))
      wakeAll(gate);
  }
}

// Works until no range has anything left: the own one from the front, the others from the back.
void ThreadPool::work(int self) {
  int64_t begin, end;
  while (takePiece(workers[self].range, /*fromBack=*/false, begin, end))
    body(context, begin, end);
  for (int i = 1; i < numWorkers; ++i) {
    int other = self + i < numWorkers ? self + i : self + i - numWorkers;
    while (takePiece(workers[other].range, /*fromBack=*/true, begin, end))
      body(context, begin, end);
  }
}

// One loop of less than 2^31 steps on all workers.
void ThreadPool::run(int64_t count, Body newBody, void *newContext) {
  body = newBody;
  context = newContext;
  for (int i = 0; i < numWorkers; ++i)
    workers[i].range.store(makeRange(count * i / numWorkers, count * (i + 1) / numWorkers),
                           std::memory_order_relaxed);
  gate.fetch_or(isOpen, std::memory_order_release);
  calls.fetch_add(1);
  if (sleepers.load() > 0)
    wakeAll(calls);

  work(0);

  // Nothing is left to take. Wait for those who still work on a piece; who comes later finds the
  // gate closed.
  gate.fetch_and(~isOpen, std::memory_order_acquire);
  auto isEmpty = [&] { return (gate.load(std::memory_order_acquire) & insideMask) == 0; };
  if (!spinUntil(isEmpty, spinNanoseconds)) {
    gate.fetch_or(callerSleeps);
    // The value that was looked at is the one to sleep on: it may change in between.
    for (uint32_t value = gate.load(); value & insideMask; value = gate.load())
      sleepWhile(gate, value);
    gate.fetch_and(~callerSleeps);
  }
}

void ThreadPool::parallelFor(int64_t count, Body body, void *context) {
  if (count <= 0)
    return;
  ThreadPool *pool = currentPool;
  if (!pool || isInBody || pool->numThreads == 0 || count == 1) {
    bool wasInBody = isInBody;
    isInBody = true;
    body(context, 0, count);
    isInBody = wasInBody;
    return;
  }
  isInBody = true;
  constexpr int64_t most = INT32_MAX;
  if (count <= most) {
    pool->run(count, body, context);
  } else {
    // Ranges are kept in 32 bits; longer loops run in parts.
    struct Part {
      Body body;
      void *context;
      int64_t offset;
    };
    for (int64_t offset = 0; offset < count; offset += most) {
      Part part{body, context, offset};
      int64_t size = count - offset < most ? count - offset : most;
      pool->run(
          size,
          [](void *partContext, int64_t begin, int64_t end) {
            auto *part = static_cast<Part *>(partContext);
            part->body(part->context, part->offset + begin, part->offset + end);
          },
          &part);
    }
  }
  isInBody = false;
}

int ThreadPool::getCurrentNumWorkers() { return currentPool ? currentPool->numWorkers : 1; }

int ThreadPool::getCurrentWorker() { return currentWorker; }

ThreadPool::Scope::Scope(ThreadPool &pool)
    : previousPool(currentPool), previousWorker(currentWorker), wasInBody(isInBody),
      previousControl(setFloatingPoint()) {
  pool.start();
  // Threads that sleep begin to wake up now, while the first loop is prepared.
  if (pool.sleepers.load() > 0) {
    pool.calls.fetch_add(1);
    wakeAll(pool.calls);
  }
  currentPool = &pool;
  currentWorker = 0;
  isInBody = false;
}

ThreadPool::Scope::~Scope() {
  currentPool = previousPool;
  currentWorker = previousWorker;
  isInBody = wasInBody;
  restoreFloatingPoint(previousControl);
}

//===----------------------------------------------------------------------===//
// What generated code calls
//===----------------------------------------------------------------------===//

extern "C" void bert_parallel_for(int64_t count, void (*body)(void *, int64_t, int64_t),
                                  void *context) {
  ThreadPool::parallelFor(count, body, context);
}

extern "C" int64_t bert_num_workers(void) { return ThreadPool::getCurrentNumWorkers(); }

extern "C" int64_t bert_worker_index(void) { return ThreadPool::getCurrentWorker(); }
