//===- CpuCount.h - how many threads to use ------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_CPUCOUNT_H
#define LIB_RUNTIME_CPUCOUNT_H

namespace bertmlir::runtime {

/// The number of threads for a caller who does not say: BERT_NUM_THREADS if it is set to 1 or
/// more; else the cores that this process may run on (two threads of one core count once: they
/// share its arithmetic), but no more than the control group's quota allows, rounded up.
int getDefaultNumThreads();

/// The quota in CPUs of the control group that `procSelfCgroup` (the contents of
/// /proc/self/cgroup) names, and of those above it, below `root` (/sys/fs/cgroup): both versions'
/// files are understood. 0 if there is none.
double getCgroupQuota(const char *procSelfCgroup, const char *root);

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_CPUCOUNT_H
