//===- ForkTest.cpp - models in a child process ---------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Servers load a model once and fork; a fork copies the memory of the pool but
// none of its threads.
//
//===----------------------------------------------------------------------===//

#include "FakeModel.h"

#include "bert/Runtime/bert_model.h"

#include "gtest/gtest.h"

#include <atomic>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace bertmlir::runtime::test;

// The thread sanitizer does not follow threads into a child.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SKIP_WITH_THREAD_SANITIZER GTEST_SKIP() << "the thread sanitizer can't fork"
#endif
#endif
#ifndef SKIP_WITH_THREAD_SANITIZER
#define SKIP_WITH_THREAD_SANITIZER
#endif

namespace {

bool answersRight(bert_model *model) {
  std::vector<int32_t> ids(64), mask(64, 1), types(64);
  for (size_t i = 0; i < ids.size(); ++i)
    ids[i] = int32_t(i % vocabulary);
  Answer expected = computeAnswer(ids, mask, types, 4, 16), got;
  got.pooled.resize(expected.pooled.size());
  const void *inputs[] = {ids.data(), mask.data(), types.data()};
  void *outputs[] = {nullptr, got.pooled.data()};
  return bert_model_run(model, inputs, 4, 16, outputs) == BERT_OK && got.pooled == expected.pooled;
}

// Runs something in a child; whether it said yes within some seconds.
template <typename Body> bool inChild(Body body) {
  pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(body() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class Fork : public testing::Test {
protected:
  void SetUp() override {
    path = writeFile("fork.weights", makeWeightsFile());
    ASSERT_EQ(bert_model_create(path.c_str(), 3, &model), BERT_OK) << bert_model_last_error();
  }
  void TearDown() override {
    bert_model_destroy(model);
    unlink(path.c_str());
  }

  std::string path;
  bert_model *model = nullptr;
};

TEST_F(Fork, TheChildGoesOn) {
  SKIP_WITH_THREAD_SANITIZER;
  ASSERT_TRUE(answersRight(model));
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(inChild([&] { return answersRight(model) && answersRight(model); }));
    EXPECT_TRUE(answersRight(model));
  }
}

TEST_F(Fork, BeforeTheFirstCall) {
  SKIP_WITH_THREAD_SANITIZER;
  EXPECT_TRUE(inChild([&] { return answersRight(model); }));
  EXPECT_TRUE(answersRight(model));
}

TEST_F(Fork, TheChildDestroysIt) {
  SKIP_WITH_THREAD_SANITIZER;
  ASSERT_TRUE(answersRight(model));
  EXPECT_TRUE(inChild([&] {
    bert_model_destroy(model);
    return true;
  }));
  EXPECT_TRUE(answersRight(model));
}

TEST_F(Fork, AGrandchild) {
  SKIP_WITH_THREAD_SANITIZER;
  ASSERT_TRUE(answersRight(model));
  EXPECT_TRUE(inChild([&] {
    return answersRight(model) && inChild([&] { return answersRight(model); }) &&
           answersRight(model);
  }));
}

// The call that another thread was in does not go on in the child.
TEST_F(Fork, WhileAnotherThreadComputes) {
  SKIP_WITH_THREAD_SANITIZER;
  std::atomic<bool> stop{false};
  std::thread other([&] {
    while (!stop)
      EXPECT_TRUE(answersRight(model));
  });
  for (int round = 0; round < 20; ++round)
    EXPECT_TRUE(inChild([&] { return answersRight(model); }));
  stop = true;
  other.join();
}

} // namespace
