//===- Tokenizer.h - from text to the ids of a BERT ---------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// WordPiece as google-research/bert defines it (tokenization.py), with the answers of
// PyPI's `tokenizers` (BertWordPieceTokenizer) where the two differ. Text is UTF-8;
// bytes that are not are dropped, like U+FFFD, which is what they would be decoded to.
// docs/tokenizer.md has the details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TOKENIZER_TOKENIZER_H
#define BERT_TOKENIZER_TOKENIZER_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bertmlir::tokenizer {

class Vocabulary;

/// Sequences of ids, one behind the other.
struct Encoding {
  std::vector<int32_t> ids;
  /// For each id, 0 or (in the second text of a pair) 1.
  std::vector<int32_t> types;
  /// Sequence i is ids[offsets[i]] up to ids[offsets[i + 1] - 1].
  std::vector<int64_t> offsets = {0};

  size_t getNumSequences() const { return offsets.size() - 1; }
};

/// Does not change after its creation: any number of threads may use one.
class Tokenizer {
public:
  /// Reads a vocab.txt: a token a line, its id the line's number from 0. Null if that fails; then
  /// `error` says why.
  static std::unique_ptr<Tokenizer> create(const std::string &vocabularyPath, bool cased,
                                           std::string &error);
  /// The same from the file's content; `name` is for messages.
  static std::unique_ptr<Tokenizer> createFromText(std::string_view vocabulary, bool cased,
                                                   std::string_view name, std::string &error);
  ~Tokenizer();

  /// Appends the sequence [CLS] text [SEP] or, if `second` is given, [CLS] text [SEP] second [SEP].
  /// `maxLength` counts all ids, 0 is no limit; what is too long loses ids at its end, the longer
  /// text of a pair first. False if `maxLength` does not even hold the special tokens.
  bool encode(std::string_view text, const std::string_view *second, size_t maxLength,
              Encoding &encoding) const;

  /// The text's own ids, without [CLS] and [SEP].
  void appendPieces(std::string_view text, std::vector<int32_t> &ids) const;

  /// How many lines the vocabulary has: ids are smaller.
  size_t getVocabularySize() const;
  /// The id of [PAD], or 0 if there is none.
  int32_t getPadId() const;

private:
  explicit Tokenizer(std::unique_ptr<Vocabulary> vocabulary, bool cased);

  std::unique_ptr<Vocabulary> vocabulary;
  bool cased;
};

} // namespace bertmlir::tokenizer

#endif // BERT_TOKENIZER_TOKENIZER_H
