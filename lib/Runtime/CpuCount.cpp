//===- CpuCount.cpp - how many threads to use -------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A container with a quota of two CPUs on a machine of 64 wants two threads: with
// more, the system stops all of them when the quota is used up.
//
//===----------------------------------------------------------------------===//

#include "CpuCount.h"

#include "bert/Runtime/Abi.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

using namespace bertmlir::runtime;

namespace {

// The beginning of a small file, ended by 0; false if it can't be read.
bool readFile(const char *path, char *text, size_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  size_t length = 0;
  while (length + 1 < size) {
    ssize_t got = read(file, text + length, size - 1 - length);
    if (got <= 0)
      break;
    length += size_t(got);
  }
  close(file);
  text[length] = 0;
  return length > 0;
}

// How many cores a set of CPUs stands for: the first of each group of sibling threads counts.
int countCores(const cpu_set_t *set, size_t bytes, int cpus) {
  int cores = 0;
  for (int cpu = 0; cpu < cpus; ++cpu) {
    if (!CPU_ISSET_S(size_t(cpu), bytes, set))
      continue;
    char path[96], siblings[256];
    snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
             cpu);
    // "0,32" or "0-1": one that is in the set and stands before this one has been counted.
    bool isCounted = false;
    if (readFile(path, siblings, sizeof(siblings))) {
      const char *at = siblings;
      while (*at >= '0' && *at <= '9' && !isCounted) {
        char *next;
        long first = strtol(at, &next, 10), last = first;
        if (*next == '-')
          last = strtol(next + 1, &next, 10);
        for (long sibling = first; sibling <= last && sibling < cpu; ++sibling)
          isCounted |= sibling < cpus && CPU_ISSET_S(size_t(sibling), bytes, set);
        at = *next == ',' ? next + 1 : next;
      }
    }
    cores += !isCounted;
  }
  return cores;
}

int countAllowedCores() {
  // The kernel's set may be larger than cpu_set_t.
  for (int cpus = CPU_SETSIZE; cpus <= 1 << 16; cpus *= 4) {
    cpu_set_t *set = CPU_ALLOC(cpus);
    if (!set)
      break;
    size_t bytes = CPU_ALLOC_SIZE(cpus);
    int cores = sched_getaffinity(0, bytes, set) == 0 ? countCores(set, bytes, cpus) : 0;
    CPU_FREE(set);
    if (cores > 0)
      return cores;
  }
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? int(online) : 1;
}

// Quota divided by period in one folder; 0 if there is none.
double readQuota(const char *folder, bool isVersion2) {
  char path[1200], text[64];
  double quota = 0, period = 0;
  if (isVersion2) {
    // "max 100000" or "200000 100000"
    snprintf(path, sizeof(path), "%s/cpu.max", folder);
    if (!readFile(path, text, sizeof(text)) || sscanf(text, "%lf %lf", &quota, &period) != 2)
      return 0;
  } else {
    snprintf(path, sizeof(path), "%s/cpu.cfs_quota_us", folder);
    if (!readFile(path, text, sizeof(text)))
      return 0;
    quota = atof(text);
    snprintf(path, sizeof(path), "%s/cpu.cfs_period_us", folder);
    if (!readFile(path, text, sizeof(text)))
      return 0;
    period = atof(text);
  }
  return quota > 0 && period > 0 ? quota / period : 0;
}

bool hasController(const char *list, size_t length, const char *name) {
  size_t nameLength = strlen(name);
  for (size_t at = 0; at < length;) {
    const void *comma = memchr(list + at, ',', length - at);
    size_t end = comma ? size_t(static_cast<const char *>(comma) - list) : length;
    if (end - at == nameLength && memcmp(list + at, name, nameLength) == 0)
      return true;
    at = end + 1;
  }
  return false;
}

} // namespace

double bertmlir::runtime::getCgroupQuota(const char *procSelfCgroup, const char *root) {
  double least = 0;
  // Lines are "number:controllers:path"; version 2 has the number 0 and no controllers.
  for (const char *line = procSelfCgroup; *line;) {
    size_t length = strcspn(line, "\n");
    const char *end = line + length;
    const char *list = static_cast<const char *>(memchr(line, ':', length));
    const char *path =
        list ? static_cast<const char *>(memchr(list + 1, ':', size_t(end - list - 1))) : nullptr;
    if (path) {
      ++list;
      size_t listLength = size_t(path - list);
      bool isVersion2 = listLength == 0 && line[0] == '0';
      if (isVersion2 || hasController(list, listLength, "cpu")) {
        ++path;
        char folder[1100];
        int rootLength = snprintf(folder, sizeof(folder), "%s%s", root, isVersion2 ? "" : "/cpu");
        snprintf(folder + rootLength, sizeof(folder) - size_t(rootLength), "%.*s", int(end - path),
                 path);
        // A folder above may allow less. (In a container the path may be one outside; then the
        // root is the container's own.)
        for (;;) {
          double quota = readQuota(folder, isVersion2);
          if (quota > 0 && (least == 0 || quota < least))
            least = quota;
          char *slash = strrchr(folder, '/');
          if (!slash || slash < folder + rootLength)
            break;
          *slash = 0;
        }
      }
    }
    line = *end ? end + 1 : end;
  }
  return least;
}

int bertmlir::runtime::getDefaultNumThreads() {
  if (const char *asked = getenv("BERT_NUM_THREADS")) {
    long number = strtol(asked, nullptr, 10);
    if (number >= 1)
      return number < BERT_MAX_WORKERS ? int(number) : BERT_MAX_WORKERS;
  }
  int threads = countAllowedCores();
  char groups[4096];
  if (readFile("/proc/self/cgroup", groups, sizeof(groups))) {
    double quota = getCgroupQuota(groups, "/sys/fs/cgroup");
    if (quota > 0 && quota < threads) {
      threads = int(quota);
      threads += threads < quota;
    }
  }
  return threads < BERT_MAX_WORKERS ? threads : BERT_MAX_WORKERS;
}
