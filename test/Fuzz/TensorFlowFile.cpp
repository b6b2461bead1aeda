//===- TensorFlowFile.cpp - fuzz the reader of TensorFlow's graphs ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is the content of a GraphDef, MetaGraphDef or SavedModel. The targets
// for binary and text files differ in their seeds and dictionaries only.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Conversion/ImportTensorFlow.h"

using namespace bertmlir;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Session session;
  ImportTensorFlowOptions options;
  options.modelPath = "model";
  options.content = MappedFile::fromMemory(fuzz::asText(data, size), "model");
  options.findCheckpoint = false;
  bool isRead = static_cast<bool>(importTensorFlow(&session.getContext(), options));
  fuzz::require(isRead || session.takeError(), "a file was refused without a message");
  return 0;
}
