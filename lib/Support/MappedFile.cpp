//===- MappedFile.cpp - a file's bytes without reading it ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/MappedFile.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/MathExtras.h"

#include <cerrno>
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
  // Never destroyed: a context that dies late may still unmap its blobs.
  static auto *all = new std::map<const char *, size_t>;
  return *all;
}

static llvm::Error systemError(int code) {
  return llvm::createStringError(std::error_code(code, std::generic_category()),
                                 llvm::sys::StrError(code).c_str());
}

static llvm::Error readAll(int descriptor, std::string &into) {
  std::string piece(size_t(1) << 16, '\0');
  while (true) {
    ssize_t count = ::read(descriptor, piece.data(), piece.size());
    if (count > 0)
      into.append(piece.data(), count);
    else if (count == 0)
      return llvm::Error::success();
    else if (errno != EINTR)
      return systemError(errno);
  }
}

llvm::Expected<std::shared_ptr<MappedFile>> MappedFile::open(llvm::StringRef path) {
  std::shared_ptr<MappedFile> file(new MappedFile(path));
  int descriptor =
      path == "-" ? ::dup(STDIN_FILENO) : ::open(file->path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return systemError(errno);
  llvm::scope_exit closer([&] { ::close(descriptor); });
  struct stat info;
  if (::fstat(descriptor, &info) != 0)
    return systemError(errno);
  if (S_ISDIR(info.st_mode))
    return systemError(EISDIR);
  if (!S_ISREG(info.st_mode)) {
    if (llvm::Error error = readAll(descriptor, file->copy))
      return std::move(error);
    file->data = file->copy.data();
    file->size = file->copy.size();
    return file;
  }
  if (info.st_size == 0)
    return file;
  void *mapping = ::mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (mapping == MAP_FAILED)
    return systemError(errno);
  file->data = static_cast<const char *>(mapping);
  file->size = info.st_size;
  file->isMapped = true;
  std::lock_guard<std::mutex> lock(mappingsMutex);
  mappings()[file->data] = file->size;
  return file;
}

std::shared_ptr<MappedFile> MappedFile::fromMemory(llvm::StringRef bytes, llvm::StringRef path) {
  std::shared_ptr<MappedFile> file(new MappedFile(path));
  file->copy = bytes.str();
  file->data = file->copy.data();
  file->size = file->copy.size();
  return file;
}

MappedFile::~MappedFile() {
  if (!isMapped)
    return;
  {
    std::lock_guard<std::mutex> lock(mappingsMutex);
    mappings().erase(data);
  }
  ::munmap(const_cast<char *>(data), size);
}

// The mapping of ours that holds the bytes; empty if there is none.
static llvm::ArrayRef<char> findMapping(llvm::ArrayRef<char> bytes) {
  std::lock_guard<std::mutex> lock(mappingsMutex);
  auto it = mappings().upper_bound(bytes.begin());
  if (it == mappings().begin())
    return {};
  --it;
  llvm::ArrayRef<char> mapping(it->first, it->second);
  return bytes.end() <= mapping.end() ? mapping : llvm::ArrayRef<char>();
}

// Advises on the pages that hold some of the bytes; `unit`: of this size.
static void advise(llvm::ArrayRef<char> bytes, llvm::ArrayRef<char> mapping, uintptr_t unit,
                   int advice) {
  if (mapping.empty())
    return;
  // The mapping may begin and end inside of a unit.
  uintptr_t before = reinterpret_cast<uintptr_t>(bytes.begin()) % unit;
  uintptr_t behind =
      llvm::offsetToAlignment(reinterpret_cast<uintptr_t>(bytes.end()), llvm::Align(unit));
  const char *begin = bytes.begin() - std::min<size_t>(before, bytes.begin() - mapping.begin());
  const char *end = bytes.end() + std::min<size_t>(behind, mapping.end() - bytes.end());
  if (end > begin)
    ::madvise(const_cast<char *>(begin), end - begin, advice);
}

void bertmlir::dropPagesIfMapped(llvm::ArrayRef<char> bytes) {
  // The system may have brought in all of a large page of which only the edge was read.
  constexpr uintptr_t largePage = 1 << 21;
  advise(bytes, findMapping(bytes), largePage, MADV_DONTNEED);
}

void bertmlir::fetchPagesIfMapped(llvm::ArrayRef<char> bytes) {
#ifdef MADV_POPULATE_READ
  advise(bytes, findMapping(bytes), ::sysconf(_SC_PAGESIZE), MADV_POPULATE_READ);
#else
  (void)bytes;
#endif
}

// A multiple of all elements' sizes.
static constexpr size_t kPieceBytes = size_t(4) << 20;

// What is smaller costs less to touch than to ask for.
static constexpr size_t kMinFetched = 4096;

MappedPieces::iterator::iterator(llvm::ArrayRef<char> rest) : rest(rest) {
  if ((**this).size() >= kMinFetched)
    fetchPagesIfMapped(**this);
}

llvm::ArrayRef<char> MappedPieces::iterator::operator*() const {
  return rest.take_front(std::min(rest.size(), kPieceBytes));
}

MappedPieces::iterator &MappedPieces::iterator::operator++() {
  llvm::ArrayRef<char> done = **this;
  // Small ones too: each may have brought in a large page.
  dropPagesIfMapped(done);
  *this = iterator(rest.drop_front(done.size()));
  return *this;
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
