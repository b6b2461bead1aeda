//===- Functions.cpp - a graph's library functions -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// TensorFlow 2 in the style of 1 writes tf.function as a node that calls a function
// of the graph's library, and tf.cond as If with two of them. The passes know nodes
// of one graph only, so the calls are taken apart while the file is read.
//
//===----------------------------------------------------------------------===//

#include "Functions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace bertmlir;

// Functions may call each other, so a small file may ask for any amount of nodes.
static constexpr size_t kMaxNodes = size_t(1) << 20;
static constexpr unsigned kMaxDepth = 32;

//===----------------------------------------------------------------------===//
// Attributes of nodes
//===----------------------------------------------------------------------===//

static const proto::AttrValue *findAttr(const proto::NodeDef &node, StringRef name) {
  for (const proto::AttrEntry &entry : node.attr())
    if (entry.key() == name)
      return &entry.value();
  return nullptr;
}

static proto::AttrValue &addAttr(proto::NodeDef &node, StringRef name) {
  proto::AttrEntry *entry = node.add_attr();
  entry->set_key(name.str());
  return *entry->mutable_value();
}

static StringRef getFunctionName(const proto::NodeDef &node, StringRef attr) {
  const proto::AttrValue *value = findAttr(node, attr);
  return value ? StringRef(value->func().name()) : StringRef();
}

//===----------------------------------------------------------------------===//
// Ports
//===----------------------------------------------------------------------===//

// The outputs of ops with more than one that is no list. Bodies of functions name
// outputs, graphs number them; a file need not bring the ops' definitions.
static SmallVector<StringRef> getOutputNames(StringRef op) {
  if (op == "Switch" || op == "RefSwitch")
    return {"output_false", "output_true"};
  if (op == "Merge")
    return {"output", "value_index"};
  if (op == "TopKV2" || op == "TopK")
    return {"values", "indices"};
  if (op == "Unique")
    return {"y", "idx"};
  if (op.starts_with("FusedBatchNorm"))
    return {"y",
            "batch_mean",
            "batch_variance",
            "reserve_space_1",
            "reserve_space_2",
            "reserve_space_3"};
  if (op.contains("SoftmaxCrossEntropyWithLogits"))
    return {"loss", "backprop"};
  return {};
}

// How many outputs one entry of an op's definition stands for.
static std::optional<unsigned> countOutputs(const proto::OpDef::ArgDef &arg,
                                            const proto::NodeDef &node) {
  if (!arg.number_attr().empty()) {
    const proto::AttrValue *count = findAttr(node, arg.number_attr());
    return count && count->i() >= 0 && count->i() < (1 << 16) ? std::optional<unsigned>(count->i())
                                                              : std::nullopt;
  }
  if (!arg.type_list_attr().empty()) {
    const proto::AttrValue *list = findAttr(node, arg.type_list_attr());
    return list ? std::optional<unsigned>(list->list().type_size()) : std::nullopt;
  }
  return 1;
}

//===----------------------------------------------------------------------===//
// Inlining
//===----------------------------------------------------------------------===//

namespace {
// The inputs or results of a call, as graphs name tensors.
using Tensors = std::vector<std::string>;

class Inliner {
public:
  explicit Inliner(FileGraph &graph) : graph(graph) {
    for (const proto::FunctionDef &function : graph.library.function())
      functions.try_emplace(function.signature().name(), &function);
    for (const proto::OpDef &op : graph.meta.meta_info_def().stripped_op_list().op())
      definitions.try_emplace(op.name(), &op);
    for (const FileNode &node : graph.nodes)
      names.insert(node.def.name());
  }

  void run() {
    std::vector<FileNode> nodes = std::move(graph.nodes);
    for (FileNode &node : nodes)
      add(std::move(node), /*depth=*/0);
    graph.nodes = std::move(result);
  }

private:
  void add(FileNode node, unsigned depth);
  std::optional<Tensors> expand(const FileNode &node, unsigned depth);
  std::optional<Tensors> call(const FileNode &node, StringRef function, StringRef scope,
                              ArrayRef<std::string> inputs, unsigned depth);
  std::optional<Tensors> choose(const FileNode &node, ArrayRef<std::string> inputs, unsigned depth);
  std::optional<unsigned> findPort(const proto::NodeDef &producer, StringRef output,
                                   unsigned index) const;
  std::string makePrefix(StringRef name);
  proto::NodeDef &addNode(const FileNode &like, const std::string &name, StringRef op,
                          ArrayRef<std::string> inputs);

  FileGraph &graph;
  StringMap<const proto::FunctionDef *> functions;
  StringMap<const proto::OpDef *> definitions;
  StringSet<> names;
  std::vector<FileNode> result;
};
} // namespace

std::optional<unsigned> Inliner::findPort(const proto::NodeDef &producer, StringRef output,
                                          unsigned index) const {
  const proto::OpDef *op = definitions.lookup(producer.op());
  if (const proto::FunctionDef *function = functions.lookup(producer.op()))
    op = &function->signature();
  unsigned port = 0;
  if (op) {
    for (const proto::OpDef::ArgDef &arg : op->output_arg()) {
      if (arg.name() == output)
        return port + index;
      std::optional<unsigned> count = countOutputs(arg, producer);
      if (!count)
        return std::nullopt;
      port += *count;
    }
    return std::nullopt;
  }
  SmallVector<StringRef> outputs = getOutputNames(producer.op());
  if (outputs.empty())
    return index;
  const auto *found = find(outputs, output);
  return found == outputs.end() ? std::nullopt
                                : std::optional<unsigned>(found - outputs.begin() + index);
}

std::string Inliner::makePrefix(StringRef name) {
  // The graph may have nodes of that scope already.
  std::string prefix = (name + "/").str();
  for (unsigned i = 1; i < 1000 && !names.insert(prefix).second; ++i)
    prefix = (name + "/call_" + Twine(i) + "/").str();
  return prefix;
}

proto::NodeDef &Inliner::addNode(const FileNode &like, const std::string &name, StringRef op,
                                 ArrayRef<std::string> inputs) {
  FileNode &node = result.emplace_back();
  node.line = like.line;
  node.column = like.column;
  node.def.set_name(name);
  node.def.set_op(op.str());
  node.def.set_device(like.def.device());
  for (const std::string &input : inputs)
    node.def.add_input(input);
  return node.def;
}

std::optional<Tensors> Inliner::call(const FileNode &node, StringRef functionName, StringRef scope,
                                     ArrayRef<std::string> inputs, unsigned depth) {
  const proto::FunctionDef *function = functions.lookup(functionName);
  if (!function || depth >= kMaxDepth ||
      static_cast<size_t>(function->signature().input_arg_size()) != inputs.size())
    return std::nullopt;
  StringMap<std::string> arguments;
  for (auto [arg, input] : zip_equal(function->signature().input_arg(), inputs)) {
    if (!arg.number_attr().empty() || !arg.type_list_attr().empty())
      return std::nullopt;
    arguments[arg.name()] = input;
  }
  StringMap<const proto::NodeDef *> body;
  for (const proto::NodeDef &inner : function->node_def())
    body[inner.name()] = &inner;
  std::string prefix = makePrefix(scope);

  // `argument`, or `node:output:index`.
  auto translate = [&](StringRef text) -> std::optional<std::string> {
    if (text.consume_front("^"))
      return body.count(text) ? "^" + prefix + text.str() : std::string();
    auto [name, rest] = text.split(':');
    auto producer = body.find(name);
    if (producer == body.end()) {
      auto argument = arguments.find(name);
      return argument == arguments.end() ? std::nullopt : std::optional(argument->second);
    }
    auto [output, indexText] = rest.split(':');
    unsigned index = 0;
    // Older files number the outputs here, too.
    if (indexText.empty() && !output.empty() && !output.getAsInteger(10, index))
      return prefix + name.str() + ":" + std::to_string(index);
    if (!indexText.empty() && indexText.getAsInteger(10, index))
      return std::nullopt;
    std::optional<unsigned> port = findPort(*producer->second, output, index);
    if (!port)
      return std::nullopt;
    return prefix + name.str() + (*port ? ":" + std::to_string(*port) : std::string());
  };

  for (const proto::NodeDef &inner : function->node_def()) {
    if (result.size() >= kMaxNodes)
      return std::nullopt;
    FileNode copy;
    copy.def = inner;
    copy.line = node.line;
    copy.column = node.column;
    copy.def.set_name(prefix + inner.name());
    copy.def.clear_input();
    for (const std::string &input : inner.input()) {
      std::optional<std::string> name = translate(input);
      if (!name)
        return std::nullopt;
      if (!name->empty())
        copy.def.add_input(*name);
    }
    // A function for several types has them from its caller.
    for (proto::AttrEntry &entry : *copy.def.mutable_attr())
      if (entry.value().value_case() == proto::AttrValue::kPlaceholder)
        if (const proto::AttrValue *value = findAttr(node.def, entry.value().placeholder()))
          *entry.mutable_value() = *value;
    add(std::move(copy), depth + 1);
  }
  Tensors results;
  for (const proto::OpDef::ArgDef &arg : function->signature().output_arg()) {
    auto found =
        find_if(function->ret(), [&](const auto &entry) { return entry.key() == arg.name(); });
    std::optional<std::string> name =
        found == function->ret().end() ? std::nullopt : translate(found->value());
    if (!name)
      return std::nullopt;
    results.push_back(*name);
  }
  return results;
}

// By what a condition is: false or true.
static constexpr StringLiteral kSides[] = {"else", "then"};

// Both branches are computed; ResolveSwitches takes one.
std::optional<Tensors> Inliner::choose(const FileNode &node, ArrayRef<std::string> inputs,
                                       unsigned depth) {
  const proto::AttrValue *condition = findAttr(node.def, "Tcond");
  const proto::AttrValue *types = findAttr(node.def, "Tout");
  if (inputs.empty() || !condition || condition->type() != proto::DT_BOOL || !types)
    return std::nullopt;
  std::optional<Tensors> branches[2];
  for (auto [index, side] : enumerate(kSides)) {
    StringRef function = getFunctionName(node.def, (side + "_branch").str());
    branches[index] = call(node, function, (Twine(node.def.name()) + "/" + side).str(),
                           inputs.drop_front(), depth);
    if (!branches[index] ||
        branches[index]->size() != static_cast<size_t>(types->list().type_size()))
      return std::nullopt;
  }
  Tensors results;
  std::string prefix = makePrefix(node.def.name());
  for (auto [index, type] : enumerate(types->list().type())) {
    Tensors sides;
    for (auto [side, title] : enumerate(kSides)) {
      std::string name = (prefix + title + "_" + Twine(index)).str();
      proto::NodeDef &def =
          addNode(node, name, "Switch", {(*branches[side])[index], inputs.front()});
      addAttr(def, "T").set_type(static_cast<proto::DataType>(type));
      sides.push_back(side ? name + ":1" : name);
    }
    results.push_back((prefix + "merge_" + Twine(index)).str());
    proto::NodeDef &def = addNode(node, results.back(), "Merge", sides);
    addAttr(def, "T").set_type(static_cast<proto::DataType>(type));
    addAttr(def, "N").set_i(2);
  }
  return results;
}

std::optional<Tensors> Inliner::expand(const FileNode &node, unsigned depth) {
  Tensors inputs;
  for (const std::string &input : node.def.input())
    if (!StringRef(input).starts_with("^"))
      inputs.push_back(input);
  StringRef op = node.def.op();
  if (op == "PartitionedCall" || op == "StatefulPartitionedCall")
    return call(node, getFunctionName(node.def, "f"), node.def.name(), inputs, depth);
  if (op == "If" || op == "StatelessIf")
    return choose(node, inputs, depth);
  return call(node, op, node.def.name(), inputs, depth);
}

void Inliner::add(FileNode node, unsigned depth) {
  StringRef op = node.def.op();
  bool isCall = op == "PartitionedCall" || op == "StatefulPartitionedCall" || op == "If" ||
                op == "StatelessIf" || functions.count(op);
  size_t before = result.size();
  std::optional<Tensors> results = isCall ? expand(node, depth) : std::nullopt;
  if (!results) {
    result.resize(before);
    result.push_back(std::move(node));
    return;
  }
  std::vector<int> types;
  if (const proto::AttrValue *list = findAttr(node.def, "Tout")) {
    types.assign(list->list().type().begin(), list->list().type().end());
  } else if (const proto::FunctionDef *function = functions.lookup(op)) {
    for (const proto::OpDef::ArgDef &arg : function->signature().output_arg()) {
      const proto::AttrValue *value = findAttr(node.def, arg.type_attr());
      types.push_back(value ? value->type() : arg.type());
    }
  }
  bool isOne = results->size() == 1 && types.size() == 1;
  proto::NodeDef &def = addNode(node, node.def.name(), isOne ? "Identity" : "IdentityN", *results);
  for (const std::string &input : node.def.input())
    if (StringRef(input).starts_with("^"))
      def.add_input(input);
  proto::AttrValue &attr = addAttr(def, "T");
  if (isOne)
    attr.set_type(static_cast<proto::DataType>(types.front()));
  else
    for (int type : types)
      attr.mutable_list()->add_type(static_cast<proto::DataType>(type));
}

void bertmlir::inlineFunctions(FileGraph &graph) {
  if (graph.library.function_size() != 0)
    Inliner(graph).run();
}
