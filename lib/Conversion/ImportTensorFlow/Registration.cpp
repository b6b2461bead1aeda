//===- Registration.cpp - the importer's command line ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportTensorFlow.h"

#include "bert/Support/TranslationRegistry.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace bertmlir;
namespace cl = llvm::cl;

void bertmlir::registerImportTensorFlow(TranslationRegistry &registry) {
  auto &checkpoint = registry.addOption<cl::opt<std::string>>(
      "checkpoint", cl::value_desc("prefix"),
      cl::desc("TensorFlow: the checkpoint with the variables' values (its prefix, any of its "
               "files, or its folder); default for a meta graph: the one beside it"));
  auto &noCheckpoint = registry.addOption<cl::opt<bool>>(
      "no-checkpoint", cl::desc("TensorFlow: do not look for a checkpoint beside a meta graph"));
  auto &tags = registry.addOption<cl::list<std::string>>(
      "tags", cl::CommaSeparated, cl::value_desc("a,b"),
      cl::desc(
          "TensorFlow: the meta graph of a SavedModel with exactly these tags; default: serve, "
          "else the only one"));
  auto &signature = registry.addOption<cl::opt<std::string>>(
      "signature", cl::value_desc("key"),
      cl::desc("TensorFlow: the signature that names inputs and outputs; default: serving_default, "
               "else the only one"));

  auto add = [&](StringRef flag, StringRef description, ImportTensorFlowOptions::Kind kind) {
    registry.addImport(
        flag, description,
        [&, kind](StringRef path, std::shared_ptr<MappedFile> content, MLIRContext *context) {
          ImportTensorFlowOptions options;
          options.kind = kind;
          options.modelPath = path.str();
          options.content = std::move(content);
          options.checkpoint = checkpoint;
          options.findCheckpoint = !noCheckpoint;
          options.tags.assign(tags.begin(), tags.end());
          options.signature = signature;
          return importTensorFlow(context, options);
        });
  };
  using Kind = ImportTensorFlowOptions::Kind;
  add("import-tf-graphdef", "TensorFlow graph (.pb, .pbtxt) to tf", Kind::GraphDef);
  add("import-tf-metagraph", "TensorFlow meta graph (.meta) and checkpoint to tf", Kind::MetaGraph);
  add("import-tf-savedmodel", "TensorFlow SavedModel (folder) to tf", Kind::SavedModel);
}
