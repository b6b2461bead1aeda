//===- PackTokensTest.cpp - from a mask to tokens and keys ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Runtime/Abi.h"

#include "gtest/gtest.h"

#include <cfloat>
#include <cmath>
#include <vector>

namespace {

using Ints = std::vector<int32_t>;

struct Packed {
  int64_t tokens;
  Ints tokenBegin, tokenPosition, tokenSequence, keyBegin, keyRow;
  std::vector<float> keyBias;
};

template <typename T> constexpr bert_element_type typeOf = BERT_F32;
template <> constexpr bert_element_type typeOf<int32_t> = BERT_I32;
template <> constexpr bert_element_type typeOf<int64_t> = BERT_I64;

Packed pack(int64_t batch, int64_t sequence, const void *mask, bert_element_type type,
            BertPositions positions, float maskedValue = -10000.0f) {
  auto room = size_t(batch * sequence);
  Packed out;
  out.tokenBegin.resize(size_t(batch) + 1, -7);
  out.keyBegin.resize(size_t(batch) + 1, -7);
  out.tokenPosition.resize(room);
  out.tokenSequence.resize(room);
  out.keyRow.resize(room);
  out.keyBias.resize(room);
  out.tokens =
      bert_pack_tokens(batch, sequence, mask, type, positions, maskedValue, out.tokenBegin.data(),
                       out.tokenPosition.data(), out.tokenSequence.data(), out.keyBegin.data(),
                       out.keyRow.data(), out.keyBias.data());
  out.tokenPosition.resize(size_t(out.tokens));
  out.tokenSequence.resize(size_t(out.tokens));
  out.keyRow.resize(size_t(out.keyBegin[size_t(batch)]));
  out.keyBias.resize(out.keyRow.size());
  return out;
}

template <typename T>
Packed pack(int64_t batch, int64_t sequence, const std::vector<T> &mask, BertPositions positions,
            float maskedValue = -10000.0f) {
  return pack(batch, sequence, mask.data(), typeOf<T>, positions, maskedValue);
}

template <typename T> class PackTokensOfType : public testing::Test {};
using MaskTypes = testing::Types<float, int32_t, int64_t>;
TYPED_TEST_SUITE(PackTokensOfType, MaskTypes);

TYPED_TEST(PackTokensOfType, PaddingOnTheRight) {
  std::vector<TypeParam> mask = {1, 1, 0, 0, 1, 1, 1, 0};
  Packed out = pack(2, 4, mask, BERT_POSITIONS_KEYS_AND_FIRST);
  EXPECT_EQ(out.tokens, 5);
  EXPECT_EQ(out.tokenBegin, (Ints{0, 2, 5}));
  EXPECT_EQ(out.tokenPosition, (Ints{0, 1, 0, 1, 2}));
  EXPECT_EQ(out.tokenSequence, (Ints{0, 0, 1, 1, 1}));
  EXPECT_EQ(out.keyBegin, (Ints{0, 2, 5}));
  EXPECT_EQ(out.keyRow, (Ints{0, 1, 2, 3, 4}));
  EXPECT_EQ(out.keyBias, (std::vector<float>(5, 0.0f)));
}

TYPED_TEST(PackTokensOfType, PaddingOnTheLeft) {
  std::vector<TypeParam> mask = {0, 0, 1, 1};
  Packed out = pack(1, 4, mask, BERT_POSITIONS_KEYS);
  EXPECT_EQ(out.tokenPosition, (Ints{2, 3}));
  EXPECT_EQ(out.keyRow, (Ints{0, 1}));

  // The pooler reads position 0, which is not a key.
  out = pack(1, 4, mask, BERT_POSITIONS_KEYS_AND_FIRST);
  EXPECT_EQ(out.tokenPosition, (Ints{0, 2, 3}));
  EXPECT_EQ(out.keyRow, (Ints{1, 2}));

  out = pack(1, 4, mask, BERT_POSITIONS_ALL);
  EXPECT_EQ(out.tokenPosition, (Ints{0, 1, 2, 3}));
  EXPECT_EQ(out.keyRow, (Ints{2, 3}));
}

TYPED_TEST(PackTokensOfType, Holes) {
  std::vector<TypeParam> mask = {1, 0, 1, 0, 1, 0};
  Packed out = pack(2, 3, mask, BERT_POSITIONS_KEYS);
  EXPECT_EQ(out.tokenBegin, (Ints{0, 2, 3}));
  EXPECT_EQ(out.tokenPosition, (Ints{0, 2, 1}));
  EXPECT_EQ(out.keyRow, (Ints{0, 1, 2}));
}

TYPED_TEST(PackTokensOfType, ASequenceWithoutKeys) {
  std::vector<TypeParam> mask = {1, 1, 0, 0, 0, 0};
  for (BertPositions positions :
       {BERT_POSITIONS_KEYS, BERT_POSITIONS_KEYS_AND_FIRST, BERT_POSITIONS_ALL}) {
    Packed out = pack(3, 2, mask, positions);
    EXPECT_EQ(out.tokens, 6);
    EXPECT_EQ(out.keyBegin, (Ints{0, 2, 4, 6}));
    EXPECT_EQ(out.keyBias, (std::vector<float>{0, 0, -1e4f, -1e4f, -1e4f, -1e4f}));
  }
}

TYPED_TEST(PackTokensOfType, ValuesOtherThanZeroAndOne) {
  std::vector<TypeParam> mask = {1, 2, 1, 0};
  // 2 gives +10000: next to it the ones are never seen.
  Packed out = pack(1, 4, mask, BERT_POSITIONS_ALL);
  EXPECT_EQ(out.tokenPosition, (Ints{0, 1, 2, 3}));
  EXPECT_EQ(out.keyRow, (Ints{1}));
  EXPECT_EQ(out.keyBias, (std::vector<float>{1e4f}));
  // With a small masked value everything counts.
  out = pack(1, 4, mask, BERT_POSITIONS_KEYS, -10.0f);
  EXPECT_EQ(out.keyRow, (Ints{0, 1, 2, 3}));
  EXPECT_EQ(out.keyBias, (std::vector<float>{0, 10, 0, -10}));
}

TEST(PackTokens, Fractions) {
  std::vector<float> mask = {1.0f, 0.99f, 0.5f, 0.0f};
  Packed out = pack(1, 4, mask, BERT_POSITIONS_KEYS);
  EXPECT_EQ(out.tokenPosition, (Ints{0, 1}));
  EXPECT_EQ(out.keyBias[0], 0.0f);
  EXPECT_EQ(out.keyBias[1], (1.0f - 0.99f) * -10000.0f);
}

// Otherwise an answer would depend on how far a sequence is padded.
TEST(PackTokens, PaddingIsNoKeyBesideFractions) {
  Packed shorter = pack(1, 2, std::vector<float>{1.0f, 0.99f}, BERT_POSITIONS_KEYS);
  Packed longer = pack(1, 4, std::vector<float>{1.0f, 0.99f, 0, 0}, BERT_POSITIONS_KEYS);
  EXPECT_EQ(shorter.keyRow, longer.keyRow);
  EXPECT_EQ(shorter.keyBias, longer.keyBias);
}

TEST(PackTokens, ASmallMaskedValueHidesNothing) {
  Packed out = pack(1, 3, Ints{1, 0, 0}, BERT_POSITIONS_KEYS, -100.0f);
  EXPECT_EQ(out.tokens, 3);
  EXPECT_EQ(out.keyRow, (Ints{0, 1, 2}));
  EXPECT_EQ(out.keyBias, (std::vector<float>{0, -100, -100}));
  // The least that does.
  out = pack(1, 3, Ints{1, 0, 0}, BERT_POSITIONS_KEYS, -1000.0f);
  EXPECT_EQ(out.keyRow, (Ints{0}));
}

TEST(PackTokens, HugeMaskedValues) {
  for (float value : {-FLT_MAX, -1e30f}) {
    Packed out = pack(2, 2, Ints{1, 0, 0, 0}, BERT_POSITIONS_KEYS, value);
    EXPECT_EQ(out.keyBegin, (Ints{0, 1, 3})) << value;
    EXPECT_EQ(out.keyBias, (std::vector<float>{0, value, value})) << value;
  }
}

TEST(PackTokens, NaNIsAKey) {
  Packed out = pack(1, 3, std::vector<float>{1, NAN, 0}, BERT_POSITIONS_KEYS);
  EXPECT_EQ(out.keyRow, (Ints{0, 1}));
  EXPECT_TRUE(std::isnan(out.keyBias[1]));
}

TEST(PackTokens, NoMask) {
  Packed out = pack(2, 2, nullptr, BERT_F32, BERT_POSITIONS_KEYS);
  EXPECT_EQ(out.tokens, 4);
  EXPECT_EQ(out.tokenPosition, (Ints{0, 1, 0, 1}));
  EXPECT_EQ(out.keyRow, (Ints{0, 1, 2, 3}));
  EXPECT_EQ(out.keyBias, (std::vector<float>(4, 0.0f)));
}

TEST(PackTokens, BiasIsOptional) {
  Ints mask = {1, 0}, begin(2), position(2), sequence(2), keyBegin(2), row(2);
  EXPECT_EQ(bert_pack_tokens(1, 2, mask.data(), BERT_I32, BERT_POSITIONS_KEYS, -1e4f, begin.data(),
                             position.data(), sequence.data(), keyBegin.data(), row.data(),
                             nullptr),
            1);
}

TEST(PackTokens, NoSequences) {
  Packed out = pack(0, 5, Ints{}, BERT_POSITIONS_ALL);
  EXPECT_EQ(out.tokens, 0);
  EXPECT_EQ(out.tokenBegin, (Ints{0}));
  EXPECT_EQ(out.keyBegin, (Ints{0}));
}

} // namespace
