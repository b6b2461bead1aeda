//===- Words.cpp - text becomes words, words become pieces -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The steps of tokenization.py, character by character: drop control characters, set
// ideographs apart, decompose and drop accents, lower the case, split at white
// space and around punctuation. ASCII needs neither decoding nor decomposition.
//
//===----------------------------------------------------------------------===//

#include "Words.h"

#include "Characters.h"

using namespace bertmlir::tokenizer;

// Longer words are [UNK] as a whole.
static constexpr size_t kMostCharacters = 100;

void WordSplitter::endWord() {
  if (word.empty())
    return;
  if (wordLength > kMostCharacters)
    vocabulary.appendUnknown(ids);
  else
    vocabulary.appendWord(word, ids);
  word.clear();
  wordLength = 0;
}

void WordSplitter::add(int32_t character) {
  if (isSpace(character))
    return endWord();
  bool isWord = !isPunctuation(character);
  if (!isWord)
    endWord();
  // What is too long needs no more letters.
  if (wordLength <= kMostCharacters) {
    appendCharacter(word, character);
    ++wordLength;
  }
  if (!isWord)
    endWord();
}

// Characters beyond ASCII up to the next one within. They are decomposed together: marks
// change places with each other, and never with an ASCII character.
void WordSplitter::takeRun(std::string_view &text) {
  run.clear();
  while (!text.empty()) {
    unsigned char byte = static_cast<unsigned char>(text.front());
    if (byte < 0x80 && getAsciiKind(byte) != AsciiKind::Dropped)
      break;
    int32_t character = 0;
    if (!takeCharacter(text, character) || isDropped(character))
      continue;
    bool isAlone = isIdeograph(character);
    if (isAlone || isSpace(character))
      run.push_back(' ');
    if (cased)
      run.push_back(character);
    else
      decompose(character, run);
    if (isAlone)
      run.push_back(' ');
  }
  if (!cased)
    reorder(run);
  for (int32_t character : run)
    if (cased)
      add(character);
    else if (!isAccent(character))
      add(toLower(character));
}

void WordSplitter::split(std::string_view text) {
  while (!text.empty()) {
    unsigned char byte = static_cast<unsigned char>(text.front());
    if (byte >= 0x80) {
      takeRun(text);
      continue;
    }
    text.remove_prefix(1);
    switch (getAsciiKind(byte)) {
    case AsciiKind::Dropped:
      break;
    case AsciiKind::Space:
      endWord();
      break;
    case AsciiKind::Punctuation:
      endWord();
      word.push_back(static_cast<char>(byte));
      endWord();
      break;
    case AsciiKind::Upper:
    case AsciiKind::Word:
      if (wordLength > kMostCharacters)
        break;
      bool isLowered = !cased && getAsciiKind(byte) == AsciiKind::Upper;
      word.push_back(static_cast<char>(isLowered ? byte | 0x20 : byte));
      ++wordLength;
      break;
    }
  }
  endWord();
}
