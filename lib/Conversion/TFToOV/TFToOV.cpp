//===- TFToOV.cpp - a cut TensorFlow graph becomes a model function ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Walks the data edges from the outputs back, then converts node by node. It
// folds nothing: passes that need the graph's own shape arithmetic come later.
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"

#include "bert/Conversion/Passes.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

namespace bertmlir {
#define GEN_PASS_DEF_CONVERTTFTOOV
#include "bert/Conversion/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tftoov;

//===----------------------------------------------------------------------===//
// NodeConverter
//===----------------------------------------------------------------------===//

NodeConverter::NodeConverter(OpBuilder &builder, tf::NodeOp node, SmallVector<Value> operands)
    : builder(builder), node(node), operands(std::move(operands)),
      nodeLoc(NameLoc::get(builder.getStringAttr(node.getNodeName()))) {}

Location NodeConverter::loc(StringRef suffix) {
  return NameLoc::get(builder.getStringAttr(Twine(node.getNodeName()) + "/" + suffix));
}

RankedTensorType NodeConverter::rankedType(unsigned index) const {
  return dyn_cast<RankedTensorType>(operands[index].getType());
}

Type NodeConverter::elementType(unsigned index) const {
  return getElementTypeOrSelf(operands[index].getType());
}

Value NodeConverter::ints(StringRef suffix, ArrayRef<int64_t> values, Type type) {
  return ov::createInts(builder, loc(suffix), values, type);
}

Value NodeConverter::scalar(StringRef suffix, int64_t value, Type type) {
  return ov::createScalarInt(builder, loc(suffix), value, type);
}

Value NodeConverter::number(StringRef suffix, double value, Type type) {
  if (isa<FloatType>(type))
    return ov::createScalarFloat(builder, loc(suffix), value, type);
  return ov::createScalarInt(builder, loc(suffix), static_cast<int64_t>(value), type);
}

InFlightDiagnostic NodeConverter::error() {
  InFlightDiagnostic diagnostic = emitError(node->getLoc());
  diagnostic << "node '" << node.getNodeName() << "' (" << node.getOpName() << ") ";
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

// Whether all elements of a mapped constant are the same, so that it is a literal
// and not a table.
static bool isUniform(ArrayRef<char> bytes, size_t width) {
  for (size_t at = width; at + width <= bytes.size(); at += width)
    if (memcmp(bytes.data(), bytes.data() + at, width) != 0)
      return false;
  return true;
}

// Role, not size, decides between weight and constant: trained values and float
// tables are weights; sizes, axes, scalars and uniform literals are constants.
static LogicalResult convertConst(NodeConverter &c) {
  auto value = dyn_cast_or_null<ElementsAttr>(tf::getNodeAttr(c.node, "value"));
  auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
  if (!type)
    return c.error() << "has no value that could be read";
  if (ov::stringifyElementType(type.getElementType()).empty())
    return c.error() << "holds elements of type " << type.getElementType()
                     << ", which a converted model can't hold; cut the graph behind it";
  bool isTrained = c.node->hasAttr(tf::kVariableAttr);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value); resource && !isTrained) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    size_t width = std::max<size_t>(type.getElementTypeBitWidth(), 8) / 8;
    bool isBytes = type.getElementTypeBitWidth() >= 8;
    if (blob && isBytes && blob->getData().size() == type.getNumElements() * width) {
      // Small enough to be copied, or one element.
      if (isUniform(blob->getData(), width))
        value = DenseElementsAttr::getFromRawBuffer(type, blob->getData().take_front(width));
      else if (isa<IntegerType>(type.getElementType()) && blob->getData().size() <= (1 << 20))
        value = DenseElementsAttr::getFromRawBuffer(type, blob->getData());
    }
  }
  auto dense = dyn_cast<DenseElementsAttr>(value);
  bool isTable = isa<FloatType>(type.getElementType()) && type.getRank() > 0 &&
                 !(dense && (dense.isSplat() || dense.empty()));
  if (isTrained || isTable)
    return c.give(c.create<ov::WeightOp>(c.node.getNodeName(), value).getOutput());
  return c.give(c.create<ov::ConstantOp>(value).getOutput());
}

// Nodes that pass their first operand on.
static LogicalResult passOn(NodeConverter &c) {
  if (c.operands.size() < c.node.getDataResults().size())
    return c.error() << "has fewer operands than results";
  return c.give(ArrayRef<Value>(c.operands).take_front(c.node.getDataResults().size()));
}

static LogicalResult refuseVariable(NodeConverter &c) {
  return c.error() << "is a variable without a value; give the checkpoint that holds it";
}

static LogicalResult refuseInput(NodeConverter &c) {
  return c.error() << "is needed by the outputs but is not among the inputs; add it to --input";
}

static RuleTable makeRules() {
  RuleTable table;
  table["Const"] = convertConst;
  for (StringRef name : {"Identity", "IdentityN", "Snapshot", "StopGradient", "PreventGradient",
                         "CheckNumerics", "EnsureShape", "Print", "ReadVariableOp"})
    table[name] = passOn;
  for (StringRef name : {"VariableV2", "Variable", "VarHandleOp"})
    table[name] = refuseVariable;
  for (StringRef name : {"Placeholder", "PlaceholderV2", "IteratorGetNext"})
    table[name] = refuseInput;
  addElementwiseRules(table);
  addComputeRules(table);
  addMovementRules(table);
  addConvolutionRules(table);
  addQuantizationRules(table);
  return table;
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

namespace {

class GraphConverter {
public:
  GraphConverter(tf::GraphOp graph, StringRef functionName)
      : graph(graph), functionName(functionName), builder(graph.getContext()), rules(makeRules()) {}

  LogicalResult run();

private:
  LogicalResult collect();
  LogicalResult sort();
  LogicalResult reportUnsupported();
  LogicalResult createFunction();
  LogicalResult convert(tf::NodeOp node);
  std::string checkNewOps(Operation *last);
  void finish();

  tf::GraphOp graph;
  StringRef functionName;
  OpBuilder builder;
  RuleTable rules;
  SmallVector<tf::InputOp> inputs;
  SmallVector<tf::OutputOp> outputs;
  /// The needed nodes, producers first.
  SmallVector<tf::NodeOp> order;
  DenseMap<Value, Value> mapping;
  func::FuncOp function;
};

} // namespace

LogicalResult GraphConverter::collect() {
  for (Operation &op : graph.getBody().front()) {
    if (auto input = dyn_cast<tf::InputOp>(op))
      inputs.push_back(input);
    else if (auto output = dyn_cast<tf::OutputOp>(op))
      outputs.push_back(output);
  }
  if (outputs.empty())
    return graph.emitError("the graph has no tf.output; run tf-prune-to-outputs first");
  auto byIndex = [](auto a, auto b) { return a.getIndex() < b.getIndex(); };
  llvm::sort(inputs, byIndex);
  llvm::sort(outputs, byIndex);
  return success();
}

// Depth-first from the outputs, without recursion: graphs are deep.
LogicalResult GraphConverter::sort() {
  enum State { kOpen = 1, kDone };
  DenseMap<Operation *, State> state;
  SmallVector<std::pair<Operation *, unsigned>> stack;
  for (tf::OutputOp output : outputs) {
    stack.push_back({output, 0});
    while (!stack.empty()) {
      auto [op, next] = stack.back();
      auto node = dyn_cast<tf::NodeOp>(op);
      OperandRange operands = node ? node.getDataOperands() : op->getOperands();
      if (next == operands.size()) {
        state[op] = kDone;
        if (node)
          order.push_back(node);
        stack.pop_back();
        continue;
      }
      ++stack.back().second;
      Operation *producer = operands[next].getDefiningOp();
      if (isa<tf::InputOp>(producer) || state.lookup(producer) == kDone)
        continue;
      if (state.lookup(producer) == kOpen)
        return emitError(producer->getLoc())
               << "node '" << cast<tf::NodeOp>(producer).getNodeName()
               << "' is part of a cycle that the outputs need; loops can't be converted";
      state[producer] = kOpen;
      stack.push_back({producer, 0});
    }
  }
  return success();
}

// All at once: a user who has to cut the graph needs the whole list.
LogicalResult GraphConverter::reportUnsupported() {
  llvm::MapVector<StringRef, SmallVector<StringRef>> unsupported;
  for (tf::NodeOp node : order)
    if (!rules.count(node.getOpName()))
      unsupported[node.getOpName()].push_back(node.getNodeName());
  if (unsupported.empty())
    return success();
  SmallVector<std::pair<StringRef, SmallVector<StringRef>>> sorted = unsupported.takeVector();
  llvm::sort(sorted, [](auto &a, auto &b) { return a.first < b.first; });
  InFlightDiagnostic diagnostic = emitError(graph.getLoc());
  diagnostic << sorted.size() << (sorted.size() == 1 ? " op" : " ops")
             << " of this graph can't be converted:";
  for (auto &[opName, nodes] : sorted) {
    diagnostic << "\n  " << opName << ", " << nodes.size()
               << (nodes.size() == 1 ? " node: '" : " nodes, first '") << nodes.front() << "'";
  }
  diagnostic << "\ncut the graph behind them with --input, or before them with --output";
  return diagnostic;
}

static Location nameLoc(OpBuilder &builder, StringRef name) {
  return NameLoc::get(builder.getStringAttr(name));
}

LogicalResult GraphConverter::createFunction() {
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attributes;
  for (tf::InputOp input : inputs) {
    auto type = dyn_cast<RankedTensorType>(input.getType());
    if (!type)
      return emitError(input.getLoc()) << "input '" << input.getName()
                                       << "' has no known rank; give its shape, as in --input \""
                                       << input.getName() << "[1,128]\"";
    if (ov::stringifyElementType(type.getElementType()).empty())
      return emitError(input.getLoc())
             << "input '" << input.getName() << "' has elements of type " << type.getElementType()
             << ", which a converted model can't take; cut the graph behind it";
    types.push_back(type);
    NamedAttrList list;
    list.set(ov::kNameAttr, input.getNameAttr());
    list.set(ov::kNamesAttr, input.getNames());
    if (input.getBoundsAttr())
      list.set(ov::kBoundsAttr, input.getBoundsAttr());
    if (Attribute requested = input->getAttr(tf::kRequestedBoundsAttr))
      list.set(ov::kRequestedBoundsAttr, requested);
    attributes.push_back(list.getDictionary(builder.getContext()));
  }
  builder.setInsertionPoint(graph);
  function = func::FuncOp::create(builder, nameLoc(builder, functionName), functionName,
                                  builder.getFunctionType(types, {}));
  function.setAllArgAttrs(attributes);
  Block *body = function.addEntryBlock();
  for (auto [input, argument] : llvm::zip_equal(inputs, body->getArguments())) {
    argument.setLoc(nameLoc(builder, input.getName()));
    mapping[input.getOutput()] = argument;
  }
  builder.setInsertionPointToStart(body);
  return success();
}

// A rule builds ops without checks, since builders can't fail; a graph whose
// shapes don't fit is found here. Returns what is wrong, or "".
std::string GraphConverter::checkNewOps(Operation *last) {
  Block *body = &function.getBody().front();
  auto from = last ? std::next(last->getIterator()) : body->begin();
  std::string message;
  ScopedDiagnosticHandler handler(builder.getContext(), [&](Diagnostic &diagnostic) {
    if (message.empty())
      message = diagnostic.str();
    return success();
  });
  for (Operation &op : llvm::make_range(from, body->end()))
    if (failed(op.getName().verifyInvariants(&op)))
      break;
  return message;
}

LogicalResult GraphConverter::convert(tf::NodeOp node) {
  SmallVector<Value> operands;
  for (Value operand : node.getDataOperands())
    operands.push_back(mapping.lookup(operand));
  NodeConverter converter(builder, node, std::move(operands));
  Block *body = &function.getBody().front();
  Operation *last = body->empty() ? nullptr : &body->back();
  if (failed(rules.lookup(node.getOpName())(converter)))
    return failure();
  if (std::string message = checkNewOps(last); !message.empty())
    return converter.error() << "does not fit its inputs: " << message;
  for (auto [index, result] : llvm::enumerate(node.getDataResults())) {
    if (index >= converter.results.size() || !converter.results[index]) {
      if (result.use_empty())
        continue;
      return converter.error() << "has a use of output " << index << ", which can't be converted";
    }
    Value value = converter.results[index];
    if (!isa<RankedTensorType>(value.getType()))
      return converter.error() << "has an output of unknown rank; give the shapes of the inputs, "
                                  "or cut the graph behind it";
    mapping[result] = value;
  }
  return success();
}

void GraphConverter::finish() {
  SmallVector<Value> results;
  SmallVector<DictionaryAttr> attributes;
  for (tf::OutputOp output : outputs) {
    results.push_back(mapping.lookup(output.getValue()));
    NamedAttrList list;
    list.set(ov::kNameAttr, output.getNameAttr());
    list.set(ov::kNamesAttr, output.getNames());
    attributes.push_back(list.getDictionary(builder.getContext()));
  }
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), TypeRange(results)));
  function.setAllResultAttrs(attributes);
  graph.erase();
}

LogicalResult GraphConverter::run() {
  if (failed(collect()) || failed(sort()) || failed(reportUnsupported()) ||
      failed(createFunction()))
    return failure();
  for (tf::NodeOp node : order) {
    if (failed(convert(node))) {
      function.erase();
      return failure();
    }
  }
  finish();
  return success();
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

struct ConvertTFToOV : public bertmlir::impl::ConvertTFToOVBase<ConvertTFToOV> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<tf::GraphOp> graphs(getOperation().getOps<tf::GraphOp>());
    if (graphs.size() > 1) {
      graphs[1].emitError("a module holds one graph");
      return signalPassFailure();
    }
    for (tf::GraphOp graph : graphs)
      if (failed(GraphConverter(graph, functionName).run()))
        return signalPassFailure();
  }
};

} // namespace
