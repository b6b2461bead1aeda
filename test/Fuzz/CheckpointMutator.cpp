//===- CheckpointMutator.cpp - damage an index, mend its checksums ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "CheckpointMutator.h"

#include "bert/Support/CRC32C.h"
#include "bert/Support/ProtoWire.h"

#include "llvm/Support/Endian.h"

using namespace bertmlir;
using llvm::StringRef;

static constexpr size_t kFooterSize = 48;

// The content of the block that a handle describes, with its checksum made right.
static StringRef repairBlock(std::string &index, StringRef &handle) {
  std::optional<uint64_t> offset = consumeVarint(handle);
  std::optional<uint64_t> size = offset ? consumeVarint(handle) : std::nullopt;
  if (!size || *offset > index.size() || *size > index.size() - *offset ||
      index.size() - *offset - *size < 5)
    return {};
  // The compression, which the checksum covers too, stays as it is.
  char *block = index.data() + *offset;
  llvm::support::endian::write32le(block + *size + 1,
                                   maskCrc32c(crc32c(llvm::ArrayRef<char>(block, *size + 1))));
  return {block, *size};
}

void fuzz::repairChecksums(std::string &index) {
  if (index.size() < kFooterSize)
    return;
  StringRef footer = StringRef(index).take_back(kFooterSize);
  repairBlock(index, footer);
  StringRef block = repairBlock(index, footer);
  // The index block's entries: sizes, key, and the handle of a data block as value.
  for (unsigned count = 0; count < 100; ++count) {
    std::optional<uint64_t> shared = consumeVarint(block);
    std::optional<uint64_t> added = shared ? consumeVarint(block) : std::nullopt;
    std::optional<uint64_t> valueSize = added ? consumeVarint(block) : std::nullopt;
    if (!valueSize || *added > block.size() || *valueSize > block.size() - *added)
      break;
    StringRef value = block.substr(*added, *valueSize);
    repairBlock(index, value);
    block = block.drop_front(*added + *valueSize);
  }
  // Damage to the handles may have let blocks overlap: the outer ones last.
  footer = StringRef(index).take_back(kFooterSize);
  repairBlock(index, footer);
  repairBlock(index, footer);
}
