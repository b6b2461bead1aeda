//===- Fuzzing.h - what the fuzz targets have in common -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TEST_FUZZ_FUZZING_H
#define BERT_TEST_FUZZ_FUZZING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace bertmlir::fuzz {

/// Ends the run with a finding if `condition` is false.
void require(bool condition, const char *what);

/// A context for one input: what one leaves behind must not help the next to crash.
class Session {
public:
  Session();

  mlir::MLIRContext &getContext() { return context; }
  /// Whether an error was reported since the last call. With $BERT_FUZZ_VERBOSE set, all
  /// diagnostics are printed.
  bool takeError();

  /// Runs passes. A failure must have said why.
  bool run(mlir::PassManager &pm, mlir::ModuleOp module);

private:
  mlir::MLIRContext context;
  bool sawError = false;
  mlir::ScopedDiagnosticHandler handler;
};

/// A folder below $TMPDIR that is this process's own.
const std::string &getFolder();
/// Writes `content` to a file of that folder and returns its path.
std::string writeFile(llvm::StringRef name, llvm::StringRef content);

inline llvm::StringRef asText(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

/// Numbers that programs trip over, and small ones.
class Random {
public:
  explicit Random(unsigned seed) : state(seed * 2654435761u + 1) {}

  /// From 0 to `limit` - 1; 0 if `limit` is 0.
  size_t below(size_t limit);
  bool oneIn(size_t count) { return below(count) == 0; }
  int64_t number();

private:
  uint64_t state;
};

} // namespace bertmlir::fuzz

#endif // BERT_TEST_FUZZ_FUZZING_H
