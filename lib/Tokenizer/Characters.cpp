//===- Characters.cpp - what BERT does with a character ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The classes of characters come from utf8proc, and are those of Unicode 8 where
// newer versions differ: the published models were trained with tables of that
// time, and PyPI's `tokenizers` has them to this day. A mark that BERT has not seen
// as a mark stays in its word.
//
//===----------------------------------------------------------------------===//

#include "Characters.h"

#include <algorithm>
#include <array>
#include <utf8proc.h>
#include <utility>

using namespace bertmlir::tokenizer;

namespace {
struct Range {
  int32_t first, last;
};
} // namespace

// Nonspacing marks (Mn) that are letters, other marks or unassigned there.
static constexpr Range youngMarks[] = {
    {0x7FD, 0x7FD},     {0x898, 0x89F},     {0x8CA, 0x8E1},     {0x9FE, 0x9FE},
    {0xAFA, 0xAFF},     {0xB55, 0xB55},     {0xC04, 0xC04},     {0xC3C, 0xC3C},
    {0xD00, 0xD00},     {0xD3B, 0xD3C},     {0xD81, 0xD81},     {0xEBA, 0xEBA},
    {0xECE, 0xECE},     {0x180F, 0x180F},   {0x1885, 0x1886},   {0x1ABF, 0x1ACE},
    {0x1DF6, 0x1DFB},   {0xA82C, 0xA82C},   {0xA8C5, 0xA8C5},   {0xA8FF, 0xA8FF},
    {0xA9BD, 0xA9BD},   {0x10D24, 0x10D27}, {0x10EAB, 0x10EAC}, {0x10EFD, 0x10EFF},
    {0x10F46, 0x10F50}, {0x10F82, 0x10F85}, {0x11070, 0x11070}, {0x11073, 0x11074},
    {0x110C2, 0x110C2}, {0x111C9, 0x111C9}, {0x111CF, 0x111CF}, {0x1123E, 0x1123E},
    {0x11241, 0x11241}, {0x1133B, 0x1133B}, {0x11438, 0x1143F}, {0x11442, 0x11444},
    {0x11446, 0x11446}, {0x1145E, 0x1145E}, {0x1182F, 0x11837}, {0x11839, 0x1183A},
    {0x1193B, 0x1193C}, {0x1193E, 0x1193E}, {0x11943, 0x11943}, {0x119D4, 0x119D7},
    {0x119DA, 0x119DB}, {0x119E0, 0x119E0}, {0x11A01, 0x11A0A}, {0x11A33, 0x11A38},
    {0x11A3B, 0x11A3E}, {0x11A47, 0x11A47}, {0x11A51, 0x11A56}, {0x11A59, 0x11A5B},
    {0x11A8A, 0x11A96}, {0x11A98, 0x11A99}, {0x11C30, 0x11C36}, {0x11C38, 0x11C3D},
    {0x11C3F, 0x11C3F}, {0x11C92, 0x11CA7}, {0x11CAA, 0x11CB0}, {0x11CB2, 0x11CB3},
    {0x11CB5, 0x11CB6}, {0x11D31, 0x11D36}, {0x11D3A, 0x11D3A}, {0x11D3C, 0x11D3D},
    {0x11D3F, 0x11D45}, {0x11D47, 0x11D47}, {0x11D90, 0x11D91}, {0x11D95, 0x11D95},
    {0x11D97, 0x11D97}, {0x11EF3, 0x11EF4}, {0x11F00, 0x11F01}, {0x11F36, 0x11F3A},
    {0x11F40, 0x11F40}, {0x11F42, 0x11F42}, {0x13440, 0x13440}, {0x13447, 0x13455},
    {0x16F4F, 0x16F4F}, {0x16FE4, 0x16FE4}, {0x1CF00, 0x1CF2D}, {0x1CF30, 0x1CF46},
    {0x1E000, 0x1E006}, {0x1E008, 0x1E018}, {0x1E01B, 0x1E021}, {0x1E023, 0x1E024},
    {0x1E026, 0x1E02A}, {0x1E08F, 0x1E08F}, {0x1E130, 0x1E136}, {0x1E2AE, 0x1E2AE},
    {0x1E2EC, 0x1E2EF}, {0x1E4EC, 0x1E4EF}, {0x1E944, 0x1E94A}};

// Punctuation (P*) that is unassigned there.
static constexpr Range youngPunctuation[] = {
    {0x61D, 0x61D},     {0x9FD, 0x9FD},     {0xA76, 0xA76},     {0xC77, 0xC77},
    {0xC84, 0xC84},     {0x1B7D, 0x1B7E},   {0x2E43, 0x2E4F},   {0x2E52, 0x2E5D},
    {0x10EAD, 0x10EAD}, {0x10F55, 0x10F59}, {0x10F86, 0x10F89}, {0x1144B, 0x1144F},
    {0x1145A, 0x1145B}, {0x1145D, 0x1145D}, {0x11660, 0x1166C}, {0x116B9, 0x116B9},
    {0x1183B, 0x1183B}, {0x11944, 0x11946}, {0x119E2, 0x119E2}, {0x11A3F, 0x11A46},
    {0x11A9A, 0x11A9C}, {0x11A9E, 0x11AA2}, {0x11B00, 0x11B09}, {0x11C41, 0x11C45},
    {0x11C70, 0x11C71}, {0x11EF7, 0x11EF8}, {0x11F43, 0x11F4F}, {0x11FFF, 0x11FFF},
    {0x12FF1, 0x12FF2}, {0x16E97, 0x16E9A}, {0x16FE2, 0x16FE2}, {0x1E95E, 0x1E95F}};

// Format characters (Cf) that are unassigned there.
static constexpr Range youngFormats[] = {
    {0x890, 0x891}, {0x8E2, 0x8E2}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}};

template <size_t size> static bool contains(const Range (&ranges)[size], int32_t character) {
  const Range *range = std::lower_bound(ranges, ranges + size, character,
                                        [](const Range &r, int32_t c) { return r.last < c; });
  return range != ranges + size && range->first <= character;
}

static constexpr AsciiKind classifyAscii(unsigned char c) {
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
    return AsciiKind::Space;
  if (c < 0x20 || c == 0x7F)
    return AsciiKind::Dropped;
  if (c >= 'A' && c <= 'Z')
    return AsciiKind::Upper;
  bool isWord = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
  return isWord ? AsciiKind::Word : AsciiKind::Punctuation;
}

AsciiKind bertmlir::tokenizer::getAsciiKind(unsigned char character) {
  static constexpr std::array<AsciiKind, 256> kinds = [] {
    std::array<AsciiKind, 256> kinds{};
    for (unsigned c = 0; c < 256; ++c)
      kinds[c] = classifyAscii(static_cast<unsigned char>(c));
    return kinds;
  }();
  return kinds[character];
}

bool bertmlir::tokenizer::takeCharacter(std::string_view &text, int32_t &character) {
  // No character has more than four bytes; utf8proc's length is signed.
  auto *data = reinterpret_cast<const utf8proc_uint8_t *>(text.data());
  utf8proc_ssize_t length = static_cast<utf8proc_ssize_t>(std::min<size_t>(text.size(), 4));
  utf8proc_ssize_t taken = utf8proc_iterate(data, length, &character);
  text.remove_prefix(taken > 0 ? static_cast<size_t>(taken) : 1);
  return taken > 0;
}

void bertmlir::tokenizer::appendCharacter(std::string &text, int32_t character) {
  utf8proc_uint8_t bytes[4];
  utf8proc_ssize_t length = utf8proc_encode_char(character, bytes);
  text.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(length));
}

bool bertmlir::tokenizer::isDropped(int32_t character) {
  if (character < 0x80)
    return getAsciiKind(static_cast<unsigned char>(character)) == AsciiKind::Dropped;
  switch (utf8proc_category(character)) {
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_CO:
    return true;
  case UTF8PROC_CATEGORY_CF:
    return !contains(youngFormats, character);
  default:
    return character == 0xFFFD;
  }
}

bool bertmlir::tokenizer::isSpace(int32_t character) {
  if (character < 0x80)
    return getAsciiKind(static_cast<unsigned char>(character)) == AsciiKind::Space;
  utf8proc_category_t category = utf8proc_category(character);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

bool bertmlir::tokenizer::isPunctuation(int32_t character) {
  if (character < 0x80)
    return getAsciiKind(static_cast<unsigned char>(character)) == AsciiKind::Punctuation;
  switch (utf8proc_category(character)) {
  case UTF8PROC_CATEGORY_PC:
  case UTF8PROC_CATEGORY_PD:
  case UTF8PROC_CATEGORY_PS:
  case UTF8PROC_CATEGORY_PE:
  case UTF8PROC_CATEGORY_PI:
  case UTF8PROC_CATEGORY_PF:
  case UTF8PROC_CATEGORY_PO:
    return !contains(youngPunctuation, character);
  default:
    // The Canadian syllabics' chi sign and Sharada's sandhi mark were punctuation.
    return character == 0x166D || character == 0x111C9;
  }
}

bool bertmlir::tokenizer::isIdeograph(int32_t character) {
  // tokenization.py's blocks. As in `tokenizers`, extension E begins 256 characters late.
  static constexpr Range blocks[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},
                                     {0x20000, 0x2A6DF}, {0x2A700, 0x2B81F}, {0x2B920, 0x2CEAF},
                                     {0x2F800, 0x2FA1F}};
  return contains(blocks, character);
}

bool bertmlir::tokenizer::isAccent(int32_t character) {
  if (character < 0x80)
    return false;
  if (utf8proc_category(character) == UTF8PROC_CATEGORY_MN)
    return !contains(youngMarks, character);
  return character == 0x1734; // Hanunoo's pamudpod, a spacing mark since Unicode 14.
}

int32_t bertmlir::tokenizer::toLower(int32_t character) { return utf8proc_tolower(character); }

void bertmlir::tokenizer::decompose(int32_t character, std::vector<int32_t> &characters) {
  // The longest canonical decomposition has four characters.
  int32_t buffer[16];
  int lastBoundClass = 0;
  utf8proc_ssize_t length =
      utf8proc_decompose_char(character, buffer, 16, UTF8PROC_DECOMPOSE, &lastBoundClass);
  if (length < 0 || length > 16)
    characters.push_back(character);
  else
    characters.insert(characters.end(), buffer, buffer + length);
}

void bertmlir::tokenizer::reorder(std::vector<int32_t> &characters) {
  auto combiningClass = [](int32_t c) -> uint64_t {
    return utf8proc_get_property(c)->combining_class;
  };
  // Sorted by class and, within it, by place.
  std::vector<std::pair<uint64_t, int32_t>> marks;
  for (size_t begin = 0; begin < characters.size();) {
    marks.clear();
    size_t end = begin;
    for (; end < characters.size(); ++end) {
      uint64_t markClass = combiningClass(characters[end]);
      if (markClass == 0)
        break;
      marks.push_back({markClass << 48 | end, characters[end]});
    }
    if (marks.size() > 1) {
      std::sort(marks.begin(), marks.end());
      for (size_t i = 0; i < marks.size(); ++i)
        characters[begin + i] = marks[i].second;
    }
    begin = end + 1;
  }
}
