//===- Roles.h - which inputs are ids, mask and token types --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_BERT_RUN_ROLES_H
#define TOOLS_BERT_RUN_ROLES_H

#include "bert/Target/Native/ModelInterface.h"

namespace bertmlir::run {

/// Places among a model's inputs; -1 for one that it does not have.
struct Roles {
  int ids = -1, mask = -1, types = -1;
};

/// The roles as the compiler found them; of a library, which does not tell them, by what it does
/// tell: ids have the largest table, token types a small one, and a mask has none.
Roles findRoles(const native::ModelInterface &model);

} // namespace bertmlir::run

#endif // TOOLS_BERT_RUN_ROLES_H
