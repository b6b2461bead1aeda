//===- IRToOpenVINO.h - from a model in ov to an exportable one ---------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_IRTOOPENVINO_H
#define BERT_PIPELINES_IRTOOPENVINO_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace bertmlir {

/// What a user decides about a model that is in the ov dialect already.
struct IRToOpenVINOOptions : public mlir::PassPipelineOptions<IRToOpenVINOOptions> {
  Option<std::string> inputs{
      *this, "inputs",
      llvm::cl::desc("Shapes, types and values of inputs; see ov-specialize-inputs")};
  ListOption<std::string> outputs{
      *this, "outputs", llvm::cl::desc("Outputs or layers, in order; none: the model's own")};
  Option<bool> dynamic{*this, "dynamic", llvm::cl::desc("Free the batch and the sequence length"),
                       llvm::cl::init(false)};
  Option<int64_t> batch{*this, "batch",
                        llvm::cl::desc("First dimension of every input; 0: as it is"),
                        llvm::cl::init(0)};
  Option<bool> optimize{*this, "optimize",
                        llvm::cl::desc("Bring the model to normal form and fuse it"),
                        llvm::cl::init(true)};
  Option<bool> sinkTokenSlice{
      *this, "sink-token-slice",
      llvm::cl::desc("Compute the last layer for the one token that is read, if it is one"),
      llvm::cl::init(true)};
  Option<std::string> target{
      *this, "target",
      llvm::cl::desc("Release of OpenVINO, as 2022.1, whose layers to use; empty: normal form")};
};

/// From a module with one model function, that another converter wrote or our own builder, to one
/// that can be exported: reshaped as asked, in normal form, fused.
void buildIRToOpenVINOPipeline(mlir::OpPassManager &pm, const IRToOpenVINOOptions &options);

/// Registers `--ir-to-openvino`.
void registerIRToOpenVINOPipeline();

} // namespace bertmlir

#endif // BERT_PIPELINES_IRTOOPENVINO_H
