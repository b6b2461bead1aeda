//===- ImportTensorFlow.h - TensorFlow graphs become MLIR ------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_IMPORTTENSORFLOW_H
#define BERT_CONVERSION_IMPORTTENSORFLOW_H

#include "bert/Support/MappedFile.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <memory>
#include <string>
#include <vector>

namespace bertmlir {

class TranslationRegistry;

struct ImportTensorFlowOptions {
  /// What the model must be. Auto takes any kind; the others refuse a file of another kind and say
  /// what it is. The kind is found out from the content, never from the name; text and binary
  /// files are both taken.
  enum class Kind { Auto, GraphDef, MetaGraph, SavedModel };
  Kind kind = Kind::Auto;

  /// The graph's file or a SavedModel's folder; for a meta graph also the name of its checkpoint or
  /// any of the checkpoint's files (`P`, `P.index`, `P.data-*`), whose `P.meta` is read.
  std::string modelPath;
  /// If not null, the content of `modelPath`, which is then only a name.
  std::shared_ptr<MappedFile> content;

  /// The checkpoint that the variables' values come from, by any name that
  /// resolveCheckpointPrefix() takes. Empty: none, but a SavedModel brings its own.
  std::string checkpoint;
  /// With a meta graph and no `checkpoint`: use the checkpoint beside it if it exists.
  bool findCheckpoint = true;

  /// Which meta graph of a SavedModel: the one with exactly these tags. Empty: `serve`, else the
  /// only one.
  std::vector<std::string> tags;
  /// Which signature names inputs and outputs. Empty: `serving_default`, else the only one.
  std::string signature;
};

/// Reads a model into a module that holds one `tf.graph`: all nodes of the file in the file's
/// order, whatever their ops. Constants of 64 bytes and more and the variables' values are
/// resources that point into the mapped files. A variable has its value as `tf.checkpoint_value`,
/// or a `tf.checkpoint_problem` that says why the checkpoint has none for it; that is an error only
/// if the value is needed later. Reports errors on the context and returns null.
mlir::OwningOpRef<mlir::ModuleOp> importTensorFlow(mlir::MLIRContext *context,
                                                   const ImportTensorFlowOptions &options);

/// Adds --import-tf-graphdef, --import-tf-metagraph and --import-tf-savedmodel.
void registerImportTensorFlow(TranslationRegistry &registry);

} // namespace bertmlir

#endif // BERT_CONVERSION_IMPORTTENSORFLOW_H
