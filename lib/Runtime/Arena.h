//===- Arena.h - memory for what a call computes ------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_ARENA_H
#define LIB_RUNTIME_ARENA_H

#include <cstddef>

namespace bertmlir::runtime {

/// One piece of memory that grows to what the largest call needed, and stays: calls of known sizes
/// allocate nothing. From 2 MB on it asks for huge pages, which spare most of the page faults of a
/// first call and most look-ups of addresses in all calls.
class Arena {
public:
  Arena() = default;
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;
  ~Arena() { release(); }

  /// Makes room for `bytes`; what was in the arena is lost if it has to grow. False if memory is
  /// short; the arena is empty then.
  bool reserve(size_t bytes);
  void release();

  /// At a multiple of 64, of 2 MB if it is as large.
  char *getData() const { return data; }
  size_t getSize() const { return size; }

private:
  char *data = nullptr;
  size_t size = 0;
  /// What was mapped.
  void *mapping = nullptr;
  size_t mappedBytes = 0;
};

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_ARENA_H
