//===- CRC32CTest.cpp - Castagnoli's checksum -------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/CRC32CBytes.h"

#include "gtest/gtest.h"

#include <vector>

using namespace bertmlir::detail;

namespace {

std::vector<char> someBytes(size_t size) {
  std::vector<char> bytes(size);
  uint32_t state = 1;
  for (char &byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

// The check value that catalogues of CRCs give, and RFC 3720's 32 zero bytes.
TEST(CRC32C, KnownValues) {
  char zeros[32] = {};
  EXPECT_EQ(crc32cBytes("123456789", 9, 0, false), 0xe3069283u);
  EXPECT_EQ(crc32cBytes(zeros, 32, 0, false), 0x8a9136aau);
}

TEST(CRC32C, ZerosAreWhatTheTableMakesOfThem) {
  std::vector<char> zeros(5000);
  for (size_t length : {0, 1, 2, 7, 8, 255, 4096, 5000})
    for (uint32_t crc : {0u, 1u, 0x12345678u, 0xffffffffu})
      EXPECT_EQ(CRC32CZeros(length)(crc), crc32cPortable(zeros.data(), length, crc)) << length;
}

#if defined(__x86_64__)
TEST(CRC32C, InstructionAndTableAgree) {
  if (!__builtin_cpu_supports("sse4.2"))
    GTEST_SKIP() << "no SSE4.2";
  std::vector<char> bytes = someBytes(7 * kCRC32CStrand);
  for (size_t size : {size_t(0), size_t(1), size_t(8), size_t(9), 3 * kCRC32CStrand - 1,
                      3 * kCRC32CStrand, 3 * kCRC32CStrand + 13, 6 * kCRC32CStrand + 8})
    for (size_t start : {0, 3}) // aligned or not
      EXPECT_EQ(crc32cHardware(bytes.data() + start, size, 0x9abcdef0u),
                crc32cPortable(bytes.data() + start, size, 0x9abcdef0u))
          << size << " bytes from " << start;
}
#endif

TEST(CRC32C, ContinuesInPieces) {
  std::vector<char> bytes = someBytes(5 * 4096);
  uint32_t whole = crc32cBytes(bytes.data(), bytes.size(), 0, true);
  for (size_t cut : {1, 4096, 12288, 20000})
    EXPECT_EQ(crc32cBytes(bytes.data() + cut, bytes.size() - cut,
                          crc32cBytes(bytes.data(), cut, 0, true), true),
              whole);
}

} // namespace
