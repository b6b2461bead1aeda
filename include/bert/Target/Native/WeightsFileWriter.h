//===- WeightsFileWriter.h - writes a compiled model's weights -----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TARGET_NATIVE_WEIGHTSFILEWRITER_H
#define BERT_TARGET_NATIVE_WEIGHTSFILEWRITER_H

#include "bert/Runtime/WeightsFile.h"
#include "bert/Support/AtomicOutput.h"

#include <array>
#include <vector>

namespace bertmlir::native {

/// Writes the file that WeightsFile.h describes as its data comes; one piece of it is kept at a
/// time. The file appears with commit(), not before.
class WeightsFileWriter {
public:
  explicit WeightsFileWriter(llvm::StringRef path) : output(path) {}

  llvm::Error open();
  /// Appends to the data.
  llvm::Error write(llvm::ArrayRef<char> bytes);
  /// Zeros up to `offset` of the data, which must not lie behind what is written.
  llvm::Error padTo(uint64_t offset);
  /// How much data is written.
  uint64_t getSize() const { return size; }
  /// Fills in the header; all is in the temporary file then.
  llvm::Error finish(const std::array<unsigned char, WeightsFileHeader::buildIdBytes> &buildId);
  llvm::Error commit() { return output.commit(); }

private:
  llvm::Error append(llvm::ArrayRef<char> bytes);

  AtomicOutput output;
  /// What is not written yet.
  std::vector<char> piece;
  uint64_t size = 0;
  uint32_t checksum = 0;
};

} // namespace bertmlir::native

#endif // BERT_TARGET_NATIVE_WEIGHTSFILEWRITER_H
