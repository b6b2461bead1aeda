//===- AtomicOutput.cpp - files that appear whole or not at all ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/AtomicOutput.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace bertmlir;

static constexpr size_t kBufferSize = 1 << 18;

AtomicOutput::AtomicOutput(llvm::StringRef path) : path(path.str()) {}

AtomicOutput::~AtomicOutput() {
  if (descriptor >= 0)
    ::close(descriptor);
  if (!temporary.empty())
    ::unlink(temporary.c_str());
}

llvm::Error AtomicOutput::systemError(llvm::StringRef what) {
  int code = errno;
  return llvm::createStringError(
      std::error_code(code, std::generic_category()),
      (what + " '" + path + "': " + llvm::sys::StrError(code)).str().c_str());
}

llvm::Error AtomicOutput::open() {
  struct stat info;
  bool exists = path != "-" && ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    return systemError("can't write");
  }
  buffer.reserve(kBufferSize);
  if (path == "-" || (exists && !S_ISREG(info.st_mode))) {
    descriptor = path == "-" ? ::dup(STDOUT_FILENO) : ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    return descriptor < 0 ? systemError("can't write") : llvm::Error::success();
  }
  llvm::SmallString<256> resolved(path);
  if (exists) {
    // A rename would replace a file that the user has write-protected.
    if (::access(path.c_str(), W_OK) != 0)
      return systemError("can't write");
    llvm::sys::fs::real_path(path, resolved);
  }
  target = resolved.str().str();
  std::string pattern = target + ".tmp-XXXXXX";
  descriptor = ::mkstemp(pattern.data());
  if (descriptor < 0)
    return systemError("can't write");
  temporary = pattern;
  // mkstemp makes private files; outputs are as readable as what they replace or
  // as the user's others.
  mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(descriptor, exists ? info.st_mode & 07777 : 0666 & ~mask);
  return llvm::Error::success();
}

llvm::Error AtomicOutput::writeThrough(llvm::ArrayRef<char> bytes) {
  while (!bytes.empty()) {
    ssize_t count = ::write(descriptor, bytes.data(), std::min<size_t>(bytes.size(), 1 << 26));
    if (count < 0) {
      if (errno == EINTR)
        continue;
      return systemError("can't write");
    }
    bytes = bytes.drop_front(count);
  }
  return llvm::Error::success();
}

llvm::Error AtomicOutput::flush() {
  llvm::Error error = writeThrough({buffer.data(), buffer.size()});
  buffer.clear();
  return error;
}

llvm::Error AtomicOutput::write(llvm::ArrayRef<char> bytes) {
  if (bytes.size() < kBufferSize / 4) {
    if (buffer.size() + bytes.size() > kBufferSize)
      if (llvm::Error error = flush())
        return error;
    buffer.append(bytes.begin(), bytes.end());
    return llvm::Error::success();
  }
  if (llvm::Error error = flush())
    return error;
  return writeThrough(bytes);
}

llvm::Error AtomicOutput::overwrite(uint64_t offset, llvm::ArrayRef<char> bytes) {
  if (llvm::Error error = flush())
    return error;
  while (!bytes.empty()) {
    ssize_t count = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0) {
      if (errno == EINTR)
        continue;
      return systemError("can't write");
    }
    bytes = bytes.drop_front(count);
    offset += static_cast<uint64_t>(count);
  }
  return llvm::Error::success();
}

llvm::Error AtomicOutput::finish() {
  if (llvm::Error error = flush())
    return error;
  int result = ::close(descriptor);
  descriptor = -1;
  return result == 0 ? llvm::Error::success() : systemError("can't write");
}

llvm::Error AtomicOutput::commit() {
  if (descriptor >= 0)
    if (llvm::Error error = finish())
      return error;
  if (temporary.empty())
    return llvm::Error::success();
  if (::rename(temporary.c_str(), target.c_str()) != 0)
    return systemError("can't write");
  temporary.clear();
  return llvm::Error::success();
}
