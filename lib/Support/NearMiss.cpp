//===- NearMiss.cpp - "did you mean ..." ---------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/NearMiss.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace bertmlir;

std::string bertmlir::suggestNames(llvm::StringRef name,
                                   llvm::ArrayRef<llvm::StringRef> candidates) {
  // A third of the letters may differ. A name that another one ends with or
  // contains is near as well: node names are paths, and people leave scopes out.
  unsigned limit = std::max<unsigned>(2, name.size() / 3);
  llvm::SmallVector<std::pair<unsigned, llvm::StringRef>> near;
  for (llvm::StringRef candidate : candidates) {
    unsigned distance = name.edit_distance_insensitive(candidate, true, limit);
    if (distance > limit) {
      if (name.size() <= 2)
        continue;
      if (candidate.ends_with_insensitive(name) ||
          (candidate.size() > 2 && name.ends_with_insensitive(candidate)))
        distance = limit;
      else if (candidate.contains_insensitive(name))
        distance = limit + 1;
      else
        continue;
    }
    if (distance <= limit + 1)
      near.push_back({distance, candidate});
  }
  llvm::sort(near);
  std::string text;
  for (auto &[distance, candidate] : llvm::ArrayRef(near).take_front(3))
    text += (text.empty() ? "; did you mean '" : ", '") + candidate.str() + "'";
  return text.empty() ? text : text + "?";
}
