//===- ModelBuilder.h - writes a BERT in ov -----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_IMPORTBERTCONFIG_MODELBUILDER_H
#define LIB_CONVERSION_IMPORTBERTCONFIG_MODELBUILDER_H

#include "bert/Conversion/ImportBertConfig.h"
#include "bert/Conversion/ImportTensorFlowCheckpoint.h"
#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace bertmlir::bertconfig {

/// An output that a checkpoint can give.
struct Output {
  /// What `--output` may call it; the first one is the output's own name.
  std::vector<std::string> names;
  /// Computes it at the builder's place.
  std::function<mlir::Value()> build;
  /// Whether it is given where none is asked for.
  bool isDefault = false;
};

/// The model of one checkpoint. Values are written when they are first asked for.
class ModelBuilder {
public:
  ModelBuilder(mlir::Location loc, const BertConfig &config, llvm::StringRef activation,
               Checkpoint &checkpoint);

  /// All outputs for which the checkpoint has variables.
  std::vector<Output> getOutputs();

  /// Makes the function's inputs; the values come from here on.
  void setFunction(mlir::func::FuncOp function);
  /// Reports all variables that were missing or of another shape; fails if there were any.
  mlir::LogicalResult reportProblems();

private:
  using Value = mlir::Value;

  bool has(const llvm::Twine &variable);
  Value weight(const llvm::Twine &variable, llvm::ArrayRef<int64_t> shape);

  Value dense(Value input, const llvm::Twine &scope, int64_t rows, int64_t columns);
  Value layerNorm(Value input, const llvm::Twine &scope);
  Value activate(Value input, llvm::StringRef name);
  /// input x weights^T + bias, as all heads have it.
  Value head(Value input, Value weights, Value bias);
  Value splitHeads(Value input, llvm::StringRef name);
  Value attention(Value input, const llvm::Twine &scope);
  Value layer(Value input, int64_t index);

  Value getMask();
  Value getEmbeddings();
  Value getSequence();
  Value getPooled();
  Value getTokenLogits(llvm::StringRef scope, bool isEnd);
  Value getMaskedLMLogits();

  /// What follows gets this name.
  void name(const llvm::Twine &name);

  mlir::ImplicitLocOpBuilder b;
  mlir::Location fileLoc;
  const BertConfig &config;
  std::string activation;
  Checkpoint &checkpoint;
  /// What stands before "embeddings/word_embeddings" in the checkpoint: "bert/".
  std::string scope;
  mlir::func::FuncOp function;
  Value mask, sequence, pooled, classLogits, spanLogits, maskedLMLogits;
  llvm::StringMap<Value> weights;
  std::vector<std::string> problems;
};

} // namespace bertmlir::bertconfig

#endif // LIB_CONVERSION_IMPORTBERTCONFIG_MODELBUILDER_H
