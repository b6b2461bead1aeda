//===- ResourceBlob.h - attributes that point into a file ------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_RESOURCEBLOB_H
#define BERT_SUPPORT_RESOURCEBLOB_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <memory>

namespace bertmlir {

/// Bytes and whoever keeps them alive (usually a MappedFile).
struct SharedBytes {
  llvm::ArrayRef<char> data;
  std::shared_ptr<const void> owner;
};

/// A dense_resource attribute over `bytes`, which it does not copy. `name` is its key (made unique
/// by MLIR if it is taken). The data may be unaligned: read it with memcpy, never with
/// `getDataAs<T>` of a wider T. The declared alignment is 1, since bytecode can't be read from a
/// pipe or a small file if a blob wants more than its buffer has.
mlir::DenseResourceElementsAttr getResourceAttr(mlir::ShapedType type, llvm::StringRef name,
                                                SharedBytes bytes);

/// The number of elements of a shape that a file states, or nothing if it does not fit 63 bits or a
/// dimension is negative. MLIR's own product wraps around.
std::optional<int64_t> getCheckedNumElements(llvm::ArrayRef<int64_t> shape);

} // namespace bertmlir

#endif // BERT_SUPPORT_RESOURCEBLOB_H
