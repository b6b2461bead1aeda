//===- NpzFile.cpp - fuzz the reader of numpy's files -----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is a .npz, or the .npy that would be in one: damage to an archive is
// mostly found out by its checksums.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Support/Npz.h"

using namespace bertmlir;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef input = fuzz::asText(data, size);
  if (llvm::Expected<NpyArray> array = parseNpy(llvm::ArrayRef<char>(input.data(), size))) {
    llvm::Expected<NpyArray> again = parseNpy(printNpy(*array));
    fuzz::require(static_cast<bool>(again) && again->shape == array->shape &&
                      again->bytes == array->bytes,
                  "an array that was read can't be written and read again");
  } else {
    fuzz::require(!llvm::toString(array.takeError()).empty(),
                  "an array was refused without a word");
  }
  if (llvm::Expected<NpzArrays> arrays = readNpz(fuzz::writeFile("a.npz", input)); !arrays)
    fuzz::require(!llvm::toString(arrays.takeError()).empty(), "a file was refused without a word");
  return 0;
}
