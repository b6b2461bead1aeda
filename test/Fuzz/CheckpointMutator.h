//===- CheckpointMutator.h - damage an index, mend its checksums --------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TEST_FUZZ_CHECKPOINTMUTATOR_H
#define BERT_TEST_FUZZ_CHECKPOINTMUTATOR_H

#include <string>

namespace bertmlir::fuzz {

/// Gives the blocks of a checkpoint's index the checksums that their contents have, as far as its
/// footer says where they are: otherwise no damage would get past the first comparison.
void repairChecksums(std::string &index);

} // namespace bertmlir::fuzz

#endif // BERT_TEST_FUZZ_CHECKPOINTMUTATOR_H
