//===- ImportOpenVINO.h - an OpenVINO IR becomes ov -----------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_IMPORTOPENVINO_H
#define BERT_CONVERSION_IMPORTOPENVINO_H

#include "bert/Support/MappedFile.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <memory>
#include <string>

namespace bertmlir {

class TranslationRegistry;

struct ImportOpenVINOOptions {
  std::string xmlPath;
  /// If not null, the content of `xmlPath`, which is then only a name.
  std::shared_ptr<MappedFile> content;
  /// The file with the constants; empty: the one beside the .xml with the ending .bin.
  std::string binPath;
};

/// Reads an IR of version 10 or 11 into a module that holds one model function. Types are inferred
/// from the Parameters on; what the file says of other layers' dimensions is not trusted. Older
/// revisions of an op that mean the same become the newest, a layer that the dialect does not know
/// becomes `ov.layer`. Constants: floats of rank >= 1 with differing values, and large or 8 bit
/// integers, are `ov.weight`s whose bytes stay in the mapped .bin; all others are `ov.constant`s.
/// rt_info is not kept. Reports errors, at their line, on the context and returns null.
mlir::OwningOpRef<mlir::ModuleOp> importOpenVINO(mlir::MLIRContext *context,
                                                 const ImportOpenVINOOptions &options);

/// Adds --import-ir.
void registerImportOpenVINO(TranslationRegistry &registry);

} // namespace bertmlir

#endif // BERT_CONVERSION_IMPORTOPENVINO_H
