//===- GraphMutator.cpp - graphs that are odd but readable ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Changes what a GraphDef says instead of its bytes: ops, edges, attributes, shapes
// and values of constants. Nearly every result gets past the reader, so that it is
// the passes that must cope with it.
//
//===----------------------------------------------------------------------===//

#include "GraphMutator.h"

#include "Fuzzing.h"

#include "bert/Dialect/TF/IR/TFOps.h"

#include "TensorFlow.pb.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <cstring>
#include <set>

using namespace bertmlir;
using namespace bertmlir::fuzz;
using proto::AttrValue;
using proto::GraphDef;
using proto::NodeDef;
using proto::TensorProto;
using proto::TensorShapeProto;

unsigned bertmlir::fuzz::getFlags(llvm::StringRef bytes) {
  GraphDef graph;
  graph.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return static_cast<unsigned>(graph.versions().min_consumer());
}

namespace {
/// What a node of an op needs to be readable.
struct OpKind {
  std::string name;
  /// -1: any number.
  int numInputs = -1;
  /// Attributes with a type that the results have.
  std::vector<std::string> types;
};
} // namespace

// The ops that the dialect knows, and one that it does not.
static const std::vector<OpKind> &getOpKinds() {
  static const std::vector<OpKind> kinds = [] {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    context.loadDialect<tf::TFDialect>();
    std::vector<OpKind> all = {{"MatrixDeterminant", -1, {}}};
    for (mlir::RegisteredOperationName name : context.getRegisteredOperations()) {
      llvm::StringRef op = name.getStringRef();
      if (!op.consume_front("tf.") || !name.hasInterface<tf::NodeOp>() || op == "node")
        continue;
      auto *node = name.getInterface<tf::NodeOp>();
      OpKind kind{op.str(), node->getNumInputs(), {}};
      for (llvm::StringRef term : llvm::split(node->getOutputSpec(), ' '))
        if (!term.empty() && llvm::isAlpha(term.front()))
          kind.types.push_back(term.split('*').second.empty() ? term.str()
                                                              : term.split('*').second.str());
      all.push_back(std::move(kind));
    }
    return all;
  }();
  return kinds;
}

static const OpKind *findKind(llvm::StringRef op) {
  for (const OpKind &kind : getOpKinds())
    if (kind.name == op)
      return &kind;
  return nullptr;
}

static AttrValue *findAttribute(NodeDef &node, llvm::StringRef key) {
  for (proto::AttrEntry &entry : *node.mutable_attr())
    if (entry.key() == key)
      return entry.mutable_value();
  return nullptr;
}

namespace {

class Mutator {
public:
  Mutator(GraphDef &graph, unsigned seed) : graph(graph), random(seed) {}

  void mutate();

private:
  NodeDef &anyNode() { return *graph.mutable_node(random.below(graph.node_size())); }
  /// A constant, if a few looks find one.
  NodeDef &anyConstant();
  /// No constant and no placeholder, if a few looks find one.
  int anyComputation();
  std::string anyOutput(int before);
  AttrValue *anyAttribute(NodeDef &node);

  void changeOp(NodeDef &node);
  void changeInputs(int index);
  void insertBefore(int index);
  void repair(NodeDef &node);
  void copyNode();
  void removeNode();
  void changeAttribute(NodeDef &node);
  void changeValue(AttrValue &value);
  void changeShape(TensorShapeProto &shape);
  void changeTensor(TensorProto &tensor);
  void changeElements(TensorProto &tensor);
  int anyType();

  GraphDef &graph;
  Random random;
};

} // namespace

NodeDef &Mutator::anyConstant() {
  for (int i = 0; i < 10; ++i)
    if (NodeDef &node = anyNode(); node.op() == "Const")
      return node;
  return anyNode();
}

int Mutator::anyComputation() {
  int index = 0;
  for (int i = 0; i < 10; ++i) {
    index = static_cast<int>(random.below(graph.node_size()));
    if (graph.node(index).input_size() != 0)
      break;
  }
  return index;
}

// Mostly of a node before another in the file, so that there are few cycles, and mostly of the
// first port.
std::string Mutator::anyOutput(int before) {
  const NodeDef &node =
      graph.node(random.below(random.oneIn(20) || before == 0 ? graph.node_size() : before));
  return random.oneIn(20) ? node.name() + ":" + std::to_string(random.below(4)) : node.name();
}

AttrValue *Mutator::anyAttribute(NodeDef &node) {
  if (node.attr_size() == 0)
    return nullptr;
  return node.mutable_attr(random.below(node.attr_size()))->mutable_value();
}

int Mutator::anyType() {
  static constexpr int common[] = {proto::DT_FLOAT, proto::DT_INT32, proto::DT_INT64,
                                   proto::DT_BOOL,  proto::DT_HALF,  proto::DT_DOUBLE};
  return random.oneIn(4) ? static_cast<int>(random.below(34)) : common[random.below(6)];
}

//===----------------------------------------------------------------------===//
// Nodes and edges
//===----------------------------------------------------------------------===//

void Mutator::changeOp(NodeDef &node) {
  const OpKind *old = findKind(node.op());
  for (int i = 0; i < 20; ++i) {
    const OpKind &kind = getOpKinds()[random.below(getOpKinds().size())];
    if (old && kind.numInputs != old->numInputs && kind.numInputs >= 0 && !random.oneIn(20))
      continue;
    // What the results' types were, they mostly still are.
    for (size_t at = 0; at < kind.types.size() && old && at < old->types.size(); ++at)
      if (AttrValue *type = findAttribute(node, old->types[at]);
          type && !findAttribute(node, kind.types[at])) {
        AttrValue copy = *type;
        proto::AttrEntry &entry = *node.add_attr();
        entry.set_key(kind.types[at]);
        *entry.mutable_value() = std::move(copy);
      }
    node.set_op(kind.name);
    return;
  }
}

void Mutator::changeInputs(int index) {
  NodeDef &node = *graph.mutable_node(index);
  size_t count = node.input_size();
  if (count == 0)
    return;
  // What another node of that op reads has the right type, often enough.
  const NodeDef &other = graph.node(anyComputation());
  switch (random.below(6)) {
  case 0:
    node.mutable_input()->SwapElements(random.below(count), random.below(count));
    break;
  case 1:
    if (other.input_size() != 0)
      node.set_input(random.below(count),
                     std::string(other.input(random.below(other.input_size()))));
    break;
  default:
    node.set_input(random.below(count), anyOutput(index));
  }
}

// A new node on an edge: `node` reads what it computes of what `node` read.
void Mutator::insertBefore(int index) {
  NodeDef &node = *graph.mutable_node(index);
  NodeDef inserted = graph.node(anyComputation());
  if (node.input_size() == 0 || inserted.input_size() == 0)
    return;
  int edge = static_cast<int>(random.below(node.input_size()));
  inserted.set_name("new" + std::to_string(random.below(1000000)));
  inserted.set_input(random.oneIn(4) ? random.below(inserted.input_size()) : 0, node.input(edge));
  node.set_input(edge, inserted.name());
  if (random.oneIn(4))
    changeOp(inserted);
  repair(inserted);
  *graph.add_node() = std::move(inserted);
}

// As many inputs as the op takes, the attributes that it must have, none of them twice.
void Mutator::repair(NodeDef &node) {
  const OpKind *kind = findKind(node.op());
  if (!kind || random.oneIn(20))
    return;
  while (kind->numInputs >= 0 && node.input_size() > kind->numInputs)
    node.mutable_input()->RemoveLast();
  while (kind->numInputs >= 0 && node.input_size() < kind->numInputs)
    node.add_input(node.input_size() != 0 ? node.input(0) : anyOutput(0));
  for (const std::string &type : kind->types)
    if (!findAttribute(node, type)) {
      proto::AttrEntry &entry = *node.add_attr();
      entry.set_key(type);
      entry.mutable_value()->set_type(proto::DT_FLOAT);
    }
  std::set<std::string> keys;
  for (int i = 0; i < node.attr_size(); ++i)
    if (!keys.insert(node.attr(i).key()).second) {
      node.mutable_attr()->SwapElements(i--, node.attr_size() - 1);
      node.mutable_attr()->RemoveLast();
    }
}

void Mutator::copyNode() {
  NodeDef copy = anyNode();
  copy.set_name("copy" + std::to_string(random.below(1000000)));
  NodeDef &user = *graph.mutable_node(anyComputation());
  if (user.input_size() != 0)
    user.set_input(random.below(user.input_size()), copy.name());
  *graph.add_node() = std::move(copy);
}

// Whoever read it reads what it read, so that the graph stays whole.
void Mutator::removeNode() {
  int index = anyComputation();
  std::string name = graph.node(index).name();
  std::string instead =
      graph.node(index).input_size() != 0 ? graph.node(index).input(0) : anyOutput(index);
  for (NodeDef &node : *graph.mutable_node())
    for (std::string &input : *node.mutable_input())
      if (input == name || llvm::StringRef(input).starts_with(name + ":"))
        input = instead;
      else if (input == "^" + name)
        input = "^" + llvm::StringRef(instead).ltrim('^').split(':').first.str();
  graph.mutable_node()->SwapElements(index, graph.node_size() - 1);
  graph.mutable_node()->RemoveLast();
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

void Mutator::changeShape(TensorShapeProto &shape) {
  switch (random.below(6)) {
  case 0:
    shape.add_dim()->set_size(random.number());
    break;
  case 1:
    if (shape.dim_size() != 0)
      shape.mutable_dim()->RemoveLast();
    break;
  case 2:
    shape.set_unknown_rank(!shape.unknown_rank());
    break;
  case 3:
    if (shape.dim_size() != 0)
      shape.mutable_dim()->SwapElements(0, random.below(shape.dim_size()));
    break;
  default:
    if (shape.dim_size() != 0)
      shape.mutable_dim(random.below(shape.dim_size()))->set_size(random.number());
  }
}

// One element, wherever the elements are.
void Mutator::changeElements(TensorProto &tensor) {
  int64_t number = random.number();
  float real = random.oneIn(4) ? std::nanf("") : random.oneIn(4) ? INFINITY : float(number) / 2;
  std::string &content = *tensor.mutable_tensor_content();
  bool isReal = tensor.dtype() == proto::DT_FLOAT;
  size_t width = tensor.dtype() == proto::DT_INT64 ? 8 : 4;
  if (content.size() >= width) {
    const void *from = isReal ? static_cast<const void *>(&real) : &number;
    std::memcpy(content.data() + random.below(content.size() / width) * width, from, width);
    return;
  }
  auto set = [&](auto *list, auto value) {
    if (list->empty() || random.oneIn(6))
      list->Add(value);
    else
      list->Set(random.below(list->size()), value);
  };
  if (isReal)
    set(tensor.mutable_float_val(), real);
  else if (tensor.dtype() == proto::DT_INT64)
    set(tensor.mutable_int64_val(), number);
  else if (tensor.dtype() == proto::DT_BOOL)
    set(tensor.mutable_bool_val(), number % 2 != 0);
  else
    set(tensor.mutable_int_val(), static_cast<int32_t>(number));
}

void Mutator::changeTensor(TensorProto &tensor) {
  switch (random.below(8)) {
  case 0:
    tensor.set_dtype(static_cast<proto::DataType>(anyType()));
    break;
  case 1:
    // Of any number of elements: a list's last one repeats.
    tensor.clear_tensor_content();
    changeShape(*tensor.mutable_tensor_shape());
    break;
  case 2:
    // The same elements in another shape.
    if (tensor.tensor_shape().dim_size() > 1) {
      auto &dims = *tensor.mutable_tensor_shape()->mutable_dim();
      dims.SwapElements(0, random.below(dims.size()));
    } else {
      tensor.mutable_tensor_shape()->add_dim()->set_size(1);
    }
    break;
  case 3:
    tensor = anyConstant().attr_size() != 0 ? anyAttribute(anyConstant())->tensor() : tensor;
    break;
  default:
    changeElements(tensor);
  }
}

void Mutator::changeValue(AttrValue &value) {
  switch (value.value_case()) {
  case AttrValue::kType:
    if (random.oneIn(3))
      value.set_type(static_cast<proto::DataType>(anyType()));
    break;
  case AttrValue::kI:
    value.set_i(random.number());
    break;
  case AttrValue::kF:
    value.set_f(static_cast<float>(random.number()));
    break;
  case AttrValue::kB:
    value.set_b(!value.b());
    break;
  case AttrValue::kShape:
    changeShape(*value.mutable_shape());
    break;
  case AttrValue::kTensor:
    changeTensor(*value.mutable_tensor());
    break;
  case AttrValue::kS:
    // Equations of Einsum, among others.
    if (!value.s().empty())
      (*value.mutable_s())[random.below(value.s().size())] = ",->abc.z"[random.below(8)];
    break;
  case AttrValue::kList:
    if (random.oneIn(2))
      value.mutable_list()->add_i(random.number());
    else if (value.list().i_size() != 0)
      value.mutable_list()->set_i(random.below(value.list().i_size()), random.number());
    else if (value.list().shape_size() != 0)
      changeShape(*value.mutable_list()->mutable_shape(random.below(value.list().shape_size())));
    else
      value.mutable_list()->add_type(static_cast<proto::DataType>(anyType()));
    break;
  default:
    value.set_i(random.number());
  }
}

void Mutator::changeAttribute(NodeDef &node) {
  AttrValue *value = anyAttribute(node);
  switch (value ? random.below(12) : 0) {
  case 0: {
    // One that some node has.
    NodeDef &other = anyNode();
    if (other.attr_size() != 0) {
      proto::AttrEntry copy = other.attr(random.below(other.attr_size()));
      *node.add_attr() = std::move(copy);
    }
    break;
  }
  case 1:
    node.mutable_attr()->SwapElements(random.below(node.attr_size()), node.attr_size() - 1);
    node.mutable_attr()->RemoveLast();
    break;
  case 2:
    // Another kind of value.
    if (AttrValue *other = anyAttribute(anyNode()))
      *value = AttrValue(*other);
    break;
  default:
    changeValue(*value);
  }
}

void Mutator::mutate() {
  if (graph.node_size() == 0)
    return;
  // libFuzzer calls several times in a row.
  int index = anyComputation();
  switch (random.below(14)) {
  case 0:
  case 1:
    changeOp(*graph.mutable_node(index));
    break;
  case 2:
  case 3:
    changeInputs(index);
    break;
  case 4:
  case 5:
    insertBefore(index);
    break;
  case 6:
    copyNode();
    break;
  case 7:
    removeNode();
    return;
  case 8:
    graph.mutable_versions()->set_min_consumer(static_cast<int>(random.below(64)));
    return;
  case 9:
    changeAttribute(anyNode());
    return;
  case 10:
    changeAttribute(*graph.mutable_node(index));
    break;
  default:
    for (proto::AttrEntry &entry : *anyConstant().mutable_attr())
      if (entry.value().has_tensor())
        changeValue(*entry.mutable_value());
    return;
  }
  repair(*graph.mutable_node(index));
}

//===----------------------------------------------------------------------===//
// What libFuzzer calls
//===----------------------------------------------------------------------===//

// Puts the graph where its bytes were, unless it became too large.
static size_t store(const GraphDef &graph, uint8_t *data, size_t size, size_t maxSize) {
  size_t newSize = graph.ByteSizeLong();
  if (newSize > maxSize || newSize == 0)
    return size;
  graph.SerializeToArray(data, static_cast<int>(newSize));
  return newSize;
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize,
                                          unsigned seed) {
  GraphDef graph;
  if (seed % 32 == 0 || !graph.ParseFromArray(data, static_cast<int>(size)))
    return LLVMFuzzerMutate(data, size, maxSize);
  Mutator(graph, seed).mutate();
  return store(graph, data, size, maxSize);
}

// Nodes of one graph in the place of another's, of the same name or not.
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t maxSize, unsigned seed) {
  GraphDef graph, other;
  if (!graph.ParseFromArray(data1, static_cast<int>(size1)) ||
      !other.ParseFromArray(data2, static_cast<int>(size2)) || graph.node_size() == 0 ||
      other.node_size() == 0)
    return 0;
  Random random(seed);
  std::set<std::string> names;
  for (const NodeDef &node : graph.node())
    names.insert(node.name());
  size_t begin = random.below(other.node_size()), count = 1 + random.below(20);
  for (size_t i = begin; i < std::min<size_t>(begin + count, other.node_size()); ++i) {
    NodeDef node = other.node(i);
    auto &inputs = *node.mutable_input();
    inputs.erase(std::remove_if(inputs.begin(), inputs.end(),
                                [](const std::string &input) { return input[0] == '^'; }),
                 inputs.end());
    for (std::string &input : inputs)
      if (!names.count(input))
        input = graph.node(random.below(graph.node_size())).name();
    if (names.insert(node.name()).second) {
      *graph.add_node() = std::move(node);
      continue;
    }
    for (NodeDef &own : *graph.mutable_node())
      if (own.name() == node.name())
        own = node;
  }
  size_t newSize = graph.ByteSizeLong();
  if (newSize > maxSize)
    return 0;
  graph.SerializeToArray(out, static_cast<int>(newSize));
  return newSize;
}
