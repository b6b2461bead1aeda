//===- bert-lsp-server.cpp - language server for models in text form ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/InitAllDialects.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "llvm/Support/CommandLine.h"

int main(int argc, char **argv) {
  // As in bert-opt: libLLVM's options are not this program's.
  for (auto &entry : llvm::cl::getRegisteredOptions())
    if (entry.first != "help" && entry.first != "help-hidden" && entry.first != "version")
      entry.second->setHiddenFlag(llvm::cl::Hidden);
  mlir::DialectRegistry registry;
  bertmlir::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
