//===- CpuFeatures.h - what this processor can do -------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_CPUFEATURES_H
#define LIB_RUNTIME_CPUFEATURES_H

#include <cstddef>

namespace bertmlir::runtime {

/// The first of some features, separated by commas, that this processor or this system lacks; its
/// length in `length`. Null if all are there.
const char *findMissingFeature(const char *features, size_t &length);

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_CPUFEATURES_H
