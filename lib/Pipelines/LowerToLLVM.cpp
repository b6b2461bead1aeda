//===- LowerToLLVM.cpp - from loops and buffers to the LLVM dialect -------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Each pass with the reason for its place.
//
//===----------------------------------------------------------------------===//

#include "bert/Pipelines/LowerToLLVM.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace bertmlir;

void bertmlir::buildLowerToLLVMPipeline(OpPassManager &pm) {
  // Vectors first: what they can't load in one go becomes loops.
  pm.addPass(createConvertVectorToSCFPass());
  pm.addPass(createSCFToControlFlowPass());
  // Views become addresses, in affine arithmetic that is then arithmetic.
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(arith::createArithExpandOpsPass());
  // What LLVM has an instruction for first: an fma is one where the target has it. The rest goes to
  // libm; approximate-math has left none of that in vectors.
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertToLLVMPass());
  // LLVM reads less faster. Casts that the steps have left between them go, too.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void bertmlir::registerLowerToLLVMPipeline() {
  PassPipelineRegistration<>("bert-lower-to-llvm", "From loops and buffers to the LLVM dialect",
                             buildLowerToLLVMPipeline);
}
