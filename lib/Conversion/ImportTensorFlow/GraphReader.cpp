//===- GraphReader.cpp - graphs from files ---------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Binary files: GraphDef and what wraps it are walked on the wire; a NodeDef is
// given to protobuf, without the contents of large tensors. Text files go through
// protobuf's parser as a whole.
//
//===----------------------------------------------------------------------===//

#include "GraphReader.h"

#include "Functions.h"

#include "bert/Support/Diagnostics.h"
#include "bert/Support/ProtoWire.h"

#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "llvm/ADT/StringExtras.h"

#include <climits>

using namespace mlir;
using namespace bertmlir;
using google::protobuf::Message;
using google::protobuf::TextFormat;

// Field numbers on the way to a tensor's content.
static constexpr unsigned kSavedModelMetaGraphs = 2;
static constexpr unsigned kMetaGraphGraph = 2;
static constexpr unsigned kGraphNode = 1;
static constexpr unsigned kNodeAttr = 5;
static constexpr unsigned kEntryValue = 2;
static constexpr unsigned kValueTensor = 8;
static constexpr unsigned kTensorContent = 4;

//===----------------------------------------------------------------------===//
// Nodes of binary files
//===----------------------------------------------------------------------===//

// The one field `number` of a message, as bytes; nothing if there are none or
// several, which protobuf would merge.
static std::optional<WireField> findOnly(StringRef message, unsigned number) {
  std::optional<WireField> found;
  WireReader reader(message);
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != number)
      continue;
    if (found || field->type != WireField::Bytes)
      return std::nullopt;
    found = field;
  }
  return reader.isValid() ? found : std::nullopt;
}

// The message with `field`, which is part of it, replaced by one of another
// content, or by nothing.
static std::string replaceField(StringRef message, const WireField &field,
                                std::optional<StringRef> content) {
  std::string result(message.begin(), field.raw.begin());
  if (content)
    appendBytesField(result, field.number, *content);
  result.append(field.raw.end(), message.end());
  return result;
}

// The attribute entry without its tensor's content, if that is large.
static std::optional<std::string> removeContent(StringRef entry, StringRef &content) {
  std::optional<WireField> value = findOnly(entry, kEntryValue);
  std::optional<WireField> tensor = value ? findOnly(value->bytes, kValueTensor) : std::nullopt;
  std::optional<WireField> field = tensor ? findOnly(tensor->bytes, kTensorContent) : std::nullopt;
  if (!field || field->bytes.size() < kMinResourceBytes)
    return std::nullopt;
  content = field->bytes;
  std::string newTensor = replaceField(tensor->bytes, *field, std::nullopt);
  std::string newValue = replaceField(value->bytes, *tensor, StringRef(newTensor));
  return replaceField(entry, *value, StringRef(newValue));
}

static bool parseMessage(Message &message, StringRef bytes) {
  return bytes.size() <= INT_MAX &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

static bool parseNode(FileNode &node, StringRef bytes) {
  if (bytes.size() < kMinResourceBytes)
    return parseMessage(node.def, bytes);
  std::string small;
  const char *copied = bytes.begin();
  int index = 0;
  WireReader reader(bytes);
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != kNodeAttr || field->type != WireField::Bytes)
      continue;
    StringRef content;
    if (std::optional<std::string> entry = removeContent(field->bytes, content)) {
      small.append(copied, field->raw.begin());
      appendBytesField(small, kNodeAttr, *entry);
      copied = field->raw.end();
      node.contents.push_back({index, ArrayRef<char>(content.data(), content.size())});
    }
    ++index;
  }
  if (!reader.isValid())
    return false;
  if (node.contents.empty())
    return parseMessage(node.def, bytes);
  small.append(copied, bytes.end());
  return parseMessage(node.def, small);
}

//===----------------------------------------------------------------------===//
// Binary files
//===----------------------------------------------------------------------===//

namespace {
class BinaryReader {
public:
  BinaryReader(FileGraph &graph, MLIRContext *context) : graph(graph), context(context) {}

  LogicalResult readGraph(StringRef message);
  LogicalResult readMetaGraph(StringRef message);
  LogicalResult readSavedModel(StringRef message, ArrayRef<std::string> tags);

private:
  InFlightDiagnostic error() { return emitError(getFileLoc(context, graph.file->getPath())); }
  LogicalResult damaged(StringRef message, const WireReader &reader, StringRef what) {
    size_t offset = message.data() - graph.file->text().data() + reader.getOffset();
    return error() << "the " << what << " can't be read behind byte " << offset << " of "
                   << graph.file->text().size() << "; the file is cut off or damaged";
  }

  FileGraph &graph;
  MLIRContext *context;
};
} // namespace

// From here on a node holds a weight (bytes).
static constexpr size_t kLargeNode = 1 << 16;

LogicalResult BinaryReader::readGraph(StringRef message) {
  WireReader reader(message);
  std::string rest;
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != kGraphNode || field->type != WireField::Bytes) {
      rest += field->raw;
      continue;
    }
    if (!parseNode(graph.nodes.emplace_back(), field->bytes))
      return error() << "node " << graph.nodes.size() - 1 << " of the graph (at byte "
                     << field->raw.data() - graph.file->text().data()
                     << ") can't be read; the file is damaged";
    // Reading what is around a weight brings in much of the weight.
    if (field->bytes.size() > kLargeNode)
      dropPagesIfMapped(ArrayRef<char>(field->bytes.data(), field->bytes.size()));
  }
  if (!reader.isValid())
    return damaged(message, reader, "graph");
  proto::GraphDef remaining;
  if (!parseMessage(remaining, rest))
    return error() << "the graph's library of functions can't be read; the file is damaged";
  graph.producer = std::max(remaining.versions().producer(), remaining.version());
  graph.library.Swap(remaining.mutable_library());
  return success();
}

LogicalResult BinaryReader::readMetaGraph(StringRef message) {
  WireReader reader(message);
  std::string rest;
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != kMetaGraphGraph || field->type != WireField::Bytes)
      rest += field->raw;
    else if (failed(readGraph(field->bytes)))
      return failure();
  }
  if (!reader.isValid())
    return damaged(message, reader, "meta graph");
  if (!parseMessage(graph.meta, rest))
    return error() << "the meta graph's information about the graph can't be read; the file is "
                      "damaged";
  return success();
}

//===----------------------------------------------------------------------===//
// SavedModels: which meta graph
//===----------------------------------------------------------------------===//

static std::string formatTags(ArrayRef<std::string> tags) {
  return tags.empty() ? "(none)" : llvm::join(tags, ",");
}

// The index of the meta graph that the tags name.
static FailureOr<size_t> selectMetaGraph(ArrayRef<SmallVector<std::string>> candidates,
                                         ArrayRef<std::string> tags, Location loc) {
  if (candidates.empty())
    return emitError(loc) << "the SavedModel holds no meta graph";
  auto find = [&](ArrayRef<std::string> wanted) -> std::optional<size_t> {
    SmallVector<std::string> sorted(wanted);
    llvm::sort(sorted);
    for (auto [index, candidate] : llvm::enumerate(candidates))
      if (ArrayRef<std::string>(candidate) == ArrayRef<std::string>(sorted))
        return index;
    return std::nullopt;
  };
  if (!tags.empty()) {
    if (std::optional<size_t> index = find(tags))
      return *index;
  } else {
    if (candidates.size() == 1)
      return 0;
    // What TensorFlow's own exporters tag for serving; models of TensorFlow Hub
    // have no tag on theirs.
    if (std::optional<size_t> index = find({"serve"}))
      return *index;
    if (std::optional<size_t> index = find({}))
      return *index;
  }
  InFlightDiagnostic diagnostic =
      emitError(loc) << "the SavedModel has no meta graph with the tags "
                     << formatTags(tags.empty() ? ArrayRef<std::string>{"serve"} : tags)
                     << "; it has ";
  llvm::interleave(
      candidates,
      [&](const SmallVector<std::string> &candidate) { diagnostic << formatTags(candidate); },
      [&]() { diagnostic << " and "; });
  return diagnostic;
}

static SmallVector<std::string> sortedTags(const proto::MetaGraphDef::MetaInfoDef &info) {
  SmallVector<std::string> tags(info.tags().begin(), info.tags().end());
  llvm::sort(tags);
  return tags;
}

LogicalResult BinaryReader::readSavedModel(StringRef message, ArrayRef<std::string> tags) {
  SmallVector<StringRef> metaGraphs;
  SmallVector<SmallVector<std::string>> candidates;
  WireReader reader(message);
  while (std::optional<WireField> field = reader.next()) {
    if (field->number != kSavedModelMetaGraphs || field->type != WireField::Bytes)
      continue;
    metaGraphs.push_back(field->bytes);
    proto::MetaGraphDef::MetaInfoDef info;
    if (std::optional<WireField> infoField = findOnly(field->bytes, /*number=*/1))
      parseMessage(info, infoField->bytes);
    candidates.push_back(sortedTags(info));
  }
  if (!reader.isValid())
    return damaged(message, reader, "SavedModel");
  FailureOr<size_t> index =
      selectMetaGraph(candidates, tags, getFileLoc(context, graph.file->getPath()));
  return failed(index) ? failure() : readMetaGraph(metaGraphs[*index]);
}

//===----------------------------------------------------------------------===//
// Text files
//===----------------------------------------------------------------------===//

namespace {
// Turns protobuf's complaints into diagnostics; it counts lines from 0.
class TextErrors : public google::protobuf::io::ErrorCollector {
public:
  TextErrors(MLIRContext *context, StringRef path) : context(context), path(path) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string &message) override {
    // Later ones tend to follow from the first.
    if (!hasErrors)
      emitError(getFileLoc(context, path, std::max(line, 0) + 1, std::max(column, 0) + 1))
          << "text protocol buffer: " << message;
    hasErrors = true;
  }

  bool hasErrors = false;

private:
  MLIRContext *context;
  StringRef path;
};

class TextReader {
public:
  TextReader(FileGraph &graph, MLIRContext *context) : graph(graph), context(context) {}

  LogicalResult parse(Message &message);
  // `tree` belongs to the GraphDef.
  void takeGraph(proto::GraphDef &def, TextFormat::ParseInfoTree *tree);
  void takeMetaGraph(proto::MetaGraphDef &def, TextFormat::ParseInfoTree *tree);

  TextFormat::ParseInfoTree tree;

private:
  FileGraph &graph;
  MLIRContext *context;
};
} // namespace

LogicalResult TextReader::parse(Message &message) {
  StringRef text = graph.file->text();
  if (text.size() > INT_MAX)
    return emitError(getFileLoc(context, graph.file->getPath()))
           << "the text file is larger than 2 GB; give the binary form";
  TextErrors errors(context, graph.file->getPath());
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.AllowUnknownField(true); // of newer versions of TensorFlow
  parser.SetRecursionLimit(100);
  parser.WriteLocationsTo(&tree);
  google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  if (parser.Parse(&stream, &message))
    return success();
  if (!errors.hasErrors)
    return emitError(getFileLoc(context, graph.file->getPath())) << "the text can't be parsed";
  return failure();
}

void TextReader::takeGraph(proto::GraphDef &def, TextFormat::ParseInfoTree *tree) {
  const auto *field = proto::GraphDef::descriptor()->FindFieldByNumber(kGraphNode);
  graph.producer = std::max(def.versions().producer(), def.version());
  graph.library.Swap(def.mutable_library());
  graph.nodes.resize(def.node_size());
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    node.def.Swap(def.mutable_node(index));
    if (!tree)
      continue;
    TextFormat::ParseLocation location = tree->GetLocation(field, index);
    node.line = std::max(location.line, -1) + 1;
    node.column = std::max(location.column, -1) + 1;
  }
}

void TextReader::takeMetaGraph(proto::MetaGraphDef &def, TextFormat::ParseInfoTree *tree) {
  const auto *field = proto::MetaGraphDef::descriptor()->FindFieldByNumber(kMetaGraphGraph);
  takeGraph(*def.mutable_graph_def(), tree ? tree->GetTreeForNested(field, -1) : nullptr);
  def.clear_graph_def();
  graph.meta.Swap(&def);
}

//===----------------------------------------------------------------------===//
// All kinds
//===----------------------------------------------------------------------===//

static LogicalResult readTextSavedModel(FileGraph &graph, ArrayRef<std::string> tags,
                                        MLIRContext *context) {
  TextReader reader(graph, context);
  proto::SavedModel model;
  if (failed(reader.parse(model)))
    return failure();
  SmallVector<SmallVector<std::string>> candidates;
  for (const proto::MetaGraphDef &meta : model.meta_graphs())
    candidates.push_back(sortedTags(meta.meta_info_def()));
  FailureOr<size_t> index =
      selectMetaGraph(candidates, tags, getFileLoc(context, graph.file->getPath()));
  if (failed(index))
    return failure();
  const auto *field = proto::SavedModel::descriptor()->FindFieldByNumber(kSavedModelMetaGraphs);
  reader.takeMetaGraph(*model.mutable_meta_graphs(*index),
                       reader.tree.GetTreeForNested(field, *index));
  return success();
}

static LogicalResult readInto(FileGraph &graph, FileKind kind, ArrayRef<std::string> tags,
                              MLIRContext *context) {
  StringRef bytes = graph.file->text();
  switch (kind) {
  case FileKind::GraphDef:
    return BinaryReader(graph, context).readGraph(bytes);
  case FileKind::MetaGraphDef:
    return BinaryReader(graph, context).readMetaGraph(bytes);
  case FileKind::SavedModel:
    return BinaryReader(graph, context).readSavedModel(bytes, tags);
  case FileKind::GraphDefText: {
    TextReader reader(graph, context);
    proto::GraphDef def;
    if (failed(reader.parse(def)))
      return failure();
    reader.takeGraph(def, &reader.tree);
    return success();
  }
  case FileKind::MetaGraphDefText: {
    TextReader reader(graph, context);
    proto::MetaGraphDef def;
    if (failed(reader.parse(def)))
      return failure();
    reader.takeMetaGraph(def, &reader.tree);
    return success();
  }
  case FileKind::SavedModelText:
    return readTextSavedModel(graph, tags, context);
  default:
    return emitError(getFileLoc(context, graph.file->getPath()))
           << "this is " << describeFileKind(kind) << ", not a TensorFlow graph";
  }
}

FailureOr<FileGraph> bertmlir::readGraph(std::shared_ptr<MappedFile> file, FileKind kind,
                                         ArrayRef<std::string> tags, MLIRContext *context) {
  FileGraph graph;
  graph.file = std::move(file);
  if (failed(readInto(graph, kind, tags, context)))
    return failure();
  if (graph.nodes.empty())
    return emitError(getFileLoc(context, graph.file->getPath())) << "the graph holds no nodes";
  inlineFunctions(graph);
  return graph;
}
