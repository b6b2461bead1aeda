//===- bert-compile.cpp - from a model to a shared library -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For people who deploy: model in, library, weights and C header out. It reads what
// bert-mo reads, with the same flags, runs the pipelines that bert-opt has, and
// leaves either all of its files or none.
//
//===----------------------------------------------------------------------===//

#include "DryRun.h"

#include "bert/Dialect/Bert/Transforms/WeightPlan.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Driver/CommandLine.h"
#include "bert/Driver/ReadModel.h"
#include "bert/Driver/Remarks.h"
#include "bert/InitAllDialects.h"
#include "bert/Pipelines/LowerToLLVM.h"
#include "bert/Pipelines/OpenVINOToLLVM.h"
#include "bert/Support/AtomicOutput.h"
#include "bert/Target/Native/CountWork.h"
#include "bert/Target/Native/EmitNative.h"
#include "bert/Target/Native/WeightsFileWriter.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::native;
using bertmlir::driver::CommandLine;

namespace {

// One run of the program.
class Compiler {
public:
  Compiler(const CommandLine &commandLine, StringRef program, MLIRContext &context)
      : commandLine(commandLine), program(program), context(context) {}

  LogicalResult run();

private:
  LogicalResult chooseTargets();
  LogicalResult prepareModel();
  LogicalResult packWeights(func::FuncOp main);
  LogicalResult lower(ModuleOp lowered, const NativeTarget &target);
  LogicalResult runDry();
  LogicalResult writeText();
  LogicalResult writeBinaries();
  LogicalResult writeAll(llvm::ArrayRef<std::pair<std::string, llvm::ArrayRef<char>>> files,
                         const BuildId &buildId);

  std::string getOutputPath(StringRef extension) const;
  LogicalResult fail(const llvm::Twine &message) {
    driver::fail(message);
    return failure();
  }

  const CommandLine &commandLine;
  StringRef program;
  MLIRContext &context;
  std::string name;
  std::vector<NativeTarget> targets;
  OwningOpRef<ModuleOp> module;
  /// Whether the module was given in its last form before LLVM: @main on buffers.
  bool isLowered = false;
  ModelInterface interface;
  /// What --dry-run says of the fused model.
  std::string operations;
  /// Null where only text is written.
  std::unique_ptr<WeightsFileWriter> weights;
};

} // namespace

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

LogicalResult Compiler::chooseTargets() {
  if (commandLine.multiTarget) {
    if (!commandLine.targetFeatures.empty())
      return fail("--multi_target and --target_features exclude each other");
    targets = getMultiTargets();
    return success();
  }
  llvm::Expected<NativeTarget> target =
      parseTarget(commandLine.targetFeatures.empty() ? "native" : commandLine.targetFeatures);
  if (!target)
    return fail("--target_features: " + llvm::toString(target.takeError()));
  targets.push_back(std::move(*target));
  return success();
}

LogicalResult Compiler::prepareModel() {
  if (llvm::Error error = driver::checkInputs(commandLine))
    return fail(llvm::toString(std::move(error)));
  module = driver::importModel(context, commandLine);
  if (!module)
    return failure();

  auto main = module->lookupSymbol<func::FuncOp>(kMainFunction);
  isLowered = main && module->lookupSymbol<func::FuncOp>(kArenaFunction);
  if (!isLowered) {
    CommandLine options = commandLine;
    // A shape that is asked for stays; else one library serves all shapes.
    bool hasShapes = StringRef(commandLine.input).contains('[') ||
                     !commandLine.inputShape.empty() || commandLine.batch != 0;
    options.dynamic = commandLine.dynamic || !(commandLine.staticShapes || hasShapes);
    auto pm = PassManager::on<ModuleOp>(&context);
    driver::buildModelPipeline(pm, options, kMainFunction, driver::Runtime::Native);
    pm.nest<func::FuncOp>().addPass(ov::createOVDescribeInterface());
    OpenVINOToLLVMOptions fusion;
    fusion.skipPadding = commandLine.skipPadding;
    fusion.plain = commandLine.plain;
    buildFuseModelPipeline(pm, fusion);
    FailureOr<func::FuncOp> function = driver::runPipeline(pm, *module, commandLine);
    if (failed(function))
      return failure();
    main = *function;
    main.setName(kMainFunction);
  }
  FailureOr<ModelInterface> found = getModelInterface(main, name);
  if (failed(found))
    return failure();
  interface = std::move(*found);
  if (isLowered)
    return success();
  interface.work = countWork(main);
  if (commandLine.dryRun)
    operations = compile::describeOperations(main);
  return packWeights(main);
}

// Writes the weights, and gives the model their places in exchange.
LogicalResult Compiler::packWeights(func::FuncOp main) {
  FailureOr<bert::WeightPlan> plan = bert::planWeights(main);
  if (failed(plan))
    return failure();
  if (weights) {
    if (llvm::Error error = weights->open())
      return fail(llvm::toString(std::move(error)));
    if (failed(bert::writeWeights(
            *plan, [&](llvm::ArrayRef<char> bytes) { return weights->write(bytes); })))
      return failure();
  }
  interface.weightsBytes = plan->bytes;
  context.loadDialect<bert::BertDialect>();
  bert::applyPlan(main, *plan);
  return success();
}

// To the LLVM dialect, for one target.
LogicalResult Compiler::lower(ModuleOp lowered, const NativeTarget &target) {
  auto pm = PassManager::on<ModuleOp>(&context);
  if (isLowered) {
    buildLowerToLLVMPipeline(pm);
  } else {
    OpenVINOToLLVMOptions options;
    options.vectorBits = target.getVectorBits();
    options.fma = target.has("fma");
    options.plain = commandLine.plain;
    buildGenerateCodePipeline(pm, options);
  }
  if (commandLine.dumpPassPipeline) {
    pm.printAsTextualPipeline(llvm::errs(), /*pretty=*/true);
    llvm::errs() << "\n";
  }
  return pm.run(lowered);
}

//===----------------------------------------------------------------------===//
// The files
//===----------------------------------------------------------------------===//

// -o FILE, or the model's name; with another extension for the other files.
std::string Compiler::getOutputPath(StringRef extension) const {
  SmallString<256> path(commandLine.outputFile.empty() ? StringRef(name)
                                                       : StringRef(commandLine.outputFile));
  if (commandLine.outputFile.empty())
    path += extension;
  else
    llvm::sys::path::replace_extension(path, extension);
  return path.str().str();
}

// What has no code is an error here too.
LogicalResult Compiler::runDry() {
  for (auto [index, target] : llvm::enumerate(targets)) {
    OwningOpRef<ModuleOp> copy = index + 1 == targets.size() ? std::move(module) : module->clone();
    if (failed(lower(*copy, target)))
      return failure();
  }
  compile::printDryRun(llvm::outs(), interface, operations, targets);
  return success();
}

LogicalResult Compiler::writeText() {
  if (targets.size() > 1)
    return fail("--emit=" + commandLine.emit + " takes one target; leave out --multi_target");
  if (failed(lower(*module, targets.front())))
    return failure();
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (commandLine.emit == "mlir") {
    module->print(stream);
  } else {
    llvm::LLVMContext llvmContext;
    std::unique_ptr<llvm::Module> code =
        translateModule(*module, interface, targets.front(), 0, llvmContext);
    if (!code)
      return failure();
    code->print(stream, nullptr);
  }
  std::string path = commandLine.outputFile.empty()
                         ? getOutputPath(commandLine.emit == "mlir" ? ".mlir" : ".ll")
                         : commandLine.outputFile;
  AtomicOutput output(path);
  llvm::Error error = output.open();
  if (!error)
    error = output.writeText(text);
  if (!error)
    error = output.commit();
  return error ? fail(llvm::toString(std::move(error))) : success();
}

LogicalResult Compiler::writeBinaries() {
  std::vector<Bytes> objects;
  for (auto [index, target] : llvm::enumerate(targets)) {
    OwningOpRef<ModuleOp> copy = index + 1 == targets.size() ? std::move(module) : module->clone();
    if (failed(lower(*copy, target)))
      return failure();
    llvm::LLVMContext llvmContext;
    std::unique_ptr<llvm::Module> code =
        translateModule(*copy, interface, target, static_cast<unsigned>(index), llvmContext);
    if (!code)
      return failure();
    FailureOr<Bytes> object = emitObject(*code, target, copy->getLoc());
    if (failed(object))
      return failure();
    objects.push_back(std::move(*object));
  }
  // The library's name for the file with the weights, and theirs for the library.
  SmallVector<llvm::ArrayRef<char>> parts(objects.begin(), objects.end());
  BuildId buildId = computeBuildId(parts);
  FailureOr<Bytes> descriptor =
      emitDescriptor(interface, targets, buildId, UnknownLoc::get(&context));
  if (failed(descriptor))
    return failure();
  objects.push_back(std::move(*descriptor));

  auto link = [&]() -> llvm::Expected<Bytes> {
    if (commandLine.emit == "object")
      return joinObjects(objects);
    llvm::Expected<std::string> archive = findRuntimeArchive(program);
    if (!archive)
      return archive.takeError();
    return linkLibrary(objects, *archive, commandLine.prefix);
  };
  llvm::Expected<Bytes> library = link();
  if (!library)
    return fail(llvm::toString(library.takeError()));
  std::string libraryPath = commandLine.outputFile.empty()
                                ? getOutputPath(commandLine.emit == "object" ? ".o" : ".so")
                                : commandLine.outputFile;
  std::string header = makeHeader(interface, commandLine.prefix);
  return writeAll({{getOutputPath(".h"), {header.data(), header.size()}}, {libraryPath, *library}},
                  buildId);
}

// All into temporary files first; then the weights get their name, and the library gets its last.
LogicalResult Compiler::writeAll(llvm::ArrayRef<std::pair<std::string, llvm::ArrayRef<char>>> files,
                                 const BuildId &buildId) {
  auto write = [&]() -> llvm::Error {
    if (isLowered)
      if (llvm::Error error = weights->open())
        return error;
    if (llvm::Error error = weights->finish(buildId))
      return error;
    std::vector<std::unique_ptr<AtomicOutput>> outputs;
    for (auto [path, bytes] : files) {
      outputs.push_back(std::make_unique<AtomicOutput>(path));
      if (llvm::Error error = outputs.back()->open())
        return error;
      if (llvm::Error error = outputs.back()->write(bytes))
        return error;
      if (llvm::Error error = outputs.back()->finish())
        return error;
    }
    if (llvm::Error error = weights->commit())
      return error;
    for (auto &output : outputs)
      if (llvm::Error error = output->commit())
        return error;
    return llvm::Error::success();
  };
  if (llvm::Error error = write())
    return fail(llvm::toString(std::move(error)));
  if (commandLine.silent)
    return success();
  llvm::outs() << "[ SUCCESS ] Library: " << files.back().first << "\n"
               << "[ SUCCESS ] Weights: " << getOutputPath(".weights") << "\n"
               << "[ SUCCESS ] Header: " << files.front().first << "\n";
  return success();
}

LogicalResult Compiler::run() {
  llvm::Expected<std::string> path = driver::getModelPath(commandLine);
  if (!path)
    return fail(llvm::toString(path.takeError()));
  name = driver::getModelName(commandLine, *path);
  StringRef extension = llvm::sys::path::extension(commandLine.outputFile);
  if (extension == ".h" || extension == ".weights")
    return fail("-o " + commandLine.outputFile +
                " names the library; weights and header go beside it");
  bool isText = commandLine.emit == "mlir" || commandLine.emit == "llvm";
  if (!isText && !commandLine.dryRun)
    weights = std::make_unique<WeightsFileWriter>(getOutputPath(".weights"));
  if (failed(chooseTargets()) || failed(prepareModel()))
    return failure();
  if (commandLine.dryRun)
    return runDry();
  return isText ? writeText() : writeBinaries();
}

int main(int argc, char **argv) {
  int exitCode = 0;
  std::optional<CommandLine> commandLine =
      driver::startProgram(driver::Program::Compile, "bert-compile", argc, argv, exitCode);
  if (!commandLine)
    return exitCode;
  // The context reports to it until it goes.
  std::vector<driver::Remark> remarks;
  DialectRegistry registry;
  bertmlir::registerAllDialects(registry);
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllToLLVMIRTranslations(registry);
  // One model, one thread.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  driver::DiagnosticPrinter printer(context, commandLine->silent);
  if (commandLine->explain && failed(driver::collectRemarks(context, remarks)))
    return driver::fail("can't collect remarks");
  LogicalResult result = Compiler(*commandLine, argv[0], context).run();
  if (commandLine->explain)
    driver::printExplanation(llvm::outs(), remarks);
  return succeeded(result) ? 0 : 1;
}
