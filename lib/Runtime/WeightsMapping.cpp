//===- WeightsMapping.cpp - a model's weights in memory ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "WeightsMapping.h"

#include "CpuFeatures.h"
#include "Error.h"
#include "bert/Support/CRC32CBytes.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace bertmlir;
using namespace bertmlir::runtime;

static_assert(WeightsFileHeader::buildIdBytes == BERT_BUILD_ID_BYTES, "one id in both places");

uint32_t bertmlir::runtime::checksum(const void *data, size_t bytes, uint32_t crc) {
  size_t length;
  bool hasInstruction = !findMissingFeature("sse4.2", length);
  return detail::crc32cBytes(static_cast<const char *>(data), bytes, crc, hasInstruction);
}

WeightsMapping::~WeightsMapping() {
  if (mapping)
    munmap(mapping, mappedBytes);
  free(name);
}

void WeightsMapping::useMemory(const void *newData, size_t bytes) {
  data = static_cast<const char *>(newData);
  size = bytes;
}

bert_status WeightsMapping::open(const char *path, const BertModelDescriptor &descriptor) {
  int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail(BERT_FILE, "%s: can't open the weights: %s", path, strerror(errno));
  // Closes the file whichever way this ends; a mapping does not need it.
  struct Closer {
    int file;
    ~Closer() { close(file); }
  } closer{file};

  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    return fail(BERT_FILE, "%s: the weights must be an ordinary file", path);
  size_t fileBytes = size_t(status.st_size);
  WeightsFileHeader header;
  if (fileBytes < sizeof(header) || pread(file, &header, sizeof(header), 0) != sizeof(header) ||
      memcmp(header.magic, WeightsFileHeader::expectedMagic, sizeof(header.magic)) != 0)
    return fail(BERT_FILE, "%s: this is not a weights file of bert-compile", path);
  if (header.version != WeightsFileHeader::expectedVersion)
    return fail(BERT_FILE,
                "%s: version %u of the weights file, expected %u; compile the model again", path,
                header.version, WeightsFileHeader::expectedVersion);
  if (header.headerChecksum != checksum(&header, offsetof(WeightsFileHeader, headerChecksum)))
    return fail(BERT_FILE, "%s: the weights file is damaged: its header's checksum differs", path);
  if (memcmp(header.buildId, descriptor.build_id, sizeof(header.buildId)) != 0)
    return fail(BERT_FILE,
                "%s: these weights belong to another build than the library of model '%s'; put "
                "the two files of one run of bert-compile together",
                path, descriptor.info->name);
  uint64_t expected = header.dataOffset + header.dataBytes;
  if (header.dataOffset != WeightsFileHeader::expectedDataOffset ||
      header.dataBytes > SIZE_MAX - header.dataOffset || fileBytes != expected ||
      header.dataBytes < uint64_t(descriptor.info->weights_bytes))
    return fail(BERT_FILE, "%s: the weights file has %zu bytes, expected %llu; copy it again", path,
                fileBytes, static_cast<unsigned long long>(expected));

  // Shared, so that all processes use the pages of the system's file cache.
  void *place = mmap(nullptr, fileBytes, PROT_READ, MAP_SHARED, file, 0);
  if (place == MAP_FAILED)
    return fail(BERT_MEMORY, "%s: can't map the weights: %s", path, strerror(errno));
#ifdef MADV_HUGEPAGE
  // A layer reads its weights once and front to back; a look-up of addresses for each 4 KB of them
  // costs up to a tenth of a short input's time. Systems that can't do it for files say no.
  madvise(place, fileBytes, MADV_HUGEPAGE);
#endif
  // Reading from disk begins now, in the background, in large pieces.
  madvise(place, fileBytes, MADV_WILLNEED);
  mapping = place;
  name = strdup(path);
  mappedBytes = fileBytes;
  data = static_cast<const char *>(place) + header.dataOffset;
  size = size_t(header.dataBytes);
  return BERT_OK;
}

bert_status WeightsMapping::verify() const {
  if (!mapping)
    return BERT_OK;
  WeightsFileHeader header;
  memcpy(&header, mapping, sizeof(header));
  if (checksum(data, size) != header.dataChecksum)
    return fail(BERT_FILE, "%s: the weights file is damaged: its checksum differs; copy it again",
                name ? name : "weights");
  return BERT_OK;
}
