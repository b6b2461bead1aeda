//===- MappedFile.h - a file's bytes without reading it -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_MAPPEDFILE_H
#define BERT_SUPPORT_MAPPEDFILE_H

#include "mlir/IR/AsmState.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace bertmlir {

/// The bytes of a whole file, read-only: a mapping of a regular file, a copy of what a pipe, a
/// device or standard input (`-`) gives. Copies of the pointer share it; the last one unmaps. The
/// file must not shrink meanwhile: the system ends a process that touches a mapping behind the
/// file's end.
class MappedFile {
public:
  /// Fails with the system's reason, also for folders; the text does not name the file.
  static llvm::Expected<std::shared_ptr<MappedFile>> open(llvm::StringRef path);
  /// A copy of bytes that are in memory already, under the name of where they came from.
  static std::shared_ptr<MappedFile> fromMemory(llvm::StringRef bytes, llvm::StringRef path);
  ~MappedFile();
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  llvm::ArrayRef<char> bytes() const { return {data, size}; }
  llvm::StringRef text() const { return {data, size}; }
  /// As it was given to open().
  llvm::StringRef getPath() const { return path; }

  /// Whether `length` bytes at `offset` are inside; for any values that a file may state.
  bool contains(uint64_t offset, uint64_t length) const {
    return offset <= size && length <= size - offset;
  }

private:
  explicit MappedFile(llvm::StringRef path) : path(path.str()) {}

  std::string path;
  /// The bytes where they are not a mapping.
  std::string copy;
  const char *data = "";
  size_t size = 0;
  bool isMapped = false;
};

/// Tells the system that bytes of a file that is mapped now will not be needed again soon. The data
/// stays readable; only the memory that holds it is given back. Mapped pages count as resident, so
/// whoever streams through hundreds of megabytes calls this behind itself. On ordinary memory
/// nothing happens.
void dropPagesIfMapped(llvm::ArrayRef<char> bytes);

/// Asks the system for mapped bytes that are about to be read, all at once: touching them one page
/// after the other costs more than copying them. On ordinary memory, and where the system can't,
/// nothing happens.
void fetchPagesIfMapped(llvm::ArrayRef<char> bytes);

/// Bytes as pieces of a few megabytes, to be read once and in order: each is fetched when its turn
/// comes and dropped when the next one is asked for, so that no more than one is resident. Ordinary
/// memory is cut into the same pieces.
class MappedPieces {
public:
  class iterator {
  public:
    explicit iterator(llvm::ArrayRef<char> rest);
    llvm::ArrayRef<char> operator*() const;
    iterator &operator++();
    bool operator!=(const iterator &other) const { return rest.size() != other.rest.size(); }

  private:
    /// This piece and all behind it.
    llvm::ArrayRef<char> rest;
  };

  explicit MappedPieces(llvm::ArrayRef<char> bytes) : bytes(bytes) {}
  iterator begin() const { return iterator(bytes); }
  iterator end() const { return iterator(bytes.take_back(0)); }

private:
  llvm::ArrayRef<char> bytes;
};

/// A resource blob that points into a mapped file and keeps it mapped.
mlir::AsmResourceBlob makeMappedBlob(std::shared_ptr<MappedFile> file, llvm::ArrayRef<char> bytes);

} // namespace bertmlir

#endif // BERT_SUPPORT_MAPPEDFILE_H
