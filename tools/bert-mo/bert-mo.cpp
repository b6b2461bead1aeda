//===- bert-mo.cpp - Model Optimizer's successor for BERT ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For people who had `mo` or `mo_tf.py` in their scripts: the same command line,
// one word changed. It imports, runs the pipeline --tf-to-openvino and writes.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Report.h"

#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Conversion/ImportTensorFlow.h"
#include "bert/InitAllDialects.h"
#include "bert/Pipelines/TFToOpenVINO.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;
using bertmlir::mo::CommandLine;

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

static int fail(const llvm::Twine &message) {
  llvm::errs() << "[ ERROR ]  " << message << "\n";
  return 1;
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

//===----------------------------------------------------------------------===//
// The run
//===----------------------------------------------------------------------===//

// Which file the model comes from; an error if there is none or more than one.
static llvm::Expected<std::string> getModelPath(const CommandLine &commandLine) {
  SmallVector<StringRef> given;
  for (StringRef path : {StringRef(commandLine.inputModel), StringRef(commandLine.inputMetaGraph),
                         StringRef(commandLine.savedModelDir)})
    if (!path.empty())
      given.push_back(path);
  if (given.size() == 1)
    return given.front().str();
  if (given.empty())
    return llvm::createStringError(
        commandLine.inputCheckpoint.empty()
            ? "no model is given; name it with --input_model or --input_meta_graph (--help)"
            : "--input_checkpoint holds weights without a graph; name the graph with "
              "--input_model or --input_meta_graph");
  return llvm::createStringError(
      "--input_model, --input_meta_graph and --saved_model_dir exclude each other; give one");
}

// Model Optimizer's rule: the file's name without its last extension.
static std::string getModelName(const CommandLine &commandLine, StringRef modelPath) {
  if (!commandLine.modelName.empty())
    return commandLine.modelName;
  while (modelPath.size() > 1 && modelPath.back() == '/')
    modelPath = modelPath.drop_back();
  StringRef file = llvm::sys::path::filename(modelPath);
  StringRef stem = commandLine.savedModelDir.empty() ? llvm::sys::path::stem(file) : file;
  return stem.empty() || stem.starts_with(".") ? "model" : stem.str();
}

static int run(const CommandLine &commandLine) {
  llvm::Expected<std::string> modelPath = getModelPath(commandLine);
  if (!modelPath)
    return fail(llvm::toString(modelPath.takeError()));
  llvm::Expected<std::string> inputs = mo::mergeInputs(commandLine);
  if (!inputs)
    return fail(llvm::toString(inputs.takeError()));
  if (!commandLine.silent && !commandLine.withoutEffect.empty())
    llvm::outs() << "[ INFO ]  without effect here: --"
                 << llvm::join(commandLine.withoutEffect, ", --") << "\n";

  std::string name = getModelName(commandLine, *modelPath);
  if (name.find('/') != std::string::npos)
    return fail("--model_name '" + name + "' holds a '/'; name the folder with --output_dir");
  SmallString<256> xml(commandLine.outputDir.empty() ? "." : commandLine.outputDir);
  llvm::sys::path::append(xml, name + ".xml");
  SmallString<256> bin(StringRef(xml).drop_back(4));
  bin += ".bin";

  // The context reports to it until it goes.
  std::vector<mo::Remark> remarks;
  DialectRegistry registry;
  registerAllDialects(registry);
  // One model, one thread: starting a pool would cost more than it saves.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  bool hasErrors = false;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    hasErrors |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
    printDiagnostic(diagnostic, commandLine.silent);
    return success();
  });

  if ((commandLine.explain || commandLine.dryRun) && failed(mo::collectRemarks(context, remarks)))
    return fail("can't collect remarks");

  ImportTensorFlowOptions importOptions;
  importOptions.modelPath = *modelPath;
  importOptions.checkpoint = commandLine.inputCheckpoint;
  if (!commandLine.inputMetaGraph.empty())
    importOptions.kind = ImportTensorFlowOptions::Kind::MetaGraph;
  else if (!commandLine.savedModelDir.empty())
    importOptions.kind = ImportTensorFlowOptions::Kind::SavedModel;
  SmallVector<StringRef> tags;
  StringRef(commandLine.savedModelTags).split(tags, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef tag : tags)
    importOptions.tags.push_back(tag.trim().str());
  OwningOpRef<ModuleOp> module = importTensorFlow(&context, importOptions);
  if (!module)
    return hasErrors ? 1 : fail("the model can't be read");

  auto pm = PassManager::on<ModuleOp>(&context);
  TFToOpenVINOOptions pipelineOptions;
  pipelineOptions.inputs = *inputs;
  for (const std::string &output : commandLine.outputs)
    pipelineOptions.outputs.push_back(output);
  pipelineOptions.modelName = name;
  pipelineOptions.dynamic = commandLine.dynamic;
  pipelineOptions.batch = commandLine.batch;
  buildTFToOpenVINOPipeline(pm, pipelineOptions);
  if (commandLine.dumpPassPipeline) {
    pm.printAsTextualPipeline(llvm::errs(), /*pretty=*/true);
    llvm::errs() << "\n";
  }
  mo::ModelFacts facts;
  if (commandLine.dryRun)
    mo::observe(pm, facts);
  bool isConverted = succeeded(pm.run(*module));
  if (commandLine.dryRun)
    mo::printDryRun(llvm::outs(), facts, isConverted ? *module : ModuleOp(), remarks);
  if (commandLine.explain)
    mo::printExplanation(llvm::outs(), remarks);
  if (!isConverted)
    return hasErrors ? 1 : fail("the model can't be converted");
  if (commandLine.dryRun)
    return 0;

  FailureOr<func::FuncOp> model = getModelFunction(*module);
  if (failed(model))
    return 1;
  if (!commandLine.outputDir.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(commandLine.outputDir))
      return fail("can't make the folder '" + commandLine.outputDir + "': " + error.message());
  ExportOpenVINOOptions exportOptions;
  exportOptions.version = commandLine.irVersion;
  exportOptions.compressToFP16 = commandLine.compressToFP16;
  exportOptions.modelName = name;
  if (failed(exportOpenVINO(*model, xml, bin, exportOptions)))
    return 1;
  if (commandLine.silent)
    return 0;
  SmallString<256> xmlPath(xml), binPath(bin);
  llvm::sys::fs::make_absolute(xmlPath);
  llvm::sys::fs::make_absolute(binPath);
  llvm::sys::path::remove_dots(xmlPath, true);
  llvm::sys::path::remove_dots(binPath, true);
  llvm::outs() << "[ SUCCESS ] Generated IR version " << commandLine.irVersion << " model.\n"
               << "[ SUCCESS ] XML file: " << xmlPath << "\n"
               << "[ SUCCESS ] BIN file: " << binPath << "\n";
  return 0;
}

int main(int argc, char **argv) {
  SmallVector<StringRef> arguments(argv + 1, argv + argc);
  llvm::Expected<CommandLine> commandLine = mo::parseCommandLine(arguments);
  if (!commandLine)
    return fail(llvm::toString(commandLine.takeError()));
  if (commandLine->help || arguments.empty()) {
    llvm::outs() << mo::getHelp("bert-mo");
    return commandLine->help ? 0 : 1;
  }
  if (commandLine->version) {
    llvm::outs() << "bert-mo " BERT_MLIR_VERSION "\n";
    return 0;
  }
  return run(*commandLine);
}
