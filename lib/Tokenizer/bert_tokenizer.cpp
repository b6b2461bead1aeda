//===- bert_tokenizer.cpp - the functions of bert_tokenizer.h --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Tokenizer/bert_tokenizer.h"
#include "bert/Tokenizer/Tokenizer.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace bertmlir::tokenizer;

#define BERT_EXPORT extern "C" __attribute__((visibility("default")))

static thread_local char lastError[512];

static bert_tokenizer_status fail(bert_tokenizer_status status, const char *message) {
  std::snprintf(lastError, sizeof(lastError), "%s", message);
  return status;
}

static const Tokenizer *unwrap(const bert_tokenizer *tokenizer) {
  return reinterpret_cast<const Tokenizer *>(tokenizer);
}

BERT_EXPORT bert_tokenizer_status bert_tokenizer_create(const char *vocab_path, int cased,
                                                        bert_tokenizer **tokenizer) {
  if (!tokenizer)
    return fail(BERT_TOKENIZER_INVALID_ARGUMENT, "there is no place for the tokenizer");
  *tokenizer = nullptr;
  if (!vocab_path)
    return fail(BERT_TOKENIZER_INVALID_ARGUMENT, "no path of a vocabulary is given");
  std::string error;
  std::unique_ptr<Tokenizer> made = Tokenizer::create(vocab_path, cased != 0, error);
  if (!made)
    return fail(BERT_TOKENIZER_FILE, error.c_str());
  *tokenizer = reinterpret_cast<bert_tokenizer *>(made.release());
  return BERT_TOKENIZER_OK;
}

// Copies into memory that the caller frees, in C.
template <typename T> static T *copy(const std::vector<T> &values) {
  T *data = static_cast<T *>(std::malloc(values.size() * sizeof(T) + 1));
  if (data && !values.empty())
    std::memcpy(data, values.data(), values.size() * sizeof(T));
  return data;
}

BERT_EXPORT void bert_encoding_free(bert_encoding *encoding) {
  if (!encoding)
    return;
  std::free(encoding->ids);
  std::free(encoding->types);
  std::free(encoding->offsets);
  *encoding = bert_encoding();
}

static bool isText(const bert_text &text) { return text.data || text.bytes == 0; }
static std::string_view toView(const bert_text &text) {
  return text.bytes == 0 ? std::string_view() : std::string_view(text.data, text.bytes);
}

BERT_EXPORT bert_tokenizer_status bert_tokenizer_encode_batch(const bert_tokenizer *tokenizer,
                                                              const bert_text *texts,
                                                              const bert_text *seconds,
                                                              int64_t count, int64_t max_length,
                                                              bert_encoding *encoding) {
  if (!encoding)
    return fail(BERT_TOKENIZER_INVALID_ARGUMENT, "there is no place for the ids");
  if (!tokenizer || count < 0 || (!texts && count > 0))
    return fail(BERT_TOKENIZER_INVALID_ARGUMENT, "tokenizer or texts are missing");
  if (max_length < 0)
    return fail(BERT_TOKENIZER_INVALID_ARGUMENT, "max_length is negative; 0 is no limit");
  Encoding result;
  for (int64_t i = 0; i < count; ++i) {
    if (!isText(texts[i]) || (seconds && !isText(seconds[i])))
      return fail(BERT_TOKENIZER_INVALID_ARGUMENT, "a text's data is null");
    std::string_view second = seconds ? toView(seconds[i]) : std::string_view();
    if (!unwrap(tokenizer)->encode(toView(texts[i]), seconds ? &second : nullptr,
                                   static_cast<size_t>(max_length), result))
      return fail(BERT_TOKENIZER_INVALID_ARGUMENT,
                  "max_length has no room for [CLS] and [SEP]: 2 for a text, 3 for a pair");
  }
  bert_encoding filled = {count, copy(result.ids), copy(result.types), copy(result.offsets)};
  if (!filled.ids || !filled.types || !filled.offsets) {
    bert_encoding_free(&filled);
    return fail(BERT_TOKENIZER_MEMORY, "there is no memory for the ids");
  }
  bert_encoding_free(encoding);
  *encoding = filled;
  return BERT_TOKENIZER_OK;
}

BERT_EXPORT bert_tokenizer_status bert_tokenizer_encode(const bert_tokenizer *tokenizer,
                                                        bert_text text, int64_t max_length,
                                                        bert_encoding *encoding) {
  return bert_tokenizer_encode_batch(tokenizer, &text, nullptr, 1, max_length, encoding);
}

BERT_EXPORT bert_tokenizer_status bert_tokenizer_encode_pair(const bert_tokenizer *tokenizer,
                                                             bert_text first, bert_text second,
                                                             int64_t max_length,
                                                             bert_encoding *encoding) {
  return bert_tokenizer_encode_batch(tokenizer, &first, &second, 1, max_length, encoding);
}

BERT_EXPORT void bert_tokenizer_destroy(bert_tokenizer *tokenizer) {
  delete reinterpret_cast<Tokenizer *>(tokenizer);
}

BERT_EXPORT const char *bert_tokenizer_last_error(void) { return lastError; }
