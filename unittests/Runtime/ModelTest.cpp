//===- ModelTest.cpp - the functions of bert_model.h ----------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "FakeModel.h"

#include "bert/Runtime/bert_model.h"

#include "gtest/gtest.h"

#include <atomic>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace bertmlir::runtime::test;

namespace {

using Ints = std::vector<int32_t>;

class Model : public testing::Test {
protected:
  void SetUp() override {
    path = writeFile("model.weights", makeWeightsFile());
    ASSERT_EQ(bert_model_create(path.c_str(), 2, &model), BERT_OK) << bert_model_last_error();
  }
  void TearDown() override {
    bert_model_destroy(model);
    unlink(path.c_str());
  }

  bert_status run(const Ints &ids, const Ints &mask, const Ints &types, int64_t batch,
                  int64_t sequence, Answer &answer) {
    answer.hidden.assign(size_t(batch * sequence * width), -1.0f);
    answer.pooled.assign(size_t(batch * width), -1.0f);
    const void *inputs[] = {ids.data(), mask.data(), types.data()};
    void *outputs[] = {answer.hidden.data(), answer.pooled.data()};
    return bert_model_run(model, inputs, batch, sequence, outputs);
  }

  std::string error() { return bert_model_last_error(); }
  void expectError(const char *part) {
    EXPECT_NE(error().find(part), std::string::npos) << error();
  }

  std::string path;
  bert_model *model = nullptr;
};

TEST_F(Model, SaysWhatItIs) {
  const bert_model_info *info = bert_model_get_info();
  EXPECT_STREQ(info->name, "fake");
  ASSERT_EQ(info->num_inputs, 3);
  EXPECT_STREQ(info->inputs[0].name, "input_ids");
  EXPECT_EQ(info->inputs[0].limit, vocabulary);
  EXPECT_EQ(info->inputs[0].dims[1], BERT_SEQUENCE);
  EXPECT_EQ(bert_model_find_input("segment_ids"), 2);
  EXPECT_EQ(bert_model_find_input("segment_ids:0"), 2);
  EXPECT_EQ(bert_model_find_input("segment_ids:1"), -1);
  EXPECT_EQ(bert_model_find_input("segment"), -1);
  EXPECT_EQ(bert_model_find_input(nullptr), -1);
  EXPECT_EQ(bert_model_find_output("pooled"), 1);
  EXPECT_EQ(bert_model_find_output("input_ids"), -1);
  EXPECT_EQ(bert_model_num_threads(model), 2);
  // The better code needs what no processor has.
  EXPECT_STREQ(bert_model_code_name(model), "portable");
}

TEST_F(Model, Runs) {
  Ints ids = {1, 2, 3, 0, 4, 5, 0, 0}, mask = {1, 1, 1, 0, 1, 1, 0, 0},
       types = {0, 0, 1, 0, 0, 1, 0, 0};
  Answer answer, expected = computeAnswer(ids, mask, types, 2, 4);
  ASSERT_EQ(run(ids, mask, types, 2, 4, answer), BERT_OK) << error();
  EXPECT_EQ(answer.hidden, expected.hidden);
  EXPECT_EQ(answer.pooled, expected.pooled);
}

TEST_F(Model, AnyShapeAfterAnyOther) {
  for (auto [batch, sequence] :
       {std::pair<int64_t, int64_t>{1, 1}, {7, 16}, {1, 3}, {500, 16}, {2, 2}}) {
    Ints ids(size_t(batch * sequence)), mask(ids.size(), 1), types(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      ids[i] = int32_t(i * 7 % vocabulary);
      types[i] = int32_t(i % 2);
    }
    Answer answer, expected = computeAnswer(ids, mask, types, batch, sequence);
    ASSERT_EQ(run(ids, mask, types, batch, sequence, answer), BERT_OK) << error();
    EXPECT_EQ(answer.hidden, expected.hidden);
    EXPECT_EQ(answer.pooled, expected.pooled);
  }
}

TEST_F(Model, MaskAndTypesHaveDefaults) {
  Ints ids = {1, 2, 3, 4}, ones(4, 1), zeros(4, 0);
  Answer answer, expected = computeAnswer(ids, ones, zeros, 1, 4);
  answer.pooled.resize(width);
  const void *inputs[] = {ids.data(), nullptr, nullptr};
  void *outputs[] = {nullptr, answer.pooled.data()};
  ASSERT_EQ(bert_model_run(model, inputs, 1, 4, outputs), BERT_OK) << error();
  EXPECT_EQ(answer.pooled, expected.pooled);

  inputs[0] = nullptr;
  EXPECT_EQ(bert_model_run(model, inputs, 1, 4, outputs), BERT_INVALID_ARGUMENT);
  expectError("'input_ids' is null");
}

TEST_F(Model, BadIdsAreErrors) {
  Answer answer;
  Ints ones(4, 1), zeros(4, 0);
  EXPECT_EQ(run({1, 2, 3, 10}, ones, zeros, 2, 2, answer), BERT_INVALID_ID);
  EXPECT_EQ(error(), "input 'input_ids' holds 10 (row 1, column 1), but its table has 10 rows: "
                     "values are 0 to 9");
  EXPECT_EQ(run({-1, 2, 3, 4}, ones, zeros, 2, 2, answer), BERT_INVALID_ID);
  EXPECT_EQ(run({1, INT32_MIN, 3, 4}, ones, zeros, 2, 2, answer), BERT_INVALID_ID);
  EXPECT_EQ(run({1, 2, 3, 4}, ones, {0, 0, 2, 0}, 2, 2, answer), BERT_INVALID_ID);
  expectError("'segment_ids' holds 2");
  // Nothing was written.
  EXPECT_EQ(answer.pooled, (std::vector<float>(8, -1.0f)));
  // Far behind the first block.
  Ints many(16 * 300, 1), manyZeros(16 * 300, 0);
  many[4700] = 11;
  EXPECT_EQ(run(many, Ints(many.size(), 1), manyZeros, 300, 16, answer), BERT_INVALID_ID);
  expectError("row 293, column 12");
}

TEST_F(Model, TooLongSequencesAreErrors) {
  Answer answer;
  Ints ids(17, 1);
  EXPECT_EQ(run(ids, ids, ids, 1, 17, answer), BERT_TOO_LONG);
  expectError("17 positions, but the model's position table has 16");
  int64_t offsets[] = {0, 17};
  void *outputs[] = {answer.hidden.data(), answer.pooled.data()};
  EXPECT_EQ(bert_model_run_ragged(model, ids.data(), nullptr, offsets, 1, outputs), BERT_TOO_LONG);
}

TEST_F(Model, NonsenseIsAnError) {
  Answer answer;
  Ints ids(4, 1);
  EXPECT_EQ(run(ids, ids, ids, 0, 4, answer), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(run(ids, ids, ids, 1, 0, answer), BERT_INVALID_ARGUMENT);
  answer = Answer();
  const void *inputs[] = {ids.data(), ids.data(), ids.data()};
  void *outputs[] = {nullptr, nullptr};
  EXPECT_EQ(bert_model_run(model, inputs, -1, 4, outputs), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run(model, inputs, INT64_MAX, 4, outputs), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run(model, inputs, INT64_C(1) << 29, 16, outputs), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run(model, nullptr, 1, 4, outputs), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run(model, inputs, 1, 4, nullptr), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run(nullptr, inputs, 1, 4, outputs), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_verify(nullptr), BERT_INVALID_ARGUMENT);
  bert_model_destroy(nullptr);
  EXPECT_EQ(bert_model_create(path.c_str(), 1, nullptr), BERT_INVALID_ARGUMENT);
  bert_model *other;
  EXPECT_EQ(bert_model_create(path.c_str(), -1, &other), BERT_INVALID_ARGUMENT);
  EXPECT_EQ(other, nullptr);
  // The model is still good.
  EXPECT_EQ(bert_model_run(model, inputs, 1, 4, outputs), BERT_OK);
}

TEST_F(Model, Ragged) {
  Ints ids = {1, 2, 3, 4, 5, 6, 7}, types = {0, 1, 0, 0, 1, 1, 0};
  // Not from the first id on.
  int64_t offsets[] = {1, 3, 4, 7};
  std::vector<float> hidden(6 * width, -1.0f), pooled(3 * width, -1.0f);
  void *outputs[] = {hidden.data(), pooled.data()};
  ASSERT_EQ(bert_model_run_ragged(model, ids.data(), types.data(), offsets, 3, outputs), BERT_OK)
      << error();
  for (int b = 0; b < 3; ++b) {
    auto part = [&](const Ints &all) {
      return Ints(all.begin() + offsets[b], all.begin() + offsets[b + 1]);
    };
    int64_t length = offsets[b + 1] - offsets[b];
    Answer expected = computeAnswer(part(ids), Ints(size_t(length), 1), part(types), 1, length);
    auto row = hidden.begin() + (offsets[b] - 1) * width;
    EXPECT_EQ(std::vector<float>(row, row + length * width), expected.hidden) << b;
    EXPECT_EQ(std::vector<float>(pooled.begin() + b * width, pooled.begin() + (b + 1) * width),
              expected.pooled)
        << b;
  }
}

TEST_F(Model, RaggedNonsenseIsAnError) {
  Ints ids = {1, 2, 3, 99};
  float pooled[2 * width];
  void *outputs[] = {nullptr, pooled};
  for (std::vector<int64_t> offsets :
       {std::vector<int64_t>{0, 0, 3}, {2, 1, 3}, {-1, 2, 3}, {0, INT64_MAX, INT64_MIN}})
    EXPECT_EQ(bert_model_run_ragged(model, ids.data(), nullptr, offsets.data(), 2, outputs),
              BERT_INVALID_ARGUMENT);
  int64_t good[] = {0, 2, 4};
  EXPECT_EQ(bert_model_run_ragged(model, ids.data(), nullptr, good, 2, outputs), BERT_INVALID_ID);
  expectError("holds 99 (row 1, column 1)");
  EXPECT_EQ(bert_model_run_ragged(model, ids.data(), nullptr, good, 0, outputs),
            BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run_ragged(model, nullptr, nullptr, good, 2, outputs),
            BERT_INVALID_ARGUMENT);
  EXPECT_EQ(bert_model_run_ragged(model, ids.data(), nullptr, nullptr, 2, outputs),
            BERT_INVALID_ARGUMENT);
}

TEST_F(Model, Tensors) {
  Ints ids = {1, 2, 3, 4}, mask = {1, 1, 1, 0}, types = {0, 0, 1, 1};
  Answer expected = computeAnswer(ids, mask, types, 2, 2);
  bert_tensor inputs[3];
  Ints *data[] = {&ids, &mask, &types};
  for (int i = 0; i < 3; ++i)
    inputs[i] = {BERT_I32, 2, {2, 2}, data[i]->data(), 0};
  std::vector<float> pooled(8);
  bert_tensor outputs[2] = {};
  outputs[1].data = pooled.data();
  outputs[1].bytes = 8 * sizeof(float);
  ASSERT_EQ(bert_model_run_tensors(model, inputs, outputs), BERT_OK) << error();
  EXPECT_EQ(pooled, expected.pooled);
  ASSERT_EQ(outputs[0].rank, 3);
  EXPECT_EQ(outputs[0].type, BERT_F32);
  EXPECT_EQ(outputs[0].dims[0], 2);
  EXPECT_EQ(outputs[0].dims[1], 2);
  EXPECT_EQ(outputs[0].dims[2], width);
  auto *hidden = static_cast<float *>(outputs[0].data);
  EXPECT_EQ(std::vector<float>(hidden, hidden + 16), expected.hidden);

  outputs[1].bytes = 31;
  EXPECT_EQ(bert_model_run_tensors(model, inputs, outputs), BERT_INVALID_ARGUMENT);
  expectError("takes 32 bytes; there is room for 31");
  inputs[2].dims[1] = 3;
  EXPECT_EQ(bert_model_run_tensors(model, inputs, outputs), BERT_INVALID_ARGUMENT);
  expectError("dimension 1 of input 'segment_ids' is 3, but must be 2");
  inputs[2].rank = 1;
  EXPECT_EQ(bert_model_run_tensors(model, inputs, outputs), BERT_INVALID_ARGUMENT);
  inputs[2].type = BERT_F32;
  EXPECT_EQ(bert_model_run_tensors(model, inputs, outputs), BERT_INVALID_ARGUMENT);
  inputs[0].data = nullptr;
  EXPECT_EQ(bert_model_run_tensors(model, inputs, outputs), BERT_INVALID_ARGUMENT);
}

TEST_F(Model, OneForEachThread) {
  std::vector<std::thread> users;
  std::atomic<int> wrong{0};
  for (int user = 0; user < 4; ++user)
    users.emplace_back([&, user] {
      bert_model *own = nullptr;
      if (bert_model_create(path.c_str(), 2, &own) != BERT_OK) {
        ++wrong;
        return;
      }
      for (int round = 0; round < 100; ++round) {
        int64_t sequence = 1 + (round + user) % maxSequence;
        Ints ids(size_t(3 * sequence), user), mask(ids.size(), 1), types(ids.size(), 0);
        std::vector<float> pooled(3 * width);
        const void *inputs[] = {ids.data(), mask.data(), types.data()};
        void *outputs[] = {nullptr, pooled.data()};
        if (bert_model_run(own, inputs, 3, sequence, outputs) != BERT_OK ||
            pooled != computeAnswer(ids, mask, types, 3, sequence).pooled)
          ++wrong;
      }
      bert_model_destroy(own);
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_EQ(wrong, 0);
}

// Threads that fight for one instance get the right answer or BERT_BUSY, nothing else.
TEST_F(Model, OneForAllThreadsIsBusy) {
  std::vector<std::thread> users;
  std::atomic<int> wrong{0}, answered{0};
  for (int user = 0; user < 3; ++user)
    users.emplace_back([&, user] {
      Ints ids(16, user), mask(16, 1), types(16, 0);
      std::vector<float> expected = computeAnswer(ids, mask, types, 1, 16).pooled, pooled(width);
      const void *inputs[] = {ids.data(), mask.data(), types.data()};
      void *outputs[] = {nullptr, pooled.data()};
      for (int round = 0; round < 500; ++round) {
        bert_status status = bert_model_run(model, inputs, 1, 16, outputs);
        if (status == BERT_OK && pooled == expected)
          ++answered;
        else if (status != BERT_BUSY)
          ++wrong;
      }
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(answered, 0);
}

TEST_F(Model, ErrorsBelongToTheirThread) {
  Answer answer;
  EXPECT_EQ(run({}, {}, {}, 0, 0, answer), BERT_INVALID_ARGUMENT);
  std::string mine = error();
  std::thread([&] { EXPECT_EQ(error(), ""); }).join();
  EXPECT_EQ(error(), mine);
}

} // namespace
