//===- TFDialect.cpp - registration of the tf dialect ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The generated definitions of dialect, types and ops, and nothing else: this is
// the slowest file of the dialect to compile.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace bertmlir::tf;

#include "bert/Dialect/TF/IR/TFDialect.cpp.inc"
#include "bert/Dialect/TF/IR/TFInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "bert/Dialect/TF/IR/TFTypes.cpp.inc"

#define GET_OP_CLASSES
#include "bert/Dialect/TF/IR/TFOps.cpp.inc"

void TFDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "bert/Dialect/TF/IR/TFTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "bert/Dialect/TF/IR/TFOps.cpp.inc"
      >();
}
