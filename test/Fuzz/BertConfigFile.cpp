//===- BertConfigFile.cpp - fuzz the reader of bert_config.json -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is a config. The checkpoint is that of a checked-in model, so that
// configs which fit it are built.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Conversion/ImportBertConfig.h"

using namespace bertmlir;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Session session;
  ImportBertConfigOptions options;
  options.configPath = fuzz::writeFile("bert_config.json", fuzz::asText(data, size));
  options.checkpoint = BERT_FUZZ_CHECKPOINT;
  bool isBuilt = static_cast<bool>(importBertConfig(&session.getContext(), options));
  fuzz::require(isBuilt || session.takeError(), "a config was refused without a message");
  return 0;
}
