//===- InputSpec.h - Model Optimizer's grammar of inputs -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_INPUTSPEC_H
#define BERT_SUPPORT_INPUTSPEC_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace bertmlir {

/// The limits of one dimension; `high` -1: none. A fixed one has low == high.
struct DimBounds {
  int64_t low = 0;
  int64_t high = -1;

  bool isFixed() const { return low == high; }
  bool operator==(const DimBounds &other) const { return low == other.low && high == other.high; }
};

/// One item of `--input`: `[port:]node[:port][shape]{type}->value`, in any order after the name.
struct InputSpec {
  std::string node;
  /// `0:node`: what feeds that input of the node.
  std::optional<unsigned> inputPort;
  /// `node:1`: that output of the node.
  std::optional<unsigned> outputPort;
  /// An empty list is a scalar's shape.
  std::optional<llvm::SmallVector<DimBounds>> shape;
  /// The element type's name (`i32`); empty: not given.
  std::string type;
  /// The elements after `->` as they are written; the input becomes a constant.
  std::optional<llvm::SmallVector<std::string>> value;
};

/// Parses a comma separated list. Commas inside brackets don't separate; dimensions are separated
/// by commas or spaces; `?` and -1 are open, `1..512`, `..8` and `1..` are ranges.
llvm::Expected<llvm::SmallVector<InputSpec>> parseInputSpecs(llvm::StringRef text);

/// Parses a list of shapes such as `[1,128],[1,128]`.
llvm::Expected<llvm::SmallVector<llvm::SmallVector<DimBounds>>>
parseShapeList(llvm::StringRef text);

/// Splits at commas that are not inside brackets, and trims; empty pieces are dropped.
llvm::SmallVector<llvm::StringRef> splitOutsideBrackets(llvm::StringRef text);

} // namespace bertmlir

#endif // BERT_SUPPORT_INPUTSPEC_H
