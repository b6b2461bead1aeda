//===- Arena.cpp - memory for what a call computes --------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Arena.h"

#include <cstdint>
#include <sys/mman.h>

using namespace bertmlir::runtime;

static constexpr size_t hugePage = size_t(2) << 20;
static constexpr size_t smallPage = 4096;

bool Arena::reserve(size_t bytes) {
  if (bytes <= size)
    return true;
  release();
  if (bytes > SIZE_MAX / 2)
    return false;
  bool isLarge = bytes >= hugePage;
  size_t unit = isLarge ? hugePage : smallPage;
  size_t wanted = (bytes + unit - 1) / unit * unit;
  // Mappings begin at any page; with one huge page more there is a place to begin at.
  size_t total = isLarge ? wanted + hugePage : wanted;
  void *place = mmap(nullptr, total, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED)
    return false;
  auto address = reinterpret_cast<uintptr_t>(place);
  mapping = place;
  mappedBytes = total;
  data = static_cast<char *>(place) + ((address + unit - 1) / unit * unit - address);
  size = wanted;
#ifdef MADV_HUGEPAGE
  if (isLarge)
    madvise(data, size, MADV_HUGEPAGE);
#endif
  return true;
}

void Arena::release() {
  if (mapping)
    munmap(mapping, mappedBytes);
  data = nullptr;
  mapping = nullptr;
  size = mappedBytes = 0;
}
