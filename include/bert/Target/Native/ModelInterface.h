//===- ModelInterface.h - what a caller of native code sees --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TARGET_NATIVE_MODELINTERFACE_H
#define BERT_TARGET_NATIVE_MODELINTERFACE_H

#include "bert/Runtime/Abi.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace bertmlir::native {

/// An input or output; see bert_tensor_info and BertRole.
struct TensorInterface {
  std::string name;
  bert_element_type type = BERT_F32;
  std::vector<int64_t> dims;
  int64_t limit = 0;
  BertRole role = BERT_ROLE_OTHER;
};

/// Operations of matrix products; see bert_model_info.
struct Work {
  int64_t flopsPerToken = 0;
  int64_t flopsPerPair = 0;
  int64_t flopsPerSequence = 0;
};

struct ModelInterface {
  std::string name;
  std::vector<TensorInterface> inputs;
  std::vector<TensorInterface> outputs;
  int64_t maxSequence = 0;
  int64_t weightsBytes = 0;
  Work work;
};

/// Reads it off a model function, of tensors or (behind plan-arena) of memrefs, with the attributes
/// that ov-describe-interface made. An element type that the runtime does not know and a rank
/// beyond BERT's are errors at the function.
mlir::FailureOr<ModelInterface> getModelInterface(mlir::func::FuncOp function,
                                                  llvm::StringRef name);

/// The header that goes with the library: bert_model.h with the functions called `prefix`_create
/// and so on (`bert_model` keeps them), and what the model's inputs and outputs are.
std::string makeHeader(const ModelInterface &model, llvm::StringRef prefix);

} // namespace bertmlir::native

#endif // BERT_TARGET_NATIVE_MODELINTERFACE_H
