//===- PackTokens.cpp - from a mask to tokens and keys ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The one place that decides at run time what padding is. See bert_pack_tokens in
// Abi.h for the rules.
//
//===----------------------------------------------------------------------===//

#include "bert/Runtime/Abi.h"

namespace {

// In f32, exp(x - max) is exactly 0 where x lies this far under the maximum, whatever the scores
// themselves are (attention scores stay in the tens).
constexpr float neverSeen = 1000.0f;

template <typename T> float additiveValue(const void *mask, int64_t index, float maskedValue) {
  // As TensorFlow computes it: in f32, also for masks of integers. The sum makes -0 a 0.
  return (1.0f - static_cast<float>(static_cast<const T *>(mask)[index])) * maskedValue + 0.0f;
}

struct Tokens {
  int32_t *tokenBegin, *tokenPosition, *tokenSequence, *keyBegin, *keyRow;
  float *keyBias;
};

template <typename T>
int64_t pack(int64_t batch, int64_t sequence, const void *mask, int64_t positions,
             float maskedValue, const Tokens &out) {
  int32_t token = 0, key = 0;
  for (int64_t b = 0; b < batch; ++b) {
    out.tokenBegin[b] = token;
    out.keyBegin[b] = key;
    auto valueAt = [&](int64_t s) {
      return mask ? additiveValue<T>(mask, b * sequence + s, maskedValue) : 0.0f;
    };
    float largest = -__builtin_inff();
    for (int64_t s = 0; s < sequence; ++s) {
      float value = valueAt(s);
      largest = value > largest ? value : largest;
    }
    for (int64_t s = 0; s < sequence; ++s) {
      float value = valueAt(s);
      // Written so that a NaN is a key, and gives NaN as it does in TensorFlow. The largest is one
      // even where it is -infinity, or so low that the difference is lost to rounding.
      bool isKey = !(value <= largest - neverSeen) || value == largest;
      bool isToken = isKey || positions == BERT_POSITIONS_ALL ||
                     (positions == BERT_POSITIONS_KEYS_AND_FIRST && s == 0);
      if (isKey) {
        out.keyRow[key] = token;
        if (out.keyBias)
          out.keyBias[key] = value;
        ++key;
      }
      if (isToken) {
        out.tokenPosition[token] = static_cast<int32_t>(s);
        out.tokenSequence[token] = static_cast<int32_t>(b);
        ++token;
      }
    }
  }
  out.tokenBegin[batch] = token;
  out.keyBegin[batch] = key;
  return token;
}

} // namespace

extern "C" int64_t bert_pack_tokens(int64_t batch, int64_t sequence, const void *mask,
                                    int64_t mask_type, int64_t positions, float masked_value,
                                    int32_t *token_begin, int32_t *token_position,
                                    int32_t *token_sequence, int32_t *key_begin, int32_t *key_row,
                                    float *key_bias) {
  Tokens out{token_begin, token_position, token_sequence, key_begin, key_row, key_bias};
  switch (mask_type) {
  case BERT_I32:
    return pack<int32_t>(batch, sequence, mask, positions, masked_value, out);
  case BERT_I64:
    return pack<int64_t>(batch, sequence, mask, positions, masked_value, out);
  default:
    return pack<float>(batch, sequence, mask, positions, masked_value, out);
  }
}
