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
  types.push_back(
      RankedTensorType::get(shape, cast<RankedTensorType>(like.getType()).getElementType()));
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
  if (adaptor.getTokens())
    setResult(types, {ShapedType::kDynamic}, width, adaptor.getWord());
  else
    setResult(types, getShape(adaptor.getIds()), width, adaptor.getWord());
  return success();
}

LogicalResult DenseOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                        Adaptor adaptor, SmallVectorImpl<Type> &types) {
  FailureOr<int64_t> width = checkWidth(loc, adaptor.getInput());
  if (failed(width))
    return failure();
  ValueRange weights = adaptor.getWeights(), biases = adaptor.getBiases();
  if (weights.empty() || (!biases.empty() && biases.size() != weights.size()))
    return emitOptionalError(loc, "needs one bias per weight or none, not ", biases.size(), " for ",
                             weights.size());
  int64_t columns = 0;
  for (auto [i, weight] : llvm::enumerate(weights)) {
    ArrayRef<int64_t> shape = getShape(weight);
    if (ShapedType::isDynamicShape(shape))
      return emitOptionalError(loc, "a weight's shape must be known");
    if (shape[adaptor.getTransposed()] != *width)
      return emitOptionalError(loc, "the weight has ", shape[adaptor.getTransposed()],
                               " rows where the input has ", *width, " columns");
    int64_t added = shape[!adaptor.getTransposed()];
    if (!biases.empty() && failed(checkVector(loc, "bias", biases[i], added)))
      return failure();
    columns += added;
  }
  setResult(types, getShape(adaptor.getInput()).drop_back(), columns, adaptor.getInput());
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
  if (inputs.empty() || inputs.size() > 3)
    return emitOptionalError(loc, "takes q, k and v as one, two or three tensors, not as ",
                             inputs.size());
  size_t rank = adaptor.getTokens() ? 2 : 3;
  SmallVector<int64_t> widths;
  for (Value input : inputs) {
    FailureOr<int64_t> width = checkWidth(loc, input);
    if (failed(width))
      return failure();
    if (getShape(input).size() != rank)
      return emitOptionalError(loc, "q, k and v are ",
                               rank == 2 ? "[tokens, width]" : "[batch, sequence, width]");
    widths.push_back(*width);
  }
  int64_t width = inputs.size() == 1 ? widths[0] / 3 : widths[0];
  SmallVector<int64_t> expected = inputs.size() == 1   ? SmallVector<int64_t>{3 * width}
                                  : inputs.size() == 2 ? SmallVector<int64_t>{width, 2 * width}
                                                       : SmallVector<int64_t>{width, width, width};
  if (widths != expected)
    return emitOptionalError(loc, "widths of q, k and v don't fit: one tensor has 3 equal parts, "
                                  "two have 1 and 2, three have 1 each");
  setResult(types, getShape(inputs[0]).drop_back(), width, inputs[0]);
  return success();
}

LogicalResult FirstTokenOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                             Adaptor adaptor, SmallVectorImpl<Type> &types) {
  FailureOr<int64_t> width = checkWidth(loc, adaptor.getInput());
  if (failed(width))
    return failure();
  ArrayRef<int64_t> shape = getShape(adaptor.getInput());
  if (shape.size() != (adaptor.getTokens() ? 2u : 3u))
    return emitOptionalError(loc, "the input is [batch, sequence, width], or packed");
  int64_t batch = adaptor.getTokens() ? ShapedType::kDynamic : shape[0];
  setResult(types, {batch}, *width, adaptor.getInput());
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
  if (getMask() && getTokens())
    return emitOpError("takes a mask or tokens, not both");
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
