//===- Npz.h - numpy's files of named arrays -----------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A .npz is a ZIP archive (libzip reads and writes it) of .npy files.
// Source of the .npy format: NEP 1, numpy.lib.format.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_NPZ_H
#define BERT_SUPPORT_NPZ_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace bertmlir {

/// An array in row-major order.
struct NpyArray {
  /// numpy's spelling: `<f4`, `<i8`, `|b1`.
  std::string type;
  std::vector<int64_t> shape;
  std::vector<char> bytes;
};

/// Arrays by name, without `.npy`.
using NpzArrays = std::map<std::string, NpyArray>;

/// Reads a .npy file's content. Fails with what is wrong with it; big-endian, Fortran-ordered and
/// structured arrays are not taken.
llvm::Expected<NpyArray> parseNpy(llvm::ArrayRef<char> content);
/// The other way round.
std::vector<char> printNpy(const NpyArray &array);

/// Reads all arrays of a file, stored or compressed.
llvm::Expected<NpzArrays> readNpz(llvm::StringRef path);
/// Writes a file; the same arrays give the same bytes. It appears whole or not at all.
llvm::Error writeNpz(llvm::StringRef path, const NpzArrays &arrays);

} // namespace bertmlir

#endif // BERT_SUPPORT_NPZ_H
