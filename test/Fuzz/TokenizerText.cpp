//===- TokenizerText.cpp - fuzz the tokenizer -------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is a byte of options, the content of a vocab.txt, a byte FF (which no
// UTF-8 holds), and a text; a second FF begins the second text of a pair.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Tokenizer/Tokenizer.h"

using namespace bertmlir;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  std::string_view input(reinterpret_cast<const char *>(data) + 1, size - 1);
  size_t end = std::min(input.find('\xff'), input.size());
  std::string error;
  std::unique_ptr<tokenizer::Tokenizer> tokenizer =
      tokenizer::Tokenizer::createFromText(input.substr(0, end), data[0] & 1, "vocab.txt", error);
  fuzz::require(tokenizer || !error.empty(), "a vocabulary was refused without a message");
  if (!tokenizer)
    return 0;
  std::string_view text = input.substr(std::min(end + 1, input.size())), second;
  bool isPair = text.find('\xff') != text.npos;
  if (isPair) {
    second = text.substr(text.find('\xff') + 1);
    text = text.substr(0, text.find('\xff'));
  }
  tokenizer::Encoding encoding;
  size_t maxLength = data[0] >> 1;
  if (!tokenizer->encode(text, isPair ? &second : nullptr, maxLength, encoding))
    return 0;
  fuzz::require(encoding.getNumSequences() == 1 && encoding.ids.size() == encoding.types.size() &&
                    encoding.offsets.back() == static_cast<int64_t>(encoding.ids.size()),
                "the sequence's parts don't fit together");
  fuzz::require(maxLength == 0 || encoding.ids.size() <= maxLength, "the sequence is too long");
  for (int32_t id : encoding.ids)
    fuzz::require(id >= 0 && static_cast<size_t>(id) < tokenizer->getVocabularySize(),
                  "an id is outside of the vocabulary");
  return 0;
}
