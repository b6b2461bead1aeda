//===- ImportOpenVINO.cpp - an OpenVINO IR becomes ov -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Parameters, Results and constants; all other layers are generic (Layers.cpp).
// Source: OpenVINO's IR format description.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportOpenVINO.h"

#include "Layers.h"
#include "XmlModel.h"

#include "bert/Support/Diagnostics.h"
#include "bert/Support/ResourceBlob.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::importov;

// Integers beyond this are no shape, no axis and no small table: nothing computes
// with them while compiling.
static constexpr int64_t kMaxConstantInts = 1 << 14;

namespace {

class Importer {
public:
  Importer(MLIRContext *context, const ImportOpenVINOOptions &options)
      : context(context), options(options), builder(context), layers(builder) {}

  OwningOpRef<ModuleOp> run(const XmlModel &model);

private:
  LogicalResult createFunction();
  LogicalResult addParameter(const XmlLayer &layer);
  LogicalResult addConstant(size_t index);
  FailureOr<ArrayRef<char>> getConstantBytes(const XmlLayer &layer, uint64_t needed);
  FailureOr<Value> getSource(const XmlLayer &layer, const XmlSource &source) const;
  LogicalResult addLayer(size_t index);
  LogicalResult finish();

  const XmlLayer &layer(size_t index) const { return model->layers[index]; }
  /// The tensor names of an output port; a layer of version 10 lends its own.
  SmallVector<StringRef> getTensorNames(const XmlLayer &layer, size_t output) const;

  MLIRContext *context;
  const ImportOpenVINOOptions &options;
  OpBuilder builder;
  LayerBuilder layers;
  const XmlModel *model = nullptr;
  std::shared_ptr<MappedFile> bin;
  func::FuncOp function;
  SmallVector<Type> inputTypes;
  SmallVector<DictionaryAttr> inputAttributes;
  SmallVector<size_t> parameters;
  /// The values of each layer's output ports.
  std::vector<SmallVector<Value>> values;
};

} // namespace

SmallVector<StringRef> Importer::getTensorNames(const XmlLayer &layer, size_t output) const {
  const XmlPort &port = layer.outputs[output];
  SmallVector<StringRef> names(port.names.begin(), port.names.end());
  if (names.empty() && model->version == 10 && layer.outputs.size() == 1)
    names.push_back(layer.name);
  return names;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// One entry of a Parameter's shape: `128`, `?`, `-1`, `1..512`, `1..`, `..512`.
// `high` is -1 where there is no upper limit.
static bool parseDimension(StringRef text, int64_t &low, int64_t &high) {
  text = text.trim();
  low = 0;
  high = -1;
  if (text == "?" || text == "-1")
    return true;
  auto [first, last] = text.split("..");
  if (!text.contains(".."))
    return !text.getAsInteger(10, low) && low >= 0 && (high = low, true);
  if ((!first.empty() && first.getAsInteger(10, low)) ||
      (!last.empty() && last.getAsInteger(10, high)))
    return false;
  return low >= 0 && (last.empty() ? !first.empty() : high >= low);
}

LogicalResult Importer::addParameter(const XmlLayer &layer) {
  if (layer.outputs.size() != 1)
    return layer.error() << "has " << layer.outputs.size() << " output ports instead of one";
  std::optional<StringRef> typeName = layer.getData("element_type"), text = layer.getData("shape");
  Type elementType = typeName ? parseElementType(*typeName, context) : Type();
  if (!elementType)
    return layer.error() << "has the element type '" << typeName.value_or("")
                         << "', which can't be read";
  if (!text)
    return layer.error() << "has no attribute 'shape'";
  if (text->contains("..."))
    return layer.error() << "has an open rank; give its shape when the IR is made";

  SmallVector<int64_t> shape, bounds;
  bool isBounded = false;
  SmallVector<StringRef> parts;
  if (!text->trim().empty())
    text->split(parts, ',');
  for (StringRef part : parts) {
    int64_t low = 0, high = 0;
    if (!parseDimension(part, low, high))
      return layer.error() << "has the shape \"" << *text << "\", which can't be read";
    bounds.append({low, high});
    shape.push_back(low == high ? low : ShapedType::kDynamic);
    isBounded |= low != high && (low > 0 || high >= 0);
  }
  // The product of what is known must be a number too.
  SmallVector<int64_t> known(shape);
  llvm::replace(known, ShapedType::kDynamic, int64_t(1));
  if (!getCheckedNumElements(known))
    return layer.error() << "has the impossible shape \"" << *text << "\"";

  NamedAttrList attributes;
  attributes.set(ov::kNameAttr, builder.getStringAttr(layer.name));
  attributes.set(ov::kNamesAttr, builder.getStrArrayAttr(getTensorNames(layer, 0)));
  if (isBounded)
    attributes.set(ov::kBoundsAttr, builder.getDenseI64ArrayAttr(bounds));
  inputTypes.push_back(RankedTensorType::get(shape, elementType));
  inputAttributes.push_back(attributes.getDictionary(context));
  return success();
}

LogicalResult Importer::createFunction() {
  for (size_t index = 0; index < model->layers.size(); ++index) {
    if (layer(index).type != "Parameter")
      continue;
    parameters.push_back(index);
    if (failed(addParameter(layer(index))))
      return failure();
  }
  StringRef name = model->name.empty() ? StringRef("main") : StringRef(model->name);
  function = func::FuncOp::create(builder, getFileLoc(context, options.xmlPath), name,
                                  builder.getFunctionType(inputTypes, {}));
  function.setAllArgAttrs(inputAttributes);
  Block *body = function.addEntryBlock();
  for (auto [index, argument] : llvm::zip_equal(parameters, body->getArguments())) {
    argument.setLoc(layer(index).loc);
    values[index] = {argument};
  }
  builder.setInsertionPointToStart(body);
  return success();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

FailureOr<ArrayRef<char>> Importer::getConstantBytes(const XmlLayer &layer, uint64_t needed) {
  uint64_t offset = 0, size = 0;
  for (auto [name, into] : {std::pair<StringRef, uint64_t *>("offset", &offset), {"size", &size}}) {
    std::optional<StringRef> text = layer.getData(name);
    if (!text || text->trim().getAsInteger(10, *into))
      return layer.error() << "needs the number '" << name << "'";
  }
  if (size < needed)
    return layer.error() << "holds " << size << " bytes where its shape and type need " << needed;
  if (needed == 0)
    return ArrayRef<char>();
  if (!bin) {
    SmallString<256> path(options.binPath);
    if (path.empty()) {
      path = options.xmlPath;
      llvm::sys::path::replace_extension(path, ".bin");
    }
    llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(path);
    if (!file)
      return layer.error() << "needs its bytes: can't open '" << path
                           << "': " << llvm::toString(file.takeError())
                           << "; the .bin lies beside the .xml, or --weights names it";
    bin = *file;
  }
  if (!bin->contains(offset, size))
    return layer.error() << "lies at bytes " << offset << " to " << offset << " + " << size
                         << " of '" << bin->getPath() << "', which has " << bin->bytes().size()
                         << "; the file is cut off, or belongs to another .xml";
  return bin->bytes().slice(offset, needed);
}

// Whether all elements have the same bytes.
static bool isUniform(ArrayRef<char> bytes, size_t width) {
  for (size_t at = width; at + width <= bytes.size(); at += width)
    if (memcmp(bytes.data(), bytes.data() + at, width) != 0)
      return false;
  return true;
}

// MLIR packs booleans into bits, the file has a byte each.
static DenseElementsAttr getBooleans(RankedTensorType type, ArrayRef<char> bytes) {
  SmallVector<bool> elements;
  for (char byte : bytes)
    elements.push_back(byte != 0);
  return DenseElementsAttr::get(type, elements);
}

LogicalResult Importer::addConstant(size_t index) {
  const XmlLayer &layer = this->layer(index);
  if (layer.outputs.size() != 1 || !layer.inputs.empty())
    return layer.error() << "needs one output port and no input";
  std::optional<StringRef> typeName = layer.getData("element_type");
  Type elementType = typeName ? parseElementType(*typeName, context) : Type();
  unsigned bits = elementType ? elementType.getIntOrFloatBitWidth() : 0;
  if (bits != 1 && bits < 8)
    return layer.error() << "holds elements of type '" << typeName.value_or("")
                         << "', which can't be read";
  std::optional<StringRef> text = layer.getData("shape");
  std::optional<SmallVector<int64_t>> shape = text ? parseInts(*text) : std::nullopt;
  std::optional<int64_t> count = shape ? getCheckedNumElements(*shape) : std::nullopt;
  int64_t width = std::max(bits, 8u) / 8, needed = 0;
  if (!count || llvm::MulOverflow(*count, width, needed))
    return layer.error() << "has the shape \"" << text.value_or("") << "\", which can't be read";
  FailureOr<ArrayRef<char>> bytes = getConstantBytes(layer, needed);
  if (failed(bytes))
    return failure();

  auto type = RankedTensorType::get(*shape, elementType);
  bool differs = *count > 1 && !isUniform(*bytes, width);
  bool isTable =
      isa<FloatType>(elementType) ? type.getRank() > 0 : bits == 8 || *count > kMaxConstantInts;
  if (bits != 1 && differs && isTable) {
    auto value = getResourceAttr(type, layer.name, {*bytes, bin});
    StringRef name = layer.name.empty() ? StringRef("weight") : StringRef(layer.name);
    values[index] = {ov::WeightOp::create(builder, layer.loc, type, name, value)};
    return success();
  }
  DenseElementsAttr value;
  if (*count == 0)
    value = DenseElementsAttr::get(type, ArrayRef<Attribute>());
  else if (bits == 1)
    value = differs ? getBooleans(type, *bytes) : DenseElementsAttr::get(type, bytes->front() != 0);
  else
    value = DenseElementsAttr::getFromRawBuffer(type, differs ? *bytes : bytes->take_front(width));
  values[index] = {ov::ConstantOp::create(builder, layer.loc, type, value)};
  return success();
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

// Only a Result may have a port and still no value.
FailureOr<Value> Importer::getSource(const XmlLayer &layer, const XmlSource &source) const {
  if (source.output < values[source.layer].size())
    return values[source.layer][source.output];
  return layer.error() << "reads layer '" << this->layer(source.layer).name
                       << "', which is a Result and gives no value";
}

LogicalResult Importer::addLayer(size_t index) {
  const XmlLayer &layer = this->layer(index);
  if (layer.type == "Parameter" || layer.type == "Result")
    return success();
  if (layer.type == "Const")
    return addConstant(index);
  SmallVector<Value> operands;
  for (const XmlSource &source : layer.sources) {
    FailureOr<Value> operand = getSource(layer, source);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  FailureOr<Operation *> op = layers.build(layer, operands);
  if (failed(op))
    return failure();
  values[index].assign((*op)->result_begin(), (*op)->result_end());
  for (Value result : values[index])
    if (!isa<RankedTensorType>(result.getType()))
      return layer.error() << "has an output whose rank is not known";
  return success();
}

LogicalResult Importer::finish() {
  SmallVector<Value> results;
  SmallVector<DictionaryAttr> attributes;
  for (const XmlLayer &layer : model->layers) {
    if (layer.type != "Result")
      continue;
    if (layer.sources.size() != 1)
      return layer.error() << "has " << layer.sources.size() << " input ports instead of one";
    auto [producer, output] = layer.sources.front();
    FailureOr<Value> value = getSource(layer, layer.sources.front());
    if (failed(value))
      return failure();
    results.push_back(*value);
    NamedAttrList list;
    list.set(ov::kNameAttr, builder.getStringAttr(layer.name));
    list.set(ov::kNamesAttr,
             builder.getStrArrayAttr(getTensorNames(this->layer(producer), output)));
    attributes.push_back(list.getDictionary(context));
  }
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), TypeRange(results)));
  function.setAllResultAttrs(attributes);
  return success();
}

OwningOpRef<ModuleOp> Importer::run(const XmlModel &xmlModel) {
  model = &xmlModel;
  values.resize(model->layers.size());
  OwningOpRef<ModuleOp> module = ModuleOp::create(getFileLoc(context, options.xmlPath));
  builder.setInsertionPointToStart(module->getBody());
  if (failed(createFunction()))
    return {};
  for (size_t index : model->order)
    if (failed(addLayer(index)))
      return {};
  if (failed(finish()))
    return {};
  return module;
}

OwningOpRef<ModuleOp> bertmlir::importOpenVINO(MLIRContext *context,
                                               const ImportOpenVINOOptions &options) {
  context->loadDialect<ov::OVDialect, func::FuncDialect>();
  std::shared_ptr<MappedFile> content = options.content;
  if (!content) {
    llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(options.xmlPath);
    if (!file) {
      emitError(getFileLoc(context, options.xmlPath))
          << "can't open it: " << llvm::toString(file.takeError());
      return {};
    }
    content = *file;
  }
  FailureOr<XmlModel> model = parseXmlModel(content->text(), options.xmlPath, context);
  if (failed(model))
    return {};
  return Importer(context, options).run(*model);
}
