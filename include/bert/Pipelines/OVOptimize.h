//===- OVOptimize.h - from a correct model to a good one ---------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_OVOPTIMIZE_H
#define BERT_PIPELINES_OVOPTIMIZE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace bertmlir {

/// What the model is optimized for.
struct OVOptimizeOptions : public mlir::PassPipelineOptions<OVOptimizeOptions> {
  Option<bool> sinkTokenSlice{
      *this, "sink-token-slice",
      llvm::cl::desc("Compute the last layer for the one token that is read. Native code does that "
                     "later, on whole layers"),
      llvm::cl::init(true)};
};

/// Brings the model functions of a module to normal form and fuses them. Whatever produced them:
/// TensorFlow, an IR that another converter wrote, our own builder.
void buildOVOptimizePipeline(mlir::OpPassManager &pm, const OVOptimizeOptions &options);

/// Registers `--ov-optimize`.
void registerOVOptimizePipeline();

} // namespace bertmlir

#endif // BERT_PIPELINES_OVOPTIMIZE_H
