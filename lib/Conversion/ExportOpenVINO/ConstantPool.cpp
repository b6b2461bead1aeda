//===- ConstantPool.cpp - the .bin file: constants, each stored once ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A model has hundreds of megabytes of weights. They are compared by their first
// bytes before anything more of them is read, written straight from the mapping,
// and given back to the system behind the writer.
//
//===----------------------------------------------------------------------===//

#include "ConstantPool.h"

#include "bert/Support/MappedFile.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/xxhash.h"

#include <array>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::exportov;

//===----------------------------------------------------------------------===//
// Half precision
//===----------------------------------------------------------------------===//

static uint16_t toHalfPortable(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  uint32_t sign = (bits >> 16) & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return sign | 0x7e00 | ((magnitude >> 13) & 0x1ff); // a NaN stays one, made quiet
  if (magnitude >= 0x47800000)
    return sign | 0x7c00; // 65536 and beyond
  if (magnitude < 0x33000000)
    return sign; // below half of the smallest subnormal
  uint32_t half, rest, middle;
  if (magnitude < 0x38800000) { // subnormal: shift the significand into place
    unsigned shift = 126 - (magnitude >> 23);
    uint32_t significand = (magnitude & 0x7fffff) | 0x800000;
    half = significand >> shift;
    rest = significand & ((1u << shift) - 1);
    middle = 1u << (shift - 1);
  } else {
    half = (magnitude - 0x38000000) >> 13;
    rest = magnitude & 0x1fff;
    middle = 0x1000;
  }
  // To nearest, ties to even; a carry runs into the exponent, as it should.
  half += rest > middle || (rest == middle && (half & 1));
  return sign | half;
}

static void toHalfPortable(const char *source, size_t count, uint16_t *target) {
  for (size_t i = 0; i < count; ++i) {
    float value;
    memcpy(&value, source + 4 * i, 4);
    target[i] = toHalfPortable(value);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx,f16c"))) static void toHalfHardware(const char *source, size_t count,
                                                               uint16_t *target) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    __m256 values = _mm256_loadu_ps(reinterpret_cast<const float *>(source + 4 * i));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(target + i),
                     _mm256_cvtps_ph(values, _MM_FROUND_TO_NEAREST_INT));
  }
  toHalfPortable(source + 4 * i, count - i, target + i);
}
#endif

static void toHalf(const char *source, size_t count, uint16_t *target) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c"))
    return toHalfHardware(source, count, target);
#endif
  toHalfPortable(source, count, target);
}

bool exportov::fitsHalf(ArrayRef<char> bytes) {
  size_t outside = 0;
  for (ArrayRef<char> piece : MappedPieces(bytes))
    for (size_t i = 0; i < piece.size() / 4; ++i) {
      uint32_t bits;
      memcpy(&bits, piece.data() + 4 * i, 4);
      bits &= 0x7fffffff;
      // Beyond 65504, or non-zero and below 2^-14; infinities and NaNs are kept.
      outside += (bits > 0x477fe000 && bits < 0x7f800000) || (bits != 0 && bits < 0x38800000);
    }
  return outside * 4 < bytes.size() / 4 * 3;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

// What is computed and larger than this is not kept until it is written.
static constexpr size_t kMaxKept = 1 << 20;

bool ConstantPool::areEqual(const Entry &a, const Entry &b) {
  if (a.toHalf != b.toHalf || a.size != b.size || !a.recipe != !b.recipe)
    return false;
  if (a.tensor.bytes.empty() || b.tensor.bytes.empty())
    return a.tensor.bytes.empty() && b.tensor.bytes.empty() && a.hash == b.hash;
  // Two matrices that are transposed are equal if they are so before.
  if (a.recipe && a.tensor.type != b.tensor.type)
    return false;
  return a.tensor.bytes.data() == b.tensor.bytes.data() ||
         memcmp(a.tensor.bytes.data(), b.tensor.bytes.data(), a.size) == 0;
}

// Biases, scales and shifts: a thousandth of a BERT's bytes, but a quarter of the error that f16
// brings to BERT-Large's answers.
static bool isTrainedVector(Value value) {
  if (value.getDefiningOp<ov::ConstantOp>())
    return false;
  auto isLong = [](int64_t size) { return size != 1; };
  return llvm::count_if(cast<RankedTensorType>(value.getType()).getShape(), isLong) == 1;
}

// A weight that is only transposed: the bytes stay where they are until they are written.
static std::optional<ov::TensorBytes> getTransposed(Value value) {
  auto transpose = value.getDefiningOp<ov::TransposeOp>();
  Operation *weight = transpose ? transpose.getInput().getDefiningOp() : nullptr;
  std::string reason;
  if (!isa_and_nonnull<ov::WeightOp>(weight) ||
      cast<RankedTensorType>(transpose.getType()).getRank() != 2)
    return std::nullopt;
  return ov::evaluateTensor(transpose.getInput(), reason);
}

FailureOr<Placement> ConstantPool::add(Value value, std::string &reason) {
  std::optional<ov::TensorBytes> transposed = getTransposed(value);
  FailureOr<ov::TensorBytes> tensor = transposed ? *transposed : ov::evaluateTensor(value, reason);
  if (failed(tensor))
    return failure();
  ArrayRef<char> bytes = tensor->bytes;
  Entry entry;
  entry.tensor = *tensor;
  entry.size = bytes.size();
  entry.toHalf = compressToFP16 && tensor->type.getElementType().isF32() && !bytes.empty() &&
                 !isTrainedVector(value) && fitsHalf(bytes);
  entry.hash = llvm::xxh3_64bits(StringRef(bytes.data(), std::min<size_t>(bytes.size(), 64)));
  if (transposed) {
    entry.recipe = value;
  } else if (tensor->owner && bytes.size() > kMaxKept) {
    entry.recipe = value;
    entry.hash = llvm::xxh3_64bits(StringRef(bytes.data(), bytes.size()));
    entry.tensor = {};
  }
  // A look at the first bytes may have brought in megabytes.
  dropPagesIfMapped(bytes);

  uint64_t key = llvm::hash_combine(entry.size, entry.toHalf, entry.hash);
  auto &bucket = buckets[key & ~(uint64_t(1) << 63)];
  for (auto &[index, placement] : bucket)
    if (areEqual(entries[index], entry))
      return placement;
  Placement placement;
  placement.offset = end;
  placement.size = entry.toHalf ? entry.size / 2 : entry.size;
  placement.isHalf = entry.toHalf;
  end += placement.size;
  bucket.push_back({static_cast<unsigned>(entries.size()), placement});
  entries.push_back(std::move(entry));
  return placement;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

// What one task makes: small enough that it is still in the cache when it is written, large enough
// to be worth a task.
static constexpr int64_t kMadeBytes = 1 << 20;

/// Makes what recipes stand for, piece by piece and in order, on threads of its own and ahead of
/// whoever takes the pieces.
class ConstantPool::Maker {
public:
  explicit Maker(ArrayRef<Entry> entries) {
    for (const Entry &entry : entries)
      if (entry.recipe && entry.size > 0)
        appendPieces(entry);
    beginNext();
  }

  /// The next piece's bytes, which live until the one after is asked for.
  FailureOr<ArrayRef<char>> take(std::string &reason) {
    if (taken > 0)
      getSlot(taken - 1).tensor = {};
    beginNext();
    Slot &slot = getSlot(taken++);
    slot.task.wait();
    if (slot.reason.empty())
      return slot.bytes;
    reason = slot.reason;
    return failure();
  }

private:
  /// How far ahead: in pieces, and in bytes where more than one is.
  static constexpr size_t kAhead = 4;
  static constexpr uint64_t kAheadBytes = uint64_t(16) << 20;

  /// Rows of a transposed matrix, or all of another recipe.
  struct Piece {
    const Entry *entry;
    int64_t row = 0, rows = 0;
  };
  /// Made pieces use the slots in turn.
  struct Slot {
    std::shared_future<void> task;
    ArrayRef<char> bytes;
    std::string reason;
    std::vector<char> buffer;
    ov::TensorBytes tensor;
  };

  void appendPieces(const Entry &entry) {
    RankedTensorType matrix = entry.tensor.type;
    if (!matrix || entry.size != 4 * uint64_t(matrix.getNumElements()))
      return pieces.push_back({&entry});
    int64_t rows = matrix.getDimSize(1);
    // Whole tiles of a transposition.
    int64_t step = std::max<int64_t>(16, kMadeBytes / (4 * matrix.getDimSize(0)) / 16 * 16);
    for (int64_t row = 0; row < rows; row += step)
      pieces.push_back({&entry, row, std::min(step, rows - row)});
  }

  static uint64_t getSize(const Piece &piece) {
    return piece.rows ? 4 * piece.rows * piece.entry->tensor.type.getDimSize(0) : piece.entry->size;
  }

  Slot &getSlot(size_t index) { return slots[index % kAhead]; }

  void beginNext() {
    uint64_t ahead = 0;
    for (size_t index = taken; index < begun; ++index)
      ahead += getSize(pieces[index]);
    for (; begun < pieces.size() && begun - taken < kAhead; ++begun) {
      ahead += getSize(pieces[begun]);
      if (begun > taken && ahead > kAheadBytes)
        return;
      Slot &slot = getSlot(begun);
      slot.task = threads.async([&slot, piece = pieces[begun]] { make(piece, slot); });
    }
  }

  static void make(const Piece &piece, Slot &slot) {
    slot.reason.clear();
    const ov::TensorBytes &matrix = piece.entry->tensor;
    if (piece.rows == 0) {
      FailureOr<ov::TensorBytes> tensor = ov::evaluateTensor(piece.entry->recipe, slot.reason);
      if (succeeded(tensor))
        slot.tensor = *tensor;
      slot.bytes = slot.tensor.bytes;
      return;
    }
    if (piece.row == 0)
      fetchPagesIfMapped(matrix.bytes);
    slot.buffer.resize(getSize(piece));
    ov::transposeRows(matrix, piece.row, piece.rows, slot.buffer.data());
    slot.bytes = slot.buffer;
  }

  std::vector<Piece> pieces;
  size_t begun = 0, taken = 0;
  std::array<Slot, kAhead> slots;
  /// Last, so that all tasks have ended before their slots do.
  llvm::DefaultThreadPool threads;
};

llvm::Error ConstantPool::write(AtomicOutput &output) {
  Maker maker(entries);
  for (const Entry &entry : entries) {
    if (!entry.recipe) {
      if (llvm::Error error = write(entry.tensor.bytes, entry.toHalf, output))
        return error;
      continue;
    }
    for (uint64_t left = entry.size; left > 0;) {
      std::string reason;
      FailureOr<ArrayRef<char>> bytes = maker.take(reason);
      if (failed(bytes)) // It worked when it was added.
        return llvm::createStringError(reason);
      if (llvm::Error error = write(*bytes, entry.toHalf, output))
        return error;
      left -= bytes->size();
    }
    dropPagesIfMapped(entry.tensor.bytes);
  }
  return llvm::Error::success();
}

llvm::Error ConstantPool::write(ArrayRef<char> bytes, bool toHalf, AtomicOutput &output) {
  for (ArrayRef<char> piece : MappedPieces(bytes)) {
    ArrayRef<char> out = piece;
    if (toHalf) {
      halves.resize(piece.size() / 4);
      ::toHalf(piece.data(), halves.size(), halves.data());
      out = ArrayRef<char>(reinterpret_cast<const char *>(halves.data()), halves.size() * 2);
    }
    if (llvm::Error error = output.write(out))
      return error;
  }
  return llvm::Error::success();
}
