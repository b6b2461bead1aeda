//===- ReadModel.cpp - from a command line to a model in normal form ------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Driver/ReadModel.h"

#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Conversion/ImportBertConfig.h"
#include "bert/Conversion/ImportOpenVINO.h"
#include "bert/Conversion/ImportTensorFlow.h"
#include "bert/Conversion/ImportTensorFlowCheckpoint.h"
#include "bert/Pipelines/IRToOpenVINO.h"
#include "bert/Pipelines/TFToOpenVINO.h"

#include "mlir/Parser/Parser.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::driver;

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

int driver::fail(const llvm::Twine &message) {
  llvm::errs() << "[ ERROR ]  " << message << "\n";
  return 1;
}

std::optional<CommandLine> driver::startProgram(Program program, StringRef name, int argc,
                                                char **argv, int &exitCode) {
  // An error comes behind what was said before it, also where both go to one file.
  llvm::errs().tie(&llvm::outs());
  SmallVector<StringRef> arguments(argv + 1, argv + argc);
  llvm::Expected<CommandLine> commandLine = parseCommandLine(program, arguments);
  if (!commandLine) {
    exitCode = fail(llvm::toString(commandLine.takeError()));
    return std::nullopt;
  }
  if (commandLine->help || arguments.empty()) {
    llvm::outs() << getHelp(program);
    exitCode = commandLine->help ? 0 : 1;
    return std::nullopt;
  }
  if (commandLine->version) {
    llvm::outs() << name << " " BERT_MLIR_VERSION "\n";
    exitCode = 0;
    return std::nullopt;
  }
  return std::move(*commandLine);
}

// Where a message points to: `file:line:column: `, `file: `, or nothing. Names of
// nodes are in the messages themselves.
static std::string describe(Location loc) {
  if (auto file = dyn_cast<FileLineColLoc>(loc)) {
    std::string text = file.getFilename().str();
    if (file.getLine() != 0)
      text += ":" + std::to_string(file.getLine()) + ":" + std::to_string(file.getColumn());
    return text + ": ";
  }
  if (auto name = dyn_cast<NameLoc>(loc))
    return describe(name.getChildLoc());
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (std::string text = describe(part); !text.empty())
        return text;
  return "";
}

static void printDiagnostic(Diagnostic &diagnostic, bool isSilent) {
  bool isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
  if (isSilent && !isError)
    return;
  StringRef label = isError                                                   ? "[ ERROR ]  "
                    : diagnostic.getSeverity() == DiagnosticSeverity::Warning ? "[ WARNING ]  "
                                                                              : "[ INFO ]  ";
  llvm::raw_ostream &stream = isError ? llvm::errs() : llvm::outs();
  stream << label << describe(diagnostic.getLocation()) << diagnostic << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    stream << label << describe(note.getLocation()) << note << "\n";
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext &context, bool isSilent)
    : handler(&context, [this, isSilent](Diagnostic &diagnostic) {
        sawError |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
        printDiagnostic(diagnostic, isSilent);
        return success();
      }) {}

//===----------------------------------------------------------------------===//
// Which model
//===----------------------------------------------------------------------===//

llvm::Expected<std::string> driver::getModelPath(const CommandLine &commandLine) {
  SmallVector<StringRef> given;
  for (StringRef path : {StringRef(commandLine.inputModel), StringRef(commandLine.inputMetaGraph),
                         StringRef(commandLine.savedModelDir), StringRef(commandLine.bertConfig)})
    if (!path.empty())
      given.push_back(path);
  if (given.size() == 1)
    return given.front().str();
  // The importer finds the graph that TensorFlow's Saver wrote beside the weights.
  StringRef checkpoint = commandLine.inputCheckpoint;
  if (given.empty() && (llvm::sys::fs::is_directory(checkpoint) ||
                        llvm::sys::fs::exists(stripCheckpointSuffix(checkpoint) + ".meta")))
    return checkpoint.str();
  if (given.empty())
    return llvm::createStringError(
        commandLine.inputCheckpoint.empty()
            ? "no model is given; name its file (--help)"
            : "--input_checkpoint holds weights, and there is no .meta beside; name the graph with "
              "--input_model or --input_meta_graph, or its bert_config.json with --bert_config");
  return llvm::createStringError(
      "--input_model, --input_meta_graph, --saved_model_dir and --bert_config exclude each other; "
      "give one");
}

// Model Optimizer's rule.
std::string driver::getModelName(const CommandLine &commandLine, StringRef modelPath) {
  if (!commandLine.modelName.empty())
    return commandLine.modelName;
  while (modelPath.size() > 1 && modelPath.back() == '/')
    modelPath = modelPath.drop_back();
  StringRef file = llvm::sys::path::filename(modelPath);
  StringRef stem = commandLine.savedModelDir.empty() ? llvm::sys::path::stem(file) : file;
  return stem.empty() || stem.starts_with(".") ? "model" : stem.str();
}

llvm::Error driver::checkInputs(const CommandLine &commandLine) {
  return mergeInputs(commandLine).takeError();
}

//===----------------------------------------------------------------------===//
// Reading and preparing
//===----------------------------------------------------------------------===//

OwningOpRef<ModuleOp> driver::importModel(MLIRContext &context, const CommandLine &commandLine) {
  llvm::Expected<std::string> path = getModelPath(commandLine);
  if (!path) {
    emitError(UnknownLoc::get(&context)) << llvm::toString(path.takeError());
    return {};
  }
  if (!commandLine.bertConfig.empty()) {
    ImportBertConfigOptions options;
    options.configPath = *path;
    options.checkpoint = commandLine.inputCheckpoint;
    if (options.checkpoint.empty())
      options.checkpoint = llvm::sys::path::parent_path(*path).str();
    if (options.checkpoint.empty())
      options.checkpoint = ".";
    options.outputs = commandLine.outputs;
    options.gelu = commandLine.gelu;
    options.modelName = getModelName(commandLine, *path);
    return importBertConfig(&context, options);
  }
  StringRef extension = llvm::sys::path::extension(*path);
  if (extension == ".mlir" || extension == ".mlirbc")
    return parseSourceFile<ModuleOp>(*path, ParserConfig(&context));
  if (extension == ".xml") {
    ImportOpenVINOOptions options;
    options.xmlPath = *path;
    return importOpenVINO(&context, options);
  }
  ImportTensorFlowOptions options;
  options.modelPath = *path;
  options.checkpoint = commandLine.inputCheckpoint;
  if (!commandLine.inputMetaGraph.empty())
    options.kind = ImportTensorFlowOptions::Kind::MetaGraph;
  else if (!commandLine.savedModelDir.empty())
    options.kind = ImportTensorFlowOptions::Kind::SavedModel;
  SmallVector<StringRef> tags;
  StringRef(commandLine.savedModelTags).split(tags, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef tag : tags)
    options.tags.push_back(tag.trim().str());
  return importTensorFlow(&context, options);
}

void driver::buildModelPipeline(OpPassManager &pm, const CommandLine &commandLine, StringRef name,
                                Runtime runtime) {
  bool sinkTokenSlice = runtime == Runtime::OpenVINO;
  std::string inputs;
  if (llvm::Expected<std::string> merged = mergeInputs(commandLine))
    inputs = *merged;
  else
    llvm::consumeError(merged.takeError());
  llvm::Expected<std::string> path = getModelPath(commandLine);
  StringRef extension = path ? llvm::sys::path::extension(*path) : StringRef();
  if (!path)
    llvm::consumeError(path.takeError());
  if (extension == ".xml" || extension == ".mlir" || extension == ".mlirbc" ||
      !commandLine.bertConfig.empty()) {
    IRToOpenVINOOptions options;
    options.inputs = inputs;
    // The builder has chosen among a config's outputs, and its models are open.
    if (commandLine.bertConfig.empty()) {
      for (const std::string &output : commandLine.outputs)
        options.outputs.push_back(output);
      options.dynamic = commandLine.dynamic;
    }
    options.batch = commandLine.batch;
    options.optimize = !commandLine.plain;
    options.sinkTokenSlice = sinkTokenSlice;
    if (runtime == Runtime::OpenVINO)
      options.target = commandLine.targetOpenVINO;
    buildIRToOpenVINOPipeline(pm, options);
    return;
  }
  TFToOpenVINOOptions options;
  options.inputs = inputs;
  for (const std::string &output : commandLine.outputs)
    options.outputs.push_back(output);
  options.modelName = name.str();
  options.dynamic = commandLine.dynamic;
  options.batch = commandLine.batch;
  options.sinkTokenSlice = sinkTokenSlice;
  if (runtime == Runtime::OpenVINO)
    options.target = commandLine.targetOpenVINO;
  buildTFToOpenVINOPipeline(pm, options);
}

FailureOr<func::FuncOp> driver::runPipeline(PassManager &pm, ModuleOp module,
                                            const CommandLine &commandLine) {
  if (commandLine.dumpPassPipeline) {
    pm.printAsTextualPipeline(llvm::errs(), /*pretty=*/true);
    llvm::errs() << "\n";
  }
  if (failed(pm.run(module)))
    return failure();
  return getModelFunction(module);
}
