//===- bert-opt.cpp - runs passes on models -----------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For people who work on the compiler: all passes and named pipelines, on text or
// bytecode. Text output elides weights, as a model has hundreds of megabytes.
//
//===----------------------------------------------------------------------===//

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
#include "llvm/Support/CommandLine.h"

// libLLVM brings 2,600 options along, between which nobody finds ours: they still work, and
// --help-hidden lists them.
static void hideOptionsOfLLVM() {
  for (auto &entry : llvm::cl::getRegisteredOptions())
    if (entry.first != "help" && entry.first != "help-hidden" && entry.first != "version")
      entry.second->setHiddenFlag(llvm::cl::Hidden);
}

int main(int argc, char **argv) {
  hideOptionsOfLLVM();
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
