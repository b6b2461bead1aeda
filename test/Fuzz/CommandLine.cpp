//===- CommandLine.cpp - fuzz what users ask for: --input and its like ------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Each line of the input is an argument of bert-mo. The model is a small graph,
// whatever they say about it.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Conversion/ImportTensorFlow.h"
#include "bert/Driver/CommandLine.h"
#include "bert/Driver/ReadModel.h"

#include "llvm/ADT/SmallVector.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::driver;

static const std::shared_ptr<MappedFile> &getGraph() {
  static const std::shared_ptr<MappedFile> graph =
      llvm::cantFail(MappedFile::open(BERT_FUZZ_GRAPH));
  return graph;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::SmallVector<llvm::StringRef> arguments;
  fuzz::asText(data, size).split(arguments, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  llvm::Expected<CommandLine> commandLine = parseCommandLine(Program::Mo, arguments);
  if (!commandLine) {
    fuzz::require(!llvm::toString(commandLine.takeError()).empty(), "refused without a message");
    return 0;
  }
  if (llvm::Error error = checkInputs(*commandLine)) {
    fuzz::require(!llvm::toString(std::move(error)).empty(), "refused without a message");
    return 0;
  }
  commandLine->inputModel = "graph.pb";
  commandLine->inputMetaGraph = commandLine->savedModelDir = commandLine->bertConfig = "";
  fuzz::Session session;
  ImportTensorFlowOptions import;
  import.modelPath = "graph.pb";
  import.content = getGraph();
  import.findCheckpoint = false;
  OwningOpRef<ModuleOp> module = importTensorFlow(&session.getContext(), import);
  fuzz::require(static_cast<bool>(module), "the graph can't be read");
  auto pm = PassManager::on<ModuleOp>(&session.getContext());
  buildModelPipeline(pm, *commandLine, getModelName(*commandLine, "graph.pb"), Runtime::OpenVINO);
  session.run(pm, *module);
  return 0;
}
