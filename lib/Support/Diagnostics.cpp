//===- Diagnostics.cpp - messages about a user's files ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/Diagnostics.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"

using namespace mlir;

Location bertmlir::getFileLoc(MLIRContext *context, StringRef path, unsigned line,
                              unsigned column) {
  return FileLineColLoc::get(context, path, line, column);
}

Location bertmlir::getNodeLoc(StringRef name, Location file) {
  return NameLoc::get(StringAttr::get(file.getContext(), name), file);
}

InFlightDiagnostic bertmlir::emitNodeError(Location loc, StringRef name, StringRef op) {
  return mlir::emitError(loc) << "node '" << name << "' (" << op << ") ";
}

bertmlir::DiagnosticPrinter::DiagnosticPrinter(MLIRContext *context, raw_ostream &os,
                                               DiagnosticSeverity minimum)
    : ScopedDiagnosticHandler(context) {
  context->printOpOnDiagnostic(false);
  setHandler([this, &os, minimum](Diagnostic &diagnostic) {
    // The enumeration is Note, Warning, Error, Remark; notes are printed below
    // what they belong to.
    auto rank = [](DiagnosticSeverity severity) {
      return severity == DiagnosticSeverity::Error     ? 2
             : severity == DiagnosticSeverity::Warning ? 1
                                                       : 0;
    };
    if (rank(diagnostic.getSeverity()) >= rank(minimum)) {
      print(os, diagnostic);
      for (Diagnostic &note : diagnostic.getNotes())
        print(os, note);
      os.flush();
    }
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      ++numErrors;
    return success();
  });
}

void bertmlir::DiagnosticPrinter::print(raw_ostream &os, Diagnostic &diagnostic) {
  if (auto file = diagnostic.getLocation()->findInstanceOf<FileLineColLoc>()) {
    os << file.getFilename().getValue() << ':';
    if (file.getLine() != 0)
      os << file.getLine() << ':' << file.getColumn() << ':';
    os << ' ';
  }
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Note:
    os << "note: ";
    break;
  case DiagnosticSeverity::Warning:
    os << "warning: ";
    break;
  case DiagnosticSeverity::Error:
    os << "error: ";
    break;
  case DiagnosticSeverity::Remark:
    os << "remark: ";
    break;
  }
  os << diagnostic << '\n';
}
