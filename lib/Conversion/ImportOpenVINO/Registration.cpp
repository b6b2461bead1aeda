//===- Registration.cpp - the reader's command line ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportOpenVINO.h"

#include "bert/Support/TranslationRegistry.h"

using namespace mlir;
using namespace bertmlir;
namespace cl = llvm::cl;

void bertmlir::registerImportOpenVINO(TranslationRegistry &registry) {
  auto &weights = registry.addOption<cl::opt<std::string>>(
      "weights", cl::value_desc("file"),
      cl::desc("OpenVINO: the .bin that belongs to the .xml; default: the one beside it"));
  registry.addImport(
      "import-ir", "OpenVINO IR (.xml, with the .bin beside it) to ov",
      [&](StringRef path, std::shared_ptr<MappedFile> content, MLIRContext *context) {
        ImportOpenVINOOptions options;
        options.xmlPath = path.str();
        options.content = std::move(content);
        options.binPath = weights;
        return importOpenVINO(context, options);
      });
}
