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

/// What `length` zero bytes make of a checksum. That is linear: the images of its bytes' values
/// are looked up and added.
class CRC32CZeros {
public:
  constexpr explicit CRC32CZeros(size_t length) {
    uint32_t images[32] = {}, doubled[32] = {}, power[32] = {};
    for (int bit = 0; bit < 32; ++bit) {
      images[bit] = uint32_t(1) << bit;
      uint32_t crc = images[bit];
      power[bit] = (crc >> 8) ^ crc32cTable.entries[crc & 0xff]; // one byte
    }
    for (; length != 0; length >>= 1) {
      if (length & 1)
        for (uint32_t &image : images)
          image = apply(power, image);
      for (int bit = 0; bit < 32; ++bit)
        doubled[bit] = apply(power, power[bit]);
      for (int bit = 0; bit < 32; ++bit)
        power[bit] = doubled[bit];
    }
    for (uint32_t byte = 0; byte < 4; ++byte)
      for (uint32_t value = 0; value < 256; ++value)
        entries[byte][value] = apply(images, value << (8 * byte));
  }

  constexpr uint32_t operator()(uint32_t crc) const {
    return entries[0][crc & 0xff] ^ entries[1][(crc >> 8) & 0xff] ^ entries[2][(crc >> 16) & 0xff] ^
           entries[3][crc >> 24];
  }

private:
  static constexpr uint32_t apply(const uint32_t (&images)[32], uint32_t vector) {
    uint32_t sum = 0;
    for (int bit = 0; bit < 32; ++bit)
      sum ^= (vector >> bit) & 1 ? images[bit] : 0;
    return sum;
  }

  uint32_t entries[4][256] = {};
};

#if defined(__x86_64__)
/// The instruction takes three cycles but starts in each: three strands keep it busy.
inline constexpr size_t kCRC32CStrand = 4096;
inline constexpr CRC32CZeros crc32cStrandOfZeros(kCRC32CStrand);

__attribute__((target("sse4.2"))) inline uint32_t crc32cHardware(const char *data, size_t size,
                                                                 uint32_t crc) {
  auto wordAt = [](const char *from) {
    uint64_t word;
    memcpy(&word, from, 8);
    return word;
  };
  for (; size >= 3 * kCRC32CStrand; data += 3 * kCRC32CStrand, size -= 3 * kCRC32CStrand) {
    uint64_t first = crc, second = 0, third = 0;
    for (const char *at = data, *end = data + kCRC32CStrand; at != end; at += 8) {
      first = __builtin_ia32_crc32di(first, wordAt(at));
      second = __builtin_ia32_crc32di(second, wordAt(at + kCRC32CStrand));
      third = __builtin_ia32_crc32di(third, wordAt(at + 2 * kCRC32CStrand));
    }
    crc = crc32cStrandOfZeros(static_cast<uint32_t>(first)) ^ static_cast<uint32_t>(second);
    crc = crc32cStrandOfZeros(crc) ^ static_cast<uint32_t>(third);
  }
  uint64_t state = crc;
  for (; size >= 8; data += 8, size -= 8)
    state = __builtin_ia32_crc32di(state, wordAt(data));
  crc = static_cast<uint32_t>(state);
  for (; size != 0; ++data, --size)
    crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(*data));
  return crc;
}
#endif

/// CRC-32C of some bytes; `crc` continues an earlier result. `hasInstruction`: SSE4.2 is there
/// (about 20 GB/s then).
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
