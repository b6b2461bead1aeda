//===- Words.h - text becomes words, words become pieces ----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TOKENIZER_WORDS_H
#define LIB_TOKENIZER_WORDS_H

#include "Vocabulary.h"

namespace bertmlir::tokenizer {

/// Cleans text that holds no special piece and splits it into words, whose ids it appends.
class WordSplitter {
public:
  WordSplitter(const Vocabulary &vocabulary, bool cased, std::vector<int32_t> &ids)
      : vocabulary(vocabulary), cased(cased), ids(ids) {}

  void split(std::string_view text);

private:
  void takeRun(std::string_view &text);
  void add(int32_t character);
  void endWord();

  const Vocabulary &vocabulary;
  bool cased;
  std::vector<int32_t> &ids;
  std::string word;
  size_t wordLength = 0; ///< in characters
  std::vector<int32_t> run;
};

} // namespace bertmlir::tokenizer

#endif // LIB_TOKENIZER_WORDS_H
