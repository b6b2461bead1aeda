//===- Remarks.h - what --explain prints ---------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DRIVER_REMARKS_H
#define BERT_DRIVER_REMARKS_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace bertmlir::driver {

/// One remark of a pass.
struct Remark {
  std::string pass;
  /// Whether it says that something was done, not why something was not.
  bool isPassed;
  std::string text;
};

/// Collects the passes' remarks into `remarks`, which must outlive the context.
mlir::LogicalResult collectRemarks(mlir::MLIRContext &context, std::vector<Remark> &remarks);

/// Prints them by pass, in the order in which the passes ran: counts, then each.
void printExplanation(llvm::raw_ostream &os, llvm::ArrayRef<Remark> remarks);

} // namespace bertmlir::driver

#endif // BERT_DRIVER_REMARKS_H
