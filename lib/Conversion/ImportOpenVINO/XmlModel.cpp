//===- XmlModel.cpp - what the .xml says, checked ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The only file that knows the XML library. What comes out is a graph: ids are
// resolved, every input has a source, and there are no cycles.
//
//===----------------------------------------------------------------------===//

#include "XmlModel.h"

#include "bert/Support/Diagnostics.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <pugixml.hpp>
#include <queue>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::importov;

std::optional<StringRef> XmlLayer::getData(StringRef attribute) const {
  for (auto &[name, value] : data)
    if (name == attribute)
      return StringRef(value);
  return std::nullopt;
}

InFlightDiagnostic XmlLayer::error() const {
  return emitError(loc) << "layer '" << name << "' (" << type << ") ";
}

std::optional<SmallVector<int64_t>> importov::parseInts(StringRef text) {
  SmallVector<int64_t> values;
  if (text.trim().empty())
    return values;
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts)
    if (part.trim().getAsInteger(10, values.emplace_back()))
      return std::nullopt;
  return values;
}

// Tensor names are separated by commas; one inside a name has a backslash.
static SmallVector<std::string> splitNames(StringRef text) {
  SmallVector<std::string> names;
  std::string name;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',') {
      name += text[++i];
    } else if (text[i] == ',') {
      names.push_back(std::move(name));
      name.clear();
    } else {
      name += text[i];
    }
  }
  names.push_back(std::move(name));
  llvm::erase_if(names, [](const std::string &entry) { return entry.empty(); });
  return names;
}

namespace {

class Parser {
public:
  Parser(StringRef text, StringRef path, MLIRContext *context)
      : text(text), path(path), context(context) {
    for (size_t at = text.find('\n'); at != StringRef::npos; at = text.find('\n', at + 1))
      lineEnds.push_back(at);
  }

  FailureOr<XmlModel> parse();

private:
  Location locate(ptrdiff_t offset) const;
  InFlightDiagnostic error(pugi::xml_node node) const {
    return emitError(locate(node.offset_debug()));
  }
  FailureOr<uint64_t> getNumber(pugi::xml_node node, const char *attribute) const;
  LogicalResult parsePorts(pugi::xml_node parent, SmallVectorImpl<XmlPort> &ports) const;
  LogicalResult parseLayer(pugi::xml_node node);
  LogicalResult parseEdge(pugi::xml_node node);
  LogicalResult checkConnected() const;
  LogicalResult sort();

  StringRef text, path;
  MLIRContext *context;
  std::vector<size_t> lineEnds;
  XmlModel model;
  llvm::DenseMap<uint64_t, size_t> byId;
  /// Whether each input of each layer has got its edge.
  std::vector<SmallVector<bool>> connected;
};

} // namespace

Location Parser::locate(ptrdiff_t offset) const {
  if (offset < 0)
    return getFileLoc(context, path);
  size_t at = offset;
  size_t line = llvm::lower_bound(lineEnds, at) - lineEnds.begin();
  size_t begin = line == 0 ? 0 : lineEnds[line - 1] + 1;
  return getFileLoc(context, path, line + 1, at - begin + 1);
}

FailureOr<uint64_t> Parser::getNumber(pugi::xml_node node, const char *attribute) const {
  uint64_t value = 0;
  // The two largest are the hash table's own.
  if (StringRef(node.attribute(attribute).value()).getAsInteger(10, value) || value >= ~uint64_t(1))
    return error(node) << "element '" << node.name() << "' needs the number '" << attribute << "'";
  return value;
}

LogicalResult Parser::parsePorts(pugi::xml_node parent, SmallVectorImpl<XmlPort> &ports) const {
  for (pugi::xml_node node : parent.children("port")) {
    FailureOr<uint64_t> id = getNumber(node, "id");
    if (failed(id))
      return failure();
    for (const XmlPort &other : ports)
      if (other.id == *id)
        return error(node) << "port " << *id << " exists twice";
    XmlPort &port = ports.emplace_back();
    port.id = *id;
    port.precision = node.attribute("precision").value();
    port.names = splitNames(node.attribute("names").value());
    for (pugi::xml_node dim : node.children("dim")) {
      int64_t value = -1;
      if (StringRef(dim.child_value()).trim().getAsInteger(10, value) || value < 0)
        value = -1;
      port.dims.push_back(value);
    }
  }
  return success();
}

LogicalResult Parser::parseLayer(pugi::xml_node node) {
  FailureOr<uint64_t> id = getNumber(node, "id");
  if (failed(id))
    return failure();
  XmlLayer layer(getNodeLoc(node.attribute("name").value(), locate(node.offset_debug())));
  layer.id = *id;
  for (auto [attribute, into] : {std::pair<const char *, std::string *>("name", &layer.name),
                                 {"type", &layer.type},
                                 {"version", &layer.version}}) {
    *into = node.attribute(attribute).value();
    if (!node.attribute(attribute))
      return error(node) << "layer " << *id << " has no '" << attribute << "'";
  }
  for (pugi::xml_node child : node.children()) {
    StringRef name = child.name();
    if (name == "data") {
      for (pugi::xml_attribute attribute : child.attributes())
        layer.data.push_back({attribute.name(), attribute.value()});
    } else if (name == "input") {
      if (failed(parsePorts(child, layer.inputs)))
        return failure();
    } else if (name == "output") {
      if (failed(parsePorts(child, layer.outputs)))
        return failure();
    } else if (name.ends_with("body") || name.ends_with("port_map")) {
      return layer.error() << "holds a graph of its own; conditions and loops can't be read";
    }
  }
  if (!byId.insert({*id, model.layers.size()}).second)
    return layer.error() << "has the id " << *id << ", which another layer has too";
  layer.sources.resize(layer.inputs.size());
  connected.emplace_back(layer.inputs.size(), false);
  model.layers.push_back(std::move(layer));
  return success();
}

static std::optional<size_t> findPort(ArrayRef<XmlPort> ports, uint64_t id) {
  for (auto [index, port] : llvm::enumerate(ports))
    if (port.id == id)
      return index;
  return std::nullopt;
}

LogicalResult Parser::parseEdge(pugi::xml_node node) {
  SmallVector<uint64_t, 4> numbers;
  for (const char *name : {"from-layer", "from-port", "to-layer", "to-port"}) {
    FailureOr<uint64_t> number = getNumber(node, name);
    if (failed(number))
      return failure();
    numbers.push_back(*number);
  }
  auto from = byId.find(numbers[0]), to = byId.find(numbers[2]);
  for (auto [found, number] : {std::pair(from, numbers[0]), std::pair(to, numbers[2])})
    if (found == byId.end())
      return error(node) << "an edge names layer " << number << ", which does not exist";
  XmlLayer &producer = model.layers[from->second], &consumer = model.layers[to->second];
  std::optional<size_t> output = findPort(producer.outputs, numbers[1]);
  if (!output)
    return error(node) << "an edge starts at port " << numbers[1] << " of layer '" << producer.name
                       << "', which is not one of its outputs";
  std::optional<size_t> input = findPort(consumer.inputs, numbers[3]);
  if (!input)
    return error(node) << "an edge ends at port " << numbers[3] << " of layer '" << consumer.name
                       << "', which is not one of its inputs";
  if (connected[to->second][*input])
    return error(node) << "a second edge ends at port " << numbers[3] << " of layer '"
                       << consumer.name << "'";
  connected[to->second][*input] = true;
  consumer.sources[*input] = {from->second, *output};
  return success();
}

LogicalResult Parser::checkConnected() const {
  for (auto [layer, inputs] : llvm::zip_equal(model.layers, connected))
    for (auto [port, isConnected] : llvm::zip_equal(layer.inputs, inputs))
      if (!isConnected)
        return layer.error() << "has no edge to its input port " << port.id;
  return success();
}

// Of all layers whose inputs are there, the first in the file comes next.
LogicalResult Parser::sort() {
  size_t count = model.layers.size();
  std::vector<SmallVector<size_t>> users(count);
  std::vector<size_t> missing(count);
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t index = 0; index < count; ++index) {
    missing[index] = model.layers[index].sources.size();
    for (const XmlSource &source : model.layers[index].sources)
      users[source.layer].push_back(index);
    if (missing[index] == 0)
      ready.push(index);
  }
  for (; !ready.empty();) {
    size_t index = ready.top();
    ready.pop();
    model.order.push_back(index);
    for (size_t user : users[index])
      if (--missing[user] == 0)
        ready.push(user);
  }
  for (size_t index = 0; index < count; ++index)
    if (missing[index] != 0)
      return model.layers[index].error() << "is part of a cycle, or behind one";
  return success();
}

FailureOr<XmlModel> Parser::parse() {
  pugi::xml_document document;
  pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
  if (!result)
    return emitError(locate(result.offset))
           << "not a well-formed XML file: " << result.description();
  pugi::xml_node net = document.child("net");
  if (!net)
    return emitError(locate(-1)) << "not an OpenVINO IR: it has no element 'net'";
  FailureOr<uint64_t> version = getNumber(net, "version");
  if (failed(version))
    return failure();
  if (*version != 10 && *version != 11)
    return error(net) << "an IR of version " << *version
                      << " can't be read; versions 10 and 11 can, as OpenVINO writes them since "
                         "2020.1";
  model.version = static_cast<int>(*version);
  model.name = net.attribute("name").value();
  for (pugi::xml_node layer : net.child("layers").children("layer"))
    if (failed(parseLayer(layer)))
      return failure();
  if (model.layers.empty())
    return error(net) << "the IR has no layers";
  for (pugi::xml_node edge : net.child("edges").children("edge"))
    if (failed(parseEdge(edge)))
      return failure();
  if (failed(checkConnected()) || failed(sort()))
    return failure();
  return std::move(model);
}

FailureOr<XmlModel> importov::parseXmlModel(StringRef text, StringRef path, MLIRContext *context) {
  return Parser(text, path, context).parse();
}
