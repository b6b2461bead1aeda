//===- NearMiss.h - "did you mean ..." -----------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_NEARMISS_H
#define BERT_SUPPORT_NEARMISS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace bertmlir {

/// Up to three candidates that look like `name`, nearest first, as `; did you mean 'a', 'b'?`; ""
/// if none is near.
std::string suggestNames(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace bertmlir

#endif // BERT_SUPPORT_NEARMISS_H
