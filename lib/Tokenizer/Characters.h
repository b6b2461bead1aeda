//===- Characters.h - what BERT does with a character -------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TOKENIZER_CHARACTERS_H
#define LIB_TOKENIZER_CHARACTERS_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bertmlir::tokenizer {

/// Decodes the character at the start of `text` and removes it. False if there is no valid one:
/// then one byte is removed.
bool takeCharacter(std::string_view &text, int32_t &character);
void appendCharacter(std::string &text, int32_t character);

/// Control and format characters, and U+FFFD: they are dropped before anything else.
bool isDropped(int32_t character);
bool isSpace(int32_t character);
/// Each is a word of its own: punctuation, and all of ASCII's signs.
bool isPunctuation(int32_t character);
/// Ideographs: each is a word of its own, too.
bool isIdeograph(int32_t character);
/// What is dropped after decomposition when accents are.
bool isAccent(int32_t character);
int32_t toLower(int32_t character);

/// Appends the canonical decomposition (NFD) of a character.
void decompose(int32_t character, std::vector<int32_t> &characters);
/// Brings combining characters into their canonical order.
void reorder(std::vector<int32_t> &characters);

/// What the ASCII characters are, for the fast path; it agrees with the functions above.
enum class AsciiKind : uint8_t { Word, Upper, Space, Punctuation, Dropped };
AsciiKind getAsciiKind(unsigned char character);

} // namespace bertmlir::tokenizer

#endif // LIB_TOKENIZER_CHARACTERS_H
