//===- ProtoWire.cpp - walks protocol buffers without copying --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/ProtoWire.h"

#include "llvm/Support/Endian.h"

using namespace bertmlir;

std::optional<uint64_t> bertmlir::consumeVarint(llvm::StringRef &bytes) {
  uint64_t value = 0;
  for (unsigned index = 0; index < 10 && index < bytes.size(); ++index) {
    auto byte = static_cast<unsigned char>(bytes[index]);
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * index);
    if ((byte & 0x80) == 0) {
      bytes = bytes.drop_front(index + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<WireField> WireReader::next() {
  if (!valid || offset == message.size())
    return std::nullopt;
  llvm::StringRef rest = message.drop_front(offset);
  auto fail = [&]() {
    valid = false;
    return std::nullopt;
  };
  std::optional<uint64_t> tag = consumeVarint(rest);
  if (!tag || (*tag >> 3) == 0 || (*tag >> 3) > 0x1fffffff)
    return fail();
  WireField field;
  field.number = static_cast<unsigned>(*tag >> 3);
  switch (*tag & 7) {
  case WireField::Varint: {
    std::optional<uint64_t> value = consumeVarint(rest);
    if (!value)
      return fail();
    field.value = *value;
    break;
  }
  case WireField::Fixed64:
    if (rest.size() < 8)
      return fail();
    field.value = llvm::support::endian::read64le(rest.data());
    rest = rest.drop_front(8);
    break;
  case WireField::Bytes: {
    std::optional<uint64_t> size = consumeVarint(rest);
    if (!size || *size > rest.size())
      return fail();
    field.bytes = rest.take_front(*size);
    rest = rest.drop_front(*size);
    break;
  }
  case WireField::Fixed32:
    if (rest.size() < 4)
      return fail();
    field.value = llvm::support::endian::read32le(rest.data());
    rest = rest.drop_front(4);
    break;
  default: // groups, which none of our formats uses, and two unassigned types
    return fail();
  }
  field.type = static_cast<WireField::Type>(*tag & 7);
  size_t end = message.size() - rest.size();
  field.raw = message.slice(offset, end);
  offset = end;
  return field;
}

void bertmlir::appendVarint(std::string &message, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    message.push_back(static_cast<char>(value | 0x80));
  message.push_back(static_cast<char>(value));
}

void bertmlir::appendBytesField(std::string &message, unsigned number, llvm::StringRef content) {
  appendVarint(message, static_cast<uint64_t>(number) << 3 | WireField::Bytes);
  appendVarint(message, content.size());
  message.append(content.data(), content.size());
}
