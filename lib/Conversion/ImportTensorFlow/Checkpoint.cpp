//===- Checkpoint.cpp - TensorFlow's checkpoints ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The index maps a tensor's name to its type, shape and place. A partitioned
// variable has an entry under its name that lists the slices, and one entry per
// slice whose key is an order-preserving encoding of name and position.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportTensorFlowCheckpoint.h"

#include "SSTable.h"
#include "TensorTypes.h"

#include "bert/Dialect/TF/IR/TFOps.h"
#include "bert/Support/CRC32C.h"
#include "bert/Support/Diagnostics.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace bertmlir;

//===----------------------------------------------------------------------===//
// Keys of slices
//===----------------------------------------------------------------------===//

// Numbers and strings so encoded that the order of the bytes is the order of the
// values (TensorFlow's lib/strings/ordered_code).

static void appendOrdered(std::string &key, uint64_t value) {
  SmallVector<char, 8> bytes; // big endian, without leading zeros
  for (; value != 0; value >>= 8)
    bytes.push_back(static_cast<char>(value));
  key.push_back(static_cast<char>(bytes.size()));
  key.append(bytes.rbegin(), bytes.rend());
}

static void appendOrdered(std::string &key, StringRef text) {
  for (char c : text) {
    key.push_back(c);
    if (c == '\0')
      key.push_back('\xff');
    else if (c == '\xff')
      key.push_back('\0');
  }
  key.append({'\0', '\1'});
}

// The number of leading one bits says how many bytes follow, as in UTF-8; a
// negative number is the complement of the positive one's encoding.
static void appendOrderedSigned(std::string &key, int64_t value) {
  uint64_t magnitude = value < 0 ? ~static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  unsigned bits = magnitude == 0 ? 0 : llvm::Log2_64(magnitude) + 1;
  unsigned length = bits / 7 + 1;
  // Ten bytes with room for the header in the first two.
  unsigned char bytes[10];
  unsigned char fill = value < 0 ? 0xff : 0;
  for (unsigned i = 0; i < 10; ++i)
    bytes[i] =
        i < 2 ? fill : static_cast<unsigned char>(static_cast<uint64_t>(value) >> (8 * (9 - i)));
  unsigned char *begin = bytes + 10 - length;
  uint16_t header = static_cast<uint16_t>(0xffff << (16 - length));
  begin[0] ^= header >> 8;
  if (length > 1)
    begin[1] ^= header & 0xff;
  key.append(reinterpret_cast<char *>(begin), length);
}

static std::string makeSliceKey(StringRef name, const proto::TensorSliceProto &slice) {
  std::string key;
  appendOrdered(key, uint64_t(0));
  appendOrdered(key, name);
  appendOrdered(key, static_cast<uint64_t>(slice.extent_size()));
  for (const proto::TensorSliceProto::Extent &extent : slice.extent()) {
    appendOrderedSigned(key, extent.start());
    appendOrderedSigned(key, extent.has_length_case() ? extent.length() : -1);
  }
  return key;
}

// The slice with all lengths filled in, if it lies in the tensor.
static std::optional<TensorSlice> readSlice(const proto::TensorSliceProto &proto,
                                            ArrayRef<int64_t> shape) {
  if (static_cast<size_t>(proto.extent_size()) != shape.size())
    return std::nullopt;
  TensorSlice slice;
  for (auto [extent, dim] : llvm::zip(proto.extent(), shape)) {
    int64_t length = extent.has_length_case() ? extent.length() : dim;
    if (extent.start() < 0 || length < 0 || extent.start() > dim || length > dim - extent.start())
      return std::nullopt;
    slice.start.push_back(extent.start());
    slice.length.push_back(length);
  }
  return slice;
}

//===----------------------------------------------------------------------===//
// The index
//===----------------------------------------------------------------------===//

Checkpoint::Checkpoint(std::string prefix, MLIRContext *context)
    : prefix(std::move(prefix)), context(context) {}
Checkpoint::~Checkpoint() = default;

std::unique_ptr<Checkpoint> Checkpoint::open(StringRef path, MLIRContext *context) {
  // The types of what no model can use, strings for instance, are its own.
  context->loadDialect<tf::TFDialect>();
  FailureOr<std::string> prefix = resolveCheckpointPrefix(path, context);
  if (failed(prefix))
    return nullptr;
  std::unique_ptr<Checkpoint> checkpoint(new Checkpoint(std::move(*prefix), context));
  if (failed(checkpoint->readIndex()))
    return nullptr;
  return checkpoint;
}

LogicalResult Checkpoint::readHeader(StringRef value) {
  std::string path = prefix + ".index";
  auto error = [&]() { return emitError(getFileLoc(context, path)); };
  // Both formats have their header under the empty key. V1's begins with a
  // message, V2's with the number of shards.
  if (value.starts_with("\n"))
    return error()
           << "this is a checkpoint of the old format V1; load it in TensorFlow and save it "
              "again with tf.train.Saver(write_version=tf.train.SaverDef.V2)";
  proto::BundleHeaderProto header;
  if (!header.ParseFromArray(value.data(), value.size()))
    return error() << "the checkpoint's header can't be read; the index is damaged";
  if (header.endianness() != proto::BundleHeaderProto::LITTLE)
    return error() << "the checkpoint was written on a big-endian machine, which is not supported";
  if (header.version().min_consumer() > 1)
    return error() << "the checkpoint has format version " << header.version().min_consumer()
                   << "; versions up to 1 are supported";
  if (header.num_shards() < 1 || header.num_shards() > 99999)
    return error() << "the checkpoint states " << header.num_shards() << " data files";
  shards.resize(header.num_shards());
  return success();
}

LogicalResult Checkpoint::readIndex() {
  // More than any real index holds; small files can state many long names.
  constexpr size_t maxBytes = size_t(1) << 28;
  std::string path = prefix + ".index";
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(path);
  if (!file)
    return emitError(getFileLoc(context, path))
           << "can't open the checkpoint's index: " << llvm::toString(file.takeError());
  size_t bytes = 0;
  bool hasHeader = false;
  auto visit = [&](StringRef key, StringRef value) -> LogicalResult {
    if (key.empty()) {
      hasHeader = true;
      return readHeader(value);
    }
    proto::BundleEntryProto entry;
    bytes += key.size() + value.size();
    if (bytes > maxBytes)
      return emitError(getFileLoc(context, path)) << "the checkpoint's index is too large";
    if (!entry.ParseFromArray(value.data(), value.size()))
      return emitError(getFileLoc(context, path))
             << "the checkpoint's entry of the tensor '" << key << "' can't be read";
    if (!entries.try_emplace(key.str(), std::move(entry)).second)
      return emitError(getFileLoc(context, path))
             << "the checkpoint has two entries of the tensor '" << key << "'";
    return success();
  };
  if (failed(readSSTable(**file, context, visit)))
    return failure();
  if (!hasHeader)
    return emitError(getFileLoc(context, path))
           << "the checkpoint's index has no header; it is no TensorBundle";
  for (const auto &[name, entry] : entries)
    if (name.front() != '\0') // keys of slices begin so
      names.push_back(name);
  return success();
}

const proto::BundleEntryProto *Checkpoint::lookup(StringRef key) const {
  auto it = entries.find(key);
  return it == entries.end() ? nullptr : &it->second;
}

bool Checkpoint::contains(StringRef name) const { return lookup(name) != nullptr; }

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

FailureOr<RankedTensorType> Checkpoint::getEntryType(const proto::BundleEntryProto &entry,
                                                     std::string &reason) {
  FailureOr<FileShape> shape = readShape(entry.shape(), reason);
  if (failed(shape))
    return failure();
  if (!shape->isStatic()) {
    reason = "has no complete shape";
    return failure();
  }
  Type elementType = getElementType(context, entry.dtype());
  if (getByteWidth(elementType) == 0) {
    reason =
        llvm::formatv("has elements of type {0}, which a model's weights can't have", elementType);
    return failure();
  }
  return cast<RankedTensorType>(getTensorType(*shape, elementType));
}

FailureOr<RankedTensorType> Checkpoint::getType(StringRef name, std::string &reason) {
  const proto::BundleEntryProto *entry = lookup(name);
  if (!entry) {
    reason = "does not exist";
    return failure();
  }
  return getEntryType(*entry, reason);
}

FailureOr<std::shared_ptr<MappedFile>> Checkpoint::getShard(int64_t shard, std::string &reason) {
  if (shard < 0 || shard >= static_cast<int64_t>(shards.size())) {
    reason = llvm::formatv("should be in data file {0} of {1}", shard, shards.size());
    return failure();
  }
  std::shared_ptr<MappedFile> &file = shards[shard];
  if (file)
    return file;
  std::string path =
      llvm::formatv("{0}.data-{1,0+5}-of-{2,0+5}", prefix, shard, shards.size()).str();
  llvm::Expected<std::shared_ptr<MappedFile>> opened = MappedFile::open(path);
  if (!opened) {
    reason =
        "should be in '" + path + "', which can't be opened: " + llvm::toString(opened.takeError());
    return failure();
  }
  file = *opened;
  return file;
}

FailureOr<CheckpointValue> Checkpoint::getEntryValue(const proto::BundleEntryProto &entry,
                                                     RankedTensorType type, std::string &reason) {
  std::optional<int64_t> count = getCheckedNumElements(type.getShape());
  int64_t size = 0;
  if (!count || llvm::MulOverflow<int64_t>(*count, getByteWidth(type.getElementType()), size)) {
    reason = "has too many elements to count";
    return failure();
  }
  if (entry.size() != size) {
    reason = llvm::formatv("has {0} bytes, but its shape {1} needs {2}", entry.size(),
                           formatShape(type.getShape()), size);
    return failure();
  }
  FailureOr<std::shared_ptr<MappedFile>> shard = getShard(entry.shard_id(), reason);
  if (failed(shard))
    return failure();
  if (entry.offset() < 0 || !(*shard)->contains(entry.offset(), size)) {
    reason = llvm::formatv("should be {0} bytes at offset {1} of '{2}', which has only {3}; the "
                           "file is cut off",
                           size, entry.offset(), (*shard)->getPath(), (*shard)->bytes().size());
    return failure();
  }
  CheckpointValue value;
  value.type = type;
  value.bytes = {(*shard)->bytes().slice(entry.offset(), size), *shard};
  value.maskedCrc = entry.crc32c();
  return value;
}

bool Checkpoint::verify(const CheckpointValue &value) {
  return value.isChecked || hasMaskedCrc32c(value.bytes.data, value.maskedCrc);
}

SmallVector<TensorSlice> Checkpoint::getStoredSlices(StringRef name) {
  SmallVector<TensorSlice> slices;
  std::string reason;
  const proto::BundleEntryProto *entry = lookup(name);
  FailureOr<RankedTensorType> type = getType(name, reason);
  if (failed(type))
    return slices;
  for (const proto::TensorSliceProto &proto : entry->slices())
    if (std::optional<TensorSlice> slice = readSlice(proto, type->getShape()))
      slices.push_back(std::move(*slice));
  llvm::sort(slices, [](const TensorSlice &a, const TensorSlice &b) { return a.start < b.start; });
  return slices;
}

FailureOr<CheckpointValue> Checkpoint::getValue(StringRef name, std::string &reason) {
  FailureOr<RankedTensorType> type = getType(name, reason);
  if (failed(type))
    return failure();
  TensorSlice whole;
  whole.start.assign(type->getRank(), 0);
  whole.length.assign(type->getShape().begin(), type->getShape().end());
  return getValue(name, whole, reason);
}

// Copies what two parts of a tensor share, row by row, and returns how many
// elements that was.
static int64_t copyOverlap(MutableArrayRef<char> into, const TensorSlice &intoSlice,
                           ArrayRef<char> from, const TensorSlice &fromSlice, unsigned width) {
  size_t rank = intoSlice.start.size();
  SmallVector<int64_t> begin(rank), end(rank);
  int64_t count = 1;
  for (size_t dim = 0; dim < rank; ++dim) {
    begin[dim] = std::max(intoSlice.start[dim], fromSlice.start[dim]);
    end[dim] = std::min(intoSlice.start[dim] + intoSlice.length[dim],
                        fromSlice.start[dim] + fromSlice.length[dim]);
    if (begin[dim] >= end[dim])
      return 0;
    count *= end[dim] - begin[dim];
  }
  int64_t row = rank == 0 ? 1 : end.back() - begin.back();
  auto offsetIn = [&](const TensorSlice &slice, ArrayRef<int64_t> at) {
    int64_t offset = 0;
    for (size_t dim = 0; dim < rank; ++dim)
      offset = offset * slice.length[dim] + at[dim] - slice.start[dim];
    return offset * width;
  };
  SmallVector<int64_t> at = begin;
  while (true) {
    memcpy(into.data() + offsetIn(intoSlice, at), from.data() + offsetIn(fromSlice, at),
           row * width);
    // The next row: count up all dimensions but the last.
    int64_t dim = static_cast<int64_t>(rank) - 2;
    for (; dim >= 0; --dim) {
      if (++at[dim] < end[dim])
        break;
      at[dim] = begin[dim];
    }
    if (dim < 0)
      return count;
  }
}

FailureOr<CheckpointValue> Checkpoint::getValue(StringRef name, const TensorSlice &slice,
                                                std::string &reason) {
  FailureOr<RankedTensorType> type = getType(name, reason);
  if (failed(type))
    return failure();
  const proto::BundleEntryProto *entry = lookup(name);
  auto sliceType = RankedTensorType::get(slice.length, type->getElementType());
  if (slice.start.size() != static_cast<size_t>(type->getRank()) ||
      llvm::any_of(llvm::zip(slice.start, slice.length, type->getShape()), [](auto dims) {
        auto [start, length, dim] = dims;
        return start < 0 || length < 0 || start > dim || length > dim - start;
      })) {
    reason = llvm::formatv("has the shape {0}, which does not hold the part {1} at {2}",
                           formatShape(type->getShape()), formatShape(slice.length),
                           formatShape(slice.start));
    return failure();
  }

  // The pieces as they are in the files.
  SmallVector<std::pair<TensorSlice, const proto::BundleEntryProto *>> pieces;
  if (entry->slices_size() == 0) {
    TensorSlice whole;
    whole.start.assign(type->getRank(), 0);
    whole.length.assign(type->getShape().begin(), type->getShape().end());
    pieces.push_back({whole, entry});
  }
  for (const proto::TensorSliceProto &proto : entry->slices()) {
    std::optional<TensorSlice> stored = readSlice(proto, type->getShape());
    const proto::BundleEntryProto *piece = lookup(makeSliceKey(name, proto));
    if (!stored || !piece) {
      reason = "is stored in slices, one of which is missing or outside of the tensor";
      return failure();
    }
    pieces.push_back({std::move(*stored), piece});
  }
  for (auto &[stored, piece] : pieces)
    if (stored == slice)
      return getEntryValue(*piece, sliceType, reason);

  // Other parts than those asked for: they are put together in memory. The
  // allocation is bounded by what the pieces hold.
  unsigned width = getByteWidth(type->getElementType());
  int64_t wanted = sliceType.getNumElements();
  SmallVector<CheckpointValue> values;
  int64_t available = 0;
  for (auto &[stored, piece] : pieces) {
    auto pieceType = RankedTensorType::get(stored.length, type->getElementType());
    FailureOr<CheckpointValue> value = getEntryValue(*piece, pieceType, reason);
    if (failed(value))
      return failure();
    available += static_cast<int64_t>(value->bytes.data.size()) / width;
    values.push_back(std::move(*value));
  }
  if (available < wanted) {
    reason = "is stored in slices that do not cover it";
    return failure();
  }
  auto buffer = std::make_shared<std::vector<char>>(static_cast<size_t>(wanted) * width);
  int64_t copied = 0;
  for (auto [value, piece] : llvm::zip(values, pieces)) {
    int64_t count = copyOverlap(*buffer, slice, value.bytes.data, piece.first, width);
    copied += count;
    if (count != 0 && !verify(value)) {
      reason = llvm::formatv("is damaged: the checksum of its part at {0} is wrong",
                             formatShape(piece.first.start));
      return failure();
    }
  }
  if (copied != wanted) {
    reason = "is stored in slices that do not cover it";
    return failure();
  }
  CheckpointValue result;
  result.type = sliceType;
  result.bytes = {ArrayRef<char>(buffer->data(), buffer->size()), buffer};
  result.isChecked = true;
  return result;
}
