//===- bert-lsp-server.cpp - language server for models in text form ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "../HideLLVMOptions.h"

#include "bert/InitAllDialects.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  bertmlir::hideLLVMOptions();
  mlir::DialectRegistry registry;
  bertmlir::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
