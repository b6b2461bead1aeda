//===- GraphMutator.h - graphs that are odd but readable ----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TEST_FUZZ_GRAPHMUTATOR_H
#define BERT_TEST_FUZZ_GRAPHMUTATOR_H

#include "llvm/ADT/StringRef.h"

namespace bertmlir::fuzz {

/// The bits of a GraphDef's field versions.min_consumer.
unsigned getFlags(llvm::StringRef graph);

} // namespace bertmlir::fuzz

#endif // BERT_TEST_FUZZ_GRAPHMUTATOR_H
