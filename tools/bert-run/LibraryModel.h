//===- LibraryModel.h - a model that bert-compile has made --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_LIBRARYMODEL_H
#define TOOLS_BERT_RUN_LIBRARYMODEL_H

#include "bert/Target/Native/ModelInterface.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace bertmlir::run {

/// A library, loaded as a user's program would load it: through the functions of bert_model.h.
class LibraryModel {
public:
  /// Loads the library and the weights beside it. `prefix` is what its functions begin with,
  /// `threads` as in bert_model_create().
  static llvm::Expected<std::unique_ptr<LibraryModel>> load(llvm::StringRef path,
                                                            llvm::StringRef prefix, int threads);
  ~LibraryModel();

  const native::ModelInterface &getInterface() const { return interface; }
  /// As JITModel::run().
  llvm::Error run(llvm::ArrayRef<bert_tensor> inputs, llvm::MutableArrayRef<bert_tensor> outputs);
  /// Reads all weights and compares their checksum.
  llvm::Error verify();
  int getNumThreads() const { return numThreads(model); }
  /// Which of the library's codes runs.
  std::string getCodeName() const { return codeName(model); }

private:
  LibraryModel() = default;
  llvm::Error lookUp(llvm::StringRef prefix);
  llvm::Error check(bert_status status) const;

  void *library = nullptr;
  bert_model *model = nullptr;
  native::ModelInterface interface;

  decltype(&bert_model_get_info) getInfo = nullptr;
  decltype(&bert_model_create) create = nullptr;
  decltype(&bert_model_verify) verifyWeights = nullptr;
  decltype(&bert_model_run_tensors) runTensors = nullptr;
  decltype(&bert_model_num_threads) numThreads = nullptr;
  decltype(&bert_model_code_name) codeName = nullptr;
  decltype(&bert_model_destroy) destroy = nullptr;
  decltype(&bert_model_last_error) lastError = nullptr;
};

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_LIBRARYMODEL_H
