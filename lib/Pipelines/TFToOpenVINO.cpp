//===- TFToOpenVINO.cpp - from an imported graph to an exportable model --------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Each pass with the reason for its place.
//
//===----------------------------------------------------------------------===//

#include "bert/Pipelines/TFToOpenVINO.h"

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Dialect/TF/Transforms/Passes.h"
#include "bert/Pipelines/OVOptimize.h"
#include "bert/Pipelines/OVTarget.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace bertmlir;

void bertmlir::buildTFToOpenVINOPipeline(OpPassManager &pm, const TFToOpenVINOOptions &options) {
  OpPassManager &graph = pm.nest<tf::GraphOp>();

  // First the outputs: all that follows asks what they need.
  tf::TFSelectOutputsOptions outputs;
  outputs.outputs.assign(options.outputs.begin(), options.outputs.end());
  graph.addPass(tf::createTFSelectOutputs(outputs));

  // The cut, before pruning: a named input stays even where no output needs it.
  tf::TFSpecializeInputsOptions inputs;
  inputs.inputs = options.inputs;
  inputs.allowReshape = true;
  graph.addPass(tf::createTFSpecializeInputs(inputs));

  // Before pruning too, since initial values hang on variables by Assign nodes;
  // only what the outputs need is read.
  graph.addPass(tf::createTFFreezeVariables());

  // While there are control edges: a constant in a branch knows by one that it is.
  graph.addPass(tf::createTFResolveSwitches());

  // Everything else of training and bookkeeping goes.
  graph.addPass(tf::createTFPruneToOutputs());

  // What is left of training on the way to the outputs; it often lives on one side
  // of a switch.
  graph.addPass(tf::createTFStripDropout());

  // The random numbers and flags that this leaves unused, so that they don't
  // become inputs. (Identities and their like stay: the conversion passes them on.)
  graph.addPass(tf::createTFPruneToOutputs());
  graph.addPass(tf::createTFInferInputs());

  ConvertTFToOVOptions conversion;
  conversion.functionName = options.modelName;
  pm.addPass(createConvertTFToOV(conversion));

  // Reshaping reads the graph's own shape arithmetic, so nothing is folded before.
  OpPassManager &model = pm.nest<func::FuncOp>();
  if (options.dynamic)
    model.addPass(ov::createOVGeneralizeShapes());
  ov::OVSetInputShapesOptions shapes;
  shapes.batch = options.batch;
  model.addPass(ov::createOVSetInputShapes(shapes));

  // Last, since it folds the literals that say what the graph's shapes mean.
  OVOptimizeOptions optimize;
  optimize.sinkTokenSlice = options.sinkTokenSlice;
  buildOVOptimizePipeline(pm, optimize);

  // What the runtime shall read, after everything that wants the normal form.
  buildOVTargetPipeline(pm, options.target, "tf-to-openvino");
}

void bertmlir::registerTFToOpenVINOPipeline() {
  PassPipelineRegistration<TFToOpenVINOOptions>(
      "tf-to-openvino", "From an imported TensorFlow graph to a model that can be exported",
      buildTFToOpenVINOPipeline);
}
