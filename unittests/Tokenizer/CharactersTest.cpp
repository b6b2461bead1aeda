//===- CharactersTest.cpp - what BERT does with a character -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Characters.h"

#include "gtest/gtest.h"

using namespace bertmlir::tokenizer;

namespace {

std::vector<int32_t> getNFD(std::initializer_list<int32_t> characters) {
  std::vector<int32_t> result;
  for (int32_t character : characters)
    decompose(character, result);
  reorder(result);
  return result;
}

TEST(Characters, WhatIsNoUTF8IsSkippedByteByByte) {
  std::string_view text = "\xE2\x82\xC3\xA9";
  int32_t character = 0;
  EXPECT_FALSE(takeCharacter(text, character));
  EXPECT_FALSE(takeCharacter(text, character));
  ASSERT_TRUE(takeCharacter(text, character));
  EXPECT_EQ(character, 0xE9);
  EXPECT_TRUE(text.empty());
}

TEST(Characters, Classes) {
  EXPECT_TRUE(isDropped(0));
  EXPECT_TRUE(isDropped(0x200D)); // zero width joiner
  EXPECT_TRUE(isDropped(0xFFFD));
  EXPECT_TRUE(isDropped(0xE000)); // private use
  EXPECT_FALSE(isDropped('\n'));
  EXPECT_FALSE(isDropped(0x378)); // unassigned
  EXPECT_TRUE(isSpace(0x3000));
  EXPECT_FALSE(isSpace(0x200B));
  EXPECT_TRUE(isPunctuation('$'));
  EXPECT_FALSE(isPunctuation(0x20AC)); // of the signs only ASCII's are words
  EXPECT_TRUE(isPunctuation(0x3002));
  EXPECT_TRUE(isIdeograph(0x4E2D));
  EXPECT_FALSE(isIdeograph(0x3042));
  EXPECT_TRUE(isAccent(0x301));
  EXPECT_FALSE(isAccent(0x93E)); // a spacing vowel sign
}

TEST(Characters, ClassesAreThoseOfTheModelsTime) {
  EXPECT_FALSE(isAccent(0x1E130));     // Unicode 12
  EXPECT_FALSE(isPunctuation(0x2E52)); // Unicode 13
  EXPECT_FALSE(isDropped(0x13430));    // Unicode 12
}

TEST(Characters, Decomposition) {
  EXPECT_EQ(getNFD({0x1EAD}), (std::vector<int32_t>{'a', 0x323, 0x302}));
  EXPECT_EQ(getNFD({0xD55C}), (std::vector<int32_t>{0x1112, 0x1161, 0x11AB}));
  // Compatibility characters stay.
  EXPECT_EQ(getNFD({0xFB01}), (std::vector<int32_t>{0xFB01}));
}

TEST(Characters, MarksComeIntoOrder) {
  EXPECT_EQ(getNFD({'a', 0x301, 0x323, 'b', 0x302, 0x327}),
            (std::vector<int32_t>{'a', 0x323, 0x301, 'b', 0x327, 0x302}));
  // Those of one class keep theirs.
  EXPECT_EQ(getNFD({'a', 0x302, 0x301}), (std::vector<int32_t>{'a', 0x302, 0x301}));
}

TEST(Characters, TheFastPathAgrees) {
  for (int c = 0; c < 0x80; ++c) {
    AsciiKind kind = getAsciiKind(static_cast<unsigned char>(c));
    EXPECT_EQ(kind == AsciiKind::Upper, toLower(c) != c) << c;
    EXPECT_FALSE(isAccent(c));
    EXPECT_FALSE(isIdeograph(c));
  }
}

} // namespace
