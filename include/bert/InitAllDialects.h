//===- InitAllDialects.h - the dialects that our tools know -----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_INITALLDIALECTS_H
#define BERT_INITALLDIALECTS_H

#include "bert/Dialect/Bert/IR/BertOps.h"
#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/TF/IR/TFOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectRegistry.h"

namespace bertmlir {

/// Our dialects and the upstream ones that models are written in.
inline void registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<bert::BertDialect, tf::TFDialect, ov::OVDialect, mlir::func::FuncDialect>();
}

} // namespace bertmlir

#endif // BERT_INITALLDIALECTS_H
