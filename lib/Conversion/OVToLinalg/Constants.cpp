//===- Constants.cpp - constants and weights become values -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Constants are part of the code; a weight is a view of the weights' file.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "bert/Dialect/OV/IR/WeightExpression.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ovtolinalg;

// A constant's value in the form that arith takes.
static FailureOr<DenseElementsAttr> getDense(ElementsAttr value, std::string &reason) {
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense;
  FailureOr<ov::TensorBytes> bytes = ov::getTensorBytes(value, reason);
  if (failed(bytes))
    return failure();
  if (bytes->type.getElementTypeBitWidth() == 1) {
    SmallVector<bool> bits(bytes->bytes.begin(), bytes->bytes.end());
    return DenseElementsAttr::get(bytes->type, ArrayRef<bool>(bits));
  }
  return DenseElementsAttr::getFromRawBuffer(bytes->type, bytes->bytes);
}

static LogicalResult lowerConstant(ModelLowering &c, Operation *op) {
  std::string reason;
  FailureOr<DenseElementsAttr> value = getDense(cast<ov::ConstantOp>(op).getValue(), reason);
  if (failed(value))
    return c.refuse(reason);
  return c.give(arith::ConstantOp::create(c.builder, *value));
}

static LogicalResult lowerWeight(ModelLowering &c, Operation *op) {
  return c.refuse("weights need a place in the weights' file first; run bert-pack-weights");
}

void ovtolinalg::addConstantRules(RuleTable &table) {
  table.add<ov::ConstantOp>(lowerConstant);
  table.add<ov::WeightOp>(lowerWeight);
}
