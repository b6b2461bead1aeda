//===- CpuFeatures.cpp - what this processor can do -------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Asks for each feature by its bit and never for the processor's name: virtual
// machines give names that don't fit their features.
//
//===----------------------------------------------------------------------===//

#include "CpuFeatures.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

using namespace bertmlir::runtime;

namespace {

#if defined(__x86_64__)
enum Register { EAX, EBX, ECX, EDX };

struct Feature {
  const char *name;
  unsigned leaf, subleaf;
  Register reg;
  unsigned bit;
  uint64_t state;
};

const Feature knownFeatures[] = {
#define CPU_FEATURE(name, leaf, subleaf, reg, bit, state) {name, leaf, subleaf, reg, bit, state},
#include "bert/Runtime/CpuFeatures.def"
};

// Which registers the system saves; 0 where it does not say.
uint64_t getSavedState() {
  unsigned eax, ebx, ecx, edx;
  constexpr unsigned osxsave = 1u << 27;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & osxsave))
    return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

bool hasFeature(const char *name, size_t length) {
  for (const Feature &feature : knownFeatures) {
    if (strlen(feature.name) != length || memcmp(feature.name, name, length) != 0)
      continue;
    unsigned values[4];
    if (feature.subleaf != 0) {
      // How many subleaves there are.
      if (!__get_cpuid_count(feature.leaf, 0, &values[0], &values[1], &values[2], &values[3]) ||
          values[0] < feature.subleaf)
        return false;
    }
    if (!__get_cpuid_count(feature.leaf, feature.subleaf, &values[0], &values[1], &values[2],
                           &values[3]))
      return false;
    if (!(values[feature.reg] >> feature.bit & 1))
      return false;
    return (getSavedState() & feature.state) == feature.state;
  }
  // The compiler asks for none that is not in the list.
  return false;
}
#else
bool hasFeature(const char *, size_t) { return false; }
#endif

} // namespace

const char *bertmlir::runtime::findMissingFeature(const char *features, size_t &length) {
  while (*features) {
    length = strcspn(features, ",");
    if (length > 0 && !hasFeature(features, length))
      return features;
    features += length;
    features += *features == ',';
  }
  return nullptr;
}
