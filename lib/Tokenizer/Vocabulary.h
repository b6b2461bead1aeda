//===- Vocabulary.h - the pieces that words are made of -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TOKENIZER_VOCABULARY_H
#define LIB_TOKENIZER_VOCABULARY_H

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bertmlir::tokenizer {

/// A tree of all pieces, a byte a step. Its edges stand in one hash table: a step costs one look
/// into memory, and the table of 30 000 pieces stays in the cache.
class Vocabulary {
public:
  /// Reads a vocab.txt's content: a piece a line (the white space at its end does not count), the
  /// id is the line's number from 0. Of equal lines the last one counts, as for all readers of
  /// these files. Null if that fails.
  static std::unique_ptr<Vocabulary> parse(std::string_view text, std::string_view name,
                                           std::string &error);

  /// Appends the ids of a word's pieces: the longest that the word begins with, then the longest
  /// that continues it, and so on; or [UNK] if there is not a piece for every part of it.
  void appendWord(std::string_view word, std::vector<int32_t> &ids) const;
  void appendUnknown(std::vector<int32_t> &ids) const { ids.push_back(unknown); }

  /// The special piece that `text` begins with: its id and length. Length 0: none.
  struct Special {
    int32_t id = 0;
    size_t length = 0;
  };
  Special matchSpecial(std::string_view text) const;

  int32_t getClassifier() const { return classifier; }
  int32_t getSeparator() const { return separator; }
  int32_t getPad() const { return pad; }
  size_t getSize() const { return size; }

private:
  // A step from a node on a byte; key 0 is an empty place (no edge leads to the root).
  struct Edge {
    uint32_t key = 0;
    uint32_t target = 0;
  };

  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kContinuation = 1;

  static uint32_t makeKey(uint32_t node, unsigned char byte) { return (node << 8 | byte) + 1; }
  size_t findPlace(uint32_t key) const;
  uint32_t step(uint32_t node, unsigned char byte) const;
  uint32_t addStep(uint32_t node, unsigned char byte);
  void grow();
  void add(uint32_t root, std::string_view piece, int32_t id);
  int32_t find(std::string_view piece) const;
  bool findSpecials(std::string_view name, std::string &error);

  // The id of the piece that ends at a node; -1 if none does.
  std::vector<int32_t> nodes = {-1, -1};
  std::vector<Edge> edges = std::vector<Edge>(1 << 10);
  size_t numEdges = 0;
  size_t size = 0;
  int32_t unknown = -1, classifier = -1, separator = -1, pad = 0;
  std::vector<std::pair<std::string_view, int32_t>> specials;
};

} // namespace bertmlir::tokenizer

#endif // LIB_TOKENIZER_VOCABULARY_H
