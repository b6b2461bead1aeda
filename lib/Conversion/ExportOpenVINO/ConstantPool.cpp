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

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/Support/xxhash.h"

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

// How much is converted, and given back to the system, at a time.
static constexpr size_t kChunkElements = 1 << 20;

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
  size_t count = bytes.size() / 4, outside = 0;
  for (size_t begin = 0; begin < count; begin += kChunkElements) {
    size_t end = std::min(count, begin + kChunkElements);
    for (size_t i = begin; i < end; ++i) {
      uint32_t bits;
      memcpy(&bits, bytes.data() + 4 * i, 4);
      bits &= 0x7fffffff;
      // Beyond 65504, or non-zero and below 2^-14; infinities and NaNs are kept.
      outside += (bits > 0x477fe000 && bits < 0x7f800000) || (bits != 0 && bits < 0x38800000);
    }
    if (count > kChunkElements)
      dropPagesIfMapped(bytes.slice(4 * begin, 4 * (end - begin)));
  }
  return outside * 4 < count * 3;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

ArrayRef<char> ConstantPool::own(std::string bytes) {
  owned.push_back(std::move(bytes));
  return ArrayRef<char>(owned.back().data(), owned.back().size());
}

// A splat's one element, a boolean's bit: spelled out as the file has them.
static std::string expand(DenseElementsAttr dense) {
  std::string bytes;
  unsigned width = dense.getElementType().getIntOrFloatBitWidth();
  if (width == 1) {
    for (bool element : dense.getValues<bool>())
      bytes.push_back(element ? 1 : 0);
    return bytes;
  }
  StringRef raw(dense.getRawData().data(), dense.getRawData().size());
  if (!dense.isSplat())
    return raw.str();
  bytes.reserve(raw.size() * dense.getNumElements());
  for (int64_t i = 0, e = dense.getNumElements(); i < e; ++i)
    bytes += raw;
  return bytes;
}

FailureOr<ArrayRef<char>> ConstantPool::getBytes(ElementsAttr value, std::string &reason) {
  auto type = cast<ShapedType>(value.getType());
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    if (!type.getElementType().isIntOrFloat()) {
      reason = "holds strings";
      return failure();
    }
    return own(expand(dense));
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob) {
    reason = "has no bytes: text leaves weights out; pass the model on as bytecode "
             "(--emit-bytecode)";
    return failure();
  }
  uint64_t width = std::max<uint64_t>(type.getElementTypeBitWidth(), 8) / 8;
  uint64_t expected = type.getNumElements() * width;
  if (blob->getData().size() != expected) {
    reason = "holds " + std::to_string(blob->getData().size()) + " bytes where its type needs " +
             std::to_string(expected);
    return failure();
  }
  return blob->getData();
}

FailureOr<Placement> ConstantPool::add(ElementsAttr value, std::string &reason) {
  FailureOr<ArrayRef<char>> bytes = getBytes(value, reason);
  if (failed(bytes))
    return failure();
  Type elementType = cast<ShapedType>(value.getType()).getElementType();
  bool toHalf = compressToFP16 && elementType.isF32() && !bytes->empty() && fitsHalf(*bytes);

  uint64_t hash = llvm::hash_combine(
      bytes->size(), toHalf,
      llvm::xxh3_64bits(StringRef(bytes->data(), std::min<size_t>(bytes->size(), 64))));
  auto &bucket = buckets[hash & ~(uint64_t(1) << 63)];
  for (auto &[index, placement] : bucket) {
    const Entry &entry = entries[index];
    if (entry.toHalf == toHalf && entry.bytes.size() == bytes->size() &&
        (entry.bytes.data() == bytes->data() ||
         memcmp(entry.bytes.data(), bytes->data(), bytes->size()) == 0))
      return placement;
  }
  Placement placement;
  placement.offset = end;
  placement.size = toHalf ? bytes->size() / 2 : bytes->size();
  placement.isHalf = toHalf;
  end += placement.size;
  bucket.push_back({static_cast<unsigned>(entries.size()), placement});
  entries.push_back({*bytes, toHalf});
  return placement;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

llvm::Error ConstantPool::write(AtomicOutput &output) {
  std::vector<uint16_t> halves;
  for (const Entry &entry : entries) {
    // In pieces, so that only one piece is resident.
    size_t step = 4 * kChunkElements;
    for (size_t begin = 0; begin < entry.bytes.size(); begin += step) {
      ArrayRef<char> piece = entry.bytes.slice(begin, std::min(step, entry.bytes.size() - begin));
      ArrayRef<char> out = piece;
      if (entry.toHalf) {
        halves.resize(piece.size() / 4);
        toHalf(piece.data(), halves.size(), halves.data());
        out = ArrayRef<char>(reinterpret_cast<const char *>(halves.data()), halves.size() * 2);
      }
      if (llvm::Error error = output.write(out))
        return error;
      if (piece.size() >= 4096)
        dropPagesIfMapped(piece);
    }
  }
  return llvm::Error::success();
}
