//===- AtomicOutput.h - files that appear whole or not at all -----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_ATOMICOUTPUT_H
#define BERT_SUPPORT_ATOMICOUTPUT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace bertmlir {

/// Writes to a temporary file beside the target; commit() renames it into place. Destroyed without
/// a commit it leaves nothing behind, and what stood at the path stays. A target may be a file that
/// is mapped as an input: the mapping keeps the old bytes. A symbolic link stays one; devices and
/// pipes (`/dev/stdout`, and `-` for standard output) are written as the data comes.
class AtomicOutput {
public:
  explicit AtomicOutput(llvm::StringRef path);
  ~AtomicOutput();
  AtomicOutput(const AtomicOutput &) = delete;
  AtomicOutput &operator=(const AtomicOutput &) = delete;

  llvm::Error open();
  /// Appends; large pieces go to the file at once.
  llvm::Error write(llvm::ArrayRef<char> bytes);
  llvm::Error writeText(llvm::StringRef text) { return write({text.data(), text.size()}); }
  /// Replaces bytes that were written; for headers that sum up what follows them. Not for devices
  /// and pipes.
  llvm::Error overwrite(uint64_t offset, llvm::ArrayRef<char> bytes);
  /// Makes sure that all is in the temporary file. commit() can then only fail on the rename.
  llvm::Error finish();
  llvm::Error commit();

  llvm::StringRef getPath() const { return path; }

private:
  llvm::Error flush();
  llvm::Error writeThrough(llvm::ArrayRef<char> bytes);
  llvm::Error systemError(llvm::StringRef what);

  std::string path;
  /// `path` with symbolic links resolved.
  std::string target;
  /// Empty where there is nothing to rename.
  std::string temporary;
  std::string buffer;
  int descriptor = -1;
};

} // namespace bertmlir

#endif // BERT_SUPPORT_ATOMICOUTPUT_H
