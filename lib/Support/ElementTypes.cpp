//===- ElementTypes.cpp - OpenVINO's names of element types -----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/ElementTypes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

StringRef bertmlir::stringifyElementType(Type type) {
  if (type.isF64())
    return "f64";
  if (type.isF32())
    return "f32";
  if (type.isF16())
    return "f16";
  if (type.isBF16())
    return "bf16";
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return "";
  if (integer.getWidth() == 1)
    return "boolean";
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 4:
    return isUnsigned ? "u4" : "i4";
  case 8:
    return isUnsigned ? "u8" : "i8";
  case 16:
    return isUnsigned ? "u16" : "i16";
  case 32:
    return isUnsigned ? "u32" : "i32";
  case 64:
    return isUnsigned ? "u64" : "i64";
  default:
    return "";
  }
}

Type bertmlir::parseElementType(StringRef name, MLIRContext *context) {
  Builder b(context);
  if (name == "f64")
    return b.getF64Type();
  if (name == "f32")
    return b.getF32Type();
  if (name == "f16")
    return b.getF16Type();
  if (name == "bf16")
    return b.getBF16Type();
  if (name == "boolean")
    return b.getI1Type();
  bool isUnsigned = name.starts_with("u");
  if (!isUnsigned && !name.starts_with("i"))
    return {};
  unsigned width = llvm::StringSwitch<unsigned>(name.drop_front())
                       .Case("4", 4)
                       .Case("8", 8)
                       .Case("16", 16)
                       .Case("32", 32)
                       .Case("64", 64)
                       .Default(0);
  if (width == 0)
    return {};
  return IntegerType::get(context, width,
                          isUnsigned ? IntegerType::Unsigned : IntegerType::Signless);
}

Attribute bertmlir::parseElement(StringRef text, Type type) {
  text = text.trim();
  if (type.isInteger(1)) {
    if (text.equals_insensitive("true") || text == "1")
      return BoolAttr::get(type.getContext(), true);
    if (text.equals_insensitive("false") || text == "0")
      return BoolAttr::get(type.getContext(), false);
    return {};
  }
  if (auto integer = dyn_cast<IntegerType>(type)) {
    int64_t value;
    if (text.getAsInteger(10, value) || integer.getWidth() > 64 ||
        (integer.getWidth() < 64 && !llvm::isIntN(integer.getWidth(), value)))
      return {};
    return IntegerAttr::get(type, value);
  }
  double value;
  if (!isa<FloatType>(type) || text.getAsDouble(value))
    return {};
  return FloatAttr::get(type, value);
}
