//===- OVFolders.cpp - folders of ov ops --------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Folders read `ov.constant` only; an `ov.weight` is opaque to them.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/IR/OVOps.h"

using namespace mlir;
using namespace bertmlir::ov;

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult ConvertOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

Operation *OVDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                          Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}
