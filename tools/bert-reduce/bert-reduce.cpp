//===- bert-reduce.cpp - makes a model that shows a fault small -----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For people who work on the compiler: upstream's reducer, with our dialects and
// passes. --reduction-tree='traversal-mode=0 test=SCRIPT' keeps removing ops while
// the script still exits with 1 on what is left.
//
//===----------------------------------------------------------------------===//

#include "bert/InitAllDialects.h"
#include "bert/InitAllPasses.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  bertmlir::registerAllDialects(registry);
  bertmlir::registerAllPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
