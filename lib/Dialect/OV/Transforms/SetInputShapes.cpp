//===- SetInputShapes.cpp - the shapes that the user asks for --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "GeneralizeShapes.h"

#include "bert/Dialect/OV/IR/ShapeInference.h"
#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVSETINPUTSHAPES
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

namespace {

/// The limits of one dimension; high -1: none.
struct Limits {
  int64_t low, high;

  bool isFixed() const { return low == high; }
};

struct OVSetInputShapes : public ov::impl::OVSetInputShapesBase<OVSetInputShapes> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp model = getOperation();
    SmallVector<std::optional<SmallVector<Limits>>> requests;
    bool hasRequest = false, needsReshape = false;
    for (BlockArgument argument : model.getArguments()) {
      requests.push_back(getRequest(argument));
      model.removeArgAttr(argument.getArgNumber(), kRequestedBoundsAttr);
      if (!requests.back())
        continue;
      hasRequest = true;
      needsReshape |= !isWithin(cast<RankedTensorType>(argument.getType()), *requests.back());
    }
    if (!hasRequest)
      return;
    if (needsReshape &&
        failed(generalizeShapes(model, {/*batch=*/true, /*sequence=*/true, prefixTables})))
      return signalPassFailure();
    for (auto [argument, request] : llvm::zip_equal(model.getArguments(), requests))
      if (request && failed(apply(argument, *request)))
        return signalPassFailure();
    model.setType(FunctionType::get(&getContext(), model.getBody().front().getArgumentTypes(),
                                    model.getResultTypes()));
    if (failed(reinferTypes(model)))
      signalPassFailure();
  }

  std::optional<SmallVector<Limits>> getRequest(BlockArgument argument) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    auto bounds = getOperation().getArgAttrOfType<DenseI64ArrayAttr>(argument.getArgNumber(),
                                                                     kRequestedBoundsAttr);
    if (!type)
      return std::nullopt;
    if (bounds && bounds.size() == 2 * type.getRank()) {
      SmallVector<Limits> limits;
      for (int64_t i = 0; i < type.getRank(); ++i)
        limits.push_back({bounds[2 * i], bounds[2 * i + 1]});
      return limits;
    }
    if (batch <= 0 || type.getRank() == 0)
      return std::nullopt;
    SmallVector<Limits> limits = {{batch, batch}};
    for (int64_t dim : type.getShape().drop_front())
      limits.push_back(ShapedType::isDynamic(dim) ? Limits{0, -1} : Limits{dim, dim});
    return limits;
  }

  // Whether only open dimensions get a size, which needs no reshaping.
  static bool isWithin(RankedTensorType type, ArrayRef<Limits> request) {
    for (auto [dim, limits] : llvm::zip_equal(type.getShape(), request))
      if (!ShapedType::isDynamic(dim) && !(limits.isFixed() && limits.low == dim))
        return false;
    return true;
  }

  LogicalResult apply(BlockArgument argument, ArrayRef<Limits> request) {
    func::FuncOp model = getOperation();
    unsigned number = argument.getArgNumber();
    auto type = cast<RankedTensorType>(argument.getType());
    auto name = model.getArgAttrOfType<StringAttr>(number, kNameAttr);
    auto bounds = model.getArgAttrOfType<DenseI64ArrayAttr>(number, kBoundsAttr);
    SmallVector<int64_t> shape, newBounds;
    bool isOpen = false;
    for (auto [axis, limits] : llvm::enumerate(request)) {
      int64_t dim = type.getDimSize(axis);
      Limits own = ShapedType::isDynamic(dim) ? Limits{0, -1} : Limits{dim, dim};
      if (bounds && ShapedType::isDynamic(dim))
        own = {bounds[2 * axis], bounds[2 * axis + 1]};
      bool isBelow = limits.high != -1 && limits.high < own.low;
      if (isBelow || (own.high != -1 && limits.low > own.high) ||
          (limits.isFixed() && limits.low < own.low)) {
        InFlightDiagnostic diagnostic = emitError(model.getLoc());
        diagnostic << "input '" << (name ? name.getValue() : StringRef("?"))
                   << "' can't have the size " << limits.low << " as dimension " << axis
                   << "; it can have " << std::max<int64_t>(own.low, 1);
        if (own.high != -1 && own.high != own.low)
          diagnostic << " to " << own.high;
        if (auto table = model->getAttrOfType<StringAttr>(kPositionTableAttr);
            table && axis == 1 && own.high > own.low)
          diagnostic << ", as many as the position table '" << table.getValue() << "' has rows";
        return diagnostic;
      }
      Limits result = {std::max(limits.low, own.low), limits.high == -1 ? own.high
                                                      : own.high == -1 || limits.high < own.high
                                                          ? limits.high
                                                          : own.high};
      shape.push_back(result.isFixed() ? result.low : ShapedType::kDynamic);
      newBounds.append({result.low, result.high});
      isOpen |= !result.isFixed();
    }
    argument.setType(RankedTensorType::get(shape, type.getElementType()));
    if (isOpen)
      model.setArgAttr(number, kBoundsAttr, DenseI64ArrayAttr::get(&getContext(), newBounds));
    else
      model.removeArgAttr(number, kBoundsAttr);
    return success();
  }
};

} // namespace
