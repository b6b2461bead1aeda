//===- Error.h - what went wrong, for the caller ------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_RUNTIME_ERROR_H
#define LIB_RUNTIME_ERROR_H

#include "bert/Runtime/bert_model.h"

namespace bertmlir::runtime {

/// Remembers a message for this thread's getLastError() and returns `status`.
bert_status fail(bert_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// The message of this thread's last fail(); "" before the first.
const char *getLastError();

} // namespace bertmlir::runtime

#endif // LIB_RUNTIME_ERROR_H
