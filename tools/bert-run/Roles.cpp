//===- Roles.cpp - which inputs are ids, mask and token types ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Roles.h"

#include "llvm/ADT/STLExtras.h"

using namespace bertmlir;
using namespace bertmlir::run;

Roles run::findRoles(const native::ModelInterface &model) {
  Roles roles;
  for (auto [index, input] : llvm::enumerate(model.inputs)) {
    int place = static_cast<int>(index);
    if (input.role == BERT_ROLE_IDS)
      roles.ids = place;
    else if (input.role == BERT_ROLE_MASK)
      roles.mask = place;
    else if (input.role == BERT_ROLE_TYPES)
      roles.types = place;
  }
  if (roles.ids >= 0)
    return roles;
  roles = Roles();
  int64_t largest = 0;
  for (auto [index, input] : llvm::enumerate(model.inputs))
    if (input.limit > largest) {
      largest = input.limit;
      roles.ids = static_cast<int>(index);
    }
  for (auto [index, input] : llvm::enumerate(model.inputs))
    if (int place = static_cast<int>(index); place != roles.ids)
      (input.limit > 0 || roles.mask >= 0 ? roles.types : roles.mask) = place;
  return roles;
}
