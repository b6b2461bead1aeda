//===- CheckpointFile.cpp - fuzz the reader of checkpoints ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input of fuzz-checkpoint-index is an .index; the data file is empty. That of
// fuzz-checkpoint is the index's length in two bytes, the index, and the data.
//
//===----------------------------------------------------------------------===//

#include "CheckpointMutator.h"
#include "Fuzzing.h"

#include "bert/Conversion/ImportTensorFlowCheckpoint.h"

#include <cstring>

using namespace bertmlir;

#ifdef BERT_FUZZ_WITH_DATA
static constexpr size_t kLengthSize = 2;
#else
static constexpr size_t kLengthSize = 0;
#endif

// Where the index ends in an input.
static size_t getIndexEnd(llvm::StringRef input) {
  if (kLengthSize == 0 || input.size() < kLengthSize)
    return input.size();
  size_t length = static_cast<uint8_t>(input[0]) + 256 * static_cast<uint8_t>(input[1]);
  return std::min(input.size(), kLengthSize + length);
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize,
                                          unsigned seed) {
  size = LLVMFuzzerMutate(data, size, maxSize);
  // Now and then the checksums stay wrong.
  if (seed % 16 == 0)
    return size;
  size_t end = getIndexEnd(fuzz::asText(data, size));
  size_t begin = std::min(size, kLengthSize);
  std::string index(fuzz::asText(data, size).slice(begin, end));
  fuzz::repairChecksums(index);
  std::memcpy(data + begin, index.data(), index.size());
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef input = fuzz::asText(data, size);
  size_t end = getIndexEnd(input);
  fuzz::writeFile("m.index", input.slice(std::min(size, kLengthSize), end));
  fuzz::writeFile("m.data-00000-of-00001", input.drop_front(end));

  fuzz::Session session;
  std::unique_ptr<Checkpoint> checkpoint =
      Checkpoint::open(fuzz::getFolder() + "/m", &session.getContext());
  fuzz::require(checkpoint || session.takeError(), "a checkpoint was refused without a message");
  if (!checkpoint)
    return 0;
  for (llvm::StringRef name : checkpoint->getNames()) {
    std::string reason;
    mlir::FailureOr<mlir::RankedTensorType> type = checkpoint->getType(name, reason);
    fuzz::require(succeeded(type) || !reason.empty(), "a type is missing without a reason");
    mlir::FailureOr<CheckpointValue> value = checkpoint->getValue(name, reason);
    fuzz::require(succeeded(value) || !reason.empty(), "a value is missing without a reason");
    if (succeeded(value))
      Checkpoint::verify(*value);
    for (const TensorSlice &slice : checkpoint->getStoredSlices(name))
      if (succeeded(value = checkpoint->getValue(name, slice, reason)))
        Checkpoint::verify(*value);
  }
  return 0;
}
