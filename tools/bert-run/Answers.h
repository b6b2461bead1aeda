//===- Answers.h - what a model says about lines of text ----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_ANSWERS_H
#define TOOLS_BERT_RUN_ANSWERS_H

#include "bert/Runtime/Abi.h"
#include "bert/Support/Npz.h"
#include "bert/Tokenizer/Tokenizer.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace bertmlir::run {

/// What becomes of an output with a row for each token.
enum class Pooling { None, First, Mean };

/// The values of one output for each line, as f32.
struct Answer {
  std::string name;
  /// Of one line (or, if each token has a row, of one token).
  std::vector<int64_t> dims;
  bool isPerToken = false;
  std::vector<std::vector<float>> values;
};

/// Takes batches' outputs apart, line by line, and prints or writes them all.
class Answers {
public:
  Answers(const std::vector<std::string> &lines, Pooling pooling)
      : lines(lines), pooling(pooling) {}

  /// Takes one output of a call with `lengths.size()` sequences (of the lines in `numbers`), padded
  /// to `sequence`. `rowsAreTokens`: the interface says that it is [batch, sequence, ...].
  llvm::Error take(size_t output, llvm::StringRef name, bool rowsAreTokens,
                   const bert_tensor &tensor, llvm::ArrayRef<size_t> numbers,
                   llvm::ArrayRef<int64_t> lengths, int64_t sequence);

  void printTable(llvm::raw_ostream &os) const;
  void printJSON(llvm::raw_ostream &os) const;
  /// One array for each output; rows of tokens stand one behind the other, then "offsets" says
  /// where each line's begin.
  NpzArrays toArrays(const tokenizer::Encoding &encoding) const;

  /// The cosine between the first output's vectors of any two lines, [lines, lines]; an error if
  /// they are none.
  llvm::Expected<std::vector<float>> getSimilarities() const;
  void printSimilarityTable(llvm::raw_ostream &os, llvm::ArrayRef<float> similarities) const;
  void printSimilarityJSON(llvm::raw_ostream &os, llvm::ArrayRef<float> similarities) const;

private:
  const std::vector<std::string> &lines;
  Pooling pooling;
  std::vector<Answer> answers;
};

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_ANSWERS_H
