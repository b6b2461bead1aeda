//===- GraphReader.h - graphs from files -----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Reads a graph file of any kind into nodes that leave large constants where they
// are: in the mapped file.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_GRAPHREADER_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_GRAPHREADER_H

#include "FileKind.h"
#include "TensorFlow.pb.h"

#include "bert/Support/MappedFile.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

#include <memory>
#include <vector>

namespace bertmlir {

/// Constants of at least so many bytes stay in the file and become resources. Small enough that the
/// weights of a micro model take the same path as those of a full one, large enough that shapes and
/// axes can be read in the IR.
inline constexpr size_t kMinResourceBytes = 64;

struct FileNode {
  proto::NodeDef def;
  /// The tensor_content of the attribute with this index, which `def` does not have.
  llvm::SmallVector<std::pair<int, llvm::ArrayRef<char>>, 1> contents;
  /// Where a text file has the node; 0 in binary files.
  unsigned line = 0;
  unsigned column = 0;
};

struct FileGraph {
  std::shared_ptr<MappedFile> file;
  std::vector<FileNode> nodes;
  /// The version of the graph's producer (TensorFlow's TF_GRAPH_DEF_VERSION).
  int producer = 0;
  /// The functions that nodes call; empty once they are inlined.
  proto::FunctionDefLibrary library;
  /// Everything of a meta graph but the graph; empty for a plain graph.
  proto::MetaGraphDef meta;
};

/// Reads one graph from a file of one of the six kinds that hold graphs. Of a SavedModel the meta
/// graph with exactly these tags is taken; without tags the one that serves.
mlir::FailureOr<FileGraph> readGraph(std::shared_ptr<MappedFile> file, FileKind kind,
                                     llvm::ArrayRef<std::string> tags, mlir::MLIRContext *context);

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_GRAPHREADER_H
