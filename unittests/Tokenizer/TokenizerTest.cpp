//===- TokenizerTest.cpp - from text to the ids of a BERT -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Tokenizer/Tokenizer.h"
#include "bert/Tokenizer/bert_tokenizer.h"

#include "gtest/gtest.h"

using namespace bertmlir::tokenizer;
using Ids = std::vector<int32_t>;

namespace {

constexpr std::string_view kVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"    // 0 ..
                                         "un\n##aff\n##able\nthe\ncafe\n"          // 5 ..
                                         "Caf\xC3\xA9\n!\n\xE4\xB8\xAD\na\n##a\n"; // 10 ..

std::unique_ptr<Tokenizer> make(bool cased, std::string_view vocabulary = kVocabulary) {
  std::string error;
  std::unique_ptr<Tokenizer> tokenizer =
      Tokenizer::createFromText(vocabulary, cased, "vocab.txt", error);
  EXPECT_TRUE(tokenizer) << error;
  return tokenizer;
}

Ids getPieces(const Tokenizer &tokenizer, std::string_view text) {
  Ids ids;
  tokenizer.appendPieces(text, ids);
  return ids;
}

TEST(Tokenizer, LongestPiecesFirst) {
  std::unique_ptr<Tokenizer> tokenizer = make(false);
  EXPECT_EQ(getPieces(*tokenizer, "unaffable"), (Ids{5, 6, 7}));
  // No part of a word that has an unknown part.
  EXPECT_EQ(getPieces(*tokenizer, "the unaffected the"), (Ids{8, 1, 8}));
  EXPECT_EQ(getPieces(*tokenizer, ""), Ids{});
}

TEST(Tokenizer, CaseAndAccents) {
  EXPECT_EQ(getPieces(*make(false), "CAF\xC3\x89 THE"), (Ids{9, 8}));
  EXPECT_EQ(getPieces(*make(true), "Caf\xC3\xA9 THE"), (Ids{10, 1}));
}

TEST(Tokenizer, WordsOfTheirOwn) {
  std::unique_ptr<Tokenizer> tokenizer = make(false);
  EXPECT_EQ(getPieces(*tokenizer, "the!the\xE4\xB8\xADthe"), (Ids{8, 11, 8, 12, 8}));
}

TEST(Tokenizer, SpecialPiecesInText) {
  std::unique_ptr<Tokenizer> tokenizer = make(false);
  EXPECT_EQ(getPieces(*tokenizer, "the[MASK]the [[SEP]"), (Ids{8, 4, 8, 1, 3}));
}

TEST(Tokenizer, AHundredCharactersAreAWord) {
  std::unique_ptr<Tokenizer> tokenizer = make(false);
  EXPECT_EQ(getPieces(*tokenizer, std::string(100, 'a')).size(), 100u);
  EXPECT_EQ(getPieces(*tokenizer, std::string(101, 'a')), Ids{1});
  EXPECT_EQ(getPieces(*tokenizer, std::string(1 << 20, 'a') + " the"), (Ids{1, 8}));
}

TEST(Tokenizer, PairsAndTruncation) {
  std::unique_ptr<Tokenizer> tokenizer = make(false);
  std::string_view second = "a a a";
  Encoding encoding;
  ASSERT_TRUE(tokenizer->encode("the the the the", &second, 0, encoding));
  EXPECT_EQ(encoding.ids, (Ids{2, 8, 8, 8, 8, 3, 13, 13, 13, 3}));
  EXPECT_EQ(encoding.types, (Ids{0, 0, 0, 0, 0, 0, 1, 1, 1, 1}));
  ASSERT_TRUE(tokenizer->encode("the the the the", &second, 8, encoding));
  EXPECT_EQ(encoding.offsets, (std::vector<int64_t>{0, 10, 18}));
  EXPECT_EQ(Ids(encoding.ids.begin() + 10, encoding.ids.end()), (Ids{2, 8, 8, 8, 3, 13, 13, 3}));
  EXPECT_FALSE(tokenizer->encode("the", &second, 2, encoding));
}

TEST(Tokenizer, Vocabularies) {
  std::string error;
  EXPECT_FALSE(Tokenizer::createFromText("[UNK]\n[CLS]\n", false, "v", error));
  EXPECT_NE(error.find("v: no line is [SEP]"), std::string::npos);
  EXPECT_FALSE(Tokenizer::createFromText("", false, "v", error));
  EXPECT_FALSE(Tokenizer::createFromText(std::string(100, '\0'), false, "v", error));
  EXPECT_NE(error.find("not a text file"), std::string::npos);
  EXPECT_FALSE(Tokenizer::createFromText(std::string(5 << 20, 'x'), false, "v", error));
  // Windows' line ends, a byte order mark, no line end at the end, a piece that is no UTF-8.
  std::unique_ptr<Tokenizer> tokenizer =
      make(false, "\xEF\xBB\xBF[UNK]\r\n[CLS]\r\n\xC3\r\n[SEP]\r\nthe");
  EXPECT_EQ(getPieces(*tokenizer, "the \xC3\xA9"), (Ids{4, 0}));
  EXPECT_EQ(tokenizer->getVocabularySize(), 5u);
}

TEST(TokenizerInC, RefusesWhatIsMissing) {
  bert_tokenizer *tokenizer = nullptr;
  EXPECT_EQ(bert_tokenizer_create(nullptr, 0, &tokenizer), BERT_TOKENIZER_INVALID_ARGUMENT);
  EXPECT_EQ(bert_tokenizer_create("/not/there", 0, nullptr), BERT_TOKENIZER_INVALID_ARGUMENT);
  EXPECT_EQ(bert_tokenizer_create("/not/there", 0, &tokenizer), BERT_TOKENIZER_FILE);
  EXPECT_EQ(tokenizer, nullptr);
  EXPECT_NE(std::string(bert_tokenizer_last_error()).find("/not/there"), std::string::npos);
  bert_encoding encoding = {};
  EXPECT_EQ(bert_tokenizer_encode(nullptr, {"a", 1}, 0, &encoding),
            BERT_TOKENIZER_INVALID_ARGUMENT);
  bert_encoding_free(&encoding);
  bert_encoding_free(nullptr);
  bert_tokenizer_destroy(nullptr);
}

} // namespace
