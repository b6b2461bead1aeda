//===- Diagnostics.h - messages about a user's files -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One spelling of locations in model files, and one printer for all our tools.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_DIAGNOSTICS_H
#define BERT_SUPPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"

#include "llvm/Support/raw_ostream.h"

namespace bertmlir {

/// A place in a model file: line and column where it is text, 0 and 0 where it is binary.
mlir::Location getFileLoc(mlir::MLIRContext *context, llvm::StringRef path, unsigned line = 0,
                          unsigned column = 0);

/// The node `name` of a graph that came from `file`. Diagnostics print only the file part of such a
/// location, so put the name into the text too (`emitNodeError`).
mlir::Location getNodeLoc(llvm::StringRef name, mlir::Location file);

/// An error that begins `node 'NAME' (OP) `; go on with the verb.
mlir::InFlightDiagnostic emitNodeError(mlir::Location loc, llvm::StringRef name,
                                       llvm::StringRef op);

/// Prints diagnostics as long as it lives, for tools whose input may be binary: `file: error: text`
/// or `file:line:column: error: text`, and `error: text` where no file is known. It never opens
/// the files it names (upstream's handler does, to quote a line of what may be a gigabyte of
/// weights), and never prints the operation a message is about, which may be a whole graph.
class DiagnosticPrinter : public mlir::ScopedDiagnosticHandler {
public:
  /// `minimum` is the least severe kind that is printed.
  explicit DiagnosticPrinter(mlir::MLIRContext *context, llvm::raw_ostream &os = llvm::errs(),
                             mlir::DiagnosticSeverity minimum = mlir::DiagnosticSeverity::Warning);

  /// How many errors were printed.
  unsigned getNumErrors() const { return numErrors; }

private:
  void print(llvm::raw_ostream &os, mlir::Diagnostic &diagnostic);
  unsigned numErrors = 0;
};

} // namespace bertmlir

#endif // BERT_SUPPORT_DIAGNOSTICS_H
