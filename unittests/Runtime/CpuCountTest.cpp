//===- CpuCountTest.cpp - how many threads to use -----------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "CpuCount.h"

#include "bert/Runtime/Abi.h"

#include "gtest/gtest.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <string>
#include <unistd.h>

using namespace bertmlir::runtime;
namespace fs = std::filesystem;

namespace {

class CgroupQuota : public testing::Test {
protected:
  void SetUp() override {
    root = fs::path(testing::TempDir()) / ("bert-cgroup-" + std::to_string(getpid()));
    fs::create_directories(root / "cpu/outer/inner");
    fs::create_directories(root / "outer/inner");
  }
  void TearDown() override { fs::remove_all(root); }

  void write(const std::string &path, const std::string &text) {
    std::ofstream(root / path) << text;
  }
  double get(const char *groups) { return getCgroupQuota(groups, root.c_str()); }

  fs::path root;
};

TEST_F(CgroupQuota, NoneWhereNothingSaysSo) {
  EXPECT_EQ(get(""), 0);
  EXPECT_EQ(get("0::/outer/inner\n"), 0);
  EXPECT_EQ(get("garbage"), 0);
  EXPECT_EQ(get("0::/not/there\n"), 0);
  write("outer/inner/cpu.max", "max 100000\n");
  EXPECT_EQ(get("0::/outer/inner\n"), 0);
}

TEST_F(CgroupQuota, Version2) {
  write("outer/inner/cpu.max", "250000 100000\n");
  EXPECT_EQ(get("0::/outer/inner\n"), 2.5);
}

TEST_F(CgroupQuota, AFolderAboveMayAllowLess) {
  write("outer/inner/cpu.max", "800000 100000\n");
  write("outer/cpu.max", "300000 100000\n");
  EXPECT_EQ(get("0::/outer/inner"), 3);
  write("cpu.max", "100000 100000\n");
  EXPECT_EQ(get("0::/outer/inner"), 1);
}

TEST_F(CgroupQuota, ThePathMayBeOneOutsideOfTheContainer) {
  write("cpu.max", "150000 100000\n");
  EXPECT_EQ(get("0::/docker/0123456789\n"), 1.5);
}

TEST_F(CgroupQuota, Version1) {
  write("cpu/outer/cpu.cfs_quota_us", "200000\n");
  write("cpu/outer/cpu.cfs_period_us", "50000\n");
  EXPECT_EQ(get("12:memory:/other\n4:cpu,cpuacct:/outer\n"), 4);
  EXPECT_EQ(get("4:cpuset:/outer\n"), 0);
  write("cpu/outer/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(get("4:cpu:/outer\n"), 0);
}

class NumThreads : public testing::Test {
protected:
  void TearDown() override { unsetenv("BERT_NUM_THREADS"); }
};

TEST_F(NumThreads, EnvironmentDecides) {
  setenv("BERT_NUM_THREADS", "7", 1);
  EXPECT_EQ(getDefaultNumThreads(), 7);
  setenv("BERT_NUM_THREADS", "1000000", 1);
  EXPECT_EQ(getDefaultNumThreads(), BERT_MAX_WORKERS);
}

TEST_F(NumThreads, NonsenseInTheEnvironmentIsIgnored) {
  int usual = getDefaultNumThreads();
  EXPECT_GE(usual, 1);
  for (const char *text : {"0", "-3", "many", ""}) {
    setenv("BERT_NUM_THREADS", text, 1);
    EXPECT_EQ(getDefaultNumThreads(), usual) << text;
  }
}

TEST_F(NumThreads, AffinityLimits) {
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &before)) {
      CPU_SET(cpu, &one);
      break;
    }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(getDefaultNumThreads(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
  EXPECT_LE(getDefaultNumThreads(), CPU_COUNT(&before));
}

} // namespace
