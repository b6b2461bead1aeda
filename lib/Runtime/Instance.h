//===- Instance.h - a loaded model --------------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_INSTANCE_H
#define LIB_RUNTIME_INSTANCE_H

#include "Arena.h"
#include "WeightsMapping.h"
#include "bert/Runtime/Abi.h"
#include "bert/Runtime/bert_model.h"

#include <atomic>
#include <sys/types.h>

namespace bertmlir::runtime {

class ThreadPool;

/// A model that can be called: its description and code, mapped weights, threads, memory. What
/// bert_model.h calls a bert_model; its functions of the same names say what the methods do.
class Instance {
public:
  /// The description must outlive the instance.
  static bert_status create(const BertModelDescriptor &descriptor, const char *weightsPath,
                            int threads, Instance *&instance);
  /// With weights that are in memory already, at a multiple of 64, and outlive the instance.
  static bert_status createWithWeights(const BertModelDescriptor &descriptor, const void *weights,
                                       size_t bytes, int threads, Instance *&instance);
  void destroy();

  bert_status verify();
  bert_status run(const void *const *inputs, int64_t batch, int64_t sequence, void *const *outputs);
  bert_status runRagged(const int32_t *ids, const int32_t *types, const int64_t *offsets,
                        int64_t count, void *const *outputs);
  bert_status runTensors(const bert_tensor *inputs, bert_tensor *outputs);

  int getNumThreads() const;
  const BertModelCode &getCode() const { return *code; }

private:
  explicit Instance(const BertModelDescriptor &descriptor)
      : descriptor(descriptor), info(*descriptor.info) {}

  static bert_status prepare(const BertModelDescriptor &descriptor, int threads,
                             Instance *&instance);
  bert_status finish(int threads);
  bool acquire();
  void release();

  bert_status checkInput(int index, const bert_tensor &input, int64_t &batch, int64_t &sequence);
  template <typename Fill> bert_status call(const bert_tensor *inputs, Fill fill);
  bert_status copyOutput(int index, bert_tensor &output);

  const BertModelDescriptor &descriptor;
  const bert_model_info &info;
  const BertModelCode *code = nullptr;
  WeightsMapping weights;
  ThreadPool *pool = nullptr;
  /// Inputs that the runtime itself makes stand first; what the code computes follows.
  Arena arena;
  /// The process whose thread is in a call; 0 if none. A child of fork() has none of those threads.
  std::atomic<pid_t> user{0};

  /// Room for what a call hands to the code; its size depends on the model alone.
  void *callMemory = nullptr;
  bert_tensor *stagedInputs = nullptr;
  bert_tensor *stagedOutputs = nullptr;
  /// The inputs' memrefs, then the outputs', which the code fills in.
  BertMemRef **inputMemRefs = nullptr;
  BertMemRef **outputMemRefs = nullptr;
  void **arguments = nullptr;
};

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_INSTANCE_H
