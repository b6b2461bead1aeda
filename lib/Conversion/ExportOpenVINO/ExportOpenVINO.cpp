//===- ExportOpenVINO.cpp - ov to an OpenVINO IR ------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Generic over the dialect's definition: an op's layer type, operation set and
// attributes come from its definition. Parameter, Result, Const and rt_info are
// the exceptions. Source: OpenVINO's IR format description.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ExportOpenVINO.h"

#include "ConstantPool.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <charconv>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::exportov;

//===----------------------------------------------------------------------===//
// Spelling
//===----------------------------------------------------------------------===//

static std::string escapeXml(StringRef text) {
  std::string result;
  for (char c : text) {
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\n':
      result += "&#10;";
      break;
    case '\t':
      result += "&#9;";
      break;
    case '\r':
      result += "&#13;";
      break;
    default:
      // Other control characters can't be in an XML file at all.
      result += static_cast<unsigned char>(c) < 0x20 ? '_' : c;
    }
  }
  return result;
}

// A port's `precision`, which is spelled differently from an element type.
static std::string stringifyPrecision(Type elementType) {
  StringRef name = ov::stringifyElementType(elementType);
  if (name == "boolean")
    return "BOOL";
  if (name.consume_front("bf"))
    return "BF" + name.str();
  if (name.consume_front("f"))
    return "FP" + name.str();
  return name.upper();
}

// The shortest text that reads back as the same number.
static std::string stringifyFloat(double value) {
  char buffer[64];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return error == std::errc() ? std::string(buffer, end) : "nan";
}

static std::string stringifyShape(ArrayRef<int64_t> shape, StringRef separator) {
  std::string text;
  for (auto [index, dim] : llvm::enumerate(shape))
    text +=
        (index ? separator.str() : "") + (ShapedType::isDynamic(dim) ? "?" : std::to_string(dim));
  return text;
}

// A Parameter's shape: open dimensions with their limits, where there are any.
static std::string stringifyBounds(ArrayRef<int64_t> shape, ArrayRef<int64_t> bounds) {
  std::string text;
  for (auto [index, dim] : llvm::enumerate(shape)) {
    text += index ? "," : "";
    if (!ShapedType::isDynamic(dim)) {
      text += std::to_string(dim);
      continue;
    }
    int64_t low = 2 * index + 1 < bounds.size() ? bounds[2 * index] : 0;
    int64_t high = 2 * index + 1 < bounds.size() ? bounds[2 * index + 1] : -1;
    if (high >= 0)
      text += std::to_string(low) + ".." + std::to_string(high);
    else
      text += low > 1 ? std::to_string(low) + ".." : "?";
  }
  return text;
}

static std::string stringifyAttribute(Attribute attribute) {
  if (auto boolean = dyn_cast<BoolAttr>(attribute))
    return boolean.getValue() ? "true" : "false";
  if (auto integer = dyn_cast<IntegerAttr>(attribute))
    return std::to_string(integer.getInt());
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return stringifyFloat(number.getValueAsDouble());
  if (auto list = dyn_cast<DenseI64ArrayAttr>(attribute))
    return stringifyShape(list.asArrayRef(), ", ");
  if (auto type = dyn_cast<TypeAttr>(attribute))
    return ov::stringifyElementType(type.getValue()).str();
  return cast<StringAttr>(attribute).getValue().str();
}

//===----------------------------------------------------------------------===//
// Writer
//===----------------------------------------------------------------------===//

namespace {

/// The output port of a layer that carries a value.
struct Port {
  unsigned layer = 0;
  unsigned port = 0;
};

class Writer {
public:
  Writer(func::FuncOp model, const ExportOpenVINOOptions &options)
      : model(model), options(options), weightExpressions(model),
        pool(options.compressToFP16 && !hasInt8Weights()), layers(layersText), edges(edgesText) {}

  LogicalResult run();
  std::string takeXml();
  ConstantPool &getPool() { return pool; }

private:
  bool hasInt8Weights();
  LogicalResult checkType(Operation *op, Type type);
  void collectOutputNames();
  void nameLayers();
  std::string makeUnique(StringRef wanted);

  void openLayer(StringRef name, StringRef type, StringRef version);
  void writeData(ArrayRef<std::pair<std::string, std::string>> data);
  void writePorts(StringRef element, unsigned firstPort, TypeRange types,
                  ArrayRef<std::string> names = {});
  void writeDecompression();
  void connect(Port from, unsigned layer, unsigned port);
  void connect(ValueRange operands, unsigned layer);
  unsigned writeCopy(Value value);

  void writeParameter(BlockArgument argument);
  LogicalResult writeConstant(Operation *op);
  LogicalResult writeLayer(Operation *op);
  void writeResults();

  func::FuncOp model;
  const ExportOpenVINOOptions &options;
  /// What is done to weights only is done here, and stored.
  ov::WeightExpressions weightExpressions;
  ConstantPool pool;
  std::string layersText, edgesText;
  llvm::raw_string_ostream layers, edges;
  unsigned nextLayer = 0;
  llvm::StringSet<> usedNames;
  /// The number that a name got last; a model may have a hundred thousand layers of one name.
  llvm::StringMap<unsigned> suffixes;
  DenseMap<Operation *, std::string> layerNames;
  DenseMap<Value, Port> ports;
  /// The tensor names under which the runtime offers a value, for inputs and outputs.
  DenseMap<Value, SmallVector<StringRef>> tensorNames;
};

} // namespace

// An int8 model keeps its floats: they are scales and zero points.
bool Writer::hasInt8Weights() {
  for (Operation &op : model.getBody().front())
    if (isa<ov::WeightOp, ov::ConstantOp>(op))
      if (auto type = cast<RankedTensorType>(op.getResult(0).getType());
          type.getRank() > 0 && type.getElementTypeBitWidth() == 8)
        return true;
  return false;
}

LogicalResult Writer::checkType(Operation *op, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor && !ov::stringifyElementType(tensor.getElementType()).empty())
    return success();
  return op->emitError("a value of type ") << type << " can't be written to an IR";
}

void Writer::collectOutputNames() {
  auto add = [&](Value value, Attribute names) {
    if (auto list = dyn_cast_or_null<ArrayAttr>(names))
      for (Attribute name : list)
        if (auto text = dyn_cast<StringAttr>(name);
            text && !llvm::is_contained(tensorNames[value], text.getValue()))
          tensorNames[value].push_back(text.getValue());
  };
  for (BlockArgument argument : model.getArguments())
    add(argument, model.getArgAttr(argument.getArgNumber(), ov::kNamesAttr));
  Operation *terminator = model.getBody().front().getTerminator();
  for (auto [index, value] : llvm::enumerate(terminator->getOperands()))
    add(value, model.getResultAttr(index, ov::kNamesAttr));
}

// A conversion gives an op and the helpers beside it one name. The op gets it, since that is what
// a user knows from TensorFlow; before it only weights, whose names users ask for.
void Writer::nameLayers() {
  SmallVector<Operation *> weights, computed, moves, constants;
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (weightExpressions.isAbsorbed(&op))
      continue;
    bool isConstant = isa<ov::ConstantOp>(op) || weightExpressions.contains(&op);
    bool isMove =
        isa<ov::ConvertOp, ov::ReshapeOp, ov::SqueezeOp, ov::TransposeOp, ov::UnsqueezeOp>(op);
    (isa<ov::WeightOp>(op) ? weights
     : isConstant          ? constants
     : isMove              ? moves
                           : computed)
        .push_back(&op);
  }
  for (Operation *op : weights)
    layerNames[op] = makeUnique(cast<ov::WeightOp>(op).getName());
  for (const auto &ops : {computed, moves})
    for (Operation *op : ops)
      if (StringRef name = ov::getLayerName(op->getLoc()); !name.empty())
        layerNames[op] = makeUnique(name);
  for (Operation *op : constants) {
    StringRef name = ov::getLayerName(op->getLoc());
    layerNames[op] = makeUnique(name.empty() ? StringRef("constant") : name);
  }
}

std::string Writer::makeUnique(StringRef wanted) {
  std::string name = wanted.str();
  while (!usedNames.insert(name).second)
    name = (wanted + "_" + Twine(++suffixes[wanted])).str();
  return name;
}

void Writer::openLayer(StringRef name, StringRef type, StringRef version) {
  layers << "\t\t<layer id=\"" << nextLayer++ << "\" name=\"" << escapeXml(name) << "\" type=\""
         << escapeXml(type) << "\" version=\"" << escapeXml(version) << "\">\n";
}

void Writer::writeData(ArrayRef<std::pair<std::string, std::string>> data) {
  if (data.empty())
    return;
  layers << "\t\t\t<data";
  for (auto &[name, value] : data)
    layers << ' ' << escapeXml(name) << "=\"" << escapeXml(value) << '"';
  layers << "/>\n";
}

void Writer::writePorts(StringRef element, unsigned firstPort, TypeRange types,
                        ArrayRef<std::string> names) {
  if (types.empty())
    return;
  layers << "\t\t\t<" << element << ">\n";
  for (auto [index, type] : llvm::enumerate(types)) {
    auto tensor = cast<RankedTensorType>(type);
    layers << "\t\t\t\t<port id=\"" << firstPort + index << "\" precision=\""
           << stringifyPrecision(tensor.getElementType()) << '"';
    if (index < names.size() && !names[index].empty())
      layers << " names=\"" << escapeXml(names[index]) << '"';
    if (tensor.getRank() == 0) {
      layers << "/>\n";
      continue;
    }
    layers << ">\n";
    for (int64_t dim : tensor.getShape())
      layers << "\t\t\t\t\t<dim>" << (ShapedType::isDynamic(dim) ? -1 : dim) << "</dim>\n";
    layers << "\t\t\t\t</port>\n";
  }
  layers << "\t\t\t</" << element << ">\n";
}

// Says that a Convert is how a constant is stored, so that runtimes keep the
// constant as it is.
void Writer::writeDecompression() {
  if (options.version >= 11)
    layers << "\t\t\t<rt_info>\n\t\t\t\t<attribute name=\"decompression\" version=\"0\"/>\n"
              "\t\t\t</rt_info>\n";
}

// A Convert of a constant that was stored as f16 or bf16 before.
static bool isDecompression(Operation *op) {
  auto convert = dyn_cast<ov::ConvertOp>(op);
  Operation *source = convert ? convert.getInput().getDefiningOp() : nullptr;
  Type from = convert ? getElementTypeOrSelf(convert.getInput().getType()) : Type();
  return source && isa<ov::WeightOp, ov::ConstantOp>(source) && (from.isF16() || from.isBF16()) &&
         convert.getDestinationType().isF32();
}

void Writer::connect(Port from, unsigned layer, unsigned port) {
  edges << "\t\t<edge from-layer=\"" << from.layer << "\" from-port=\"" << from.port
        << "\" to-layer=\"" << layer << "\" to-port=\"" << port << "\"/>\n";
}

void Writer::connect(ValueRange operands, unsigned layer) {
  for (auto [index, operand] : llvm::enumerate(operands))
    connect(ports.lookup(operand), layer, index);
}

// A comma separates names, so one in a name is escaped.
static std::string joinNames(ArrayRef<StringRef> names) {
  std::string text;
  for (StringRef name : names) {
    text += text.empty() ? "" : ",";
    for (char c : name)
      text += c == ',' ? std::string("\\,") : std::string(1, c);
  }
  return text;
}

void Writer::writeParameter(BlockArgument argument) {
  auto type = cast<RankedTensorType>(argument.getType());
  unsigned index = argument.getArgNumber();
  auto name = model.getArgAttrOfType<StringAttr>(index, ov::kNameAttr);
  auto bounds = model.getArgAttrOfType<DenseI64ArrayAttr>(index, ov::kBoundsAttr);
  ports[argument] = {nextLayer, 0};
  openLayer(makeUnique(name ? name.getValue() : "input_" + std::to_string(index)), "Parameter",
            "opset1");
  writeData({{"shape",
              stringifyBounds(type.getShape(), bounds ? bounds.asArrayRef() : ArrayRef<int64_t>())},
             {"element_type", ov::stringifyElementType(type.getElementType()).str()}});
  writePorts("output", 0, type, joinNames(tensorNames.lookup(argument)));
  layers << "\t\t</layer>\n";
}

// An f32 constant that is stored as f16 is two layers: the second has the name
// that the model knows.
LogicalResult Writer::writeConstant(Operation *op) {
  std::string reason;
  const std::string &layerName = layerNames[op];
  FailureOr<Placement> placement = pool.add(op->getResult(0), reason);
  if (failed(placement))
    return op->emitError("constant '") << layerName << "' " << reason;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  RankedTensorType stored = type;
  std::string names = joinNames(tensorNames.lookup(op->getResult(0)));
  if (placement->isHalf)
    stored = type.clone(Float16Type::get(op->getContext()));
  unsigned constant = nextLayer;
  openLayer(placement->isHalf ? makeUnique(layerName + "_compressed") : layerName, "Const",
            "opset1");
  writeData({{"element_type", ov::stringifyElementType(stored.getElementType()).str()},
             {"shape", stringifyShape(type.getShape(), ", ")},
             {"offset", std::to_string(placement->offset)},
             {"size", std::to_string(placement->size)}});
  writePorts("output", 0, Type(stored), placement->isHalf ? std::string() : names);
  layers << "\t\t</layer>\n";
  ports[op->getResult(0)] = {constant, 0};
  if (!placement->isHalf)
    return success();

  edges << "\t\t<edge from-layer=\"" << constant << "\" from-port=\"0\" to-layer=\"" << nextLayer
        << "\" to-port=\"0\"/>\n";
  ports[op->getResult(0)] = {nextLayer, 1};
  openLayer(layerName, "Convert", "opset1");
  writeData({{"destination_type", "f32"}});
  writeDecompression();
  writePorts("input", 0, Type(stored));
  writePorts("output", 1, Type(type), names);
  layers << "\t\t</layer>\n";
  return success();
}

LogicalResult Writer::writeLayer(Operation *op) {
  for (Type type : op->getResultTypes())
    if (failed(checkType(op, type)))
      return failure();
  if (weightExpressions.isAbsorbed(op))
    return success();
  if (isa<ov::WeightOp, ov::ConstantOp>(op) || weightExpressions.contains(op))
    return writeConstant(op);

  std::string type, version;
  std::vector<std::pair<std::string, std::string>> data;
  if (auto layer = dyn_cast<ov::LayerOp>(op)) {
    type = layer.getIRType().str();
    version = "opset" + std::to_string(layer.getOpset());
    for (const ov::XmlAttribute &attribute : layer.getXmlAttributes())
      if (Attribute value = op->getAttr(attribute.name))
        data.push_back({attribute.name.str(), stringifyAttribute(value)});
  } else if (auto generic = dyn_cast<ov::GenericLayerOp>(op)) {
    type = generic.getType().str();
    version = generic.getVersion().str();
    for (NamedAttribute attribute : generic.getData())
      if (auto value = dyn_cast<StringAttr>(attribute.getValue()))
        data.push_back({attribute.getName().str(), value.getValue().str()});
  } else {
    return op->emitError("op '") << op->getName() << "' has no place in an IR; only ops of the ov "
                                 << "dialect can be written";
  }

  unsigned id = nextLayer, inputs = op->getNumOperands();
  auto name = layerNames.find(op);
  openLayer(name == layerNames.end() ? makeUnique(type) : name->second, type, version);
  writeData(data);
  if (isDecompression(op))
    writeDecompression();
  SmallVector<std::string> names;
  for (auto [index, result] : llvm::enumerate(op->getResults())) {
    ports[result] = {id, static_cast<unsigned>(inputs + index)};
    names.push_back(joinNames(tensorNames.lookup(result)));
  }
  writePorts("input", 0, op->getOperandTypes());
  writePorts("output", inputs, op->getResultTypes(), names);
  layers << "\t\t</layer>\n";
  connect(op->getOperands(), id);
  return success();
}

// A layer that passes its operand on; its number.
unsigned Writer::writeCopy(Value value) {
  unsigned id = nextLayer;
  Type element = getElementTypeOrSelf(value.getType());
  openLayer(makeUnique("copy"), "Convert", "opset1");
  writeData({{"destination_type", ov::stringifyElementType(element).str()}});
  writePorts("input", 0, value.getType());
  writePorts("output", 1, value.getType());
  layers << "\t\t</layer>\n";
  connect(value, id);
  return id;
}

// A Result's layer takes its own name or the first of the output's that no layer
// has: newer runtimes offer it as one more tensor name.
void Writer::writeResults() {
  Operation *terminator = model.getBody().front().getTerminator();
  llvm::DenseSet<Value> given;
  for (auto [index, value] : llvm::enumerate(terminator->getOperands())) {
    std::string name;
    SmallVector<StringRef> candidates = tensorNames.lookup(value);
    if (auto own = model.getResultAttrOfType<StringAttr>(index, ov::kNameAttr))
      candidates.insert(candidates.begin(), own.getValue());
    for (StringRef candidate : candidates)
      if (name.empty() && usedNames.insert(candidate).second)
        name = candidate.str();
    if (name.empty())
      name = makeUnique("output_" + std::to_string(index));
    // Runtimes give each output of version 10 the name of its layer, too, so that a tensor
    // can't be an input and an output, or two outputs.
    Port source = ports.lookup(value);
    if (options.version < 11 && (isa<BlockArgument>(value) || !given.insert(value).second))
      source = {writeCopy(value), 1};
    unsigned id = nextLayer;
    openLayer(name, "Result", "opset1");
    writePorts("input", 0, value.getType());
    layers << "\t\t</layer>\n";
    connect(source, id, 0);
  }
}

LogicalResult Writer::run() {
  if (!model.getBody().hasOneBlock())
    return model.emitError("a model function has one block");
  for (BlockArgument argument : model.getArguments())
    if (failed(checkType(model, argument.getType())))
      return failure();
  collectOutputNames();
  for (BlockArgument argument : model.getArguments())
    writeParameter(argument);
  nameLayers();
  for (Operation &op : model.getBody().front().without_terminator())
    if (failed(writeLayer(&op)))
      return failure();
  writeResults();
  return success();
}

std::string Writer::takeXml() {
  std::string xml;
  StringRef name = options.modelName.empty() ? model.getName() : StringRef(options.modelName);
  xml += "<?xml version=\"1.0\"?>\n<net name=\"" + escapeXml(name) + "\" version=\"" +
         std::to_string(options.version) + "\">\n\t<layers>\n";
  xml += layersText;
  xml += "\t</layers>\n\t<edges>\n" + edgesText + "\t</edges>\n";
  if (options.version >= 11)
    xml += "\t<rt_info>\n\t\t<generator value=\"bert-mlir\"/>\n\t</rt_info>\n";
  xml += "</net>\n";
  return xml;
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

FailureOr<func::FuncOp> bertmlir::getModelFunction(ModuleOp module) {
  SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
  if (functions.size() != 1) {
    module.emitError("expected one model function, found ") << functions.size();
    return failure();
  }
  if (functions.front().isExternal()) {
    functions.front().emitError("the model function has no body");
    return failure();
  }
  return functions.front();
}

LogicalResult bertmlir::exportOpenVINO(func::FuncOp model, StringRef xmlPath, StringRef binPath,
                                       const ExportOpenVINOOptions &options) {
  Writer writer(model, options);
  if (failed(writer.run()))
    return failure();
  AtomicOutput bin(binPath), xml(xmlPath);
  auto writeFiles = [&]() -> llvm::Error {
    if (llvm::Error error = bin.open())
      return error;
    if (llvm::Error error = xml.open())
      return error;
    if (llvm::Error error = writer.getPool().write(bin))
      return error;
    if (llvm::Error error = xml.writeText(writer.takeXml()))
      return error;
    // Nothing is renamed before both are complete, and the .xml comes last: a
    // reader that sees it finds its .bin.
    if (llvm::Error error = bin.finish())
      return error;
    if (llvm::Error error = xml.finish())
      return error;
    if (llvm::Error error = bin.commit())
      return error;
    return xml.commit();
  };
  if (llvm::Error error = writeFiles())
    return emitError(UnknownLoc::get(model.getContext())) << llvm::toString(std::move(error));
  return success();
}
