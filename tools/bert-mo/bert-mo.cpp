//===- bert-mo.cpp - Model Optimizer's successor for BERT ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For people who had `mo` or `mo_tf.py` in their scripts: the same command line,
// one word changed. It imports, runs the pipeline --tf-to-openvino and writes.
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Driver/CommandLine.h"
#include "bert/Driver/ReadModel.h"
#include "bert/Driver/Remarks.h"
#include "bert/InitAllDialects.h"
#include "bert/Pipelines/OVTarget.h"
#include "bert/Pipelines/TFToOpenVINO.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;
using bertmlir::driver::CommandLine;

static int run(const CommandLine &commandLine) {
  llvm::Expected<std::string> modelPath = driver::getModelPath(commandLine);
  if (!modelPath)
    return driver::fail(llvm::toString(modelPath.takeError()));
  if (llvm::Error error = driver::checkInputs(commandLine))
    return driver::fail(llvm::toString(std::move(error)));
  if (!commandLine.silent && !commandLine.withoutEffect.empty())
    llvm::outs() << "[ INFO ]  without effect here: --"
                 << llvm::join(commandLine.withoutEffect, ", --") << "\n";

  std::string name = driver::getModelName(commandLine, *modelPath);
  if (name.find('/') != std::string::npos)
    return driver::fail("--model_name '" + name +
                        "' holds a '/'; name the folder with --output_dir");
  SmallString<256> xml(commandLine.outputDir.empty() ? "." : commandLine.outputDir);
  llvm::sys::path::append(xml, name + ".xml");
  SmallString<256> bin(StringRef(xml).drop_back(4));
  bin += ".bin";
  int irVersion = commandLine.irVersion;
  if (irVersion == 0)
    irVersion = OpenVINORelease::parse(commandLine.targetOpenVINO)->getIRVersion();

  // The context reports to it until it goes.
  std::vector<driver::Remark> remarks;
  DialectRegistry registry;
  registerAllDialects(registry);
  // One model, one thread: starting a pool would cost more than it saves.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  driver::DiagnosticPrinter printer(context, commandLine.silent);

  if ((commandLine.explain || commandLine.dryRun) &&
      failed(driver::collectRemarks(context, remarks)))
    return driver::fail("can't collect remarks");

  OwningOpRef<ModuleOp> module = driver::importModel(context, commandLine);
  if (!module)
    return printer.hasErrors() ? 1 : driver::fail("the model can't be read");

  auto pm = PassManager::on<ModuleOp>(&context);
  driver::buildModelPipeline(pm, commandLine, name, driver::Runtime::OpenVINO);
  mo::ModelFacts facts;
  if (commandLine.dryRun)
    mo::observe(pm, facts);
  FailureOr<func::FuncOp> model = driver::runPipeline(pm, *module, commandLine);
  bool isConverted = succeeded(model);
  if (commandLine.dryRun)
    mo::printDryRun(llvm::outs(), facts, isConverted ? *module : ModuleOp(), remarks);
  if (commandLine.explain)
    driver::printExplanation(llvm::outs(), remarks);
  if (!isConverted)
    return printer.hasErrors() ? 1 : driver::fail("the model can't be converted");
  if (commandLine.dryRun)
    return 0;

  if (!commandLine.outputDir.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(commandLine.outputDir))
      return driver::fail("can't make the folder '" + commandLine.outputDir +
                          "': " + error.message());
  ExportOpenVINOOptions exportOptions;
  exportOptions.version = irVersion;
  exportOptions.compressToFP16 = commandLine.compressToFP16;
  exportOptions.modelName = name;
  if (failed(exportOpenVINO(*model, xml, bin, exportOptions)))
    return 1;
  if (commandLine.silent)
    return 0;
  llvm::outs()
      << "[ INFO ]  weights are stored "
      << (commandLine.compressToFP16 ? "as f16 where it can hold them"
                                     : "as they are, none is rounded")
      << "; in what precision they are computed says OpenVINO's INFERENCE_PRECISION_HINT\n";
  SmallString<256> xmlPath(xml), binPath(bin);
  llvm::sys::fs::make_absolute(xmlPath);
  llvm::sys::fs::make_absolute(binPath);
  llvm::sys::path::remove_dots(xmlPath, true);
  llvm::sys::path::remove_dots(binPath, true);
  llvm::outs() << "[ SUCCESS ] Generated IR version " << irVersion << " model.\n"
               << "[ SUCCESS ] XML file: " << xmlPath << "\n"
               << "[ SUCCESS ] BIN file: " << binPath << "\n";
  return 0;
}

int main(int argc, char **argv) {
  int exitCode = 0;
  std::optional<CommandLine> commandLine =
      driver::startProgram(driver::Program::Mo, "bert-mo", argc, argv, exitCode);
  if (!commandLine)
    return exitCode;
  return run(*commandLine);
}
