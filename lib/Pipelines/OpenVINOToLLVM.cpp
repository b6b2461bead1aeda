//===- OpenVINOToLLVM.cpp - from a model to the LLVM dialect ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Each pass with the reason for its place.
//
//===----------------------------------------------------------------------===//

#include "bert/Pipelines/OpenVINOToLLVM.h"

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/Bert/Transforms/Passes.h"
#include "bert/Pipelines/LowerToLLVM.h"
#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace bertmlir;

// Tensors become buffers, and those get their places.
static void addBuffers(OpPassManager &pm) {
  // A result that is only copied into its place is computed there.
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  // Inputs and outputs are row-major.
  bufferize.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));

  // Sizes become what plan-arena compares: products of the inputs' dimensions,
  // each written once.
  pm.addPass(memref::createResolveShapedTypeResultDimsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createPlanArena());
}

// Loops on buffers become loops on scalars and calls of the runtime.
static void addLoops(OpPassManager &pm, const OpenVINOToLLVMOptions &options) {
  // Behind plan-arena, which gives buffers their final shapes.
  pm.addPass(createLowerStridedCopies());
  pm.addPass(createOutlineLoopNests());
  OpPassManager &function = pm.nest<func::FuncOp>();
  if (!options.plain)
    function.addPass(createParallelizeLoopNests());
  function.addPass(createConvertLinalgToLoopsPass());
  function.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createOutlineParallelLoops());

  ApproximateMathOptions math;
  math.fma = options.fma;
  pm.addPass(createApproximateMath(math));

  // What upstream's lowering of views can't take.
  pm.addPass(createExpandContiguousViews());
}

void bertmlir::buildFuseModelPipeline(OpPassManager &pm, const OpenVINOToLLVMOptions &options) {
  if (options.plain)
    return;
  OpPassManager &model = pm.nest<func::FuncOp>();
  model.addPass(createConvertOVToBert());

  bert::BertPackTokensOptions tokens;
  tokens.skipPadding = options.skipPadding;
  model.addPass(bert::createBertPackTokens(tokens));

  // Rows are tokens only behind that.
  model.addPass(bert::createBertSinkFirstToken());
}

void bertmlir::buildGenerateCodePipeline(OpPassManager &pm, const OpenVINOToLLVMOptions &options) {
  // Places in the weights file become views of the weights' argument, also where
  // nothing else is fused.
  ConvertBertToKernelsOptions kernels;
  kernels.vectorBits = options.vectorBits;
  kernels.fma = options.fma;
  pm.addPass(createConvertBertToKernels(kernels));

  // What is left of ov. Shape arithmetic that is only read for its sizes goes.
  pm.nest<func::FuncOp>().addPass(createConvertOVToLinalg());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  if (!options.plain)
    pm.addPass(createFuseElementwiseLoops());

  addBuffers(pm);
  addLoops(pm, options);
  buildLowerToLLVMPipeline(pm);
}

void bertmlir::buildOpenVINOToLLVMPipeline(OpPassManager &pm,
                                           const OpenVINOToLLVMOptions &options) {
  buildFuseModelPipeline(pm, options);
  pm.nest<func::FuncOp>().addPass(bert::createBertPackWeights());
  buildGenerateCodePipeline(pm, options);
}

void bertmlir::registerOpenVINOToLLVMPipeline() {
  PassPipelineRegistration<OpenVINOToLLVMOptions>(
      "ov-to-bert", "From an optimized model to what its parts mean, for code generation",
      buildFuseModelPipeline);
  PassPipelineRegistration<OpenVINOToLLVMOptions>("openvino-to-llvm",
                                                  "From an optimized model to the LLVM dialect",
                                                  buildOpenVINOToLLVMPipeline);
}
