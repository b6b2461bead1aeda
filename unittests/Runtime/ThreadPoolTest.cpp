//===- ThreadPoolTest.cpp - the threads of one model instance -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "ThreadPool.h"

#include "bert/Runtime/Abi.h"

#include "gtest/gtest.h"

#include <atomic>
#include <cfenv>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

using bertmlir::runtime::ThreadPool;

namespace {

struct Destroy {
  void operator()(ThreadPool *pool) const { pool->destroy(); }
};
using Pool = std::unique_ptr<ThreadPool, Destroy>;

Pool makePool(int workers) { return Pool(ThreadPool::create(workers)); }

// bert_parallel_for with a lambda.
template <typename Body> void parallelFor(int64_t count, Body body) {
  bert_parallel_for(
      count,
      [](void *context, int64_t begin, int64_t end) {
        (*static_cast<Body *>(context))(begin, end);
      },
      &body);
}

// Whether a loop visits each index once.
testing::AssertionResult visitsAll(int64_t count) {
  std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
  parallelFor(count, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      visits[static_cast<size_t>(i)].fetch_add(1);
  });
  for (int64_t i = 0; i < count; ++i)
    if (visits[static_cast<size_t>(i)] != 1)
      return testing::AssertionFailure() << visits[static_cast<size_t>(i)] << " visits of " << i;
  return testing::AssertionSuccess();
}

TEST(ThreadPool, CoversEachIndexOnce) {
  for (int workers : {1, 2, 3, 8}) {
    Pool pool = makePool(workers);
    ThreadPool::Scope scope(*pool);
    EXPECT_EQ(bert_num_workers(), workers);
    for (int64_t count : {1, 2, 3, 5, 7, 8, 9, 63, 64, 1000})
      EXPECT_TRUE(visitsAll(count)) << workers << " workers, count " << count;
  }
}

TEST(ThreadPool, NothingToDo) {
  Pool pool = makePool(2);
  ThreadPool::Scope scope(*pool);
  for (int64_t count : {int64_t(0), int64_t(-1), INT64_MIN})
    parallelFor(count, [](int64_t, int64_t) { FAIL(); });
}

TEST(ThreadPool, WithoutAPoolTheCallerDoesIt) {
  EXPECT_EQ(bert_num_workers(), 1);
  EXPECT_EQ(bert_worker_index(), 0);
  int calls = 0;
  parallelFor(10, [&](int64_t begin, int64_t end) {
    EXPECT_EQ(begin, 0);
    EXPECT_EQ(end, 10);
    ++calls;
  });
  EXPECT_EQ(calls, 1);
}

TEST(ThreadPool, ThousandsOfShortLoops) {
  Pool pool = makePool(3);
  ThreadPool::Scope scope(*pool);
  // Plain memory: the loop's end must make it visible to the caller, and to the next loop.
  std::vector<int64_t> values(16);
  for (int round = 0; round < 5000; ++round)
    parallelFor(16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        values[static_cast<size_t>(i)] += i;
    });
  for (int64_t i = 0; i < 16; ++i)
    EXPECT_EQ(values[static_cast<size_t>(i)], 5000 * i);
}

TEST(ThreadPool, ThreadsThatSleepWakeUp) {
  Pool pool = makePool(2);
  for (int round = 0; round < 20; ++round) {
    ThreadPool::Scope scope(*pool);
    EXPECT_TRUE(visitsAll(100));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_TRUE(visitsAll(100));
  }
}

TEST(ThreadPool, TheCallerSleepsUntilALongPieceIsDone) {
  Pool pool = makePool(2);
  ThreadPool::Scope scope(*pool);
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> done{0};
    parallelFor(2, [&](int64_t begin, int64_t end) {
      // Only the helper is slow, if it came in time.
      if (bert_worker_index() != 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      else
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      done += static_cast<int>(end - begin);
    });
    EXPECT_EQ(done, 2);
  }
}

TEST(ThreadPool, WorkersHaveNumbers) {
  Pool pool = makePool(4);
  ThreadPool::Scope scope(*pool);
  std::atomic<int> busy[4] = {};
  for (int round = 0; round < 200; ++round)
    parallelFor(64, [&](int64_t, int64_t) {
      int64_t self = bert_worker_index();
      ASSERT_GE(self, 0);
      ASSERT_LT(self, 4);
      // Nobody else has the same one meanwhile.
      EXPECT_EQ(busy[self].fetch_add(1), 0);
      EXPECT_EQ(bert_num_workers(), 4);
      busy[self].fetch_sub(1);
    });
  EXPECT_EQ(bert_worker_index(), 0);
}

TEST(ThreadPool, ALoopInALoopRunsWhereItIs) {
  Pool pool = makePool(3);
  ThreadPool::Scope scope(*pool);
  std::atomic<int64_t> sum{0};
  parallelFor(10, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      int64_t self = bert_worker_index();
      parallelFor(5, [&](int64_t innerBegin, int64_t innerEnd) {
        EXPECT_EQ(innerBegin, 0);
        EXPECT_EQ(innerEnd, 5);
        EXPECT_EQ(bert_worker_index(), self);
        sum += innerEnd - innerBegin;
      });
    }
  });
  EXPECT_EQ(sum, 50);
  // And the loops behind it are shared again.
  EXPECT_TRUE(visitsAll(100));
}

TEST(ThreadPool, LongerThanARangeHolds) {
  Pool pool = makePool(2);
  ThreadPool::Scope scope(*pool);
  std::atomic<int64_t> sum{0};
  int64_t count = (int64_t(1) << 33) + 5;
  parallelFor(count, [&](int64_t begin, int64_t end) { sum += end - begin; });
  EXPECT_EQ(sum, count);
}

TEST(ThreadPool, OnePoolForEachThreadThatAsks) {
  std::vector<std::thread> users;
  std::atomic<int> wrong{0};
  for (int user = 0; user < 4; ++user)
    users.emplace_back([&, user] {
      Pool pool = makePool(2 + user % 2);
      for (int round = 0; round < 100; ++round) {
        ThreadPool::Scope scope(*pool);
        if (bert_num_workers() != 2 + user % 2 || !visitsAll(37))
          ++wrong;
      }
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ThreadPool, OneThreadAfterAnother) {
  Pool pool = makePool(2);
  for (int user = 0; user < 10; ++user)
    std::thread([&] {
      ThreadPool::Scope scope(*pool);
      EXPECT_TRUE(visitsAll(50));
    }).join();
}

TEST(ThreadPool, ScopesNest) {
  Pool outer = makePool(2), inner = makePool(3);
  ThreadPool::Scope outerScope(*outer);
  {
    ThreadPool::Scope innerScope(*inner);
    EXPECT_EQ(bert_num_workers(), 3);
    EXPECT_TRUE(visitsAll(10));
  }
  EXPECT_EQ(bert_num_workers(), 2);
  EXPECT_TRUE(visitsAll(10));
}

TEST(ThreadPool, ManyPoolsComeAndGo) {
  for (int round = 0; round < 50; ++round) {
    Pool pool = makePool(4);
    // Some without ever being used.
    if (round % 3 == 0)
      continue;
    ThreadPool::Scope scope(*pool);
    EXPECT_TRUE(visitsAll(4));
  }
}

TEST(ThreadPool, NumbersOfWorkersAreLimited) {
  EXPECT_EQ(makePool(0)->getNumWorkers(), 1);
  EXPECT_EQ(makePool(-5)->getNumWorkers(), 1);
  EXPECT_EQ(makePool(100000)->getNumWorkers(), BERT_MAX_WORKERS);
}

#if defined(__x86_64__)
// An answer must not depend on what a program does to its own threads.
TEST(ThreadPool, FloatingPointIsTheSameEverywhere) {
  Pool pool = makePool(2);
  unsigned before = _mm_getcsr();
  std::fesetround(FE_UPWARD);
  unsigned changed = _mm_getcsr();
  std::set<unsigned> seen[2];
  {
    ThreadPool::Scope scope(*pool);
    for (int round = 0; round < 100; ++round)
      parallelFor(8, [&](int64_t, int64_t) {
        // Without the flags that say what has happened.
        seen[bert_worker_index()].insert(_mm_getcsr() & ~0x3fu);
      });
  }
  EXPECT_EQ(_mm_getcsr(), changed);
  std::fesetround(FE_TONEAREST);
  _mm_setcsr(before);
  EXPECT_EQ(seen[0].size(), 1u);
  seen[0].insert(seen[1].begin(), seen[1].end());
  EXPECT_EQ(seen[0].size(), 1u);
  EXPECT_EQ(*seen[0].begin() & _MM_ROUND_MASK, unsigned(_MM_ROUND_NEAREST));
}
#endif

} // namespace
