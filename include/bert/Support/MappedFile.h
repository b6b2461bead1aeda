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

namespace bertmlir {

/// A read-only mapping of a whole file. Copies of the pointer share it; the last one unmaps.
class MappedFile {
public:
  /// Fails with the system's reason, also for folders and other things that are no plain files.
  static llvm::Expected<std::shared_ptr<MappedFile>> open(llvm::StringRef path);
  ~MappedFile();
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  llvm::ArrayRef<char> bytes() const { return {data, size}; }
  llvm::StringRef text() const { return {data, size}; }
  llvm::StringRef getPath() const { return path; }

private:
  MappedFile(std::string path, const char *data, size_t size)
      : path(std::move(path)), data(data), size(size) {}

  std::string path;
  const char *data;
  size_t size;
};

/// Tells the system that mapped bytes will not be needed again soon. The data stays readable; only
/// the memory that holds it is given back. Mapped pages count as resident, so whoever streams
/// through hundreds of megabytes calls this behind itself. Harmless on memory that is not a mapped
/// file's only if `bytes` lies in a file mapping, so give it nothing else.
void dropPages(llvm::ArrayRef<char> bytes);

/// A resource blob that points into a mapped file and keeps it mapped.
mlir::AsmResourceBlob makeMappedBlob(std::shared_ptr<MappedFile> file, llvm::ArrayRef<char> bytes);

/// dropPages() for bytes that may or may not lie in a file that is mapped now.
void dropPagesIfMapped(llvm::ArrayRef<char> bytes);

} // namespace bertmlir

#endif // BERT_SUPPORT_MAPPEDFILE_H
