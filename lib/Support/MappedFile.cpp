//===- MappedFile.cpp - a file's bytes without reading it ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/MappedFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Errno.h"

#include <fcntl.h>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace bertmlir;

// Which address ranges are file mappings of ours, so that pages are only dropped
// where the file can bring them back.
static std::mutex mappingsMutex;
static std::map<const char *, size_t> &mappings() {
  static std::map<const char *, size_t> all;
  return all;
}

llvm::Expected<std::shared_ptr<MappedFile>> MappedFile::open(llvm::StringRef path) {
  auto fail = [&](int code) {
    return llvm::createStringError(std::error_code(code, std::generic_category()),
                                   llvm::sys::StrError(code).c_str());
  };
  std::string name = path.str();
  int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(errno);
  struct stat info;
  if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    int code = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
    ::close(descriptor);
    return fail(code);
  }
  size_t size = info.st_size;
  const char *data = "";
  if (size != 0) {
    void *mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    int code = errno;
    if (mapping == MAP_FAILED) {
      ::close(descriptor);
      return fail(code);
    }
    data = static_cast<const char *>(mapping);
    std::lock_guard<std::mutex> lock(mappingsMutex);
    mappings()[data] = size;
  }
  ::close(descriptor);
  return std::shared_ptr<MappedFile>(new MappedFile(std::move(name), data, size));
}

MappedFile::~MappedFile() {
  if (size == 0)
    return;
  {
    std::lock_guard<std::mutex> lock(mappingsMutex);
    mappings().erase(data);
  }
  ::munmap(const_cast<char *>(data), size);
}

void bertmlir::dropPages(llvm::ArrayRef<char> bytes) {
  uintptr_t page = ::sysconf(_SC_PAGESIZE);
  uintptr_t begin = reinterpret_cast<uintptr_t>(bytes.begin()) / page * page;
  uintptr_t end = reinterpret_cast<uintptr_t>(bytes.end());
  if (end > begin)
    ::madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}

void bertmlir::dropPagesIfMapped(llvm::ArrayRef<char> bytes) {
  {
    std::lock_guard<std::mutex> lock(mappingsMutex);
    auto it = mappings().upper_bound(bytes.begin());
    if (it == mappings().begin())
      return;
    --it;
    if (bytes.end() > it->first + it->second)
      return;
  }
  dropPages(bytes);
}

mlir::AsmResourceBlob bertmlir::makeMappedBlob(std::shared_ptr<MappedFile> file,
                                               llvm::ArrayRef<char> bytes) {
  // Alignment 1: what is mapped lies where the file has it, and bytecode readers
  // refuse a blob that asks for more than they can give.
  return mlir::AsmResourceBlob(
      bytes, /*dataAlignment=*/1,
      [file = std::move(file)](void *, size_t, size_t) mutable { file.reset(); },
      /*dataIsMutable=*/false);
}
