//===- JITModel.h - a model compiled into this process -------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TARGET_JIT_JITMODEL_H
#define BERT_TARGET_JIT_JITMODEL_H

#include "bert/Target/Native/ModelInterface.h"
#include "bert/Target/Native/NativeTarget.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace bertmlir::jit {

struct JITOptions {
  /// What the code may use; at most what this machine has.
  native::NativeTarget target = native::getHostTarget();
  /// Fuse nothing: the oracle.
  bool plain = false;
  /// Positions that the mask hides may be zero in the outputs.
  bool skipPadding = false;
  /// How many threads a call uses; 0: as many as the process may use.
  int threads = 0;
};

/// Native code of a model in memory, made by the same passes and run by the same runtime as a
/// compiled library.
class JITModel {
public:
  /// Compiles a module with one model function, `main`, in normal form and described by
  /// ov-describe-interface. The weights are copied; the module is used up. Fails after an error
  /// that the context has reported.
  static mlir::FailureOr<std::unique_ptr<JITModel>>
  create(mlir::ModuleOp module, llvm::StringRef name, const JITOptions &options);
  ~JITModel();

  const native::ModelInterface &getInterface() const;

  /// One call; see bert_model_run_tensors(). The outputs' data is the model's own and valid until
  /// the next call. An error is the runtime's sentence.
  llvm::Error run(llvm::ArrayRef<bert_tensor> inputs, llvm::MutableArrayRef<bert_tensor> outputs);

  int getNumThreads() const;

private:
  class Implementation;
  explicit JITModel(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation;
};

} // namespace bertmlir::jit

#endif // BERT_TARGET_JIT_JITMODEL_H
