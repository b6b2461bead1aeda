//===- bert-run.cpp - runs a model on text or on arrays of numpy's ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// For anyone who wants answers or times: model and arrays or text in, answers out. It reads
// what bert-mo and bert-compile read, with the same flags, and compiles it in
// memory; or it loads a library that bert-compile has made.
//
//===----------------------------------------------------------------------===//

#include "Benchmark.h"
#include "LibraryModel.h"
#include "Tensors.h"
#include "Text.h"

#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Driver/CommandLine.h"
#include "bert/Driver/ReadModel.h"
#include "bert/InitAllDialects.h"
#include "bert/Target/JIT/JITModel.h"
#include "bert/Target/Native/EmitNative.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;
using bertmlir::driver::CommandLine;

namespace {

// One run of the program.
class Runner {
public:
  Runner(const CommandLine &commandLine, MLIRContext &context)
      : commandLine(commandLine), context(context) {}

  LogicalResult run();

private:
  LogicalResult compile();
  LogicalResult load(StringRef path);
  LogicalResult runText();
  LogicalResult call(StringRef inputsPath, StringRef outputsPath, bool isLast);
  LogicalResult benchmark(ArrayRef<bert_tensor> inputs, MutableArrayRef<bert_tensor> outputs);
  LogicalResult fail(const llvm::Twine &message) {
    driver::fail(message);
    return failure();
  }

  const native::ModelInterface &getInterface() const {
    return compiled ? compiled->getInterface() : library->getInterface();
  }
  int getNumThreads() const {
    return compiled ? compiled->getNumThreads() : library->getNumThreads();
  }
  llvm::Error invoke(ArrayRef<bert_tensor> inputs, MutableArrayRef<bert_tensor> outputs) {
    return compiled ? compiled->run(inputs, outputs) : library->run(inputs, outputs);
  }

  const CommandLine &commandLine;
  MLIRContext &context;
  // One of the two.
  std::unique_ptr<jit::JITModel> compiled;
  std::unique_ptr<run::LibraryModel> library;
  run::TensorNames names;
};

} // namespace

// A library says all that is to know; flags that are for compiling would do nothing.
LogicalResult Runner::load(StringRef path) {
  if (commandLine.plain || commandLine.skipPadding || !commandLine.targetFeatures.empty() ||
      !commandLine.input.empty() || !commandLine.outputs.empty())
    return fail("'" + path +
                "' is compiled already; --input, --output, --plain, --skip_padding and "
                "--target_features are for bert-compile");
  llvm::Expected<std::unique_ptr<run::LibraryModel>> loaded = run::LibraryModel::load(
      path, commandLine.prefix, static_cast<int>(std::min<int64_t>(commandLine.threads, INT_MAX)));
  if (!loaded)
    return fail(llvm::toString(loaded.takeError()));
  library = std::move(*loaded);
  if (commandLine.verify)
    if (llvm::Error error = library->verify())
      return fail(llvm::toString(std::move(error)));
  for (const native::TensorInterface &input : library->getInterface().inputs)
    names.inputs.push_back({input.name});
  for (const native::TensorInterface &output : library->getInterface().outputs)
    names.outputs.push_back({output.name});
  return success();
}

LogicalResult Runner::compile() {
  llvm::Expected<std::string> path = driver::getModelPath(commandLine);
  if (!path)
    return fail(llvm::toString(path.takeError()));
  if (StringRef(*path).ends_with(".so"))
    return load(*path);
  if (commandLine.verify)
    return fail("--verify reads the weights of a library (model.so)");
  if (llvm::Error error = driver::checkInputs(commandLine))
    return fail(llvm::toString(std::move(error)));
  jit::JITOptions options;
  options.plain = commandLine.plain;
  options.skipPadding = commandLine.skipPadding;
  options.threads = static_cast<int>(std::min<int64_t>(commandLine.threads, BERT_MAX_WORKERS + 1));
  if (!commandLine.targetFeatures.empty()) {
    llvm::Expected<native::NativeTarget> target = native::parseTarget(commandLine.targetFeatures);
    if (!target)
      return fail("--target_features: " + llvm::toString(target.takeError()));
    options.target = std::move(*target);
  }
  OwningOpRef<ModuleOp> module = driver::importModel(context, commandLine);
  if (!module)
    return failure();
  auto pm = PassManager::on<ModuleOp>(&context);
  driver::buildModelPipeline(pm, commandLine, native::kMainFunction, driver::Runtime::Native);
  pm.nest<func::FuncOp>().addPass(ov::createOVDescribeInterface());
  FailureOr<func::FuncOp> main = driver::runPipeline(pm, *module, commandLine);
  if (failed(main))
    return failure();
  main->setName(native::kMainFunction);
  names = run::getTensorNames(*main);
  FailureOr<std::unique_ptr<jit::JITModel>> made =
      jit::JITModel::create(*module, driver::getModelName(commandLine, *path), options);
  if (failed(made))
    return failure();
  compiled = std::move(*made);
  return success();
}

LogicalResult Runner::benchmark(ArrayRef<bert_tensor> inputs,
                                MutableArrayRef<bert_tensor> outputs) {
  auto call = [&] {
    for (bert_tensor &output : outputs)
      output.data = nullptr;
    return invoke(inputs, outputs);
  };
  if (llvm::Error error = run::benchmark(llvm::outs(), run::getLoad(getInterface(), inputs),
                                         getNumThreads(), commandLine.benchmark, call))
    return fail(llvm::toString(std::move(error)));
  return success();
}

// One call with one file of inputs.
LogicalResult Runner::call(StringRef inputsPath, StringRef outputsPath, bool isLast) {
  llvm::Expected<NpzArrays> arrays = readNpz(inputsPath);
  if (!arrays)
    return fail("--inputs_from: " + llvm::toString(arrays.takeError()));
  std::vector<NpyArray> storage;
  llvm::Expected<std::vector<bert_tensor>> inputs =
      run::takeInputs(getInterface(), names, *arrays, storage);
  if (!inputs)
    return fail("--inputs_from: '" + inputsPath + "': " + llvm::toString(inputs.takeError()));
  std::vector<bert_tensor> outputs(getInterface().outputs.size());
  if (llvm::Error error = invoke(*inputs, outputs))
    return fail(llvm::toString(std::move(error)));
  if (!outputsPath.empty())
    if (llvm::Error error = writeNpz(outputsPath, run::giveOutputs(getInterface(), names, outputs)))
      return fail("--outputs_to: " + llvm::toString(std::move(error)));
  return isLast && commandLine.benchmark > 0 ? benchmark(*inputs, outputs) : success();
}

// Text, which is read before the work, too.
LogicalResult Runner::runText() {
  llvm::Expected<std::string> path = driver::getModelPath(commandLine);
  if (!path)
    return fail(llvm::toString(path.takeError()));
  llvm::Expected<run::TextRun> text = run::TextRun::prepare(commandLine, *path);
  if (!text)
    return fail(llvm::toString(text.takeError()));
  if (failed(compile()))
    return failure();
  auto call = [&](ArrayRef<bert_tensor> inputs, MutableArrayRef<bert_tensor> outputs) {
    return invoke(inputs, outputs);
  };
  if (llvm::Error error = text->run(getInterface(), names, call))
    return fail(llvm::toString(std::move(error)));
  return success();
}

LogicalResult Runner::run() {
  if (run::isAboutText(commandLine))
    return runText();
  ArrayRef<std::string> inputs = commandLine.inputsFrom, outputs = commandLine.outputsTo;
  if (inputs.empty())
    return fail("no inputs are given; name a .npz file with --inputs_from, or give --text");
  if (!outputs.empty() && outputs.size() != inputs.size())
    return fail("there are " + llvm::Twine(inputs.size()) + " files of inputs and " +
                llvm::Twine(outputs.size()) + " for outputs; give one for each");
  // A wrong name is told before the work.
  for (const std::string &path : inputs)
    if (std::error_code error = llvm::sys::fs::access(path, llvm::sys::fs::AccessMode::Exist))
      return fail("--inputs_from: can't read '" + path + "': " + error.message());
  if (failed(compile()))
    return failure();
  for (size_t i = 0; i < inputs.size(); ++i)
    if (failed(call(inputs[i], outputs.empty() ? StringRef() : StringRef(outputs[i]),
                    i + 1 == inputs.size())))
      return failure();
  return success();
}

int main(int argc, char **argv) {
  int exitCode = 0;
  std::optional<CommandLine> commandLine =
      driver::startProgram(driver::Program::Run, "bert-run", argc, argv, exitCode);
  if (!commandLine)
    return exitCode;
  // Lines differ in length.
  if (run::isAboutText(*commandLine) && commandLine->batch == 0 && commandLine->inputShape.empty())
    commandLine->dynamic = true;
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  DialectRegistry registry;
  bertmlir::registerAllDialects(registry);
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllToLLVMIRTranslations(registry);
  // One model, one thread.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  driver::DiagnosticPrinter printer(context, commandLine->silent);
  return succeeded(Runner(*commandLine, context).run()) ? 0 : 1;
}
