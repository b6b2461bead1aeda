//===- ModelGraph.cpp - which ops are boxes, and what flows between them ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One walk serves all floors, so it knows little of any: values of tensors are
// followed from their ops, buffers from whoever wrote to them last.
//
//===----------------------------------------------------------------------===//

#include "ModelGraph.h"
#include "ValueFlow.h"

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/Interfaces/CallInterfaces.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::exportdot;

// `layer_3`, `layer.3`, `transformer_layer_3`.
static bool isNumberedLayer(StringRef scope) {
  StringRef stem = scope.rtrim("0123456789");
  return stem != scope && stem.rtrim("_.").ends_with("layer");
}

StringRef exportdot::getScope(StringRef name) {
  size_t second = StringRef::npos;
  unsigned depth = 0;
  for (size_t begin = 0, slash; (slash = name.find('/', begin)) != StringRef::npos;
       begin = slash + 1) {
    if (isNumberedLayer(name.slice(begin, slash)))
      return name.take_front(slash);
    if (++depth <= 2)
      second = slash;
  }
  return depth ? name.take_front(second) : "";
}

// `?x?x32`, with the element type where it is not f32.
static std::string describeType(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!shaped || !shaped.hasRank()) {
    if (shaped && shaped.getElementType().isF32())
      return "";
    os << (shaped ? shaped.getElementType() : type);
    return text;
  }
  llvm::interleave(
      shaped.getShape(), os,
      [&](int64_t dim) { ShapedType::isDynamic(dim) ? os << '?' : os << dim; }, "x");
  if (!shaped.getElementType().isF32())
    os << (shaped.getRank() ? " " : "") << shaped.getElementType();
  return text;
}

// Weights by the last part of their name and their shape, small constants by their
// values; empty for what is not worth a word.
static std::string describeHidden(Value value) {
  value = getSource(value);
  Operation *op = value.getDefiningOp();
  if (!op)
    return "";
  if (auto weight = dyn_cast<ov::WeightOp>(op))
    return (weight.getName().rsplit('/').second + " " + describeType(value.getType())).str();
  if (auto node = dyn_cast<tf::NodeOp>(op)) {
    if (node.getOpName() == "VariableV2" || node.getOpName() == "VarHandleOp")
      return (node.getNodeName().rsplit('/').second + " " + describeType(value.getType())).str();
    if (node.getDataOperands().size() == 1) // Identity and ReadVariableOp
      return describeHidden(node.getDataOperands()[0]);
  }
  ElementsAttr elements = op->getAttrOfType<ElementsAttr>("value");
  if (auto attributes = op->getAttrOfType<DictionaryAttr>("attrs"); !elements && attributes)
    elements = attributes.getAs<ElementsAttr>("value");
  auto dense = dyn_cast_or_null<DenseElementsAttr>(elements);
  if (!dense) {
    if (!elements || elements.getNumElements() == 1)
      return "";
    StringRef name = isa<tf::NodeOp>(op) ? cast<tf::NodeOp>(op).getNodeName() : "";
    return (name.rsplit('/').second + " " + describeType(value.getType())).str();
  }
  if (dense.getNumElements() > 4 || !dense.getElementType().isIntOrFloat())
    return "";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << (dense.getType().getRank() ? "[" : "");
  if (isa<FloatType>(dense.getElementType()))
    llvm::interleaveComma(dense.getValues<APFloat>(), os, [&](const APFloat &number) {
      os << llvm::format("%g", number.convertToDouble());
    });
  else
    llvm::interleaveComma(dense.getValues<APInt>(), os,
                          [&](const APInt &number) { number.print(os, /*isSigned=*/true); });
  os << (dense.getType().getRank() ? "]" : "");
  return text;
}

static std::string getTitle(Operation *op) {
  if (auto node = dyn_cast<tf::NodeOp>(op))
    return node.getOpName().str();
  if (auto call = dyn_cast<CallOpInterface>(op))
    if (auto callee = dyn_cast<SymbolRefAttr>(call.getCallableForCallee()))
      return callee.getLeafReference().str();
  StringRef dialect = op->getName().getDialectNamespace();
  if (dialect == "ov" || dialect == "bert")
    return op->getName().stripDialect().str();
  return op->getName().getStringRef().str();
}

static std::string getName(Operation *op) {
  if (auto node = dyn_cast<tf::NodeOp>(op))
    return node.getNodeName().str();
  return ov::getLayerName(op->getLoc()).str();
}

// What only puts values elsewhere or asks for sizes is drawn paler.
static NodeKind getKind(Operation *op) {
  static const char *const movement[] = {
      "reshape",    "transpose",    "squeeze",        "unsqueeze",   "expand_dims",
      "expanddims", "identity",     "pack",           "shape",       "shape_of",
      "slice",      "stridedslice", "strided_slice",  "concat",      "concatv2",
      "convert",    "cast",         "tile",           "broadcast",   "fill",
      "range",      "split",        "variadic_split", "pack_tokens", "unpack_tokens"};
  std::string title = StringRef(getTitle(op)).lower();
  return llvm::is_contained(movement, title) ? NodeKind::Movement : NodeKind::Compute;
}

namespace {
class Collector {
public:
  explicit Collector(Block &block) : block(block) {}

  ModelGraph run() {
    for (BlockArgument argument : block.getArguments())
      addArgument(argument);
    // Graphs may list a node before what it reads.
    for (size_t known = ~size_t(0); known != nodes.size();) {
      known = nodes.size();
      writers.clear();
      for (Operation &op : block)
        visit(&op);
    }
    writers.clear();
    for (Operation &op : block) {
      if (auto node = nodes.find(&op); node != nodes.end())
        addEdges(&op, node->second);
      visit(&op);
    }
    return std::move(graph);
  }

private:
  unsigned add(Node node) {
    graph.nodes.push_back(std::move(node));
    return graph.nodes.size() - 1;
  }

  void addArgument(BlockArgument argument) {
    auto attribute = [&](StringRef name) -> Attribute {
      auto function = dyn_cast<FunctionOpInterface>(block.getParentOp());
      return function ? function.getArgAttr(argument.getArgNumber(), name) : Attribute();
    };
    // The weights' file and the arena of native code.
    if (!isa<TensorType>(argument.getType()) && !attribute("ov.name"))
      return;
    auto name = dyn_cast_or_null<StringAttr>(attribute("ov.name"));
    std::string text =
        name ? name.getValue().str() : "input " + std::to_string(argument.getArgNumber());
    arguments[argument] = add({NodeKind::Input, text, "", {}});
  }

  // The node that a value comes from, or none.
  std::optional<unsigned> getProducer(Value value) {
    value = getSource(value);
    if (auto writer = writers.find(value); writer != writers.end())
      return writer->second;
    if (auto argument = arguments.find(value); argument != arguments.end())
      return argument->second;
    if (Operation *op = value.getDefiningOp())
      if (auto node = nodes.find(op); node != nodes.end())
        return node->second;
    return std::nullopt;
  }

  // Makes a node of an op that something drawn flows into, and notes where it writes.
  void visit(Operation *op) {
    if (isTransparent(op) || computesSize(op))
      return;
    auto node = nodes.find(op);
    if (node == nodes.end()) {
      if (op->hasTrait<OpTrait::IsTerminator>()) {
        if (op->getNumOperands())
          addOutputs(op);
        return;
      }
      bool reached =
          llvm::any_of(getReadValues(op), [&](Value v) { return getProducer(v).has_value(); });
      if (!reached && !isInput(op))
        return;
      node = nodes.insert({op, addNode(op)}).first;
    }
    for (Value buffer : getWrittenBuffers(op))
      writers[buffer] = node->second;
  }

  static bool isInput(Operation *op) {
    if (isa<tf::InputOp>(op))
      return true;
    auto node = dyn_cast<tf::NodeOp>(op);
    return node &&
           (node.getOpName().starts_with("Placeholder") ||
            node.getOpName().starts_with("Iterator")) &&
           node.getDataOperands().empty();
  }

  unsigned addNode(Operation *op) {
    if (auto output = dyn_cast<tf::OutputOp>(op))
      return add({NodeKind::Output, output.getName().str(), "", {}});
    if (auto input = dyn_cast<tf::InputOp>(op))
      return add({NodeKind::Input, input.getName().str(), "", {}});
    if (isInput(op))
      return add({NodeKind::Input, getName(op), "", {}});
    Node node{getKind(op), getTitle(op), getName(op), {}};
    std::vector<std::pair<std::string, unsigned>> hidden;
    for (Value operand : op->getOperands()) {
      std::string text = getProducer(operand) ? "" : describeHidden(operand);
      auto known = llvm::find_if(hidden, [&](const auto &entry) { return entry.first == text; });
      if (known != hidden.end())
        ++known->second;
      else if (!text.empty())
        hidden.push_back({text, 1});
    }
    for (const auto &[text, count] : hidden)
      node.details.push_back(count == 1 ? text : std::to_string(count) + " times " + text);
    return add(std::move(node));
  }

  void addOutputs(Operation *terminator) {
    auto function = dyn_cast<FunctionOpInterface>(block.getParentOp());
    for (auto [index, value] : llvm::enumerate(terminator->getOperands())) {
      auto name = function ? dyn_cast_or_null<StringAttr>(function.getResultAttr(index, "ov.name"))
                           : StringAttr();
      unsigned node = add({NodeKind::Output,
                           name ? name.getValue().str() : "output " + std::to_string(index),
                           "",
                           {}});
      if (index == 0)
        nodes[terminator] = node;
    }
  }

  void addEdges(Operation *op, unsigned to) {
    if (op->hasTrait<OpTrait::IsTerminator>()) {
      for (auto [index, value] : llvm::enumerate(op->getOperands()))
        if (std::optional<unsigned> from = getProducer(value))
          connect(*from, to + unsigned(index), describeType(value.getType()));
      return;
    }
    llvm::SmallSetVector<Value, 8> sources;
    for (Value value : getReadValues(op))
      sources.insert(getSource(value));
    for (Value source : sources) {
      // A buffer of bytes is room to work in, which nobody reads from another.
      auto buffer = dyn_cast<MemRefType>(source.getType());
      if (buffer && buffer.getElementType().isInteger(8))
        continue;
      if (std::optional<unsigned> from = getProducer(source); from && *from != to)
        connect(*from, to, describeType(source.getType()));
    }
  }

  // One arrow between two boxes, which lists what flows.
  void connect(unsigned from, unsigned to, std::string label) {
    for (Edge &edge : llvm::reverse(graph.edges)) {
      if (edge.to != to)
        break;
      if (edge.from != from)
        continue;
      if (!llvm::is_contained(edge.labels, label))
        edge.labels.push_back(std::move(label));
      return;
    }
    graph.edges.push_back({from, to, {std::move(label)}});
  }

  Block &block;
  ModelGraph graph;
  llvm::DenseMap<Operation *, unsigned> nodes;
  llvm::DenseMap<Value, unsigned> arguments;
  // Who wrote last to a buffer, at this point of the walk.
  llvm::DenseMap<Value, unsigned> writers;
};
} // namespace

ModelGraph ModelGraph::of(Block &block) { return Collector(block).run(); }
