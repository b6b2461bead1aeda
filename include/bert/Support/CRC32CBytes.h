//===- CRC32CBytes.h - Castagnoli's checksum without LLVM -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What the compiler's crc32c() and the runtime, which may not use LLVM, share.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_CRC32CBYTES_H
#define BERT_SUPPORT_CRC32CBYTES_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace bertmlir::detail {

struct CRC32CTable {
  uint32_t entries[256] = {};
  constexpr CRC32CTable() {
    for (uint32_t byte = 0; byte < 256; ++byte) {
      uint32_t crc = byte;
      for (int bit = 0; bit < 8; ++bit)
        crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78u : 0); // the polynomial, reflected
      entries[byte] = crc;
    }
  }
};

inline constexpr CRC32CTable crc32cTable;

inline uint32_t crc32cPortable(const char *data, size_t size, uint32_t crc) {
  for (size_t i = 0; i < size; ++i)
    crc = (crc >> 8) ^ crc32cTable.entries[(crc ^ static_cast<unsigned char>(data[i])) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) inline uint32_t crc32cHardware(const char *data, size_t size,
                                                                 uint32_t crc) {
  uint64_t state = crc;
  for (; size >= 8; data += 8, size -= 8) {
    uint64_t word;
    memcpy(&word, data, 8);
    state = __builtin_ia32_crc32di(state, word);
  }
  crc = static_cast<uint32_t>(state);
  for (; size != 0; ++data, --size)
    crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(*data));
  return crc;
}
#endif

/// CRC-32C of some bytes; `crc` continues an earlier result. `hasInstruction`: SSE4.2 is there
/// (438 MB in under 0.1 s then).
inline uint32_t crc32cBytes(const char *data, size_t size, uint32_t crc, bool hasInstruction) {
#if defined(__x86_64__)
  if (hasInstruction)
    return ~crc32cHardware(data, size, ~crc);
#endif
  (void)hasInstruction;
  return ~crc32cPortable(data, size, ~crc);
}

} // namespace bertmlir::detail

#endif // BERT_SUPPORT_CRC32CBYTES_H
