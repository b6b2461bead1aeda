//===- AxisRulesLookUp.cpp - how look-ups move axes ----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

bool AxisAnalysis::gather(GatherOp op, Label &result) {
  Label input = getLabel(op, 0), indices = getLabel(op, 1);
  std::optional<int64_t> axis = getConstantInt(op.getAxis());
  if (!axis)
    return refuse("has an axis that is not constant");
  if (op.getBatchDims() != 0)
    return gatherInBatch(op, input, indices, *axis, result);
  *axis += *axis < 0 ? static_cast<int64_t>(input.dims.size()) : 0;
  if (*axis < 0 || *axis >= static_cast<int64_t>(input.dims.size()))
    return refuse("has an axis out of range");
  if (input.value && indices.value && input.dims.size() == 1 && !input.isData) {
    SmallVector<Monomial> value;
    for (const Monomial &index : *indices.value) {
      int64_t at =
          index.factor + (index.factor < 0 ? static_cast<int64_t>(input.value->size()) : 0);
      if (!index.isNumber() || at < 0 || at >= static_cast<int64_t>(input.value->size()))
        return refuse("has an index out of range");
      value.push_back((*input.value)[at]);
    }
    result.dims = indices.dims;
    result.value = std::move(value);
    return true;
  }
  const Dim indexed = solver->normalize(input.dims[*axis]);
  if (*axis == 0 && input.isData && indices.isData &&
      indexed == Dim{Atom::batch(), Atom::sequence()})
    return gatherOwnRows(op, indices, result);
  bool onlyFirst = indices.value && !indices.isData &&
                   llvm::all_of(*indices.value,
                                [](const Monomial &index) { return index == Monomial{0, 0, 0}; });
  if (!onlyFirst && !refuseSymbolic(indexed, "looks up along " + solver->describe(indexed) +
                                                 ", whose size its indices depend on"))
    return false;
  if (!solver->excludeBatch(indexed, where))
    return false;
  if (!solver->contains(indexed, Atom::Sequence) && !solver->fix(indexed, where))
    return false;
  result.dims.append(input.dims.begin(), input.dims.begin() + *axis);
  result.dims.append(indices.dims.begin(), indices.dims.end());
  result.dims.append(input.dims.begin() + *axis + 1, input.dims.end());
  result.isData = input.isData || indices.isData;
  result.growth = input.growth;
  result.isPlace = input.isPlace;
  if (!input.isData && indices.isPlace)
    limitPlaces(op, indices, static_cast<int64_t>(solver->sizeOf(indexed)));
  return true;
}

// The leading dimensions are common to both: each example looks up its own.
bool AxisAnalysis::gatherInBatch(GatherOp op, const Label &input, const Label &indices,
                                 int64_t axis, Label &result) {
  int64_t shared = static_cast<int64_t>(op.getBatchDims());
  shared += shared < 0 ? static_cast<int64_t>(indices.dims.size()) : 0;
  axis += axis < 0 ? static_cast<int64_t>(input.dims.size()) : 0;
  if (shared < 0 || shared > axis || shared > static_cast<int64_t>(indices.dims.size()) ||
      axis >= static_cast<int64_t>(input.dims.size()))
    return refuse("has batch dimensions out of range");
  for (int64_t i = 0; i < shared; ++i)
    if (!solver->unify(input.dims[i], indices.dims[i], where))
      return false;
  if (!indices.isIndex &&
      !refuseSymbolic(input.dims[axis], "looks up along " + solver->describe(input.dims[axis]) +
                                            ", whose size its indices depend on"))
    return false;
  if (!solver->excludeBatch(input.dims[axis], where))
    return false;
  if (!solver->contains(input.dims[axis], Atom::Sequence) && !solver->fix(input.dims[axis], where))
    return false;
  result.dims.append(input.dims.begin(), input.dims.begin() + axis);
  result.dims.append(indices.dims.begin() + shared, indices.dims.end());
  result.dims.append(input.dims.begin() + axis + 1, input.dims.end());
  result.isData = input.isData || indices.isData;
  result.growth = input.growth;
  return true;
}

bool AxisAnalysis::oneHot(OneHotOp op, Label &result) {
  Label indices = getLabel(op, 0), depth = getLabel(op, 1);
  if (!depth.value || depth.value->size() != 1 || !depth.value->front().isNumber())
    return refuse("has a depth that is not a number");
  int64_t size = depth.value->front().factor;
  int64_t axis = static_cast<int64_t>(op.getAxis());
  axis += axis < 0 ? static_cast<int64_t>(indices.dims.size()) + 1 : 0;
  if (axis < 0 || axis > static_cast<int64_t>(indices.dims.size()))
    return refuse("has an axis out of range");
  Variable variable(size, where);
  variable.isUniform = false;
  variable.excludesBatch = true;
  Dim dim = size == 1 ? Dim() : solver->newVariable(variable);
  note(Literal::Scalar, op, 1, {dim});
  if (!indices.isData && indices.isPlace)
    limitPlaces(op, indices, size);
  result.dims = indices.dims;
  result.isData = indices.isData;
  result.dims.insert(result.dims.begin() + axis, dim);
  return true;
}
