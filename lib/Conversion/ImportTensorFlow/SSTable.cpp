//===- SSTable.cpp - the sorted table that an .index file is ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "SSTable.h"

#include "bert/Support/CRC32C.h"
#include "bert/Support/Diagnostics.h"
#include "bert/Support/ProtoWire.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace bertmlir;

static constexpr uint64_t kMagic = 0xdb4775248b80fb57;
static constexpr size_t kFooterSize = 48;
// Behind each block: its compression and its checksum.
static constexpr size_t kTrailerSize = 5;
// Far above any name of a variable. Shared prefixes let a small hostile file
// state many long keys.
static constexpr size_t kMaxKeySize = size_t(1) << 14;

bool bertmlir::isSSTable(StringRef bytes) {
  return bytes.size() >= kFooterSize && llvm::support::endian::read64le(bytes.end() - 8) == kMagic;
}

namespace {
struct BlockHandle {
  uint64_t offset = 0;
  uint64_t size = 0;
};

class TableReader {
public:
  TableReader(const MappedFile &file, MLIRContext *context) : file(file), context(context) {}

  LogicalResult read(function_ref<LogicalResult(StringRef, StringRef)> visit);

private:
  InFlightDiagnostic error() {
    return emitError(getFileLoc(context, file.getPath())) << "the checkpoint's index ";
  }
  static std::optional<BlockHandle> consumeHandle(StringRef &bytes);
  FailureOr<StringRef> readBlock(BlockHandle handle, const Twine &what);
  LogicalResult readEntries(StringRef block, const Twine &what,
                            function_ref<LogicalResult(StringRef, StringRef)> visit);

  const MappedFile &file;
  MLIRContext *context;
};
} // namespace

std::optional<BlockHandle> TableReader::consumeHandle(StringRef &bytes) {
  std::optional<uint64_t> offset = consumeVarint(bytes);
  std::optional<uint64_t> size = offset ? consumeVarint(bytes) : std::nullopt;
  if (!size)
    return std::nullopt;
  return BlockHandle{*offset, *size};
}

// The content of a block after all checks. `what` says which block it is.
FailureOr<StringRef> TableReader::readBlock(BlockHandle handle, const Twine &what) {
  if (handle.size > file.text().size() || !file.contains(handle.offset, handle.size + kTrailerSize))
    return error() << "is damaged or cut off: " << what << " should be " << handle.size
                   << " bytes at offset " << handle.offset << " of a file of " << file.text().size()
                   << " bytes";
  StringRef block = file.text().substr(handle.offset, handle.size);
  const char *trailer = block.end();
  ArrayRef<char> checked(block.data(), block.size() + 1);
  if (maskCrc32c(crc32c(checked)) != llvm::support::endian::read32le(trailer + 1))
    return error() << "is damaged: the checksum of " << what << " (" << handle.size
                   << " bytes at offset " << handle.offset << ") is wrong; copy the file again";
  if (*trailer != 0)
    return error() << "holds a compressed block (type " << static_cast<int>(*trailer) << "), "
                   << what
                   << "; checkpoints of format V2 have none. If this is a checkpoint of the "
                      "old format V1, load it in TensorFlow and save it again with "
                      "tf.train.Saver(write_version=tf.train.SaverDef.V2)";
  return block;
}

LogicalResult TableReader::readEntries(StringRef block, const Twine &what,
                                       function_ref<LogicalResult(StringRef, StringRef)> visit) {
  // At the end: offsets of entries whose key is written in full, and their
  // number. They serve binary search; reading in order does without.
  auto damaged = [&]() { return error() << "is damaged: " << what << " can't be read"; };
  if (block.size() < 4)
    return damaged();
  uint64_t restarts = llvm::support::endian::read32le(block.end() - 4);
  if (restarts > (block.size() - 4) / 4)
    return damaged();
  StringRef rest = block.drop_back(4 + 4 * restarts);
  std::string key;
  while (!rest.empty()) {
    std::optional<uint64_t> shared = consumeVarint(rest);
    std::optional<uint64_t> added = shared ? consumeVarint(rest) : std::nullopt;
    std::optional<uint64_t> valueSize = added ? consumeVarint(rest) : std::nullopt;
    if (!valueSize || *shared > key.size() || *added > rest.size() ||
        *valueSize > rest.size() - *added)
      return damaged();
    if (*shared + *added > kMaxKeySize)
      return error() << "states a name of " << *shared + *added << " bytes in " << what
                     << "; at most " << kMaxKeySize << " are allowed";
    key.resize(*shared);
    key.append(rest.data(), *added);
    if (failed(visit(key, rest.substr(*added, *valueSize))))
      return failure();
    rest = rest.drop_front(*added + *valueSize);
  }
  return success();
}

LogicalResult TableReader::read(function_ref<LogicalResult(StringRef, StringRef)> visit) {
  if (!isSSTable(file.text()))
    return error() << "does not end as a TensorBundle index does; the file is cut off, damaged, or "
                      "something else";
  StringRef footer = file.text().take_back(kFooterSize).drop_back(8);
  std::optional<BlockHandle> meta = consumeHandle(footer);
  std::optional<BlockHandle> index = meta ? consumeHandle(footer) : std::nullopt;
  if (!index || footer.find_first_not_of('\0') != StringRef::npos)
    return error() << "is damaged: its last " << kFooterSize << " bytes can't be read";
  // Holds nothing in TensorFlow's files; read to notice damage.
  if (failed(readBlock(*meta, "the block of meta data")))
    return failure();
  FailureOr<StringRef> indexBlock = readBlock(*index, "the block index");
  if (failed(indexBlock))
    return failure();

  std::string previous;
  unsigned number = 0;
  return readEntries(*indexBlock, "the block index", [&](StringRef last, StringRef value) {
    std::string what = "data block " + std::to_string(number++) + ", which describes the tensors ";
    if (!previous.empty())
      what += "after '" + previous + "' ";
    what += "up to '" + last.str() + "',";
    previous = last.str();
    std::optional<BlockHandle> handle = consumeHandle(value);
    if (!handle)
      return LogicalResult(error() << "is damaged: it does not say where " << what << " is");
    FailureOr<StringRef> block = readBlock(*handle, what);
    if (failed(block))
      return failure();
    return readEntries(*block, what, visit);
  });
}

LogicalResult bertmlir::readSSTable(const MappedFile &file, MLIRContext *context,
                                    function_ref<LogicalResult(StringRef, StringRef)> visit) {
  return TableReader(file, context).read(visit);
}
