//===- Report.h - what --dry_run and --explain print --------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Both watch the one pipeline that also converts, so what they say is what would
// happen.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_MO_REPORT_H
#define TOOLS_BERT_MO_REPORT_H

#include "bert/Driver/Remarks.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace bertmlir::mo {

/// An input or output of the graph as the file has it.
struct Port {
  std::string name;
  /// `i32 [1,128]`.
  std::string type;
  /// Inputs: the shape that it can be reshaped to, "" if to none.
  std::string freed;
};

/// What is known of a model before and after its conversion. Parts stay empty where the pipeline
/// fails before it comes to know them.
struct ModelFacts {
  std::string source, checkpoint;
  std::vector<Port> inputs, outputs;
  /// Why the built-in sizes stay; empty: they can be freed, or there are none.
  std::string whyNotFree;
  /// Whether the pipeline came to the conversion to ov.
  bool isConverted = false;
};

/// Fills `facts` while `pm` runs. Analyses a copy of the model on the way, so only for --dry_run.
void observe(mlir::PassManager &pm, ModelFacts &facts);

/// Prints facts and, where the conversion succeeded, what the finished `module` holds.
void printDryRun(llvm::raw_ostream &os, const ModelFacts &facts, mlir::ModuleOp module,
                 llvm::ArrayRef<driver::Remark> remarks);

} // namespace bertmlir::mo

#endif // TOOLS_BERT_MO_REPORT_H
