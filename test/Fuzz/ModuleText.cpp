//===- ModuleText.cpp - fuzz the verifiers of our dialects ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is a module as text. Upstream's parser is not at stake, but what it
// calls is: parsers, types, attributes and verifiers of tf, ov and bert. What they
// accept can be printed and read again.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Dialect/Bert/IR/BertOps.h"
#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;

static OwningOpRef<ModuleOp> parse(fuzz::Session &session, llvm::StringRef text) {
  return parseSourceString<ModuleOp>(text, ParserConfig(&session.getContext()), "module.mlir");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Session session;
  // MLIR's lexer reads the null behind the text, which files have, and a fuzzer's bytes don't.
  std::string given = fuzz::asText(data, size).str();
  OwningOpRef<ModuleOp> module = parse(session, given);
  fuzz::require(module || session.takeError(), "a module was refused without a message");
  if (!module)
    return 0;
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream);
  fuzz::require(static_cast<bool>(parse(session, text)), "what was printed can't be read");
  return 0;
}
