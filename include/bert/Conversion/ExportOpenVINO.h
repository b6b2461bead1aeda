//===- ExportOpenVINO.h - ov to an OpenVINO IR ----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_EXPORTOPENVINO_H
#define BERT_CONVERSION_EXPORTOPENVINO_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace bertmlir {

struct ExportOpenVINOOptions {
  /// The IR version that the file declares: 11 (OpenVINO 2022.1 and later) or 10.
  int version = 11;
  /// Stores f32 constants as f16 with a Convert behind them, except those that f16 can't hold.
  bool compressToFP16 = false;
  /// The name of the net; empty: the function's name.
  std::string modelName;
};

/// Writes one model function as `xmlPath` and `binPath`. Both files appear whole or not at all, the
/// .bin first; they may replace a file that the model's weights are mapped from. Equal constants
/// are stored once. The same function gives the same bytes. Emits an error and fails where an op
/// has no place in an IR, a weight's bytes are missing, or a file can't be written.
mlir::LogicalResult exportOpenVINO(mlir::func::FuncOp model, llvm::StringRef xmlPath,
                                   llvm::StringRef binPath, const ExportOpenVINOOptions &options);

class TranslationRegistry;

/// Adds --export-ir.
void registerExportOpenVINO(TranslationRegistry &registry);

/// The only model function of a module, with an error where there is none or more than one.
mlir::FailureOr<mlir::func::FuncOp> getModelFunction(mlir::ModuleOp module);

} // namespace bertmlir

#endif // BERT_CONVERSION_EXPORTOPENVINO_H
