//===- OVDialect.cpp - registration of the ov dialect ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The generated definitions, and nothing else: this is the slowest file of the
// dialect to compile.
//
//===----------------------------------------------------------------------===//

#include "InferTypes.h"

using namespace mlir;
using namespace bertmlir::ov;

#include "bert/Dialect/OV/IR/OVDialect.cpp.inc"
#include "bert/Dialect/OV/IR/OVInterfaces.cpp.inc"

#define GET_OP_CLASSES
#include "bert/Dialect/OV/IR/OVOps.cpp.inc"

void OVDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "bert/Dialect/OV/IR/OVOps.cpp.inc"
      >();
}
