//===- CRC32C.cpp - Castagnoli's checksum --------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Uses the CPU's own instruction where there is one, a table elsewhere.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/CRC32C.h"

#include "bert/Support/CRC32CBytes.h"
#include "bert/Support/MappedFile.h"

uint32_t bertmlir::crc32c(llvm::ArrayRef<char> bytes, uint32_t crc) {
#if defined(__x86_64__)
  bool hasInstruction = __builtin_cpu_supports("sse4.2");
#else
  bool hasInstruction = false;
#endif
  return detail::crc32cBytes(bytes.data(), bytes.size(), crc, hasInstruction);
}

bool bertmlir::hasMaskedCrc32c(llvm::ArrayRef<char> bytes, uint32_t masked) {
  uint32_t crc = 0;
  for (llvm::ArrayRef<char> piece : MappedPieces(bytes))
    crc = crc32c(piece, crc);
  return maskCrc32c(crc) == masked;
}
