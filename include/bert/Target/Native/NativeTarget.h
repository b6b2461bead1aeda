//===- NativeTarget.h - a kind of CPU, by what it can do -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TARGET_NATIVE_NATIVETARGET_H
#define BERT_TARGET_NATIVE_NATIVETARGET_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace bertmlir::native {

/// What code may use. Never a CPU's name: virtual machines give names that don't fit their
/// features.
struct NativeTarget {
  /// What users see: "native", "avx512", "avx2", "portable", "custom".
  std::string name;
  /// Spelled as LLVM does, each with all that it implies, in the order of CpuFeatures.def; no
  /// others exist, since the runtime must be able to check them.
  std::vector<std::string> features;

  bool has(llvm::StringRef feature) const;
  /// 512, 256 or 128.
  int64_t getVectorBits() const;
  /// "avx2,fma", as the runtime reads it.
  std::string getFeatureList() const;
};

/// What this machine can do.
NativeTarget getHostTarget();

/// "native", "avx512", "avx2" or "portable", or features as "+avx2,+fma" or "avx2,fma" on top of
/// what every 64-bit CPU has. An error lists what there is.
llvm::Expected<NativeTarget> parseTarget(llvm::StringRef text);

/// Those that --multi-target puts into one library, the best first.
std::vector<NativeTarget> getMultiTargets();

/// For position-independent code of this machine's kind of object file.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const NativeTarget &target);

} // namespace bertmlir::native

#endif // BERT_TARGET_NATIVE_NATIVETARGET_H
