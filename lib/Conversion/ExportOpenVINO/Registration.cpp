//===- Registration.cpp - the exporter's command line ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ExportOpenVINO.h"

#include "bert/Support/TranslationRegistry.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace bertmlir;
namespace cl = llvm::cl;

void bertmlir::registerExportOpenVINO(TranslationRegistry &registry) {
  auto &version = registry.addOption<cl::opt<int>>(
      "ir-version", cl::init(11), cl::desc("OpenVINO: the IR's version, 10 or 11 (default)"));
  auto &compress = registry.addOption<cl::opt<bool>>(
      "compress-to-fp16", cl::desc("OpenVINO: store f32 weights as f16 where they fit"));
  registry.addExport("export-ir", "ov to an OpenVINO IR: -o model.xml writes model.bin beside it",
                     [&](ModuleOp module, StringRef path) -> LogicalResult {
                       if (version != 10 && version != 11)
                         return emitError(module.getLoc())
                                << "an IR of version " << static_cast<int>(version)
                                << " can't be written; --ir-version takes 10 or 11";
                       FailureOr<func::FuncOp> model = getModelFunction(module);
                       if (failed(model))
                         return failure();
                       ExportOpenVINOOptions options;
                       options.version = version;
                       options.compressToFP16 = compress;
                       SmallString<256> bin(path);
                       llvm::sys::path::replace_extension(bin, ".bin");
                       if (bin == path)
                         return emitError(module.getLoc())
                                << "'" << path
                                << "' is the name of the weights; give that of the .xml";
                       return exportOpenVINO(*model, path, bin, options);
                     });
}
