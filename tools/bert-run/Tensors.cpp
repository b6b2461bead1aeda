//===- Tensors.cpp - numpy's arrays as a model's inputs and outputs ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Tensors.h"

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Support/NearMiss.h"

#include "llvm/ADT/StringExtras.h"

#include <cstring>
#include <limits>

using namespace bertmlir;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static std::vector<std::string> getNames(mlir::DictionaryAttr attributes,
                                         const std::string &fallback) {
  std::vector<std::string> names;
  for (StringRef spelling : ov::getSpellings(attributes))
    names.push_back(spelling.str());
  if (names.empty())
    names.push_back(fallback);
  return names;
}

run::TensorNames run::getTensorNames(mlir::func::FuncOp model) {
  TensorNames names;
  for (unsigned i = 0; i < model.getNumArguments(); ++i)
    names.inputs.push_back(getNames(model.getArgAttrDict(i), "input_" + std::to_string(i)));
  for (unsigned i = 0; i < model.getNumResults(); ++i)
    names.outputs.push_back(getNames(model.getResultAttrDict(i), "output_" + std::to_string(i)));
  return names;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static StringRef getNumpyType(bert_element_type type) {
  switch (type) {
  case BERT_F32:
    return "<f4";
  case BERT_I32:
    return "<i4";
  case BERT_I64:
    return "<i8";
  case BERT_I8:
    return "|i1";
  case BERT_U8:
    return "|u1";
  case BERT_BOOL:
    return "|b1";
  case BERT_F64:
    return "<f8";
  }
  return "";
}

// Any of numpy's integers, booleans among them.
static std::optional<int64_t> readInteger(StringRef type, const char *place) {
  auto read = [&](auto value) {
    memcpy(&value, place, sizeof(value));
    return static_cast<int64_t>(value);
  };
  if (type == "<i8")
    return read(int64_t());
  if (type == "<i4")
    return read(int32_t());
  if (type == "<u4")
    return read(uint32_t());
  if (type == "<i2")
    return read(int16_t());
  if (type == "<u2")
    return read(uint16_t());
  if (type == "|i1")
    return read(int8_t());
  if (type == "|u1" || type == "|b1")
    return read(uint8_t());
  return std::nullopt;
}

static size_t getWidth(StringRef type) { return static_cast<size_t>(type.back() - '0'); }

// Writes a value; false if it does not fit.
static bool writeNumber(bert_element_type type, int64_t value, char *place) {
  auto write = [&](auto number) {
    using Number = decltype(number);
    if (std::is_integral_v<Number> &&
        (value < static_cast<int64_t>(std::numeric_limits<Number>::min()) ||
         value > static_cast<int64_t>(std::numeric_limits<Number>::max())))
      return false;
    number = static_cast<Number>(value);
    memcpy(place, &number, sizeof(number));
    return true;
  };
  switch (type) {
  case BERT_F32:
    return write(float());
  case BERT_I32:
    return write(int32_t());
  case BERT_I64:
    return write(int64_t());
  case BERT_I8:
    return write(int8_t());
  case BERT_U8:
    return write(uint8_t());
  case BERT_BOOL:
    return (value == 0 || value == 1) && write(uint8_t());
  case BERT_F64:
    return write(double());
  }
  return false;
}

static llvm::Expected<NpyArray> convert(const NpyArray &array, const native::TensorInterface &to) {
  NpyArray result{getNumpyType(to.type).str(), array.shape, {}};
  if (!readInteger(array.type, std::string(8, '\0').data()))
    return llvm::createStringError("'" + to.name + "' holds elements of type '" + array.type +
                                   "', where the model takes '" + result.type + "'");
  // Behind that check, since other types' widths may have two digits.
  size_t from = getWidth(array.type), width = getWidth(result.type);
  size_t count = array.bytes.size() / from;
  result.bytes.resize(count * width);
  for (size_t i = 0; i < count; ++i) {
    // It is one of integers: see above.
    int64_t value = readInteger(array.type, array.bytes.data() + i * from).value_or(0);
    if (!writeNumber(to.type, value, result.bytes.data() + i * width))
      return llvm::createStringError("'" + to.name + "' holds " + std::to_string(value) +
                                     ", which is no '" + result.type + "'");
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

static StringRef withoutPort(StringRef name) {
  name.consume_back(":0");
  return name;
}

llvm::Expected<std::vector<bert_tensor>> run::takeInputs(const native::ModelInterface &model,
                                                         const TensorNames &names,
                                                         NpzArrays &arrays,
                                                         std::vector<NpyArray> &storage) {
  std::vector<bert_tensor> tensors;
  storage.clear();
  storage.reserve(model.inputs.size());
  for (auto [input, inputNames] : llvm::zip_equal(model.inputs, names.inputs)) {
    auto found = llvm::find_if(arrays, [&wanted = inputNames](auto &entry) {
      return llvm::any_of(wanted, [key = withoutPort(entry.first)](StringRef name) {
        return withoutPort(name) == key;
      });
    });
    if (found == arrays.end()) {
      llvm::SmallVector<StringRef> keys;
      for (auto &entry : arrays)
        keys.push_back(entry.first);
      return llvm::createStringError("there is no array for input '" + inputNames.front() + "'" +
                                     suggestNames(inputNames.front(), keys) +
                                     "; there are: " + llvm::join(keys, ", "));
    }
    NpyArray *array = &found->second;
    if (array->type != getNumpyType(input.type)) {
      llvm::Expected<NpyArray> converted = convert(*array, input);
      if (!converted)
        return converted.takeError();
      storage.push_back(std::move(*converted));
      array = &storage.back();
    }
    bert_tensor tensor{};
    tensor.type = input.type;
    tensor.rank = static_cast<int>(array->shape.size());
    if (array->shape.size() != input.dims.size())
      return llvm::createStringError(
          "'" + found->first + "' has rank " + std::to_string(array->shape.size()) +
          ", but input '" + inputNames.front() + "' has rank " + std::to_string(input.dims.size()));
    llvm::copy(array->shape, tensor.dims);
    tensor.data = array->bytes.data();
    tensor.bytes = array->bytes.size();
    tensors.push_back(tensor);
  }
  return tensors;
}

NpzArrays run::giveOutputs(const native::ModelInterface &model, const TensorNames &names,
                           llvm::ArrayRef<bert_tensor> outputs) {
  NpzArrays arrays;
  for (auto [output, info, outputNames] : llvm::zip_equal(outputs, model.outputs, names.outputs)) {
    NpyArray array;
    array.type = getNumpyType(info.type).str();
    array.shape.assign(output.dims, output.dims + output.rank);
    const char *data = static_cast<const char *>(output.data);
    array.bytes.assign(data, data + output.bytes);
    // Two outputs may be one tensor.
    std::string name = outputNames.front();
    for (int i = 2; arrays.count(name); ++i)
      name = outputNames.front() + "#" + std::to_string(i);
    arrays[name] = std::move(array);
  }
  return arrays;
}
