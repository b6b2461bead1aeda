//===- SSTable.h - the sorted table that an .index file is -----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Format (LevelDB's, which TensorFlow took over): blocks, each followed by a byte
// for its compression and a masked CRC-32C of both; one index block that says
// where the data blocks are; 48 bytes of footer that say where the index block
// is. A block is a list of entries, each with the length of the prefix that it
// shares with the key before it.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_SSTABLE_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_SSTABLE_H

#include "bert/Support/MappedFile.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

namespace bertmlir {

/// Whether the file ends as a sorted table does.
bool isSSTable(llvm::StringRef bytes);

/// Calls `visit` for each key and value in the file's order; both are valid during the call only.
/// All blocks' checksums are checked. Errors name the file, the block and the keys it is about.
mlir::LogicalResult readSSTable(
    const MappedFile &file, mlir::MLIRContext *context,
    llvm::function_ref<mlir::LogicalResult(llvm::StringRef key, llvm::StringRef value)> visit);

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_SSTABLE_H
