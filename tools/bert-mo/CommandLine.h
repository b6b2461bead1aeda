//===- CommandLine.h - Model Optimizer's command line -------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_MO_COMMANDLINE_H
#define TOOLS_BERT_MO_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace bertmlir::mo {

/// What the user asked for.
struct CommandLine {
  std::string inputModel;
  std::string inputMetaGraph;
  std::string inputCheckpoint;
  std::string savedModelDir;
  std::string savedModelTags;
  bool inputModelIsText = false;

  /// `--input` as given, `--input_shape`, and `--freeze_placeholder_with_value`.
  std::string input;
  std::string inputShape;
  std::string freeze;
  std::vector<std::string> outputs;
  /// 0: not given.
  int64_t batch = 0;
  bool dynamic = false;

  std::string outputDir;
  std::string modelName;
  bool compressToFP16 = false;
  int irVersion = 11;

  /// Say what is in the model, write nothing.
  bool dryRun = false;
  /// Say what the passes did, and why not.
  bool explain = false;
  bool dumpPassPipeline = false;
  bool silent = false;
  bool help = false;
  bool version = false;

  /// Flags that Model Optimizer had and that change nothing here, each once.
  std::vector<std::string> withoutEffect;
};

/// Parses `--flag value` and `--flag=value`. An error says which flag and what was expected.
llvm::Expected<CommandLine> parseCommandLine(llvm::ArrayRef<llvm::StringRef> arguments);

/// The text of `--help`.
std::string getHelp(llvm::StringRef program);

/// `--input` with the shapes of `--input_shape`, the batch and the frozen values folded in: one
/// list in the grammar of tf-specialize-inputs.
llvm::Expected<std::string> mergeInputs(const CommandLine &commandLine);

} // namespace bertmlir::mo

#endif // TOOLS_BERT_MO_COMMANDLINE_H
