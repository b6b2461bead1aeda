//===- Fuzzing.cpp - what the fuzz targets have in common -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/InitAllDialects.h"

#include "llvm/Support/raw_ostream.h"

#include <climits>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sys/resource.h>

using namespace mlir;
using namespace bertmlir::fuzz;

void bertmlir::fuzz::require(bool condition, const char *what) {
  if (condition)
    return;
  llvm::errs() << "fuzzing found: " << what << "\n";
  std::abort();
}

static const DialectRegistry &getRegistry() {
  static const DialectRegistry *registry = [] {
    auto *all = new DialectRegistry;
    bertmlir::registerAllDialects(*all);
    return all;
  }();
  return *registry;
}

Session::Session()
    : context(getRegistry(), MLIRContext::Threading::DISABLED),
      handler(&context, [this](Diagnostic &diagnostic) {
        static const bool isVerbose = std::getenv("BERT_FUZZ_VERBOSE") != nullptr;
        bool isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
        sawError |= isError;
        // Messages are put together from what the file says: do it in any case.
        std::string text = diagnostic.str();
        for (Diagnostic &note : diagnostic.getNotes())
          text += "\n  " + note.str();
        if (isVerbose)
          llvm::errs() << (isError ? "error: " : "remark: ") << text << "\n";
        return success();
      }) {
  context.printOpOnDiagnostic(false);
}

bool Session::takeError() {
  bool result = sawError;
  sawError = false;
  return result;
}

bool Session::run(PassManager &pm, ModuleOp module) {
  takeError();
  if (succeeded(pm.run(module)))
    return true;
  require(takeError(), "passes failed without a message");
  return false;
}

const std::string &bertmlir::fuzz::getFolder() {
  // Never destroyed, and removed by whoever made $TMPDIR: a finding ends the process anywhere.
  static const auto *folder = [] {
    const char *parent = std::getenv("TMPDIR");
    auto *path = new std::string(std::string(parent ? parent : "/tmp") + "/bert-fuzz-XXXXXX");
    require(::mkdtemp(path->data()) != nullptr, "no folder for temporary files");
    // A small model may well mean a huge one; then its file ends early, as on a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {rlim_t(1) << 26, rlim_t(1) << 26};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return path;
  }();
  return *folder;
}

std::string bertmlir::fuzz::writeFile(llvm::StringRef name, llvm::StringRef content) {
  std::string path = getFolder() + "/" + name.str();
  std::ofstream(path, std::ios::binary).write(content.data(), content.size());
  return path;
}

size_t Random::below(size_t limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return limit == 0 ? 0 : (state >> 33) % limit;
}

int64_t Random::number() {
  static constexpr int64_t special[] = {
      0,         1,         -1,       2,       -2,           127,      128,
      255,       256,       INT_MAX,  INT_MIN, 1L << 31,     1L << 32, 1L << 40,
      INT64_MAX, INT64_MIN, 1L << 62, 1000000, INT64_MAX - 1};
  if (oneIn(3))
    return special[below(std::size(special))];
  return static_cast<int64_t>(below(12)) - 2;
}
