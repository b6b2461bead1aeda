//===- ImportTensorFlow.cpp - TensorFlow graphs become MLIR ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Two passes over the nodes: first all are created without operands, since a node
// may use later ones and graphs may hold cycles; then they are wired.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportTensorFlow.h"

#include "Attributes.h"
#include "GraphReader.h"
#include "NodeTypes.h"
#include "VariableValues.h"

#include "bert/Dialect/TF/IR/TFOps.h"
#include "bert/Support/Diagnostics.h"
#include "bert/Support/NearMiss.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace bertmlir;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using Kind = ImportTensorFlowOptions::Kind;

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

namespace {
// An entry of a node's `input` list.
struct InputName {
  StringRef node;
  unsigned port = 0;
  bool isControl = false;
};

class GraphImporter {
public:
  GraphImporter(FileGraph &file, MLIRContext *context)
      : file(file), context(context), types(file, context), builder(context) {}

  /// Appends the nodes to the graph.
  LogicalResult import(tf::GraphOp graph);

private:
  static constexpr size_t kMaxErrors = 20;

  Location getLoc(const FileNode &node) {
    return getNodeLoc(node.def.name(),
                      getFileLoc(context, file.file->getPath(), node.line, node.column));
  }
  InFlightDiagnostic error(const FileNode &node) {
    ++numErrors;
    return emitNodeError(getLoc(node), node.def.name(), node.def.op());
  }

  LogicalResult indexNodes();
  LogicalResult createNode(FileNode &node, size_t index);
  LogicalResult wireNode(const FileNode &node, size_t index);

  FileGraph &file;
  MLIRContext *context;
  NodeTypes types;
  OpBuilder builder;
  llvm::StringMap<size_t> indexOf;
  /// One more than the highest output port that is used.
  std::vector<unsigned> portsUsed;
  std::vector<Operation *> operations;
  size_t numErrors = 0;
};
} // namespace

// `^name` is a control input; `name:3` an output port, of which 0 goes without
// saying.
static InputName parseInputName(StringRef text) {
  InputName input;
  input.isControl = text.consume_front("^");
  input.node = text;
  auto [name, port] = text.rsplit(':');
  if (!input.isControl && !port.empty() && llvm::all_of(port, llvm::isDigit) &&
      !port.getAsInteger(10, input.port))
    input.node = name;
  return input;
}

LogicalResult GraphImporter::indexNodes() {
  portsUsed.assign(file.nodes.size(), 0);
  for (auto [index, node] : llvm::enumerate(file.nodes)) {
    if (node.def.name().empty() || node.def.op().empty()) {
      ++numErrors;
      emitError(getFileLoc(context, file.file->getPath(), node.line, node.column))
          << "node " << index << " of the graph has no "
          << (node.def.name().empty() ? "name" : "op");
      return failure();
    }
    auto [other, isNew] = indexOf.try_emplace(node.def.name(), index);
    if (!isNew)
      return error(node) << "has the same name as node " << other->second << " of the graph";
  }
  // A port that is out of range is found when it is wired; here it only must not
  // ask for an absurd number of outputs.
  constexpr unsigned maxPorts = 1 << 16;
  for (const FileNode &node : file.nodes)
    for (const std::string &text : node.def.input()) {
      InputName input = parseInputName(text);
      auto it = indexOf.find(input.node);
      if (it != indexOf.end() && !input.isControl && input.port < maxPorts)
        portsUsed[it->second] = std::max(portsUsed[it->second], input.port + 1);
    }
  return success();
}

LogicalResult GraphImporter::createNode(FileNode &node, size_t index) {
  std::string reason;
  DictionaryAttr attrs = AttributeConverter(context, reason).convertAll(node, file.file);
  if (!attrs)
    return error(node) << "can't be read: the attribute " << reason;
  FailureOr<SmallVector<Type>> results = types.infer(node.def, attrs, portsUsed[index], reason);
  if (failed(results))
    return error(node) << reason;
  operations[index] = tf::createNode(builder, getLoc(node), node.def.op(), node.def.name(),
                                     node.def.device(), attrs, *results);
  return success();
}

LogicalResult GraphImporter::wireNode(const FileNode &node, size_t index) {
  SmallVector<Value> data, controls;
  for (const std::string &text : node.def.input()) {
    InputName input = parseInputName(text);
    auto it = indexOf.find(input.node);
    if (it == indexOf.end()) {
      SmallVector<StringRef> names;
      for (const auto &entry : indexOf)
        names.push_back(entry.getKey());
      return error(node) << "has the input '" << text << "', but the graph has no such node"
                         << suggestNames(input.node, names);
    }
    auto producer = cast<tf::NodeOp>(operations[it->second]);
    if (input.isControl) {
      controls.push_back(producer.getControlResult());
    } else if (input.port < producer.getDataResults().size()) {
      data.push_back(producer.getDataResults()[input.port]);
    } else {
      return error(node) << "has the input '" << text << "', but node '" << input.node << "' ("
                         << producer.getOpName() << ") has " << producer.getDataResults().size()
                         << " outputs";
    }
  }
  int expected = cast<tf::NodeOp>(operations[index]).getNumInputs();
  if (expected >= 0 && data.size() != static_cast<size_t>(expected))
    return error(node) << "takes " << expected << " data inputs, but has " << data.size();
  data.append(controls);
  operations[index]->setOperands(data);
  return success();
}

LogicalResult GraphImporter::import(tf::GraphOp graph) {
  if (failed(indexNodes()))
    return failure();
  builder.setInsertionPointToEnd(&graph.getBody().front());
  operations.resize(file.nodes.size());
  // Several mistakes are reported at once, as long as later ones are not
  // consequences of earlier ones.
  for (auto [index, node] : llvm::enumerate(file.nodes))
    if (failed(createNode(node, index)) && numErrors == kMaxErrors)
      return failure();
  if (numErrors != 0)
    return failure();
  for (auto [index, node] : llvm::enumerate(file.nodes))
    if (failed(wireNode(node, index)) && numErrors == kMaxErrors)
      return failure();
  return success(numErrors == 0);
}

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

using Signature = proto::MetaGraphDef::SignatureEntry;

static FailureOr<const Signature *> selectSignature(const proto::MetaGraphDef &meta,
                                                    StringRef wanted, Location loc) {
  SmallVector<StringRef> keys;
  for (const Signature &entry : meta.signature_def()) {
    if (entry.key() == (wanted.empty() ? StringRef("serving_default") : wanted))
      return &entry;
    keys.push_back(entry.key());
  }
  if (wanted.empty())
    return keys.size() == 1 ? &meta.signature_def(0) : nullptr;
  llvm::sort(keys);
  return emitError(loc) << "the model has no signature '" << wanted << "'; it has "
                        << (keys.empty() ? "none" : llvm::join(keys, ", "));
}

// The names of a signature's tensors, in the order of their keys: the file's order
// is that of a hash table.
template <typename Entries>
static ArrayAttr getTensorNames(const Entries &entries, Builder &builder) {
  SmallVector<std::pair<StringRef, StringRef>> sorted;
  for (const auto &entry : entries)
    if (!entry.value().name().empty())
      sorted.push_back({entry.key(), entry.value().name()});
  llvm::sort(sorted);
  return builder.getArrayAttr(llvm::map_to_vector(
      sorted, [&](const auto &entry) -> Attribute { return builder.getStringAttr(entry.second); }));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static bool isKind(FileKind kind, Kind wanted) {
  switch (kind) {
  case FileKind::GraphDef:
  case FileKind::GraphDefText:
    return wanted == Kind::Auto || wanted == Kind::GraphDef;
  case FileKind::MetaGraphDef:
  case FileKind::MetaGraphDefText:
    return wanted == Kind::Auto || wanted == Kind::MetaGraph;
  case FileKind::SavedModel:
  case FileKind::SavedModelText:
    return wanted == Kind::Auto || wanted == Kind::SavedModel;
  default:
    return false;
  }
}

static StringRef describeWanted(Kind kind) {
  switch (kind) {
  case Kind::Auto:
    return "a TensorFlow graph (.pb, .pbtxt, .meta or a SavedModel)";
  case Kind::GraphDef:
    return "a TensorFlow graph (GraphDef)";
  case Kind::MetaGraph:
    return "a TensorFlow meta graph (MetaGraphDef)";
  case Kind::SavedModel:
    return "a TensorFlow SavedModel";
  }
  return "";
}

namespace {
// The graph's file, and what was found out on the way to it.
struct ModelFile {
  std::shared_ptr<MappedFile> file;
  FileKind kind = FileKind::Unknown;
};
} // namespace

// The file that `options.modelPath` means: of a SavedModel's folder, of a checkpoint's
// name.
static FailureOr<std::string> resolveModelPath(const ImportTensorFlowOptions &options,
                                               MLIRContext *context) {
  StringRef name = options.modelPath;
  auto join = [](StringRef folder, StringRef file) {
    SmallString<256> result(folder);
    path::append(result, file);
    return result.str().str();
  };
  if (fs::is_directory(name)) {
    for (StringRef file : {"saved_model.pb", "saved_model.pbtxt"})
      if (fs::exists(join(name, file)))
        return join(name, file);
    if (options.kind == Kind::MetaGraph || options.kind == Kind::Auto) {
      FailureOr<std::string> prefix = resolveCheckpointPrefix(name, context);
      if (failed(prefix))
        return failure();
      if (fs::exists(*prefix + ".meta"))
        return *prefix + ".meta";
      return emitError(getFileLoc(context, name)) << "the folder holds the checkpoint '" << *prefix
                                                  << "' but not its graph '" << *prefix << ".meta'";
    }
    return emitError(getFileLoc(context, name))
           << "this is a folder without saved_model.pb; expected " << describeWanted(options.kind);
  }
  // A checkpoint's name, or another of its files.
  StringRef prefix = stripCheckpointSuffix(name);
  bool mayBeMeta = options.kind == Kind::MetaGraph || options.kind == Kind::Auto;
  if (mayBeMeta && !name.ends_with(".meta") && (prefix != name || !fs::exists(name)) &&
      fs::exists(prefix + ".meta"))
    return (prefix + ".meta").str();
  return name.str();
}

static FailureOr<ModelFile> openModel(const ImportTensorFlowOptions &options,
                                      MLIRContext *context) {
  ModelFile model;
  model.file = options.content;
  if (!model.file) {
    FailureOr<std::string> name = resolveModelPath(options, context);
    if (failed(name))
      return failure();
    llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(*name);
    if (!file) {
      InFlightDiagnostic diagnostic = emitError(getFileLoc(context, *name));
      diagnostic << "can't open the model: " << llvm::toString(file.takeError());
      if (fs::exists(*name + ".index"))
        diagnostic << "; this is the name of a checkpoint, which holds no graph; give its .meta "
                      "file or the .pb";
      return diagnostic;
    }
    model.file = *file;
  }
  model.kind = detectFileKind(model.file->text());
  if (isKind(model.kind, options.kind))
    return model;
  StringRef name = model.file->getPath();
  StringRef prefix = stripCheckpointSuffix(name);
  bool isData = model.kind == FileKind::Unknown && prefix != name && !name.ends_with(".meta");
  InFlightDiagnostic diagnostic = emitError(getFileLoc(context, name));
  diagnostic << "this is "
             << (isData ? "part of a checkpoint, by its name" : describeFileKind(model.kind))
             << "; expected " << describeWanted(options.kind);
  if (StringRef advice = adviseOnFileKind(isData ? FileKind::SortedTable : model.kind);
      !advice.empty())
    diagnostic << "; " << advice;
  return diagnostic;
}

// The checkpoint that goes with the model, or "".
static std::string getCheckpointPath(const ImportTensorFlowOptions &options,
                                     const ModelFile &model) {
  if (!options.checkpoint.empty())
    return options.checkpoint;
  StringRef modelPath = model.file->getPath();
  if (model.kind == FileKind::SavedModel || model.kind == FileKind::SavedModelText) {
    SmallString<256> prefix(path::parent_path(modelPath));
    path::append(prefix, "variables", "variables");
    return fs::exists(prefix + ".index") ? prefix.str().str() : "";
  }
  if (!options.findCheckpoint)
    return "";
  StringRef prefix = stripCheckpointSuffix(modelPath);
  return prefix != modelPath && fs::exists(prefix + ".index") ? prefix.str() : "";
}

OwningOpRef<ModuleOp> bertmlir::importTensorFlow(MLIRContext *context,
                                                 const ImportTensorFlowOptions &options) {
  // Registered is not loaded, and types of a dialect that is not loaded crash.
  context->loadDialect<tf::TFDialect>();
  FailureOr<ModelFile> model = openModel(options, context);
  if (failed(model))
    return nullptr;
  FailureOr<FileGraph> file = readGraph(model->file, model->kind, options.tags, context);
  if (failed(file))
    return nullptr;

  StringRef source = file->file->getPath();
  Location loc = getFileLoc(context, source);
  OpBuilder builder(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToEnd(module->getBody());
  auto graph = tf::GraphOp::create(builder, loc);
  graph.setSource(source);
  if (failed(GraphImporter(*file, context).import(graph)))
    return nullptr;

  FailureOr<const Signature *> signature = selectSignature(file->meta, options.signature, loc);
  if (failed(signature))
    return nullptr;
  if (*signature) {
    graph.setSignatureInputsAttr(getTensorNames((*signature)->value().inputs(), builder));
    graph.setSignatureOutputsAttr(getTensorNames((*signature)->value().outputs(), builder));
  }
  if (std::string name = getCheckpointPath(options, *model); !name.empty()) {
    std::unique_ptr<Checkpoint> checkpoint = Checkpoint::open(name, context);
    if (!checkpoint)
      return nullptr;
    graph.setCheckpoint(checkpoint->getPrefix());
    attachVariableValues(graph, file->meta.saver_def(), *checkpoint);
  }
  if (failed(verify(*module)))
    return nullptr;
  return module;
}
