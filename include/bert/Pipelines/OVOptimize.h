//===- OVOptimize.h - from a correct model to a good one ---------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_OVOPTIMIZE_H
#define BERT_PIPELINES_OVOPTIMIZE_H

#include "mlir/Pass/PassManager.h"

namespace bertmlir {

/// Brings the model functions of a module to normal form and fuses them. Whatever produced them:
/// TensorFlow, an IR that another converter wrote, our own builder.
void buildOVOptimizePipeline(mlir::OpPassManager &pm);

/// Registers `--ov-optimize`.
void registerOVOptimizePipeline();

} // namespace bertmlir

#endif // BERT_PIPELINES_OVOPTIMIZE_H
