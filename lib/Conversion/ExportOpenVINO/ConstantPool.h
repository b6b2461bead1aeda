//===- ConstantPool.h - the .bin file: constants, each stored once -----*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the writer.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_EXPORTOPENVINO_CONSTANTPOOL_H
#define LIB_CONVERSION_EXPORTOPENVINO_CONSTANTPOOL_H

#include "bert/Dialect/OV/IR/WeightExpression.h"
#include "bert/Support/AtomicOutput.h"
#include "llvm/ADT/DenseMap.h"

namespace bertmlir::exportov {

/// Where a constant lies in the .bin.
struct Placement {
  uint64_t offset = 0;
  uint64_t size = 0;
  /// Stored as f16 although the value is f32.
  bool isHalf = false;
};

/// Collects constants, then writes them in the order in which they were first added. Bytes that lie
/// in a mapped file are not copied and not kept resident.
class ConstantPool {
public:
  explicit ConstantPool(bool compressToFP16) : compressToFP16(compressToFP16) {}

  /// Adds a weight, a constant, or what is computed from weights (ov/WeightExpression.h). A large
  /// computed tensor is kept as its recipe and computed anew when it is written. Fails, with
  /// `reason` set, where there are no bytes or the wrong number of them.
  mlir::FailureOr<Placement> add(mlir::Value value, std::string &reason);

  llvm::Error write(AtomicOutput &output);

private:
  struct Entry {
    /// The bytes themselves, or the matrix that a recipe transposes; none for other recipes.
    ov::TensorBytes tensor;
    mlir::Value recipe;
    /// Of the first of these bytes, or of all that another recipe makes.
    uint64_t hash = 0;
    uint64_t size = 0;
    bool toHalf = false;
  };

  class Maker;

  llvm::Error write(llvm::ArrayRef<char> bytes, bool toHalf, AtomicOutput &output);

  static bool areEqual(const Entry &a, const Entry &b);

  bool compressToFP16;
  /// What was last made f16.
  std::vector<uint16_t> halves;
  uint64_t end = 0;
  std::vector<Entry> entries;
  /// Candidates for being equal, by size and first bytes.
  llvm::DenseMap<uint64_t, llvm::SmallVector<std::pair<unsigned, Placement>>> buckets;
};

/// Whether a tensor of f32 keeps its meaning as f16: less than three quarters of its elements leave
/// f16's range, by being too large, or by being non-zero and becoming subnormal or zero.
bool fitsHalf(llvm::ArrayRef<char> bytes);

} // namespace bertmlir::exportov

#endif // LIB_CONVERSION_EXPORTOPENVINO_CONSTANTPOOL_H
