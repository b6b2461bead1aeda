//===- Flags.h - the table of flags -----------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DRIVER_FLAGS_H
#define LIB_DRIVER_FLAGS_H

#include "bert/Driver/CommandLine.h"

#include <optional>
#include <vector>

namespace bertmlir::driver {

enum class Argument {
  None,     ///< a switch
  Required, ///< `--flag value`
  Boolean,  ///< `--flag`, `--flag=True`, `--flag False`
  Retired,  ///< a switch without effect
  RetiredWithValue,
};

struct Flag {
  llvm::StringRef name;
  /// Letters that stand for it.
  llvm::StringRef shortNames;
  Argument argument;
  /// What the value stands for in the help.
  llvm::StringRef value;
  llvm::StringRef help;
  /// Takes the value ("true"/"false" for switches and booleans).
  llvm::Error (*apply)(CommandLine &, llvm::StringRef);
};

/// Flags that belong together.
struct Group {
  llvm::StringRef title;
  std::vector<Flag> flags;
  /// The one program that has them; all if there is none.
  std::optional<Program> program = std::nullopt;

  bool isFor(Program asked) const { return !program || *program == asked; }
};

/// The error that `message` spells out, percent signs and all.
llvm::Error usageError(const llvm::Twine &message);

/// All flags of all programs, in the order of the help.
const std::vector<Group> &getFlagGroups();

} // namespace bertmlir::driver

#endif // LIB_DRIVER_FLAGS_H
