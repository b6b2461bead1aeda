//===- CommandLine.h - Model Optimizer's command line, and ours ---------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DRIVER_COMMANDLINE_H
#define BERT_DRIVER_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace bertmlir::driver {

/// Who is asked. All take the same flags for the model, its inputs and its outputs.
enum class Program { Mo, Compile, Run };

/// What the user asked for.
struct CommandLine {
  /// The model as a plain argument (not bert-mo's) or by flag.
  std::string inputModel;
  std::string inputMetaGraph;
  std::string inputCheckpoint;
  std::string savedModelDir;
  std::string savedModelTags;
  bool inputModelIsText = false;
  /// A checkpoint without a graph: its config, and what "gelu" means there.
  std::string bertConfig;
  std::string gelu = "tanh";

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
  /// bert-mo: the release of OpenVINO to write for; 0: the version that it reads.
  std::string targetOpenVINO = "2022.1";
  int irVersion = 0;

  /// bert-compile: the file to write, the kind of it, for what to compile.
  std::string outputFile;
  std::string emit = "shared";
  std::string targetFeatures;
  bool multiTarget = false;
  std::string prefix = "bert_model";
  bool staticShapes = false;

  /// bert-run: files with tensors by name, one of each for each call, and how to run.
  std::vector<std::string> inputsFrom;
  std::vector<std::string> outputsTo;
  int64_t threads = 0;
  int64_t benchmark = 0;
  /// Compare a library's weights with their checksum.
  bool verify = false;
  bool plain = false;

  /// bert-run on text: lines or a file of them, how they become ids, what is told of the answers.
  std::vector<std::string> texts;
  std::string textFrom;
  std::string vocab;
  bool cased = false;
  int64_t maxLength = 0;
  std::string pool = "mean";
  std::string format = "table";
  bool similarity = false;

  /// bert-compile and bert-run: hidden positions may be zero in the outputs.
  bool skipPadding = false;

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
llvm::Expected<CommandLine> parseCommandLine(Program program,
                                             llvm::ArrayRef<llvm::StringRef> arguments);

/// The text of `--help`.
std::string getHelp(Program program);

/// `--input` with the shapes of `--input_shape`, the batch and the frozen values folded in: one
/// list in the grammar of tf-specialize-inputs.
llvm::Expected<std::string> mergeInputs(const CommandLine &commandLine);

} // namespace bertmlir::driver

#endif // BERT_DRIVER_COMMANDLINE_H
