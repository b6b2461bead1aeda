//===- Attributes.cpp - TensorFlow's attribute values in MLIR --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A tensor's elements are either in `tensor_content`, as bytes, or in one of the
// lists `*_val`, which may be shorter than the tensor: the last element repeats.
//
//===----------------------------------------------------------------------===//

#include "Attributes.h"

#include "TensorTypes.h"

#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace bertmlir;

// A list of values may be shorter than its tensor, so a few bytes can ask for any
// amount of memory. These are the largest tensors that are expanded: 1 GB of f32,
// and far more strings than a checkpoint has names.
static constexpr int64_t kMaxExpanded = int64_t(1) << 28;
static constexpr int64_t kMaxStrings = int64_t(1) << 22;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

// i1 is packed into bits in MLIR; TensorFlow has a byte for each.
static Attribute getBools(ArrayRef<char> bytes, RankedTensorType type) {
  SmallVector<bool> values;
  values.reserve(bytes.size());
  for (char byte : bytes)
    values.push_back(byte != 0);
  return DenseElementsAttr::get(type, values);
}

Attribute AttributeConverter::convertContent(const SharedBytes &content, RankedTensorType type,
                                             StringRef resourceName) {
  unsigned width = getByteWidth(type.getElementType());
  int64_t needed = 0;
  // One element's bytes pass for a splat in MLIR, so the size is compared here.
  if (llvm::MulOverflow<int64_t>(type.getNumElements(), width, needed) ||
      static_cast<uint64_t>(needed) != content.data.size())
    return fail(llvm::formatv("holds {0} bytes, but its shape {1} needs {2}", content.data.size(),
                              formatShape(type.getShape()),
                              needed == 0 ? std::string("more than can be addressed")
                                          : std::to_string(needed)));
  if (type.getElementType().isInteger(1))
    return getBools(content.data, type);
  if (content.data.size() >= kMinResourceBytes)
    return getResourceAttr(type, resourceName, content);
  return DenseElementsAttr::getFromRawBuffer(type, content.data);
}

namespace {
// The elements of a tensor's list of values, as bytes.
struct ValueBytes {
  std::vector<char> bytes;

  template <typename Element, typename List> void take(const List &list) {
    bytes.resize(list.size() * sizeof(Element));
    char *at = bytes.data();
    for (auto value : list) {
      auto element = static_cast<Element>(value);
      memcpy(at, &element, sizeof(Element));
      at += sizeof(Element);
    }
  }
};
} // namespace

static ValueBytes getValueBytes(const proto::TensorProto &tensor) {
  ValueBytes result;
  switch (tensor.dtype()) {
  case proto::DT_FLOAT:
    result.take<float>(tensor.float_val());
    break;
  case proto::DT_DOUBLE:
    result.take<double>(tensor.double_val());
    break;
  case proto::DT_INT32:
    result.take<int32_t>(tensor.int_val());
    break;
  case proto::DT_INT16:
  case proto::DT_UINT16:
    result.take<int16_t>(tensor.int_val());
    break;
  case proto::DT_INT8:
  case proto::DT_UINT8:
  case proto::DT_QINT8:
  case proto::DT_QUINT8:
    result.take<int8_t>(tensor.int_val());
    break;
  case proto::DT_INT64:
    result.take<int64_t>(tensor.int64_val());
    break;
  case proto::DT_UINT32:
    result.take<uint32_t>(tensor.uint32_val());
    break;
  case proto::DT_UINT64:
    result.take<uint64_t>(tensor.uint64_val());
    break;
  case proto::DT_BOOL:
    result.take<char>(tensor.bool_val());
    break;
  case proto::DT_HALF:
  case proto::DT_BFLOAT16:
    result.take<uint16_t>(tensor.half_val());
    break;
  case proto::DT_COMPLEX64:
    result.take<float>(tensor.scomplex_val());
    break;
  case proto::DT_COMPLEX128:
    result.take<double>(tensor.dcomplex_val());
    break;
  default:
    break;
  }
  return result;
}

Attribute AttributeConverter::convertValues(const proto::TensorProto &tensor, RankedTensorType type,
                                            StringRef resourceName) {
  unsigned width = getByteWidth(type.getElementType());
  int64_t wanted = type.getNumElements();
  std::vector<char> bytes = getValueBytes(tensor).bytes;
  auto given = static_cast<int64_t>(bytes.size() / width);
  if (bytes.size() % width != 0 || given > wanted)
    return fail(llvm::formatv("lists {0} values, but its shape {1} has {2}", given,
                              formatShape(type.getShape()), wanted));
  if (wanted == 0)
    return DenseElementsAttr::get(type, ArrayRef<Attribute>());
  if (given == 0) {
    bytes.assign(width, 0);
    given = 1;
  }
  if (given == 1) {
    // A splat, whatever the shape.
    if (type.getElementType().isInteger(1))
      return DenseElementsAttr::get(type, bytes[0] != 0);
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  }
  if (wanted > kMaxExpanded)
    return fail(llvm::formatv("lists {0} values for the {1} elements of its shape {2}, which is "
                              "more than a literal may have",
                              given, wanted, formatShape(type.getShape())));
  bytes.reserve(wanted * width);
  for (; given < wanted; ++given)
    bytes.insert(bytes.end(), bytes.end() - width, bytes.end());
  if (type.getElementType().isInteger(1))
    return getBools(bytes, type);
  if (bytes.size() < kMinResourceBytes)
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  auto owner = std::make_shared<std::vector<char>>(std::move(bytes));
  return getResourceAttr(type, resourceName, {ArrayRef<char>(*owner), owner});
}

Attribute AttributeConverter::convertStrings(const proto::TensorProto &tensor,
                                             RankedTensorType type) {
  int64_t wanted = type.getNumElements();
  int64_t given = tensor.string_val_size();
  if (given > wanted)
    return fail(llvm::formatv("lists {0} strings, but its shape {1} has {2}", given,
                              formatShape(type.getShape()), wanted));
  if (wanted > kMaxStrings)
    return fail(llvm::formatv("has {0} strings, which is more than a literal may have", wanted));
  SmallVector<StringRef> strings(tensor.string_val().begin(), tensor.string_val().end());
  if (wanted > 0 && strings.empty())
    strings.push_back("");
  strings.resize(wanted, strings.empty() ? StringRef() : strings.back());
  return DenseStringElementsAttr::get(type, strings);
}

Attribute AttributeConverter::convertTensor(proto::TensorProto &tensor, StringRef resourceName,
                                            const SharedBytes &content) {
  FailureOr<FileShape> shape = readShape(tensor.tensor_shape(), reason);
  if (failed(shape))
    return {};
  if (!shape->isStatic())
    return fail("is a tensor without a complete shape");
  Type elementType = getElementType(context, tensor.dtype());
  auto type = cast<RankedTensorType>(getTensorType(*shape, elementType));
  if (isa<tf::StringType>(elementType))
    return convertStrings(tensor, type);
  if (getByteWidth(elementType) == 0) {
    Builder builder(context);
    return builder.getDictionaryAttr(
        {builder.getNamedAttr("dtype", TypeAttr::get(elementType)),
         builder.getNamedAttr("shape", builder.getDenseI64ArrayAttr(type.getShape()))});
  }
  if (content.owner)
    return convertContent(content, type, resourceName);
  if (tensor.tensor_content().empty())
    return convertValues(tensor, type, resourceName);
  auto owner = std::make_shared<std::string>(std::move(*tensor.mutable_tensor_content()));
  return convertContent({ArrayRef<char>(owner->data(), owner->size()), owner}, type, resourceName);
}

//===----------------------------------------------------------------------===//
// Other values
//===----------------------------------------------------------------------===//

Attribute AttributeConverter::convertShape(const proto::TensorShapeProto &proto) {
  FailureOr<FileShape> shape = readShape(proto, reason);
  if (failed(shape))
    return {};
  if (!shape->hasRank)
    return UnitAttr::get(context);
  return DenseI64ArrayAttr::get(context, shape->dims);
}

Attribute AttributeConverter::convertList(proto::AttrValue::ListValue &list,
                                          StringRef resourceName) {
  Builder builder(context);
  SmallVector<Attribute> elements;
  for (const std::string &value : list.s())
    elements.push_back(builder.getStringAttr(value));
  for (int64_t value : list.i())
    elements.push_back(builder.getI64IntegerAttr(value));
  for (float value : list.f())
    elements.push_back(builder.getF32FloatAttr(value));
  for (bool value : list.b())
    elements.push_back(builder.getBoolAttr(value));
  for (int value : list.type())
    elements.push_back(TypeAttr::get(getElementType(context, value)));
  for (const proto::TensorShapeProto &value : list.shape())
    elements.push_back(convertShape(value));
  for (proto::TensorProto &value : *list.mutable_tensor())
    elements.push_back(convertTensor(value, resourceName));
  for (proto::NameAttrList &value : *list.mutable_func())
    elements.push_back(convertFunction(value, resourceName));
  if (llvm::is_contained(elements, Attribute()))
    return {};
  return builder.getArrayAttr(elements);
}

// `{name = "f", attrs = {...}}`
Attribute AttributeConverter::convertFunction(proto::NameAttrList &function,
                                              StringRef resourceName) {
  constexpr unsigned maxDepth = 16;
  if (depth == maxDepth)
    return fail("is nested too deeply");
  ++depth;
  Builder builder(context);
  NamedAttrList attrs;
  for (proto::AttrEntry &entry : *function.mutable_attr()) {
    Attribute value = convert(*entry.mutable_value(), resourceName);
    if (!value || entry.key().empty()) {
      if (value)
        reason = "has a function with an attribute without a name";
      --depth;
      return {};
    }
    attrs.set(entry.key(), value);
  }
  --depth;
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("name", builder.getStringAttr(function.name())),
       builder.getNamedAttr("attrs", attrs.getDictionary(context))});
}

Attribute AttributeConverter::convert(proto::AttrValue &value, StringRef resourceName,
                                      const SharedBytes &content) {
  Builder builder(context);
  switch (value.value_case()) {
  case proto::AttrValue::kS:
    return builder.getStringAttr(value.s());
  case proto::AttrValue::kI:
    return builder.getI64IntegerAttr(value.i());
  case proto::AttrValue::kF:
    return builder.getF32FloatAttr(value.f());
  case proto::AttrValue::kB:
    return builder.getBoolAttr(value.b());
  case proto::AttrValue::kType:
    return TypeAttr::get(getElementType(context, value.type()));
  case proto::AttrValue::kShape:
    return convertShape(value.shape());
  case proto::AttrValue::kTensor:
    return convertTensor(*value.mutable_tensor(), resourceName, content);
  case proto::AttrValue::kList:
    return convertList(*value.mutable_list(), resourceName);
  case proto::AttrValue::kFunc:
    return convertFunction(*value.mutable_func(), resourceName);
  case proto::AttrValue::kPlaceholder:
    return builder.getStringAttr(value.placeholder());
  case proto::AttrValue::VALUE_NOT_SET:
    // An empty list is written so by some versions, as is a kind of a newer one.
    return builder.getArrayAttr({});
  }
  return fail("is of an unknown kind");
}

DictionaryAttr AttributeConverter::convertAll(FileNode &node,
                                              const std::shared_ptr<MappedFile> &file) {
  NamedAttrList attrs;
  const auto *contents = node.contents.begin();
  for (auto [index, entry] : llvm::enumerate(*node.def.mutable_attr())) {
    SharedBytes content;
    if (contents != node.contents.end() && contents->first == static_cast<int>(index)) {
      content = {contents->second, file};
      ++contents;
    }
    const std::string &key = entry.key();
    if (key == "_output_shapes")
      continue;
    if (key.empty()) {
      reason = "without a name is not allowed";
      return {};
    }
    Attribute value = convert(*entry.mutable_value(), node.def.name(), content);
    if (!value) {
      reason = "'" + key + "' " + reason;
      return {};
    }
    if (attrs.set(key, value)) {
      reason = "'" + key + "' is there twice";
      return {};
    }
  }
  return attrs.getDictionary(context);
}
