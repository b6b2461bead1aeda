//===- BertDialect.cpp - registration of the bert dialect --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The generated definitions, and nothing else.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/IR/BertOps.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace bertmlir::bert;

#include "bert/Dialect/Bert/IR/BertDialect.cpp.inc"
#include "bert/Dialect/Bert/IR/BertEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "bert/Dialect/Bert/IR/BertAttributes.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "bert/Dialect/Bert/IR/BertTypes.cpp.inc"

#define GET_OP_CLASSES
#include "bert/Dialect/Bert/IR/BertOps.cpp.inc"

void BertDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "bert/Dialect/Bert/IR/BertAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "bert/Dialect/Bert/IR/BertTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "bert/Dialect/Bert/IR/BertOps.cpp.inc"
      >();
}
