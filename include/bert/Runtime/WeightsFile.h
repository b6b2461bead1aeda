//===- WeightsFile.h - the file with a compiled model's weights ----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The compiler writes it, the runtime maps it. A header of one page, then the data
// that generated code sees: each weight at the offset and in the layout that its
// bert.packed_weight states.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_RUNTIME_WEIGHTSFILE_H
#define BERT_RUNTIME_WEIGHTSFILE_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace bertmlir {

/// The first bytes of the file; numbers are little-endian. What follows up to `dataOffset` is zero.
struct WeightsFileHeader {
  static constexpr char expectedMagic[8] = {'B', 'E', 'R', 'T', 'W', 'T', 'S', '\n'};
  static constexpr uint32_t expectedVersion = 1;
  /// Where the data begins: a page, so that the data is aligned in memory as in the file.
  static constexpr uint32_t expectedDataOffset = 4096;
  static constexpr size_t buildIdBytes = 32;

  char magic[8];
  uint32_t version;
  uint32_t dataOffset;
  /// The file ends behind them.
  uint64_t dataBytes;
  /// Of the code that reads the data: a hash of it and of the places and layouts of all weights,
  /// but not of their values. Models that differ in values only may share a library.
  unsigned char buildId[buildIdBytes];
  /// CRC-32C of the data.
  uint32_t dataChecksum;
  /// CRC-32C of the header's bytes before this one.
  uint32_t headerChecksum;
};

static_assert(sizeof(WeightsFileHeader) == 64, "the layout is that of the file");
static_assert(offsetof(WeightsFileHeader, headerChecksum) == 60, "no padding in between");

} // namespace bertmlir

#endif // BERT_RUNTIME_WEIGHTSFILE_H
