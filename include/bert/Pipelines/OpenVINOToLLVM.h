//===- OpenVINOToLLVM.h - from a model to the LLVM dialect --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_OPENVINOTOLLVM_H
#define BERT_PIPELINES_OPENVINOTOLLVM_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace bertmlir {

/// What the code is for.
struct OpenVINOToLLVMOptions : public mlir::PassPipelineOptions<OpenVINOToLLVMOptions> {
  Option<int64_t> vectorBits{*this, "vector-bits",
                             llvm::cl::desc("Width of a vector register: 512, 256, 128"),
                             llvm::cl::init(512)};
  Option<bool> fma{*this, "fma", llvm::cl::desc("The CPU has a fused multiply-add"),
                   llvm::cl::init(true)};
  Option<bool> plain{*this, "plain",
                     llvm::cl::desc("Fuse nothing: every op becomes loops of its own"),
                     llvm::cl::init(false)};
  Option<bool> skipPadding{*this, "skip-padding",
                           llvm::cl::desc("Positions that the mask hides may be zero in outputs"),
                           llvm::cl::init(false)};
};

/// The first half: from a module with one optimized model function to what its parts mean, which
/// says what layouts the weights need.
void buildFuseModelPipeline(mlir::OpPassManager &pm, const OpenVINOToLLVMOptions &options);

/// The second half: from a model whose weights have places in the weights file to the LLVM dialect.
/// docs/native-code.md says what the result is called by.
void buildGenerateCodePipeline(mlir::OpPassManager &pm, const OpenVINOToLLVMOptions &options);

/// Both, with bert-pack-weights in between. Whoever wants the weights' bytes too runs the halves,
/// and plans the weights in between (WeightPlan.h).
void buildOpenVINOToLLVMPipeline(mlir::OpPassManager &pm, const OpenVINOToLLVMOptions &options);

/// Registers `--openvino-to-llvm`.
void registerOpenVINOToLLVMPipeline();

} // namespace bertmlir

#endif // BERT_PIPELINES_OPENVINOTOLLVM_H
