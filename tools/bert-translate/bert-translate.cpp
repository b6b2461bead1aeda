//===- bert-translate.cpp - foreign files to MLIR and back -----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Has its own main since upstream's writes no bytecode, opens its output before it
// works (so that a failure destroys what stood there) and knows of one input and
// one output only.
//
//===----------------------------------------------------------------------===//

#include "bert/InitAllDialects.h"
#include "bert/InitAllTranslations.h"
#include "bert/Support/AtomicOutput.h"
#include "bert/Support/Diagnostics.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/ToolUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace bertmlir;
namespace cl = llvm::cl;

namespace {
using Translation = TranslationRegistry::Translation;

// Writes to an AtomicOutput and remembers the first failure.
class OutputStream : public llvm::raw_ostream {
public:
  explicit OutputStream(AtomicOutput &output) : output(output) {}
  ~OutputStream() override {
    flush();
    llvm::consumeError(std::move(error));
  }
  llvm::Error takeError() {
    flush();
    return std::move(error);
  }

private:
  void write_impl(const char *data, size_t size) override {
    position += size;
    if (!error)
      error = output.write({data, size});
  }
  uint64_t current_pos() const override { return position; }

  AtomicOutput &output;
  uint64_t position = 0;
  llvm::Error error = llvm::Error::success();
};

// The command line. Made after the options that libLLVM brings along (2,600 of
// them) are gone, so that help shows ours and a typing error is answered with ours.
struct Options {
  cl::opt<std::string> input{cl::Positional, cl::desc("<input file>"), cl::init("-")};
  cl::opt<std::string> output{"o", cl::desc("Output file; appears whole or not at all"),
                              cl::value_desc("file"), cl::init("-")};
  cl::opt<bool> emitBytecode{
      "emit-bytecode", cl::desc("Write bytecode, which holds the weights; text has none of them")};
  cl::opt<std::string> split{
      "split-input-file", cl::ValueOptional, cl::value_desc("marker"),
      cl::desc("Import the parts of a text file one by one; they are separated by lines that begin "
               "with the marker (default: # -----)"),
      cl::init("")};
  cl::opt<bool> verifyDiagnostics{
      "verify-diagnostics",
      cl::desc("Compare diagnostics with the comments expected-error @below {{...}} of the input")};
};
} // namespace

static int fail(const llvm::Twine &message) {
  llvm::errs() << "bert-translate: error: " << message << '\n';
  return 1;
}

static std::unique_ptr<MLIRContext> makeContext() {
  DialectRegistry registry;
  registerAllDialects(registry);
  return std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
}

static LogicalResult writeModule(ModuleOp module, raw_ostream &os, bool asBytecode) {
  if (asBytecode)
    return writeBytecodeToFile(module, os);
  // Without a limit the printer spells hundreds of megabytes as hexadecimal; with
  // any but 0 it does so before it looks at the size.
  OpPrintingFlags flags;
  if (!flags.getLargeResourceStringLimit())
    flags.elideLargeResourceString(0);
  module->print(os, flags);
  os << '\n';
  return success();
}

static int runExport(const Translation &translation, const Options &options) {
  if (options.output == "-")
    return fail("--" + translation.flag + " needs the name of the file to write (-o)");
  std::unique_ptr<MLIRContext> context = makeContext();
  OwningOpRef<ModuleOp> module;
  {
    // Text is quoted in messages about its syntax.
    llvm::SourceMgr sources;
    SourceMgrDiagnosticHandler handler(sources, context.get());
    module = parseSourceFile<ModuleOp>(options.input, sources, context.get());
  }
  DiagnosticPrinter printer(context.get());
  if (!module || failed(translation.exportTo(*module, options.output)))
    return 1;
  return 0;
}

// Imports one part of a text file, whose bytes `buffer` holds, to `os`; with
// --verify-diagnostics the messages are compared instead of printed.
static LogicalResult importPart(const Translation &translation, const Options &options,
                                std::unique_ptr<llvm::MemoryBuffer> buffer, raw_ostream &os) {
  std::unique_ptr<MLIRContext> context = makeContext();
  StringRef name = buffer->getBufferIdentifier();
  std::shared_ptr<MappedFile> content = MappedFile::fromMemory(buffer->getBuffer(), name);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  auto run = [&]() {
    OwningOpRef<ModuleOp> module =
        translation.importFrom(content->getPath(), content, context.get());
    return module ? writeModule(*module, os, options.emitBytecode) : failure();
  };
  if (!options.verifyDiagnostics) {
    SourceMgrDiagnosticHandler handler(sources, context.get());
    return run();
  }
  SourceMgrDiagnosticVerifierHandler handler(sources, context.get());
  (void)run();
  return handler.verify();
}

static int runImport(const Translation &translation, const Options &options) {
  AtomicOutput output(options.output);
  if (llvm::Error error = output.open())
    return fail(llvm::toString(std::move(error)));
  OutputStream os(output);

  bool isSplit = options.split.getNumOccurrences() > 0;
  if (isSplit || options.verifyDiagnostics) {
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(options.input);
    if (!buffer)
      return fail("can't open '" + options.input + "': " + buffer.getError().message());
    std::string marker = !isSplit                ? ""
                         : options.split.empty() ? "# -----"
                                                 : options.split.getValue();
    auto import = [&](std::unique_ptr<llvm::MemoryBuffer> part, raw_ostream &os) {
      return importPart(translation, options, std::move(part), os);
    };
    if (failed(splitAndProcessBuffer(std::move(*buffer), import, os, marker, "// -----")))
      return 1;
  } else {
    std::unique_ptr<MLIRContext> context = makeContext();
    DiagnosticPrinter printer(context.get());
    OwningOpRef<ModuleOp> module =
        translation.importFrom(options.input, /*content=*/nullptr, context.get());
    if (!module || failed(writeModule(*module, os, options.emitBytecode)))
      return 1;
  }
  llvm::Error error = os.takeError();
  if (!error)
    error = output.commit();
  return error ? fail(llvm::toString(std::move(error))) : 0;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ResetCommandLineParser();
  registerAsmPrinterCLOptions();
  Options options;
  TranslationRegistry registry;
  registerAllTranslations(registry);
  std::vector<std::unique_ptr<cl::opt<bool>>> flags;
  for (const Translation &translation : registry.getTranslations())
    flags.push_back(std::make_unique<cl::opt<bool>>(StringRef(translation.flag),
                                                    cl::desc(translation.description)));
  // Help lists options by category, and the reset has forgotten the default one.
  cl::OptionCategory category("Options");
  for (auto &entry : cl::getRegisteredOptions())
    entry.second->addCategory(category);
  cl::ParseCommandLineOptions(argc, argv,
                              "Translates model files to MLIR and back; name one translation\n");

  const Translation *chosen = nullptr;
  for (auto [flag, translation] : llvm::zip(flags, registry.getTranslations())) {
    if (!*flag)
      continue;
    if (chosen)
      return fail("--" + chosen->flag + " and --" + translation.flag + " exclude each other");
    chosen = &translation;
  }
  if (!chosen)
    return fail("name what to do, such as --import-tf-graphdef (see --help)");
  return chosen->importFrom ? runImport(*chosen, options) : runExport(*chosen, options);
}
