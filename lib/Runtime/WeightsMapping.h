//===- WeightsMapping.h - a model's weights in memory --------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_WEIGHTSMAPPING_H
#define LIB_RUNTIME_WEIGHTSMAPPING_H

#include "bert/Runtime/Abi.h"
#include "bert/Runtime/WeightsFile.h"
#include "bert/Runtime/bert_model.h"

#include <cstddef>

namespace bertmlir::runtime {

/// The data of a weights file, mapped: read when it is first used, and shared between processes.
class WeightsMapping {
public:
  WeightsMapping() = default;
  WeightsMapping(const WeightsMapping &) = delete;
  WeightsMapping &operator=(const WeightsMapping &) = delete;
  ~WeightsMapping();

  /// Maps a file and checks that it is whole and was written for this very code. The data itself
  /// is not read.
  bert_status open(const char *path, const BertModelDescriptor &descriptor);
  /// Takes data that is in memory and stays there.
  void useMemory(const void *data, size_t bytes);
  /// Reads all of a file's data and compares its checksum.
  bert_status verify() const;

  const char *getData() const { return data; }
  size_t getSize() const { return size; }

private:
  void *mapping = nullptr;
  /// The file's name, for errors; null without a file.
  char *name = nullptr;
  size_t mappedBytes = 0;
  const char *data = nullptr;
  size_t size = 0;
};

/// CRC-32C (polynomial 0x1EDC6F41) of some bytes; `crc` continues an earlier result.
uint32_t checksum(const void *data, size_t bytes, uint32_t crc = 0);

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_WEIGHTSMAPPING_H
