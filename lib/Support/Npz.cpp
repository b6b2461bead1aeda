//===- Npz.cpp - numpy's files of named arrays ------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/Npz.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <zip.h>

using namespace bertmlir;
using llvm::StringRef;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(message.str().c_str());
}

//===----------------------------------------------------------------------===//
// .npy
//===----------------------------------------------------------------------===//

static constexpr StringRef kMagic("\x93NUMPY", 6);

// The text behind `'key':` in the header's dictionary.
static StringRef valueOf(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "':").str());
  return at == StringRef::npos ? StringRef() : header.substr(at + key.size() + 3).ltrim();
}

llvm::Expected<NpyArray> bertmlir::parseNpy(llvm::ArrayRef<char> content) {
  StringRef text(content.data(), content.size());
  if (!text.starts_with(kMagic) || text.size() < 12)
    return fail("is no array of numpy's");
  // Version 1 has 2 bytes of length, the later ones 4.
  bool isShort = text[6] == 1;
  size_t begin = isShort ? 10 : 12;
  size_t length = isShort ? llvm::support::endian::read16le(text.data() + 8)
                          : llvm::support::endian::read32le(text.data() + 8);
  if (length > text.size() - begin)
    return fail("ends within its header");
  StringRef header = text.substr(begin, length);
  NpyArray array;
  StringRef type = valueOf(header, "descr");
  if (!type.consume_front("'"))
    return fail("holds records, not numbers");
  array.type = type.take_until([](char c) { return c == '\''; }).str();
  if (array.type.empty() || array.type.front() == '>')
    return fail("holds elements of type '" + array.type + "'; save it in little-endian order");
  if (valueOf(header, "fortran_order").starts_with("True"))
    return fail("is in Fortran's order; save numpy.ascontiguousarray of it");
  StringRef shape = valueOf(header, "shape");
  if (!shape.consume_front("("))
    return fail("has no shape");
  int64_t count = 1, width = 0;
  for (StringRef dim : llvm::split(shape.take_until([](char c) { return c == ')'; }), ',')) {
    int64_t size = 0;
    if (dim.trim().empty())
      continue;
    if (dim.trim().getAsInteger(10, size) || size < 0 || llvm::MulOverflow(count, size, count))
      return fail("has an impossible shape");
    array.shape.push_back(size);
  }
  if (StringRef(array.type)
          .drop_front(std::min<size_t>(2, array.type.size()))
          .getAsInteger(10, width) ||
      width < 1 || width > 16)
    return fail("holds elements of type '" + array.type + "', which models don't take");
  StringRef data = text.substr(begin + length);
  if (llvm::MulOverflow(count, width, count) || static_cast<uint64_t>(count) != data.size())
    return fail("does not hold as many elements as its shape says");
  array.bytes.assign(data.begin(), data.end());
  return array;
}

std::vector<char> bertmlir::printNpy(const NpyArray &array) {
  std::string header = "{'descr': '" + array.type + "', 'fortran_order': False, 'shape': (";
  for (int64_t dim : array.shape)
    header += std::to_string(dim) + (array.shape.size() == 1 ? "," : ", ");
  if (array.shape.size() > 1)
    header.resize(header.size() - 2);
  header += "), }";
  // The data begins at a multiple of 64.
  size_t length = llvm::alignTo(10 + header.size() + 1, 64) - 10;
  header.resize(length - 1, ' ');
  header += '\n';
  std::string text = kMagic.str() + std::string("\x01\x00", 2);
  text.resize(10);
  llvm::support::endian::write16le(text.data() + 8, static_cast<uint16_t>(length));
  text += header;
  std::vector<char> bytes(text.begin(), text.end());
  bytes.insert(bytes.end(), array.bytes.begin(), array.bytes.end());
  return bytes;
}

//===----------------------------------------------------------------------===//
// .npz
//===----------------------------------------------------------------------===//

static std::string describeZipError(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

llvm::Expected<NpzArrays> bertmlir::readNpz(StringRef path) {
  int code = 0;
  zip_t *archive = zip_open(path.str().c_str(), ZIP_RDONLY, &code);
  if (!archive)
    return fail("can't read '" + path + "': " + describeZipError(code));
  llvm::scope_exit close([&] { zip_discard(archive); });
  NpzArrays arrays;
  for (zip_int64_t i = 0, e = zip_get_num_entries(archive, 0); i < e; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(archive, i, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_NAME) ||
        !(stat.valid & ZIP_STAT_SIZE))
      return fail("can't read '" + path + "': " + zip_strerror(archive));
    StringRef name = stat.name;
    name.consume_back(".npy");
    zip_file_t *file = zip_fopen_index(archive, i, 0);
    if (!file)
      return fail("can't read '" + name + "' of '" + path + "': " + zip_strerror(archive));
    llvm::scope_exit closeFile([&] { zip_fclose(file); });
    // A stated size is not believed before the bytes are there.
    std::vector<char> content;
    for (char buffer[1 << 16];;) {
      zip_int64_t count = zip_fread(file, buffer, sizeof(buffer));
      if (count < 0)
        return fail("can't read '" + name + "' of '" + path + "': " + zip_file_strerror(file));
      if (count == 0)
        break;
      content.insert(content.end(), buffer, buffer + count);
    }
    llvm::Expected<NpyArray> array = parseNpy(content);
    if (!array)
      return fail("'" + name + "' of '" + path + "' " + llvm::toString(array.takeError()));
    arrays[name.str()] = std::move(*array);
  }
  return arrays;
}

llvm::Error bertmlir::writeNpz(StringRef path, const NpzArrays &arrays) {
  int code = 0;
  // libzip writes a temporary file and renames it.
  zip_t *archive = zip_open(path.str().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!archive)
    return fail("can't write '" + path + "': " + describeZipError(code));
  llvm::scope_exit discard([&] { zip_discard(archive); });
  // They are read when the archive is closed.
  std::vector<std::vector<char>> contents;
  for (auto &[name, array] : arrays) {
    contents.push_back(printNpy(array));
    zip_source_t *source =
        zip_source_buffer(archive, contents.back().data(), contents.back().size(), 0);
    if (!source)
      return fail("can't write '" + path + "': " + zip_strerror(archive));
    zip_int64_t index = zip_file_add(archive, (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return fail("can't write '" + path + "': " + zip_strerror(archive));
    }
    // As numpy.savez does it: not compressed, on the first day that ZIP knows.
    zip_set_file_compression(archive, index, ZIP_CM_STORE, 0);
    zip_file_set_dostime(archive, index, 0, (1 << 5) | 1, 0);
  }
  if (zip_close(archive) != 0)
    return fail("can't write '" + path + "': " + zip_strerror(archive));
  discard.release();
  return llvm::Error::success();
}
