//===- HideLLVMOptions.h - --help shows what belongs to a tool -----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_HIDELLVMOPTIONS_H
#define TOOLS_HIDELLVMOPTIONS_H

#include "llvm/Support/CommandLine.h"

namespace bertmlir {

/// libLLVM brings 2,600 options along, between which nobody finds ours: they still work, and
/// --help-hidden lists them. To be called before a tool registers its own.
inline void hideLLVMOptions() {
  for (auto &entry : llvm::cl::getRegisteredOptions())
    if (entry.first != "help" && entry.first != "help-hidden" && entry.first != "version")
      entry.second->setHiddenFlag(llvm::cl::Hidden);
}

} // namespace bertmlir

#endif // TOOLS_HIDELLVMOPTIONS_H
