//===- ImportBertConfig.h - a checkpoint without a graph ----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Most fine-tuned checkpoints and the small BERTs are shipped as weights and
// bert_config.json only. The model that google-research/bert's modeling.py would build
// from them is built here, directly in ov and open in batch and sequence.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_IMPORTBERTCONFIG_H
#define BERT_CONVERSION_IMPORTBERTCONFIG_H

#include "bert/Support/TranslationRegistry.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>
#include <vector>

namespace bertmlir {

/// What bert_config.json says (names as there).
struct BertConfig {
  int64_t vocabSize = 0;
  int64_t hiddenSize = 0;
  int64_t numHiddenLayers = 0;
  int64_t numAttentionHeads = 0;
  int64_t intermediateSize = 0;
  int64_t maxPositionEmbeddings = 512;
  int64_t typeVocabSize = 16;
  /// gelu, gelu_erf, gelu_tanh, relu, tanh or linear.
  std::string hiddenAct = "gelu";
  /// What is added to the variance in layer normalisation; modeling.py has it built in.
  double layerNormEpsilon = 1e-12;
};

struct ImportBertConfigOptions {
  std::string configPath;
  /// As for Checkpoint::open().
  std::string checkpoint;
  /// In order; outputs of the encoder and of the heads whose variables are there. Empty: those of
  /// the fine-tuned head, or else the pooled and the sequence output.
  std::vector<std::string> outputs;
  /// What "gelu" means: "tanh" as in today's modeling.py, "erf" as in that of 2018.
  std::string gelu = "tanh";
  std::string modelName = "main";
};

/// Reads a config. An error names the file, the key and what was expected.
mlir::FailureOr<BertConfig> readBertConfig(llvm::StringRef path, mlir::MLIRContext *context);

/// Builds the model: a module with one function whose inputs are input_ids, input_mask and
/// segment_ids, i32 [?, 1..max_position_embeddings]. A remark tells the GELU and the outputs. Null
/// after an error: all missing variables and wrong shapes are reported at once.
mlir::OwningOpRef<mlir::ModuleOp> importBertConfig(mlir::MLIRContext *context,
                                                   const ImportBertConfigOptions &options);

/// Registers `--import-bert-config`.
void registerImportBertConfig(TranslationRegistry &registry);

} // namespace bertmlir

#endif // BERT_CONVERSION_IMPORTBERTCONFIG_H
