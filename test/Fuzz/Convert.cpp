//===- Convert.cpp - fuzz the conversion of a TensorFlow graph to an OpenVINO IR ---===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is a GraphDef, so a finding can be given to bert-mo as it is. The bits
// of its field versions.min_consumer, which the importer does not read, say how it
// is converted. GraphMutator.cpp makes graphs that are odd but mostly readable.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"
#include "GraphMutator.h"

#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Conversion/ImportOpenVINO.h"
#include "bert/Conversion/ImportTensorFlow.h"
#include "bert/Pipelines/TFToOpenVINO.h"

using namespace mlir;
using namespace bertmlir;

// Behind its export a model is read again: what OpenVINO could not read is a finding.
static void exportAndRead(fuzz::Session &session, func::FuncOp model, unsigned flags) {
  std::string xml = fuzz::getFolder() + "/m.xml", bin = fuzz::getFolder() + "/m.bin";
  ExportOpenVINOOptions options;
  options.compressToFP16 = flags & 8;
  options.version = flags & 4 ? 10 : 11;
  bool isWritten = succeeded(exportOpenVINO(model, xml, bin, options));
  fuzz::require(isWritten || session.takeError(), "the export failed without a message");
  if (!isWritten)
    return;
  ImportOpenVINOOptions again;
  again.xmlPath = xml;
  fuzz::require(static_cast<bool>(importOpenVINO(&session.getContext(), again)),
                "the IR that was written can't be read");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Session session;
  ImportTensorFlowOptions import;
  import.modelPath = "graph.pb";
  import.content = MappedFile::fromMemory(fuzz::asText(data, size), "graph.pb");
  import.kind = ImportTensorFlowOptions::Kind::GraphDef;
  import.findCheckpoint = false;
  OwningOpRef<ModuleOp> module = importTensorFlow(&session.getContext(), import);
  fuzz::require(module || session.takeError(), "a graph was refused without a message");
  if (!module)
    return 0;

  unsigned flags = fuzz::getFlags(fuzz::asText(data, size));
  TFToOpenVINOOptions options;
  options.dynamic = static_cast<bool>(flags & 1);
  options.batch = flags & 16 ? 3 : 0;
  options.sinkTokenSlice = !(flags & 32);
  options.target = flags & 4 ? "2020.4" : flags & 2 ? "2026.0" : "2022.1";
  auto pm = PassManager::on<ModuleOp>(&session.getContext());
  buildTFToOpenVINOPipeline(pm, options);
  if (!session.run(pm, *module))
    return 0;
  FailureOr<func::FuncOp> model = getModelFunction(*module);
  fuzz::require(succeeded(model), "the passes left no model");
  exportAndRead(session, *model, flags);
  return 0;
}
