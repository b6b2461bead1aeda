//===- FakeModel.cpp - a model written by hand ------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "FakeModel.h"

#include "WeightsMapping.h"

#include "gtest/gtest.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <unistd.h>

using namespace bertmlir;
using namespace bertmlir::runtime;
using namespace bertmlir::runtime::test;

//===----------------------------------------------------------------------===//
// The code
//===----------------------------------------------------------------------===//

namespace {

int64_t getSize(const void *memref, int dim) {
  return static_cast<const BertMemRef *>(memref)->sizes_and_strides[dim];
}

template <typename T> T *getData(const void *memref) {
  const auto *ref = static_cast<const BertMemRef *>(memref);
  return static_cast<T *>(ref->aligned) + ref->offset;
}

// Cuts the arena into pieces, in the same order for their sizes and for their use.
struct Cutter {
  char *base;
  int64_t used = 0;
  template <typename T> T *take(int64_t count) {
    int64_t place = used;
    used += (count * int64_t(sizeof(T)) + 63) / 64 * 64;
    return base ? reinterpret_cast<T *>(base + place) : nullptr;
  }
};

// Elements of memory that each worker has to itself; more than a page's rounding hides.
constexpr int64_t scratchSize = 1 << 20;

struct Call {
  int64_t batch, sequence;
  const int32_t *ids, *mask, *types;
  const float *word;
  float *hidden, *pooled;
  int32_t *tokenBegin, *tokenPosition, *tokenSequence, *keyBegin, *keyRow;
  float *keyBias;
  int64_t *scratch;

  void cut(Cutter &cutter) {
    hidden = cutter.take<float>(batch * sequence * width);
    pooled = cutter.take<float>(batch * width);
    tokenBegin = cutter.take<int32_t>(batch + 1);
    tokenPosition = cutter.take<int32_t>(batch * sequence);
    tokenSequence = cutter.take<int32_t>(batch * sequence);
    keyBegin = cutter.take<int32_t>(batch + 1);
    keyRow = cutter.take<int32_t>(batch * sequence);
    keyBias = cutter.take<float>(batch * sequence);
    // Last, so that a size that was computed for fewer workers ends before it.
    scratch = cutter.take<int64_t>(scratchSize * bert_num_workers());
  }
};

int64_t arenaBytes(void *const *arguments) {
  Call call{};
  call.batch = getSize(arguments[0], 0);
  call.sequence = getSize(arguments[0], 1);
  Cutter cutter{nullptr};
  call.cut(cutter);
  return cutter.used;
}

void describeResult(BertMemRef &result, float *data, std::vector<int64_t> dims) {
  result.allocated = result.aligned = data;
  result.offset = 0;
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0; stride *= dims[i]) {
    result.sizes_and_strides[i] = dims[i];
    result.sizes_and_strides[dims.size() + i] = stride;
  }
}

void runModel(void *const *arguments) {
  Call call{};
  call.ids = getData<const int32_t>(arguments[1]);
  call.mask = getData<const int32_t>(arguments[2]);
  call.types = getData<const int32_t>(arguments[3]);
  call.word = getData<const float>(arguments[4]);
  call.batch = getSize(arguments[1], 0);
  call.sequence = getSize(arguments[1], 1);
  Cutter cutter{getData<char>(arguments[5])};
  call.cut(cutter);
  memset(call.hidden, 0, size_t(call.batch * call.sequence * width) * sizeof(float));
  int64_t tokens =
      bert_pack_tokens(call.batch, call.sequence, call.mask, BERT_I32, BERT_POSITIONS_KEYS,
                       -10000.0f, call.tokenBegin, call.tokenPosition, call.tokenSequence,
                       call.keyBegin, call.keyRow, call.keyBias);
  // Also of the last worker, whether or not it comes to help.
  call.scratch[scratchSize * bert_num_workers() - 1] = 0;
  bert_parallel_for(
      tokens,
      [](void *context, int64_t begin, int64_t end) {
        auto &call = *static_cast<Call *>(context);
        int64_t *own = call.scratch + bert_worker_index() * scratchSize;
        own[0] = own[scratchSize - 1] = begin;
        for (int64_t t = begin; t < end; ++t) {
          int64_t at = call.tokenSequence[t] * call.sequence + call.tokenPosition[t];
          for (int64_t c = 0; c < width; ++c)
            call.hidden[at * width + c] = call.word[call.ids[at] * width + c] +
                                          100.0f * float(call.types[at]) +
                                          float(call.tokenPosition[t]);
        }
      },
      &call);
  bert_parallel_for(
      call.batch,
      [](void *context, int64_t begin, int64_t end) {
        auto &call = *static_cast<Call *>(context);
        for (int64_t b = begin; b < end; ++b)
          for (int64_t c = 0; c < width; ++c) {
            float sum = 0;
            for (int64_t s = 0; s < call.sequence; ++s)
              sum += call.hidden[(b * call.sequence + s) * width + c];
            call.pooled[b * width + c] = sum;
          }
      },
      &call);
  auto *results = static_cast<char *>(arguments[0]);
  describeResult(*reinterpret_cast<BertMemRef *>(results), call.hidden,
                 {call.batch, call.sequence, width});
  describeResult(*reinterpret_cast<BertMemRef *>(results + 24 + 16 * 3), call.pooled,
                 {call.batch, width});
}

//===----------------------------------------------------------------------===//
// The description
//===----------------------------------------------------------------------===//

const int64_t idsDims[] = {BERT_BATCH, BERT_SEQUENCE};
const int64_t hiddenDims[] = {BERT_BATCH, BERT_SEQUENCE, width};
const int64_t pooledDims[] = {BERT_BATCH, width};
const bert_tensor_info inputs[] = {
    {"input_ids", BERT_I32, 2, idsDims, vocabulary},
    {"input_mask", BERT_I32, 2, idsDims, 0},
    {"segment_ids", BERT_I32, 2, idsDims, 2},
};
const bert_tensor_info outputs[] = {
    {"hidden", BERT_F32, 3, hiddenDims, 0},
    {"pooled", BERT_F32, 2, pooledDims, 0},
};
const int32_t roles[] = {BERT_ROLE_IDS, BERT_ROLE_MASK, BERT_ROLE_TYPES};
const unsigned char buildId[BERT_BUILD_ID_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};
const BertModelCode codes[] = {
    // None has it: the next one must be taken.
    {"future", "sse4.2,no-such-feature", arenaBytes, runModel},
    {"portable", "", arenaBytes, runModel},
};
const bert_model_info info = {"fake",
                              3,
                              2,
                              inputs,
                              outputs,
                              maxSequence,
                              vocabulary * width * int64_t(sizeof(float)),
                              "0102030405060708000000000000000000000000000000000000000000000000",
                              0,
                              0,
                              0};

} // namespace

extern "C" const BertModelDescriptor bert_model_descriptor = {&info, roles, buildId, 2, codes};

//===----------------------------------------------------------------------===//
// For the tests
//===----------------------------------------------------------------------===//

float test::wordAt(int64_t id, int64_t c) { return float(id) + 0.125f * float(c); }

std::string test::makeWeightsFile() {
  std::vector<float> word;
  for (int64_t id = 0; id < vocabulary; ++id)
    for (int64_t c = 0; c < width; ++c)
      word.push_back(wordAt(id, c));
  size_t dataBytes = word.size() * sizeof(float);
  WeightsFileHeader header{};
  memcpy(header.magic, WeightsFileHeader::expectedMagic, sizeof(header.magic));
  header.version = WeightsFileHeader::expectedVersion;
  header.dataOffset = WeightsFileHeader::expectedDataOffset;
  header.dataBytes = dataBytes;
  memcpy(header.buildId, buildId, sizeof(header.buildId));
  header.dataChecksum = checksum(word.data(), dataBytes);
  header.headerChecksum = checksum(&header, offsetof(WeightsFileHeader, headerChecksum));
  std::string file(header.dataOffset, '\0');
  memcpy(file.data(), &header, sizeof(header));
  file.append(reinterpret_cast<const char *>(word.data()), dataBytes);
  return file;
}

std::string test::writeFile(const std::string &name, const std::string &bytes) {
  std::string path = testing::TempDir() + "bert-runtime-" + std::to_string(getpid()) + "-" + name;
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

Answer test::computeAnswer(const std::vector<int32_t> &ids, const std::vector<int32_t> &mask,
                           const std::vector<int32_t> &types, int64_t batch, int64_t sequence) {
  Answer answer;
  for (int64_t b = 0; b < batch; ++b) {
    std::vector<float> sums(width);
    for (int64_t s = 0; s < sequence; ++s)
      for (int64_t c = 0; c < width; ++c) {
        auto at = size_t(b * sequence + s);
        float value = mask[at] ? wordAt(ids[at], c) + 100.0f * float(types[at]) + float(s) : 0.0f;
        answer.hidden.push_back(value);
        sums[size_t(c)] += value;
      }
    answer.pooled.insert(answer.pooled.end(), sums.begin(), sums.end());
  }
  return answer;
}
