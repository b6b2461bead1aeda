//===- FakeModel.h - a model written by hand -----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Stands where generated code does, so that the runtime is tested without it.
//
//===----------------------------------------------------------------------===//

#ifndef UNITTESTS_RUNTIME_FAKEMODEL_H
#define UNITTESTS_RUNTIME_FAKEMODEL_H

#include "bert/Runtime/Abi.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bertmlir::runtime::test {

/// Inputs input_ids (below 10), input_mask and segment_ids (below 2), all [batch, sequence] i32.
/// Outputs "hidden" [batch, sequence, 4] and "pooled" [batch, 4]. hidden[b, s, c] is
/// word[id][c] + 100 type + s for positions that the mask shows, else 0; pooled sums it over s.
/// Sequences have up to 16 positions. The weights are the table word[10][4].
constexpr int64_t vocabulary = 10, width = 4, maxSequence = 16;

/// word[id][c].
float wordAt(int64_t id, int64_t c);

/// The bytes of its weights' file.
std::string makeWeightsFile();

/// Writes some bytes to a new file in the tests' folder; returns its path.
std::string writeFile(const std::string &name, const std::string &bytes);

/// What the model should answer.
struct Answer {
  std::vector<float> hidden, pooled;
};
Answer computeAnswer(const std::vector<int32_t> &ids, const std::vector<int32_t> &mask,
                     const std::vector<int32_t> &types, int64_t batch, int64_t sequence);

} // namespace bertmlir::runtime::test

#endif // UNITTESTS_RUNTIME_FAKEMODEL_H
