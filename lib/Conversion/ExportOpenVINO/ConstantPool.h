//===- ConstantPool.h - the .bin file: constants, each stored once -----*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the writer.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_EXPORTOPENVINO_CONSTANTPOOL_H
#define LIB_CONVERSION_EXPORTOPENVINO_CONSTANTPOOL_H

#include "bert/Support/AtomicOutput.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/DenseMap.h"

#include <deque>

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

  /// Fails, with `reason` set, where the attribute holds no bytes or the wrong number of them.
  mlir::FailureOr<Placement> add(mlir::ElementsAttr value, std::string &reason);

  llvm::Error write(AtomicOutput &output);

private:
  struct Entry {
    llvm::ArrayRef<char> bytes;
    bool toHalf;
  };

  llvm::ArrayRef<char> own(std::string bytes);
  mlir::FailureOr<llvm::ArrayRef<char>> getBytes(mlir::ElementsAttr value, std::string &reason);

  bool compressToFP16;
  uint64_t end = 0;
  std::vector<Entry> entries;
  /// Candidates for being equal, by size and first bytes.
  llvm::DenseMap<uint64_t, llvm::SmallVector<std::pair<unsigned, Placement>>> buckets;
  std::deque<std::string> owned;
};

/// Whether a tensor of f32 keeps its meaning as f16: less than three quarters of its elements leave
/// f16's range, by being too large, or by being non-zero and becoming subnormal or zero.
bool fitsHalf(llvm::ArrayRef<char> bytes);

} // namespace bertmlir::exportov

#endif // LIB_CONVERSION_EXPORTOPENVINO_CONSTANTPOOL_H
