//===- ModelInterface.cpp - what a caller of native code sees -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/ModelInterface.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::native;

static constexpr int64_t kMaxRank = sizeof(bert_tensor::dims) / sizeof(int64_t);

static std::optional<bert_element_type> getElementType(Type type) {
  if (type.isF32())
    return BERT_F32;
  if (type.isF64())
    return BERT_F64;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return std::nullopt;
  switch (integer.getWidth()) {
  case 1:
    return BERT_BOOL;
  case 8:
    return integer.isUnsigned() ? BERT_U8 : BERT_I8;
  case 32:
    return BERT_I32;
  case 64:
    return BERT_I64;
  default:
    return std::nullopt;
  }
}

// Fills in what the type and the attributes of an argument or result say.
static LogicalResult describe(func::FuncOp function, Type type, DictionaryAttr attributes,
                              const Twine &fallbackName, TensorInterface &tensor) {
  auto shaped = dyn_cast<ShapedType>(type);
  auto getAttr = [&](StringRef name) { return attributes ? attributes.get(name) : Attribute(); };
  auto name = dyn_cast_or_null<StringAttr>(getAttr(ov::kNameAttr));
  tensor.name = name ? name.str() : fallbackName.str();
  if (!shaped || !shaped.hasRank())
    return function.emitError() << "'" << tensor.name
                                << "' has no rank; native code needs the rank of each input and "
                                   "output";
  std::optional<bert_element_type> element = getElementType(shaped.getElementType());
  if (!element)
    return function.emitError()
           << "'" << tensor.name << "' has elements of type " << shaped.getElementType()
           << "; callers of native code can pass f32, f64, i64, i32, i8, u8 and "
              "boolean";
  tensor.type = *element;
  if (shaped.getRank() > kMaxRank)
    return function.emitError() << "'" << tensor.name << "' has rank " << shaped.getRank()
                                << "; callers of native code can pass up to " << kMaxRank;
  auto dims = dyn_cast_or_null<DenseI64ArrayAttr>(getAttr(ov::kDimsAttr));
  for (auto [index, size] : llvm::enumerate(shaped.getShape())) {
    int64_t dim = ShapedType::isDynamic(size) ? BERT_OPEN : size;
    if (dims && dims.size() == shaped.getRank() && ShapedType::isDynamic(size))
      dim = dims[static_cast<int64_t>(index)];
    tensor.dims.push_back(dim);
  }
  if (auto limit = dyn_cast_or_null<IntegerAttr>(getAttr(ov::kLimitAttr)))
    tensor.limit = limit.getInt();
  if (auto role = dyn_cast_or_null<StringAttr>(getAttr(ov::kRoleAttr)))
    tensor.role = llvm::StringSwitch<BertRole>(role.getValue())
                      .Case("ids", BERT_ROLE_IDS)
                      .Case("mask", BERT_ROLE_MASK)
                      .Case("types", BERT_ROLE_TYPES)
                      .Default(BERT_ROLE_OTHER);
  return success();
}

FailureOr<ModelInterface> native::getModelInterface(func::FuncOp function, StringRef name) {
  static_assert(ov::kBatchDim == BERT_BATCH && ov::kSequenceDim == BERT_SEQUENCE &&
                    ov::kOpenDim == BERT_OPEN,
                "one meaning in the compiler and in C");
  ModelInterface model;
  model.name = name.str();
  unsigned numInputs = function.getNumArguments();
  // Behind plan-arena the weights and the arena come last; the model's own inputs have names.
  if (numInputs >= 2 && isa<MemRefType>(function.getArgumentTypes().back()) &&
      !function.getArgAttr(numInputs - 1, ov::kNameAttr) &&
      !function.getArgAttr(numInputs - 2, ov::kNameAttr))
    numInputs -= 2;
  for (unsigned i = 0; i < numInputs; ++i) {
    TensorInterface input;
    if (failed(describe(function, function.getArgumentTypes()[i], function.getArgAttrDict(i),
                        "input_" + Twine(i), input)))
      return failure();
    // The longest sequence is the least upper bound of the dimensions that follow it.
    if (auto bounds = function.getArgAttrOfType<DenseI64ArrayAttr>(i, ov::kBoundsAttr))
      for (size_t dim = 0; dim < input.dims.size() && 2 * dim + 1 < size_t(bounds.size()); ++dim) {
        int64_t most = bounds[static_cast<int64_t>(2 * dim + 1)];
        if (input.dims[dim] == BERT_SEQUENCE && most > 0)
          model.maxSequence = model.maxSequence == 0 ? most : std::min(model.maxSequence, most);
      }
    model.inputs.push_back(std::move(input));
  }
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    TensorInterface output;
    if (failed(describe(function, function.getResultTypes()[i], function.getResultAttrDict(i),
                        "output_" + Twine(i), output)))
      return failure();
    model.outputs.push_back(std::move(output));
  }
  return model;
}
