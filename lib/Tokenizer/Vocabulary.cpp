//===- Vocabulary.cpp - the pieces that words are made of ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Vocabulary.h"

#include "Characters.h"

#include <algorithm>

using namespace bertmlir::tokenizer;

//===----------------------------------------------------------------------===//
// The tree
//===----------------------------------------------------------------------===//

size_t Vocabulary::findPlace(uint32_t key) const {
  size_t mask = edges.size() - 1;
  size_t place = (key * 0x9E3779B1u >> 7) & mask;
  while (edges[place].key != 0 && edges[place].key != key)
    place = (place + 1) & mask;
  return place;
}

// The node behind a step; the root if there is none.
uint32_t Vocabulary::step(uint32_t node, unsigned char byte) const {
  return edges[findPlace(makeKey(node, byte))].target;
}

void Vocabulary::grow() {
  std::vector<Edge> old(edges.size() * 2);
  old.swap(edges);
  for (const Edge &edge : old)
    if (edge.key != 0)
      edges[findPlace(edge.key)] = edge;
}

uint32_t Vocabulary::addStep(uint32_t node, unsigned char byte) {
  if (uint32_t target = step(node, byte))
    return target;
  if (2 * ++numEdges > edges.size())
    grow();
  uint32_t key = makeKey(node, byte);
  uint32_t target = static_cast<uint32_t>(nodes.size());
  nodes.push_back(-1);
  edges[findPlace(key)] = {key, target};
  return target;
}

void Vocabulary::add(uint32_t root, std::string_view piece, int32_t id) {
  if (piece.empty())
    return;
  uint32_t node = root;
  for (char c : piece)
    node = addStep(node, static_cast<unsigned char>(c));
  nodes[node] = id;
}

int32_t Vocabulary::find(std::string_view piece) const {
  uint32_t node = kRoot;
  for (char c : piece)
    if (!(node = step(node, static_cast<unsigned char>(c))))
      return -1;
  return nodes[node];
}

void Vocabulary::appendWord(std::string_view word, std::vector<int32_t> &ids) const {
  size_t before = ids.size();
  uint32_t root = kRoot;
  while (!word.empty()) {
    int32_t longest = -1;
    size_t length = 0;
    uint32_t node = root;
    for (size_t i = 0; i < word.size(); ++i) {
      node = step(node, static_cast<unsigned char>(word[i]));
      if (!node)
        break;
      if (nodes[node] >= 0) {
        longest = nodes[node];
        length = i + 1;
      }
    }
    if (longest < 0) {
      ids.resize(before);
      ids.push_back(unknown);
      return;
    }
    ids.push_back(longest);
    word.remove_prefix(length);
    root = kContinuation;
  }
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

// Without the white space at its end.
static std::string_view trimEnd(std::string_view line) {
  size_t end = 0;
  for (std::string_view rest = line; !rest.empty();) {
    int32_t character = 0;
    bool isValid = takeCharacter(rest, character);
    if (!isValid || !isSpace(character))
      end = line.size() - rest.size();
  }
  return line.substr(0, end);
}

static bool isUTF8(std::string_view text) {
  int32_t character = 0;
  while (!text.empty())
    if (!takeCharacter(text, character))
      return false;
  return true;
}

bool Vocabulary::findSpecials(std::string_view name, std::string &error) {
  auto require = [&](std::string_view piece, int32_t &id) {
    id = find(piece);
    if (id < 0)
      error = std::string(name) + ": no line is " + std::string(piece) +
              "; a BERT's vocab.txt has [UNK], [CLS] and [SEP], each on a line of its own";
    return id >= 0;
  };
  if (!require("[UNK]", unknown) || !require("[CLS]", classifier) || !require("[SEP]", separator))
    return false;
  pad = std::max(find("[PAD]"), 0);
  for (std::string_view piece : {"[UNK]", "[SEP]", "[CLS]", "[PAD]", "[MASK]"})
    if (int32_t id = find(piece); id >= 0)
      specials.push_back({piece, id});
  return true;
}

std::unique_ptr<Vocabulary> Vocabulary::parse(std::string_view text, std::string_view name,
                                              std::string &error) {
  // A node's number must leave room for a byte in a key; 2^22 bytes of pieces is four times what
  // the largest published vocabulary has.
  constexpr size_t kMostBytes = size_t(1) << 22;
  if (text.size() > kMostBytes) {
    error = std::string(name) + ": " + std::to_string(text.size()) +
            " bytes are no vocabulary: expected a text file with a piece a line";
    return nullptr;
  }
  if (text.find('\0') != std::string_view::npos) {
    error = std::string(name) + ": not a text file: expected a piece a line, as in vocab.txt";
    return nullptr;
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    text.remove_prefix(kByteOrderMark.size());

  auto vocabulary = std::make_unique<Vocabulary>();
  int32_t id = 0;
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view piece = trimEnd(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    // A piece that is no text would match in the middle of a character.
    if (isUTF8(piece)) {
      vocabulary->add(kRoot, piece, id);
      if (piece.substr(0, 2) == "##")
        vocabulary->add(kContinuation, piece.substr(2), id);
    }
    ++id;
  }
  vocabulary->size = static_cast<size_t>(id);
  if (!vocabulary->findSpecials(name, error))
    return nullptr;
  return vocabulary;
}

Vocabulary::Special Vocabulary::matchSpecial(std::string_view text) const {
  for (auto [piece, id] : specials)
    if (text.substr(0, piece.size()) == piece)
      return {id, piece.size()};
  return {};
}
