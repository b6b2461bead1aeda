//===- OpenVINOFile.cpp - fuzz the reader of OpenVINO IRs, and what comes behind it --===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is an .xml, a zero and the .bin. fuzz-openvino-ir goes on through
// --ov-optimize to another IR; fuzz-native through --openvino-to-llvm to code.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Conversion/ImportOpenVINO.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Pipelines/OVOptimize.h"
#include "bert/Pipelines/OVTarget.h"
#include "bert/Pipelines/OpenVINOToLLVM.h"

using namespace mlir;
using namespace bertmlir;

static OwningOpRef<ModuleOp> read(fuzz::Session &session, const std::string &xml) {
  ImportOpenVINOOptions options;
  options.xmlPath = xml;
  return importOpenVINO(&session.getContext(), options);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto [text, weights] = fuzz::asText(data, size).split('\0');
  std::string xml = fuzz::writeFile("in.xml", text);
  fuzz::writeFile("in.bin", weights);
  fuzz::Session session;
  OwningOpRef<ModuleOp> module = read(session, xml);
  fuzz::require(module || session.takeError(), "an IR was refused without a message");
  if (!module)
    return 0;
  // Old releases have fewer layers, and some take their parts.
  bool isOld = weights.size() % 2 != 0;
  auto pm = PassManager::on<ModuleOp>(&session.getContext());
  OVOptimizeOptions optimize;
#ifdef BERT_FUZZ_NATIVE
  optimize.sinkTokenSlice = false;
  OpenVINOToLLVMOptions options;
  options.plain = isOld;
  if (!isOld)
    buildOVOptimizePipeline(pm, optimize);
  pm.nest<func::FuncOp>().addPass(ov::createOVDescribeInterface());
  buildOpenVINOToLLVMPipeline(pm, options);
  session.run(pm, *module);
#else
  buildOVOptimizePipeline(pm, optimize);
  buildOVTargetPipeline(pm, isOld ? OpenVINORelease{2020, 4} : OpenVINORelease{2026, 0});
  if (!session.run(pm, *module))
    return 0;
  FailureOr<func::FuncOp> model = getModelFunction(*module);
  fuzz::require(succeeded(model), "the passes left no model");
  std::string out = fuzz::getFolder() + "/out.xml";
  bool isWritten = succeeded(exportOpenVINO(*model, out, fuzz::getFolder() + "/out.bin", {}));
  fuzz::require(isWritten || session.takeError(), "the export failed without a message");
  // Folding may have learnt sizes that do not fit: such a model is refused here.
  if (isWritten)
    fuzz::require(read(session, out) || session.takeError(),
                  "the IR that was written was refused without a message");
#endif
  return 0;
}
