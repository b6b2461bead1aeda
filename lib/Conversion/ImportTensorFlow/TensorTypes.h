//===- TensorTypes.h - TensorFlow's types and shapes in MLIR ---------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_TENSORTYPES_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_TENSORTYPES_H

#include "TensorFlow.pb.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

namespace bertmlir {

/// The element type of a DataType; `!tf.dtype<N>` for those that MLIR has no type for and for
/// numbers that no TensorFlow known to us uses. The tf dialect must be loaded.
mlir::Type getElementType(mlir::MLIRContext *context, int dataType);

/// Bytes per element in files, or 0 for types whose elements have no fixed width there.
unsigned getByteWidth(mlir::Type elementType);

/// What a shape in a file says: nothing for an unknown rank, else -1 for an unknown dimension.
struct FileShape {
  bool hasRank = true;
  llvm::SmallVector<int64_t> dims;

  bool isStatic() const {
    return hasRank && llvm::all_of(dims, [](int64_t dim) { return dim >= 0; });
  }
};

/// Fails, with a reason, for a shape that no tensor can have: too many dimensions, or too many
/// elements to count. So what it returns can be given to MLIR.
mlir::FailureOr<FileShape> readShape(const proto::TensorShapeProto &shape, std::string &reason);

/// The tensor type of a shape that readShape() accepted.
mlir::TensorType getTensorType(const FileShape &shape, mlir::Type elementType);

/// `[2, ?, 8]`, for messages.
std::string formatShape(llvm::ArrayRef<int64_t> dims);

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_TENSORTYPES_H
