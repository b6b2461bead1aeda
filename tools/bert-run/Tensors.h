//===- Tensors.h - numpy's arrays as a model's inputs and outputs ---------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_TENSORS_H
#define TOOLS_BERT_RUN_TENSORS_H

#include "bert/Support/Npz.h"
#include "bert/Target/Native/ModelInterface.h"

namespace bertmlir::run {

/// Under which names arrays are looked up and given, the preferred one first.
struct TensorNames {
  std::vector<std::vector<std::string>> inputs, outputs;
};

/// Reads the names off a model function: those of the tensors, then that of the layer.
TensorNames getTensorNames(mlir::func::FuncOp model);

/// Finds an array for each input, with or without ":0", in the input's element type; integers of
/// another width are converted if they fit. `storage` keeps converted arrays. An error says which
/// arrays there are.
llvm::Expected<std::vector<bert_tensor>> takeInputs(const native::ModelInterface &model,
                                                    const TensorNames &names, NpzArrays &arrays,
                                                    std::vector<NpyArray> &storage);

/// The outputs as arrays.
NpzArrays giveOutputs(const native::ModelInterface &model, const TensorNames &names,
                      llvm::ArrayRef<bert_tensor> outputs);

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_TENSORS_H
