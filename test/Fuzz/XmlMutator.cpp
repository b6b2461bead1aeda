//===- XmlMutator.cpp - IRs that are odd but readable -----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Changes what an IR says instead of its bytes: types and attributes of layers,
// edges, and the integers among the constants.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include <cstring>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

using namespace bertmlir;
using namespace bertmlir::fuzz;

namespace {

struct LayerKind {
  std::string type, version;
};

class Mutator {
public:
  Mutator(pugi::xml_document &document, std::string &weights, unsigned seed)
      : net(document.child("net")), weights(weights), random(seed) {}

  void mutate();

private:
  std::vector<pugi::xml_node> getChildren(const char *list, const char *name);
  pugi::xml_node anyLayer();
  pugi::xml_node anyEdge();
  void changeType(pugi::xml_node layer);
  void changeData(pugi::xml_node layer);
  void changeEdge(pugi::xml_node edge);
  void copyLayer(pugi::xml_node layer);
  void removeLayer(pugi::xml_node layer);
  void changeInteger();
  std::string changeText(std::string text);

  pugi::xml_node net;
  std::string &weights;
  Random random;
};

} // namespace

// The layers that the dialect has, and one that it has not.
static const std::vector<LayerKind> &getKinds() {
  static const std::vector<LayerKind> kinds = [] {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    context.loadDialect<ov::OVDialect>();
    std::vector<LayerKind> all = {{"NonZero", "opset3"}};
    for (mlir::RegisteredOperationName name : context.getRegisteredOperations())
      if (auto *layer = name.getInterface<ov::LayerOp>())
        all.push_back({layer->getIRType().str(), "opset" + std::to_string(layer->getOpset())});
    return all;
  }();
  return kinds;
}

std::vector<pugi::xml_node> Mutator::getChildren(const char *list, const char *name) {
  auto children = net.child(list).children(name);
  return {children.begin(), children.end()};
}

pugi::xml_node Mutator::anyLayer() {
  std::vector<pugi::xml_node> layers = getChildren("layers", "layer");
  return layers.empty() ? pugi::xml_node() : layers[random.below(layers.size())];
}

pugi::xml_node Mutator::anyEdge() {
  std::vector<pugi::xml_node> edges = getChildren("edges", "edge");
  return edges.empty() ? pugi::xml_node() : edges[random.below(edges.size())];
}

void Mutator::changeType(pugi::xml_node layer) {
  const LayerKind &kind = getKinds()[random.below(getKinds().size())];
  if (random.oneIn(2)) {
    pugi::xml_node other = anyLayer();
    layer.attribute("type") = other.attribute("type").value();
    layer.attribute("version") = other.attribute("version").value();
    layer.remove_child("data");
    if (pugi::xml_node data = other.child("data"))
      layer.prepend_copy(data);
    return;
  }
  layer.attribute("type") = kind.type.c_str();
  layer.attribute("version") = kind.version.c_str();
}

// A number of a list becomes another, or the list longer or shorter.
std::string Mutator::changeText(std::string text) {
  static const char *const words[] = {
      "f32", "f16",  "i64", "i32", "boolean", "u8",  "true",          "false", "tanh",   "numpy",
      "?",   "1..8", "",    "i4",  "-1",      "nan", "bidirectional", "none",  "string", "bf16"};
  if (random.oneIn(6))
    return words[random.below(std::size(words))];
  if (random.oneIn(6))
    return text + "," + std::to_string(random.number());
  size_t at = text.rfind(',');
  if (at != std::string::npos && random.oneIn(4))
    return text.substr(0, at);
  if (at != std::string::npos && random.oneIn(2))
    return text.substr(0, at + 1) + std::to_string(random.number());
  at = text.find(',');
  return std::to_string(random.number()) + (at == std::string::npos ? "" : text.substr(at));
}

void Mutator::changeData(pugi::xml_node layer) {
  auto attributes = layer.child("data").attributes();
  std::vector<pugi::xml_attribute> all(attributes.begin(), attributes.end());
  if (all.empty())
    return;
  pugi::xml_attribute attribute = all[random.below(all.size())];
  if (random.oneIn(8))
    layer.child("data").remove_attribute(attribute);
  else
    attribute = changeText(attribute.value()).c_str();
}

// From another layer's output; mostly of one whose number is smaller, so that there are few cycles.
void Mutator::changeEdge(pugi::xml_node edge) {
  pugi::xml_node from = anyEdge();
  for (int i = 0;
       i < 10 && from.attribute("from-layer").as_ullong() >= edge.attribute("to-layer").as_ullong();
       ++i)
    from = anyEdge();
  for (const char *name : {"from-layer", "from-port"})
    edge.attribute(name) = from.attribute(name).value();
}

// A layer like another, with edges from where that has its own, read by someone.
void Mutator::copyLayer(pugi::xml_node layer) {
  std::string id = std::to_string(100000 + random.below(1000000));
  std::string oldId = layer.attribute("id").value();
  pugi::xml_node copy = net.child("layers").append_copy(layer);
  copy.attribute("id") = id.c_str();
  for (pugi::xml_node edge : getChildren("edges", "edge"))
    if (edge.attribute("to-layer").value() == oldId)
      net.child("edges").append_copy(edge).attribute("to-layer") = id.c_str();
  pugi::xml_node user = anyEdge();
  if (pugi::xml_node port = layer.child("output").child("port")) {
    user.attribute("from-layer") = id.c_str();
    user.attribute("from-port") = port.attribute("id").value();
  }
}

// Who read it reads what it read.
void Mutator::removeLayer(pugi::xml_node layer) {
  std::string id = layer.attribute("id").value();
  pugi::xml_node source;
  for (pugi::xml_node edge : getChildren("edges", "edge"))
    if (!source && edge.attribute("to-layer").value() == id)
      source = edge;
  if (!source)
    return;
  std::string from = source.attribute("from-layer").value();
  std::string port = source.attribute("from-port").value();
  for (pugi::xml_node edge : getChildren("edges", "edge")) {
    if (edge.attribute("to-layer").value() == id) {
      net.child("edges").remove_child(edge);
    } else if (edge.attribute("from-layer").value() == id) {
      edge.attribute("from-layer") = from.c_str();
      edge.attribute("from-port") = port.c_str();
    }
  }
  net.child("layers").remove_child(layer);
}

void Mutator::changeInteger() {
  pugi::xml_node layer;
  for (int i = 0; i < 20; ++i)
    if (pugi::xml_node found = anyLayer();
        llvm::StringRef(found.child("data").attribute("element_type").value()).starts_with("i") &&
        found.child("data").attribute("offset"))
      layer = found;
  size_t offset = layer.child("data").attribute("offset").as_ullong();
  size_t size = layer.child("data").attribute("size").as_ullong();
  size_t width =
      llvm::StringRef(layer.child("data").attribute("element_type").value()) == "i64" ? 8 : 4;
  if (size < width || offset > weights.size() || size > weights.size() - offset)
    return;
  int64_t number = random.number();
  std::memcpy(weights.data() + offset + random.below(size / width) * width, &number, width);
}

void Mutator::mutate() {
  // libFuzzer calls several times in a row.
  switch (random.below(10)) {
  case 0:
    changeType(anyLayer());
    break;
  case 1:
  case 2:
    changeEdge(anyEdge());
    break;
  case 3:
    copyLayer(anyLayer());
    break;
  case 4:
    removeLayer(anyLayer());
    break;
  case 5:
  case 6:
    changeInteger();
    break;
  case 7:
    // Its length also says how the model is compiled.
    weights.push_back('\0');
    break;
  default:
    changeData(anyLayer());
  }
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize,
                                          unsigned seed) {
  auto [text, bin] = asText(data, size).split('\0');
  pugi::xml_document document;
  if (seed % 32 == 0 || !document.load_buffer(text.data(), text.size()))
    return LLVMFuzzerMutate(data, size, maxSize);
  std::string weights = bin.str();
  Mutator(document, weights, seed).mutate();
  std::ostringstream stream;
  document.save(stream, "", pugi::format_raw | pugi::format_no_declaration);
  std::string result = stream.str();
  result.push_back('\0');
  result += weights;
  if (result.size() > maxSize)
    return size;
  std::memcpy(data, result.data(), result.size());
  return result.size();
}
