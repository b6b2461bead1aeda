//===- CRC32C.h - Castagnoli's checksum ----------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_CRC32C_H
#define BERT_SUPPORT_CRC32C_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace bertmlir {

/// CRC-32C (polynomial 0x1EDC6F41) of some bytes; `crc` continues an earlier result.
uint32_t crc32c(llvm::ArrayRef<char> bytes, uint32_t crc = 0);

/// The form in which tables and bundles store a CRC: rotated and shifted by a constant, so that the
/// CRC of data that holds CRCs stays useful. Source: the leveldb table format.
inline uint32_t maskCrc32c(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

/// Whether bytes have the CRC that is stored for them in that form. Mapped ones are read piece by
/// piece and given back (MappedFile.h).
bool hasMaskedCrc32c(llvm::ArrayRef<char> bytes, uint32_t masked);

} // namespace bertmlir

#endif // BERT_SUPPORT_CRC32C_H
