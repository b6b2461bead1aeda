//===- LinkLibrary.cpp - from object files to a shared library ------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Runs lld. No compiler, no start-up files and no -dev package of the C library is
// needed: the library has no constructors, and is linked with the very C library
// that the compiler runs on.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/EmitNative.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <sys/auxv.h>

using namespace bertmlir;
using namespace bertmlir::native;
using llvm::SmallString;
using llvm::SmallVector;
using llvm::StringRef;

static constexpr StringRef kExportedFunctions[] = {
    "get_info",   "find_input",  "find_output", "create",    "verify",  "run",
    "run_ragged", "run_tensors", "num_threads", "code_name", "destroy", "last_error"};

// The C library of this process, and what used to be parts of it.
static SmallVector<std::string> findCLibrary() {
  SmallVector<std::string> found;
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void *>(&gnu_get_libc_version), &info) || !info.dli_fname)
    return found;
  found.push_back(info.dli_fname);
  StringRef folder = llvm::sys::path::parent_path(info.dli_fname);
  for (StringRef name : {"libm.so.6", "libpthread.so.0", "libdl.so.2"}) {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    if (llvm::sys::fs::exists(path))
      found.push_back(path.str().str());
  }
  // Thread-local variables are found by a function of the loader. (Asking for the function would
  // find a sanitizer's.)
  auto *loader = reinterpret_cast<void *>(getauxval(AT_BASE));
  if (loader && dladdr(loader, &info) && info.dli_fname)
    found.push_back(info.dli_fname);
  return found;
}

static llvm::Expected<std::string> findLinker() {
  for (StringRef name : {BERT_LLD, "ld.lld-22", "ld.lld"})
    if (llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(name))
      return *path;
  return llvm::createStringError("the linker ld.lld is not there; install the package lld-22, or "
                                 "take --emit=object and link it yourself");
}

static llvm::Error writeFile(StringRef path, llvm::ArrayRef<char> bytes) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (!error) {
    stream.write(bytes.data(), bytes.size());
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  if (error)
    return llvm::createStringError(path + ": " + error.message());
  return llvm::Error::success();
}

namespace {

// One run of the linker, in a folder of its own.
class Link {
public:
  Link() = default;
  ~Link() {
    if (!folder.empty())
      llvm::sys::fs::remove_directories(folder);
  }

  // Writes the object files.
  llvm::Error prepare(llvm::ArrayRef<Bytes> objects) {
    llvm::Expected<std::string> found = findLinker();
    if (!found)
      return found.takeError();
    linker = *found;
    if (std::error_code error = llvm::sys::fs::createUniqueDirectory("bert-compile", folder))
      return llvm::createStringError("no temporary folder: " + error.message());
    arguments = {linker, "-o", getPath("result")};
    for (auto [index, object] : llvm::enumerate(objects)) {
      std::string path = getPath("code" + std::to_string(index) + ".o");
      if (llvm::Error error = writeFile(path, object))
        return error;
      arguments.push_back(path);
    }
    return llvm::Error::success();
  }

  // A path in the folder.
  std::string getPath(StringRef name) const {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }

  void add(llvm::ArrayRef<std::string> more) { llvm::append_range(arguments, more); }

  // Links; the bytes of the result.
  llvm::Expected<Bytes> run() {
    SmallVector<StringRef> references(arguments.begin(), arguments.end());
    std::string log = getPath("log"), message;
    std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log), StringRef(log)};
    if (llvm::sys::ExecuteAndWait(linker, references, std::nullopt, redirects, 0, 0, &message)) {
      auto text = llvm::MemoryBuffer::getFile(log);
      return llvm::createStringError("linking failed: " + message +
                                     (text ? (*text)->getBuffer().trim().str() : ""));
    }
    auto result = llvm::MemoryBuffer::getFile(getPath("result"));
    if (!result)
      return llvm::createStringError("the linker's result can't be read: " +
                                     result.getError().message());
    StringRef bytes = (*result)->getBuffer();
    return Bytes(bytes.begin(), bytes.end());
  }

private:
  SmallString<128> folder;
  std::string linker;
  SmallVector<std::string> arguments;
};

} // namespace

llvm::Expected<Bytes> native::linkLibrary(llvm::ArrayRef<Bytes> objects, StringRef runtimeArchive,
                                          StringRef prefix) {
  Link link;
  if (llvm::Error error = link.prepare(objects))
    return std::move(error);
  link.add({"-shared",
            // Nothing in the file that says when or where it was made.
            "--build-id=none",
            // What is not called is left out.
            "--gc-sections", "--strip-all", "-O2",
            // Read-only after loading, and all symbols bound then.
            "-z", "relro", "-z", "now", "-z", "noexecstack", "--hash-style=gnu",
            // A symbol that nobody has is an error now and not in the user's program.
            "-z", "defs"});
  std::string exports = "{ global:";
  for (StringRef function : kExportedFunctions) {
    std::string name = (prefix + "_" + function).str();
    exports += " " + name + ";";
    if (prefix != "bert_model")
      link.add({"--defsym=" + name + "=bert_model_" + function.str()});
  }
  exports += " local: *; };\n";
  std::string script = link.getPath("exports");
  if (llvm::Error error = writeFile(script, exports))
    return std::move(error);
  link.add({"--version-script=" + script, "--whole-archive", runtimeArchive.str(),
            "--no-whole-archive", "--as-needed"});
  link.add(findCLibrary());
  return link.run();
}

llvm::Expected<Bytes> native::joinObjects(llvm::ArrayRef<Bytes> objects) {
  Link link;
  if (llvm::Error error = link.prepare(objects))
    return std::move(error);
  link.add({"-r"});
  return link.run();
}

llvm::Expected<std::string> native::findRuntimeArchive(StringRef program) {
  static int anchor;
  std::string path = llvm::sys::fs::getMainExecutable(program.str().c_str(), &anchor);
  SmallString<128> archive(llvm::sys::path::parent_path(llvm::sys::path::parent_path(path)));
  llvm::sys::path::append(archive, "lib", "libbert-runtime.a");
  if (!llvm::sys::fs::exists(archive))
    return llvm::createStringError("the runtime's archive is not at " + archive +
                                   ", where it belongs beside this program");
  return archive.str().str();
}
