//===- ArenaTest.cpp - memory for what a call computes ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Arena.h"

#include "gtest/gtest.h"

#include <cstdint>
#include <cstring>

using bertmlir::runtime::Arena;

namespace {

TEST(Arena, GrowsAndKeeps) {
  Arena arena;
  EXPECT_EQ(arena.getData(), nullptr);
  ASSERT_TRUE(arena.reserve(100));
  memset(arena.getData(), 1, 100);
  ASSERT_TRUE(arena.reserve(10 << 20));
  char *data = arena.getData();
  memset(data, 1, 10 << 20);
  // Less than before changes nothing.
  ASSERT_TRUE(arena.reserve(5));
  ASSERT_TRUE(arena.reserve(10 << 20));
  EXPECT_EQ(arena.getData(), data);
  EXPECT_EQ(data[123456], 1);
}

TEST(Arena, IsAligned) {
  Arena arena;
  ASSERT_TRUE(arena.reserve(1));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(arena.getData()) % 64, 0u);
  ASSERT_TRUE(arena.reserve(3 << 20));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(arena.getData()) % (2 << 20), 0u);
  EXPECT_GE(arena.getSize(), size_t(3 << 20));
}

TEST(Arena, RefusesWhatNoMemoryHolds) {
  Arena arena;
  EXPECT_FALSE(arena.reserve(SIZE_MAX));
  EXPECT_FALSE(arena.reserve(SIZE_MAX / 4));
  EXPECT_EQ(arena.getSize(), 0u);
  EXPECT_TRUE(arena.reserve(64));
}

} // namespace
