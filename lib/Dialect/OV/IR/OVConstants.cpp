//===- OVConstants.cpp - constants, weights and reading them ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace bertmlir::ov;

//===----------------------------------------------------------------------===//
// ov.weight
//===----------------------------------------------------------------------===//

LogicalResult WeightOp::verify() {
  if (getName().empty())
    return emitOpError("needs a name");
  auto valueType = dyn_cast<RankedTensorType>(getValue().getType());
  if (!valueType || valueType != getType())
    return emitOpError("has a value of type ")
           << getValue().getType() << " but a result of type " << getType();
  auto resource = dyn_cast<DenseResourceElementsAttr>(getValue());
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return success();
  // One byte per boolean, as the files have it.
  int64_t width = std::max<int64_t>(valueType.getElementTypeBitWidth(), 8) / 8;
  int64_t expected = valueType.getNumElements() * width;
  if (static_cast<int64_t>(blob->getData().size()) != expected)
    return emitOpError("'") << getName() << "' holds " << blob->getData().size()
                            << " bytes where its type needs " << expected;
  return success();
}

//===----------------------------------------------------------------------===//
// Reading constants
//===----------------------------------------------------------------------===//

static DenseElementsAttr getDenseConstant(Value value) {
  auto constant = value ? value.getDefiningOp<ConstantOp>() : ConstantOp();
  return constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
}

std::optional<SmallVector<int64_t>> bertmlir::ov::getConstantInts(Value value, int64_t limit) {
  DenseElementsAttr dense = getDenseConstant(value);
  auto type = dense ? dyn_cast<IntegerType>(dense.getElementType()) : IntegerType();
  if (!type || type.getWidth() > 64 || dense.getNumElements() > limit)
    return std::nullopt;
  bool zeroExtend = type.isUnsigned() || type.getWidth() == 1;
  SmallVector<int64_t> values;
  values.reserve(dense.getNumElements());
  for (const APInt &element : dense.getValues<APInt>())
    values.push_back(zeroExtend ? static_cast<int64_t>(element.getZExtValue())
                                : element.getSExtValue());
  return values;
}

std::optional<int64_t> bertmlir::ov::getConstantInt(Value value) {
  std::optional<SmallVector<int64_t>> values = getConstantInts(value, 1);
  if (!values || values->size() != 1)
    return std::nullopt;
  return values->front();
}

std::optional<double> bertmlir::ov::getConstantFloat(Value value) {
  DenseElementsAttr dense = getDenseConstant(value);
  if (!dense || !isa<FloatType>(dense.getElementType()) || dense.getNumElements() == 0 ||
      !dense.isSplat())
    return std::nullopt;
  APFloat element = dense.getSplatValue<APFloat>();
  bool losesInfo = false;
  element.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
  return element.convertToDouble();
}

//===----------------------------------------------------------------------===//
// Making constants
//===----------------------------------------------------------------------===//

static DenseElementsAttr makeInts(RankedTensorType type, ArrayRef<int64_t> values) {
  unsigned width = type.getElementTypeBitWidth();
  SmallVector<APInt> elements;
  for (int64_t value : values)
    elements.push_back(APInt(width, static_cast<uint64_t>(value), /*isSigned=*/true,
                             /*implicitTrunc=*/true));
  return DenseElementsAttr::get(type, elements);
}

ConstantOp bertmlir::ov::createInts(OpBuilder &builder, Location loc, ArrayRef<int64_t> values,
                                    Type elementType) {
  Type type = elementType ? elementType : builder.getI64Type();
  auto tensor = RankedTensorType::get({static_cast<int64_t>(values.size())}, type);
  return ConstantOp::create(builder, loc, makeInts(tensor, values));
}

ConstantOp bertmlir::ov::createScalarInt(OpBuilder &builder, Location loc, int64_t value,
                                         Type elementType) {
  Type type = elementType ? elementType : builder.getI64Type();
  return ConstantOp::create(builder, loc, makeInts(RankedTensorType::get({}, type), value));
}

ConstantOp bertmlir::ov::createScalarFloat(OpBuilder &builder, Location loc, double value,
                                           Type elementType) {
  auto tensor = RankedTensorType::get({}, elementType);
  return ConstantOp::create(
      builder, loc, DenseElementsAttr::get(tensor, builder.getFloatAttr(elementType, value)));
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

StringRef bertmlir::ov::getLayerName(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().getValue();
  if (auto fused = dyn_cast<FusedLoc>(loc)) {
    for (Location part : llvm::reverse(fused.getLocations()))
      if (StringRef name = getLayerName(part); !name.empty())
        return name;
  }
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return getLayerName(call.getCallee());
  return "";
}
