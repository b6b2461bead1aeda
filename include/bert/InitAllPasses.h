//===- InitAllPasses.h - the passes and pipelines that our tools know -*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_INITALLPASSES_H
#define BERT_INITALLPASSES_H

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/Bert/Transforms/Passes.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Dialect/TF/Transforms/Passes.h"
#include "bert/Pipelines/IRToOpenVINO.h"
#include "bert/Pipelines/LowerToLLVM.h"
#include "bert/Pipelines/OVOptimize.h"
#include "bert/Pipelines/OpenVINOToLLVM.h"
#include "bert/Pipelines/TFToOpenVINO.h"
#include "bert/Transforms/Passes.h"

namespace bertmlir {

/// Our own passes and named pipelines.
inline void registerAllPasses() {
  registerConversionPasses();
  bert::registerBertTransformsPasses();
  registerTransformsPasses();
  ov::registerOVTransformsPasses();
  tf::registerTFTransformsPasses();
  registerLowerToLLVMPipeline();
  registerIRToOpenVINOPipeline();
  registerOVOptimizePipeline();
  registerOpenVINOToLLVMPipeline();
  registerTFToOpenVINOPipeline();
}

} // namespace bertmlir

#endif // BERT_INITALLPASSES_H
