//===- LibraryModel.cpp - a model that bert-compile has made ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "LibraryModel.h"

#include "bert/Support/MappedFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

#include <cstring>
#include <dlfcn.h>
#include <elf.h>

using namespace bertmlir;
using namespace bertmlir::run;
using llvm::StringRef;

static native::TensorInterface describe(const bert_tensor_info &info) {
  native::TensorInterface tensor;
  tensor.name = info.name;
  tensor.type = info.type;
  tensor.dims.assign(info.dims, info.dims + info.rank);
  tensor.limit = info.limit;
  return tensor;
}

llvm::Error LibraryModel::lookUp(StringRef prefix) {
  std::string missing;
  auto get = [&](auto &function, StringRef name) {
    std::string symbol = (prefix + "_" + name).str();
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
        dlsym(library, symbol.c_str()));
    if (!function && missing.empty())
      missing = symbol;
  };
  get(getInfo, "get_info");
  get(create, "create");
  get(verifyWeights, "verify");
  get(runTensors, "run_tensors");
  get(numThreads, "num_threads");
  get(codeName, "code_name");
  get(destroy, "destroy");
  get(lastError, "last_error");
  if (!missing.empty())
    return llvm::createStringError("the library has no function " + missing +
                                   "; is it one of bert-compile, made with --prefix " + prefix +
                                   "?");
  return llvm::Error::success();
}

llvm::Error LibraryModel::check(bert_status status) const {
  return status == BERT_OK ? llvm::Error::success() : llvm::createStringError(lastError());
}

// The system's loader maps what the headers tell of, and touches it: behind the end of a file that
// was cut off, that ends the process. What is no library at all is left to the loader to refuse.
static llvm::Error checkIsWhole(StringRef path) {
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(path);
  if (!file)
    return llvm::createStringError(path + ": " + llvm::toString(file.takeError()));
  const MappedFile &library = **file;
  Elf64_Ehdr header;
  if (!library.contains(0, sizeof(header)))
    return llvm::Error::success();
  memcpy(&header, library.bytes().data(), sizeof(header));
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return llvm::Error::success();
  bool isWhole = library.contains(header.e_phoff, uint64_t(header.e_phnum) * sizeof(Elf64_Phdr));
  for (uint64_t i = 0; isWhole && i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    memcpy(&segment, library.bytes().data() + header.e_phoff + i * sizeof(segment),
           sizeof(segment));
    isWhole = segment.p_type != PT_LOAD || library.contains(segment.p_offset, segment.p_filesz);
  }
  if (!isWhole)
    return llvm::createStringError(path + ": the library is cut off: it has " +
                                   std::to_string(library.bytes().size()) +
                                   " bytes, fewer than its headers tell of; copy it again");
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<LibraryModel>> LibraryModel::load(StringRef path, StringRef prefix,
                                                                 int threads) {
  // A name without a slash would be looked for in the system's folders.
  llvm::SmallString<256> absolute(path);
  if (std::error_code error = llvm::sys::fs::make_absolute(absolute))
    return llvm::createStringError(path + ": " + error.message());
  if (llvm::Error error = checkIsWhole(absolute))
    return std::move(error);
  std::unique_ptr<LibraryModel> loaded(new LibraryModel());
  loaded->library = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!loaded->library)
    return llvm::createStringError(StringRef(dlerror()));
  if (llvm::Error error = loaded->lookUp(prefix))
    return llvm::createStringError(path + ": " + llvm::toString(std::move(error)));
  const bert_model_info &info = *loaded->getInfo();
  loaded->interface.name = info.name;
  for (int i = 0; i < info.num_inputs; ++i)
    loaded->interface.inputs.push_back(describe(info.inputs[i]));
  for (int i = 0; i < info.num_outputs; ++i)
    loaded->interface.outputs.push_back(describe(info.outputs[i]));
  loaded->interface.maxSequence = info.max_sequence;
  loaded->interface.weightsBytes = info.weights_bytes;
  loaded->interface.work = {info.flops_per_token, info.flops_per_pair, info.flops_per_sequence};
  if (llvm::Error error = loaded->check(loaded->create(nullptr, threads, &loaded->model)))
    return std::move(error);
  return loaded;
}

LibraryModel::~LibraryModel() {
  if (model)
    destroy(model);
  if (library)
    dlclose(library);
}

llvm::Error LibraryModel::verify() { return check(verifyWeights(model)); }

llvm::Error LibraryModel::run(llvm::ArrayRef<bert_tensor> inputs,
                              llvm::MutableArrayRef<bert_tensor> outputs) {
  return check(runTensors(model, inputs.data(), outputs.data()));
}
