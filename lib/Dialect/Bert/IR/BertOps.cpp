//===- BertOps.cpp - types and checks of the bert ops ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Every compute op infers its result's type; inference is where operands that do
// not fit are refused, so that parser, builders and verifier say the same.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/IR/BertOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace bertmlir::bert;

bool bertmlir::bert::detail::areCompatible(TypeRange inferred, TypeRange actual) {
  return inferred.size() == actual.size() &&
         llvm::all_of(llvm::zip_equal(inferred, actual), [](auto pair) {
           return getElementTypeOrSelf(std::get<0>(pair)) ==
                      getElementTypeOrSelf(std::get<1>(pair)) &&
                  succeeded(verifyCompatibleShape(std::get<0>(pair), std::get<1>(pair)));
         });
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static LogicalResult checkVector(std::optional<Location> loc, StringRef what, Value vector,
                                 int64_t size) {
  if (vector && getShape(vector)[0] != size)
    return emitOptionalError(loc, what, " has ", getShape(vector)[0], " elements where ", size,
                             " are needed");
  return success();
}

// The columns of a weight matrix that meets `rows` columns of activations.
static FailureOr<int64_t> checkMatrix(std::optional<Location> loc, int64_t rows, Value weight,
                                      Value bias) {
  ArrayRef<int64_t> shape = getShape(weight);
  if (ShapedType::isDynamicShape(shape))
    return emitOptionalError(loc, "a weight's shape must be known");
  if (shape[0] != rows)
    return emitOptionalError(loc, "the weight has ", shape[0], " rows where the input has ", rows,
                             " columns");
  if (failed(checkVector(loc, "bias", bias, shape[1])))
    return failure();
  return shape[1];
}

// The width of activations of rank 2 or more, which must be known.
static FailureOr<int64_t> checkWidth(std::optional<Location> loc, Value activations) {
  ArrayRef<int64_t> shape = getShape(activations);
  if (shape.size() < 2 || ShapedType::isDynamic(shape.back()))
    return emitOptionalError(loc, "activations need two or more dimensions, the last one known");
  return shape.back();
}

static void setResult(SmallVectorImpl<Type> &types, ArrayRef<int64_t> outer, int64_t width,
                      Value like) {
  SmallVector<int64_t> shape(outer);
  shape.push_back(width);
  types.push_back(RankedTensorType::get(
      shape, cast<RankedTensorType>(like.getType()).getElementType()));
}

//===----------------------------------------------------------------------===//
// Inference
//===----------------------------------------------------------------------===//

LogicalResult EmbeddingsOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                             Adaptor adaptor, SmallVectorImpl<Type> &types) {
  int64_t width = getShape(adaptor.getWord())[1];
  if (static_cast<bool>(adaptor.getTypes()) != static_cast<bool>(adaptor.getTokenType()))
    return emitOptionalError(loc, "types and a token_type table go together");
  for (Value table : {adaptor.getWord(), adaptor.getPosition(), adaptor.getTokenType()}) {
    if (!table)
      continue;
    if (ShapedType::isDynamicShape(getShape(table)))
      return emitOptionalError(loc, "a weight's shape must be known");
    if (getShape(table)[1] != width)
      return emitOptionalError(loc, "tables are ", width, " and ", getShape(table)[1],
                               " columns wide");
  }
  if (adaptor.getTypes() &&
      failed(verifyCompatibleShape(adaptor.getIds().getType(), adaptor.getTypes().getType())))
    return emitOptionalError(loc, "ids and types differ in shape");
  if (failed(checkVector(loc, "gamma", adaptor.getGamma(), width)) ||
      failed(checkVector(loc, "beta", adaptor.getBeta(), width)))
    return failure();
  setResult(types, getShape(adaptor.getIds()), width, adaptor.getWord());
  return success();
}

LogicalResult DenseOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                        Adaptor adaptor, SmallVectorImpl<Type> &types) {
  FailureOr<int64_t> rows = checkWidth(loc, adaptor.getInput());
  if (failed(rows))
    return failure();
  FailureOr<int64_t> columns = checkMatrix(loc, *rows, adaptor.getWeight(), adaptor.getBias());
  if (failed(columns))
    return failure();
  setResult(types, getShape(adaptor.getInput()).drop_back(), *columns, adaptor.getInput());
  return success();
}

LogicalResult AddLayerNormOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                               Adaptor adaptor, SmallVectorImpl<Type> &types) {
  FailureOr<int64_t> width = checkWidth(loc, adaptor.getInput());
  if (failed(width))
    return failure();
  if (adaptor.getResidual() &&
      failed(verifyCompatibleShape(adaptor.getInput().getType(), adaptor.getResidual().getType())))
    return emitOptionalError(loc, "input and residual differ in shape");
  if (failed(checkVector(loc, "gamma", adaptor.getGamma(), *width)) ||
      failed(checkVector(loc, "beta", adaptor.getBeta(), *width)))
    return failure();
  types.push_back(adaptor.getInput().getType());
  return success();
}

LogicalResult AttentionOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  ValueRange inputs = adaptor.getInputs();
  if (inputs.size() != 1 && inputs.size() != 3)
    return emitOptionalError(loc, "takes q, k and v as one tensor or as three, not ",
                             inputs.size());
  FailureOr<int64_t> width = checkWidth(loc, inputs[0]);
  if (failed(width))
    return failure();
  if (getShape(inputs[0]).size() != 3)
    return emitOptionalError(loc, "q, k and v are [batch, sequence, width]");
  if (inputs.size() == 1 && *width % 3 != 0)
    return emitOptionalError(loc, "q, k and v side by side make ", *width,
                             " columns, which 3 does not divide");
  for (Value other : inputs.drop_front())
    if (other.getType() != inputs[0].getType())
      return emitOptionalError(loc, "q, k and v differ in type");
  setResult(types, getShape(inputs[0]).drop_back(), inputs.size() == 1 ? *width / 3 : *width,
            inputs[0]);
  return success();
}

LogicalResult PoolerOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  FailureOr<int64_t> rows = checkWidth(loc, adaptor.getInput());
  if (failed(rows))
    return failure();
  if (getShape(adaptor.getInput()).size() != 3)
    return emitOptionalError(loc, "the input is [batch, sequence, width]");
  FailureOr<int64_t> columns = checkMatrix(loc, *rows, adaptor.getWeight(), adaptor.getBias());
  if (failed(columns))
    return failure();
  setResult(types, getShape(adaptor.getInput()).take_front(1), *columns, adaptor.getInput());
  return success();
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

int64_t AttentionOp::getWidth() { return getType().getShape().back(); }

LogicalResult AttentionOp::verify() {
  int64_t heads = getHeads();
  if (heads < 1 || getWidth() % heads != 0)
    return emitOpError("splits ") << getWidth() << " columns into " << heads << " heads";
  if (Value mask = getMask())
    if (failed(verifyCompatibleShape(getShape(mask), getShape(getInputs()[0]).drop_back())))
      return emitOpError("mask and inputs differ in batch or sequence");
  return success();
}

LogicalResult PackedWeightOp::verify() {
  if (getOffset() < 0 || getOffset() % kWeightAlignment != 0)
    return emitOpError("offset ") << getOffset() << " is not a multiple of " << kWeightAlignment;
  RankedTensorType type = getType();
  if (!type.hasStaticShape() || type.getRank() < 1 || type.getRank() > 2)
    return emitOpError("is a matrix or a vector of known shape, not ") << type;
  if (getLayout() == Layout::Panels && type.getRank() != 2)
    return emitOpError("only matrices are packed in panels");
  return success();
}
