//===- WeightsFileWriter.cpp - writes a compiled model's weights ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/WeightsFileWriter.h"

#include "bert/Support/CRC32C.h"

#include <cassert>
#include <cstring>

using namespace bertmlir;
using namespace bertmlir::native;

static llvm::ArrayRef<char> asBytes(const WeightsFileHeader &header) {
  return {reinterpret_cast<const char *>(&header), sizeof(header)};
}

// The system keeps what one call writes in pages as large as the call, if it lies at a multiple of
// their size; models are then read through large pages too.
static constexpr size_t kPieceBytes = size_t(2) << 20;

llvm::Error WeightsFileWriter::open() {
  if (llvm::Error error = output.open())
    return error;
  piece.reserve(kPieceBytes);
  static constexpr char zeros[WeightsFileHeader::expectedDataOffset] = {};
  return append(zeros);
}

llvm::Error WeightsFileWriter::append(llvm::ArrayRef<char> bytes) {
  while (!bytes.empty()) {
    size_t count = std::min(bytes.size(), kPieceBytes - piece.size());
    piece.insert(piece.end(), bytes.begin(), bytes.begin() + count);
    bytes = bytes.drop_front(count);
    if (piece.size() < kPieceBytes)
      break;
    if (llvm::Error error = output.write(piece))
      return error;
    piece.clear();
  }
  return llvm::Error::success();
}

llvm::Error WeightsFileWriter::write(llvm::ArrayRef<char> bytes) {
  checksum = crc32c(bytes, checksum);
  size += bytes.size();
  return append(bytes);
}

llvm::Error WeightsFileWriter::padTo(uint64_t offset) {
  assert(offset >= size && "the data up to there is written");
  static constexpr char zeros[4096] = {};
  while (size < offset)
    if (llvm::Error error = write({zeros, std::min<uint64_t>(offset - size, sizeof(zeros))}))
      return error;
  return llvm::Error::success();
}

llvm::Error WeightsFileWriter::finish(
    const std::array<unsigned char, WeightsFileHeader::buildIdBytes> &buildId) {
  WeightsFileHeader header{};
  memcpy(header.magic, WeightsFileHeader::expectedMagic, sizeof(header.magic));
  header.version = WeightsFileHeader::expectedVersion;
  header.dataOffset = WeightsFileHeader::expectedDataOffset;
  header.dataBytes = size;
  memcpy(header.buildId, buildId.data(), buildId.size());
  header.dataChecksum = checksum;
  header.headerChecksum =
      crc32c(asBytes(header).take_front(offsetof(WeightsFileHeader, headerChecksum)));
  if (llvm::Error error = output.write(piece))
    return error;
  piece.clear();
  if (llvm::Error error = output.overwrite(0, asBytes(header)))
    return error;
  return output.finish();
}
