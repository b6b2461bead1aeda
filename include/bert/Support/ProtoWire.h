//===- ProtoWire.h - walks protocol buffers without copying ----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// protobuf's own parser copies every `bytes` field. A frozen model is one message
// with hundreds of megabytes of them, so the readers walk its outer layers
// themselves and leave the small inner messages to protobuf.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_PROTOWIRE_H
#define BERT_SUPPORT_PROTOWIRE_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace bertmlir {

/// One field of a message as the wire format states it.
struct WireField {
  enum Type : unsigned { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

  unsigned number = 0;
  Type type = Varint;
  /// The value of a Varint or of a fixed field.
  uint64_t value = 0;
  /// The content of a Bytes field.
  llvm::StringRef bytes;
  /// The whole field with its tag, to be copied as it is.
  llvm::StringRef raw;
};

/// Goes through the fields of one message in order.
class WireReader {
public:
  explicit WireReader(llvm::StringRef message) : message(message) {}

  /// The next field; nothing at the end or where the bytes are not a message (isValid()).
  std::optional<WireField> next();

  bool isValid() const { return valid; }
  /// Where in the message the next field begins, or the one that could not be read.
  size_t getOffset() const { return offset; }

private:
  llvm::StringRef message;
  size_t offset = 0;
  bool valid = true;
};

/// Takes a base 128 number of at most 64 bits from the front of `bytes`.
std::optional<uint64_t> consumeVarint(llvm::StringRef &bytes);

/// Appends a base 128 number, or a field of type Bytes, to an encoded message.
void appendVarint(std::string &message, uint64_t value);
void appendBytesField(std::string &message, unsigned number, llvm::StringRef content);

} // namespace bertmlir

#endif // BERT_SUPPORT_PROTOWIRE_H
