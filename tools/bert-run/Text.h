//===- Text.h - from lines of text to a model's answers -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_TEXT_H
#define TOOLS_BERT_RUN_TEXT_H

#include "Answers.h"
#include "Roles.h"
#include "Tensors.h"

#include "bert/Driver/CommandLine.h"
#include "bert/Tokenizer/Tokenizer.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bertmlir::run {

/// Whether the command line gives text instead of arrays.
bool isAboutText(const driver::CommandLine &commandLine);

/// A model's text: read and checked before the model is compiled, then computed.
class TextRun {
public:
  /// One call of the model; see bert_model_run_tensors().
  using Invoke = llvm::function_ref<llvm::Error(llvm::ArrayRef<bert_tensor>,
                                                llvm::MutableArrayRef<bert_tensor>)>;

  /// Reads the lines and the vocabulary (--vocab, or vocab.txt beside the model).
  static llvm::Expected<TextRun> prepare(const driver::CommandLine &commandLine,
                                         llvm::StringRef modelPath);

  /// Computes all lines, those of about one length together, and prints or writes what was asked
  /// for.
  llvm::Error run(const native::ModelInterface &model, const TensorNames &names, Invoke invoke);

private:
  explicit TextRun(const driver::CommandLine &commandLine) : commandLine(&commandLine) {}

  llvm::Expected<Roles> findInputs(const native::ModelInterface &model) const;
  llvm::Error encode(const native::ModelInterface &model, const Roles &inputs);
  void makeBatches(const native::ModelInterface &model, const Roles &inputs);
  llvm::Error compute(const native::ModelInterface &model, const TensorNames &names,
                      const Roles &inputs, Invoke invoke, Answers &answers);
  llvm::Error benchmark(llvm::function_ref<llvm::Error()> computeAll);

  const driver::CommandLine *commandLine;
  std::vector<std::string> lines;
  std::unique_ptr<tokenizer::Tokenizer> tokenizer;
  tokenizer::Encoding encoding;
  // Lines that are computed in one call, by number.
  std::vector<std::vector<size_t>> batches;
};

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_TEXT_H
