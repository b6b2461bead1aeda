//===- Error.cpp - what went wrong, for the caller --------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Error.h"

#include <cstdarg>
#include <cstdio>

using namespace bertmlir::runtime;

static thread_local char lastError[512];

bert_status bertmlir::runtime::fail(bert_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(lastError, sizeof(lastError), format, arguments);
  va_end(arguments);
  return status;
}

const char *bertmlir::runtime::getLastError() { return lastError; }
