//===- CpuFeaturesTest.cpp - what this processor can do ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "CpuFeatures.h"

#include "gtest/gtest.h"

#include <string>

using bertmlir::runtime::findMissingFeature;

namespace {

std::string missing(const char *features) {
  size_t length = 0;
  const char *found = findMissingFeature(features, length);
  return found ? std::string(found, length) : "";
}

TEST(CpuFeatures, NothingIsAlwaysThere) {
  EXPECT_EQ(missing(""), "");
  EXPECT_EQ(missing(","), "");
}

TEST(CpuFeatures, UnknownIsMissing) {
  EXPECT_EQ(missing("no-such-feature"), "no-such-feature");
  // A beginning of a name is not the name.
  EXPECT_EQ(missing("avx51"), "avx51");
  EXPECT_EQ(missing("sse4.1,no-such-feature,avx"),
            missing("sse4.1").empty() ? "no-such-feature" : "sse4.1");
}

#if defined(__x86_64__)
// The compiler's own library knows some of them.
TEST(CpuFeatures, AgreesWithTheCompilersLibrary) {
  EXPECT_EQ(missing("sse4.2").empty(), bool(__builtin_cpu_supports("sse4.2")));
  EXPECT_EQ(missing("avx").empty(), bool(__builtin_cpu_supports("avx")));
  EXPECT_EQ(missing("avx2").empty(), bool(__builtin_cpu_supports("avx2")));
  EXPECT_EQ(missing("fma").empty(), bool(__builtin_cpu_supports("fma")));
  EXPECT_EQ(missing("bmi2").empty(), bool(__builtin_cpu_supports("bmi2")));
  EXPECT_EQ(missing("avx512f").empty(), bool(__builtin_cpu_supports("avx512f")));
  EXPECT_EQ(missing("avx512vl").empty(), bool(__builtin_cpu_supports("avx512vl")));
  EXPECT_EQ(missing("avx512vnni").empty(), bool(__builtin_cpu_supports("avx512vnni")));
  EXPECT_EQ(missing("avx512bf16").empty(), bool(__builtin_cpu_supports("avx512bf16")));
}
#endif

} // namespace
