//===- bert-opt.cpp - runs passes on models -----------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For people who work on the compiler: all passes and named pipelines, on text or
// bytecode. Text output elides weights, as a model has hundreds of megabytes.
//
//===----------------------------------------------------------------------===//

#include "../HideLLVMOptions.h"

#include "bert/InitAllDialects.h"
#include "bert/InitAllPasses.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/IR/AsmState.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  bertmlir::hideLLVMOptions();
  mlir::DialectRegistry registry;
  bertmlir::registerAllDialects(registry);
  // Native code is written in upstream's.
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  bertmlir::registerAllPasses();
  // Upstream's steps on the way to native code.
  mlir::registerTransformsPasses();
  mlir::registerConversionPasses();
  mlir::registerLinalgPasses();
  mlir::arith::registerArithPasses();
  mlir::bufferization::registerBufferizationPasses();
  mlir::memref::registerMemRefPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "BERT compiler: passes and pipelines\n", registry));
}
