//===- FileKind.h - what a file is, from its content -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Users mix up the files of a model, and protobuf reads one message as another
// without complaint (a frozen graph read as a meta graph is an empty one). So the
// kind is found out first and a wrong one is said plainly.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_FILEKIND_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_FILEKIND_H

#include "llvm/ADT/StringRef.h"

namespace bertmlir {

enum class FileKind {
  Unknown,
  Empty,
  GraphDef,
  MetaGraphDef,
  SavedModel,
  GraphDefText,
  MetaGraphDefText,
  SavedModelText,
  CheckpointState,
  SortedTable, // index of a V2 checkpoint, or a V1 checkpoint
  Gzip,
  Zip,
  HDF5,
  ONNX,
  OpenVINO,
  TFLite,
  Safetensors,
  Pickle,
  JSON,
  HTML,
  GitLFS,
  MLIR,
};

/// Looks at no more than the beginning, the end and the outermost fields.
FileKind detectFileKind(llvm::StringRef bytes);

/// `a frozen graph (GraphDef)`, with article; and, where there is one, a next step for somebody who
/// has this instead of a TensorFlow graph, as a clause that follows a semicolon.
llvm::StringRef describeFileKind(FileKind kind);
llvm::StringRef adviseOnFileKind(FileKind kind);

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_FILEKIND_H
