//===- Tokenizer.cpp - from text to the ids of a BERT ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Tokenizer/Tokenizer.h"

#include "Vocabulary.h"
#include "Words.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

using namespace bertmlir::tokenizer;

Tokenizer::Tokenizer(std::unique_ptr<Vocabulary> vocabulary, bool cased)
    : vocabulary(std::move(vocabulary)), cased(cased) {}
Tokenizer::~Tokenizer() = default;

std::unique_ptr<Tokenizer> Tokenizer::createFromText(std::string_view vocabulary, bool cased,
                                                     std::string_view name, std::string &error) {
  std::unique_ptr<Vocabulary> parsed = Vocabulary::parse(vocabulary, name, error);
  if (!parsed)
    return nullptr;
  return std::unique_ptr<Tokenizer>(new Tokenizer(std::move(parsed), cased));
}

std::unique_ptr<Tokenizer> Tokenizer::create(const std::string &vocabularyPath, bool cased,
                                             std::string &error) {
  std::string text;
  FILE *file = std::fopen(vocabularyPath.c_str(), "rb");
  bool isRead = file != nullptr;
  if (file) {
    char buffer[1 << 16];
    // A little more than a vocabulary may have is enough to see that it is none.
    while (size_t count = std::fread(buffer, 1, sizeof(buffer), file)) {
      text.append(buffer, count);
      if (text.size() > (size_t(1) << 24))
        break;
    }
    isRead = !std::ferror(file);
  }
  int reason = errno;
  if (file)
    std::fclose(file);
  if (!isRead) {
    error = "can't read vocabulary '" + vocabularyPath + "': " + std::strerror(reason);
    return nullptr;
  }
  return createFromText(text, cased, vocabularyPath, error);
}

size_t Tokenizer::getVocabularySize() const { return vocabulary->getSize(); }
int32_t Tokenizer::getPadId() const { return vocabulary->getPad(); }

void Tokenizer::appendPieces(std::string_view text, std::vector<int32_t> &ids) const {
  WordSplitter splitter(*vocabulary, cased, ids);
  // Special pieces are what they are in text, too: found before anything is cleaned.
  size_t begin = 0;
  for (size_t at = 0; (at = text.find('[', at)) != std::string_view::npos;) {
    Vocabulary::Special special = vocabulary->matchSpecial(text.substr(at));
    if (special.length == 0) {
      ++at;
      continue;
    }
    splitter.split(text.substr(begin, at - begin));
    ids.push_back(special.id);
    begin = at += special.length;
  }
  splitter.split(text.substr(begin));
}

// How many ids of two texts stay if there is room for `room`: the longer one gives first.
static void truncate(size_t &first, size_t &second, size_t room) {
  if (first + second <= room)
    return;
  size_t &shorter = first <= second ? first : second;
  size_t &longer = first <= second ? second : first;
  shorter = std::min(shorter, room / 2);
  longer = room - shorter;
}

bool Tokenizer::encode(std::string_view text, const std::string_view *second, size_t maxLength,
                       Encoding &encoding) const {
  size_t numSpecial = second ? 3 : 2;
  if (maxLength != 0 && maxLength < numSpecial)
    return false;
  std::vector<int32_t> &ids = encoding.ids;
  ids.push_back(vocabulary->getClassifier());
  size_t begin = ids.size();
  appendPieces(text, ids);
  size_t firstLength = ids.size() - begin;
  std::vector<int32_t> other;
  if (second)
    appendPieces(*second, other);
  size_t secondLength = other.size();
  if (maxLength != 0)
    truncate(firstLength, secondLength, maxLength - numSpecial);

  ids.resize(begin + firstLength);
  ids.push_back(vocabulary->getSeparator());
  encoding.types.resize(ids.size(), 0);
  if (second) {
    ids.insert(ids.end(), other.begin(), other.begin() + static_cast<ptrdiff_t>(secondLength));
    ids.push_back(vocabulary->getSeparator());
    encoding.types.resize(ids.size(), 1);
  }
  encoding.offsets.push_back(static_cast<int64_t>(ids.size()));
  return true;
}
