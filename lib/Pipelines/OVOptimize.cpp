//===- OVOptimize.cpp - from a correct model to a good one -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Each pass with the reason for its place.
//
//===----------------------------------------------------------------------===//

#include "bert/Pipelines/OVOptimize.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace bertmlir;

void bertmlir::buildOVOptimizePipeline(OpPassManager &pm, const OVOptimizeOptions &options) {
  OpPassManager &model = pm.nest<func::FuncOp>();

  // First what costs nothing to know: constants are what all matchers look for,
  // and an op that does nothing hides a pattern.
  model.addPass(ov::createOVFoldStaticShapes());
  model.addPass(ov::createOVRemoveNoOps());

  // Layers spell the same mask and the same shapes each for itself, and a value that is
  // written twice is two to a matcher.
  model.addPass(createCSEPass());

  // Attention as one layer, and Einsum, hide what the passes below look for.
  model.addPass(ov::createOVDecomposeAttention());
  model.addPass(ov::createOVDecomposeEinsum());

  // Before the normal form: a look-up lets the flattened ids through to the words'.
  model.addPass(ov::createOVFuseOneHotEmbedding());
  model.addPass(ov::createOVNormalize());

  model.addPass(ov::createOVSimplifyMask());
  model.addPass(ov::createOVFuseLayerNorm());
  model.addPass(ov::createOVFuseGelu());
  model.addPass(ov::createOVFuseSwish());

  // Fused ops let a flattening through that their parts have held up. Then one spelling has made
  // the layers' masks equal.
  model.addPass(ov::createOVNormalize());
  model.addPass(createCSEPass());

  // Last, since a layer for one token looks like no other.
  if (options.sinkTokenSlice) {
    model.addPass(ov::createOVSinkTokenSlice());
  } else {
    // A model that was written for OpenVINO has been through that.
    model.addPass(ov::createOVWidenTokenSlice());
    model.addPass(createCSEPass());
  }
  model.addPass(ov::createOVVerifyNormalForm());
}

void bertmlir::registerOVOptimizePipeline() {
  PassPipelineRegistration<OVOptimizeOptions>(
      "ov-optimize", "Brings models to normal form and fuses layer normalisation and GELU",
      buildOVOptimizePipeline);
}
