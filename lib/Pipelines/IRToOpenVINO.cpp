//===- IRToOpenVINO.cpp - from a model in ov to an exportable one ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Each pass with the reason for its place.
//
//===----------------------------------------------------------------------===//

#include "bert/Pipelines/IRToOpenVINO.h"

#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Pipelines/OVOptimize.h"
#include "bert/Pipelines/OVTarget.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace bertmlir;

void bertmlir::buildIRToOpenVINOPipeline(OpPassManager &pm, const IRToOpenVINOOptions &options) {
  OpPassManager &model = pm.nest<func::FuncOp>();

  // First the outputs: what follows need not understand what they don't need.
  ov::OVSelectOutputsOptions outputs;
  outputs.outputs.assign(options.outputs.begin(), options.outputs.end());
  model.addPass(ov::createOVSelectOutputs(outputs));
  ov::OVSpecializeInputsOptions inputs;
  inputs.inputs = options.inputs;
  model.addPass(ov::createOVSpecializeInputs(inputs));

  // Attention as one layer may have lost axes of its mask, which its parts give back.
  // Nothing else before the shapes: reshaping reads the model's own arithmetic.
  model.addPass(ov::createOVDecomposeAttention());
  if (options.dynamic) {
    ov::OVGeneralizeShapesOptions shapes;
    shapes.prefixTables = true;
    model.addPass(ov::createOVGeneralizeShapes(shapes));
  }
  ov::OVSetInputShapesOptions shapes;
  shapes.batch = options.batch;
  shapes.prefixTables = true;
  model.addPass(ov::createOVSetInputShapes(shapes));

  // The oracle takes a model as it is.
  if (!options.optimize)
    return;
  OVOptimizeOptions optimize;
  optimize.sinkTokenSlice = options.sinkTokenSlice;
  buildOVOptimizePipeline(pm, optimize);

  // What the runtime shall read, after everything that wants the normal form.
  buildOVTargetPipeline(pm, options.target, "ir-to-openvino");
}

void bertmlir::registerIRToOpenVINOPipeline() {
  PassPipelineRegistration<IRToOpenVINOOptions>(
      "ir-to-openvino", "From a model in ov, as --import-ir gives it, to one that can be exported",
      buildIRToOpenVINOPipeline);
}
