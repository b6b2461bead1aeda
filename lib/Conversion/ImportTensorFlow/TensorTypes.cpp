//===- TensorTypes.cpp - TensorFlow's types and shapes in MLIR -------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "TensorTypes.h"

#include "bert/Dialect/TF/IR/TFOps.h"
#include "bert/Support/ResourceBlob.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace bertmlir;

Type bertmlir::getElementType(MLIRContext *context, int dataType) {
  // A type's reference is the type's number plus 100.
  if (dataType > 100 && dataType < 200)
    return tf::RefType::get(context, getElementType(context, dataType - 100));
  Builder builder(context);
  switch (dataType) {
  case proto::DT_FLOAT:
    return builder.getF32Type();
  case proto::DT_DOUBLE:
    return builder.getF64Type();
  case proto::DT_HALF:
    return builder.getF16Type();
  case proto::DT_BFLOAT16:
    return builder.getBF16Type();
  case proto::DT_INT8:
  case proto::DT_QINT8:
    return builder.getI8Type();
  case proto::DT_INT16:
    return builder.getI16Type();
  case proto::DT_INT32:
    return builder.getI32Type();
  case proto::DT_INT64:
    return builder.getI64Type();
  case proto::DT_UINT8:
  case proto::DT_QUINT8:
    return builder.getIntegerType(8, /*isSigned=*/false);
  case proto::DT_UINT16:
    return builder.getIntegerType(16, /*isSigned=*/false);
  case proto::DT_UINT32:
    return builder.getIntegerType(32, /*isSigned=*/false);
  case proto::DT_UINT64:
    return builder.getIntegerType(64, /*isSigned=*/false);
  case proto::DT_BOOL:
    return builder.getI1Type();
  case proto::DT_COMPLEX64:
    return ComplexType::get(builder.getF32Type());
  case proto::DT_COMPLEX128:
    return ComplexType::get(builder.getF64Type());
  case proto::DT_STRING:
    return tf::StringType::get(context);
  case proto::DT_RESOURCE:
    return tf::ResourceType::get(context);
  case proto::DT_VARIANT:
    return tf::VariantType::get(context);
  case proto::DT_INVALID:
    return tf::UnknownType::get(context);
  default:
    return tf::OpaqueType::get(context, static_cast<unsigned>(dataType));
  }
}

unsigned bertmlir::getByteWidth(Type elementType) {
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return 2 * getByteWidth(complex.getElementType());
  if (!elementType.isIntOrFloat())
    return 0;
  return elementType.isInteger(1) ? 1 : elementType.getIntOrFloatBitWidth() / 8;
}

FailureOr<FileShape> bertmlir::readShape(const proto::TensorShapeProto &shape,
                                         std::string &reason) {
  // TensorFlow's own limit.
  constexpr int maxRank = 254;
  FileShape result;
  result.hasRank = !shape.unknown_rank();
  if (!result.hasRank)
    return result;
  if (shape.dim_size() > maxRank) {
    reason = "has " + std::to_string(shape.dim_size()) + " dimensions; TensorFlow allows " +
             std::to_string(maxRank);
    return failure();
  }
  SmallVector<int64_t> known;
  for (const proto::TensorShapeProto::Dim &dim : shape.dim()) {
    result.dims.push_back(std::max<int64_t>(dim.size(), -1));
    if (dim.size() >= 0)
      known.push_back(dim.size());
  }
  if (!getCheckedNumElements(known)) {
    reason = "has the shape " + formatShape(result.dims) + ", which has too many elements to count";
    return failure();
  }
  return result;
}

TensorType bertmlir::getTensorType(const FileShape &shape, Type elementType) {
  if (!shape.hasRank)
    return UnrankedTensorType::get(elementType);
  SmallVector<int64_t> dims = llvm::map_to_vector(
      shape.dims, [](int64_t dim) { return dim < 0 ? ShapedType::kDynamic : dim; });
  return RankedTensorType::get(dims, elementType);
}

std::string bertmlir::formatShape(ArrayRef<int64_t> dims) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(dims, os, [&](int64_t dim) {
    if (dim < 0)
      os << '?';
    else
      os << dim;
  });
  os << ']';
  return text;
}
