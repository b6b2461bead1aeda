//===- TFToOpenVINO.h - from an imported graph to an exportable model --*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_TFTOOPENVINO_H
#define BERT_PIPELINES_TFTOOPENVINO_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace bertmlir {

/// What a user decides about a conversion.
struct TFToOpenVINOOptions : public mlir::PassPipelineOptions<TFToOpenVINOOptions> {
  Option<std::string> inputs{
      *this, "inputs",
      llvm::cl::desc("Inputs to cut at, in Model Optimizer's grammar; see tf-specialize-inputs")};
  ListOption<std::string> outputs{*this, "outputs",
                                  llvm::cl::desc("Output nodes or ports, in order")};
  Option<bool> dynamic{*this, "dynamic", llvm::cl::desc("Free the batch and the sequence length"),
                       llvm::cl::init(false)};
  Option<int64_t> batch{*this, "batch",
                        llvm::cl::desc("First dimension of every input; 0: as it is"),
                        llvm::cl::init(0)};
  Option<bool> sinkTokenSlice{
      *this, "sink-token-slice",
      llvm::cl::desc("Compute the last layer for the one token that is read, if it is one"),
      llvm::cl::init(true)};
  Option<std::string> target{
      *this, "target",
      llvm::cl::desc("Release of OpenVINO, as 2022.1, whose layers to use; empty: normal form")};
  Option<std::string> modelName{*this, "model-name", llvm::cl::desc("The model's name"),
                                llvm::cl::init("main")};
};

/// From a module with one tf.graph to a module with one model function that can be exported.
void buildTFToOpenVINOPipeline(mlir::OpPassManager &pm, const TFToOpenVINOOptions &options);

/// Registers `--tf-to-openvino`.
void registerTFToOpenVINOPipeline();

} // namespace bertmlir

#endif // BERT_PIPELINES_TFTOOPENVINO_H
