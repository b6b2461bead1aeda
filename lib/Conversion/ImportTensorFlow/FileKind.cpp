//===- FileKind.cpp - what a file is, from its content ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "FileKind.h"

#include "SSTable.h"

#include "bert/Support/ProtoWire.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace bertmlir;

// NodeDef and MetaInfoDef are what a GraphDef and a MetaGraphDef begin with, both
// as field 1. The second field tells them apart: the name of an op, or a list of
// op definitions.
static bool looksLikeNode(StringRef message) {
  WireReader reader(message);
  bool hasOp = false;
  while (std::optional<WireField> field = reader.next()) {
    if (field->number > 7 || (field->number <= 5 && field->type != WireField::Bytes))
      return false;
    if (field->number == 2) {
      hasOp = !field->bytes.empty() && (isAlpha(field->bytes[0]) || field->bytes[0] == '_') &&
              all_of(field->bytes.take_front(200),
                     [](char c) { return isAlnum(c) || StringRef("_.>:-/").contains(c); });
      break;
    }
  }
  return hasOp;
}

static FileKind detectBinary(StringRef bytes) {
  WireReader reader(bytes);
  std::optional<WireField> first = reader.next();
  if (!first)
    return FileKind::Unknown;
  if (first->number == 1 && first->type == WireField::Varint) {
    // A SavedModel's schema version, or an ONNX model's.
    std::optional<WireField> second = reader.next();
    if (second && second->number == 2 && second->type == WireField::Bytes) {
      WireReader meta(second->bytes);
      std::optional<WireField> inner = meta.next();
      // ONNX has the producer's name there, which is text.
      if (inner && inner->type == WireField::Bytes && inner->number <= 7)
        return FileKind::SavedModel;
    }
    return second && first->value < 100 && second->number <= 20 && second->type == WireField::Bytes
               ? FileKind::ONNX
               : FileKind::Unknown;
  }
  if (first->type != WireField::Bytes)
    return FileKind::Unknown;
  // Writers put fields in the order of their numbers, but nothing asks for it.
  switch (first->number) {
  case 1:
    if (looksLikeNode(first->bytes))
      return FileKind::GraphDef;
    {
      std::optional<WireField> second = reader.next();
      if (second && second->number <= 7 && second->type == WireField::Bytes)
        return FileKind::MetaGraphDef;
    }
    return FileKind::Unknown;
  case 2: {
    // A meta graph without meta information, or a graph that begins with its
    // function library.
    WireReader graph(first->bytes);
    std::optional<WireField> node = graph.next();
    if (node && node->number == 1 && node->type == WireField::Bytes && looksLikeNode(node->bytes))
      return FileKind::MetaGraphDef;
    return FileKind::GraphDef;
  }
  case 4:
    return FileKind::GraphDef;
  default:
    return FileKind::Unknown;
  }
}

static FileKind classifyTextField(StringRef name) {
  return StringSwitch<FileKind>(name)
      .Cases({"node", "versions", "version", "library"}, FileKind::GraphDefText)
      .Cases({"meta_info_def", "graph_def", "saver_def", "collection_def", "signature_def",
              "asset_file_def", "object_graph_def"},
             FileKind::MetaGraphDefText)
      .Cases({"saved_model_schema_version", "meta_graphs"}, FileKind::SavedModelText)
      .Cases({"model_checkpoint_path", "all_model_checkpoint_paths"}, FileKind::CheckpointState)
      .Default(FileKind::Unknown);
}

// The first known field name at the beginning of a line decides; others may be
// from a newer TensorFlow.
static FileKind detectText(StringRef bytes) {
  StringRef rest = bytes.take_front(size_t(1) << 20);
  bool isFirst = true;
  while (!rest.empty()) {
    auto [line, tail] = rest.split('\n');
    rest = tail;
    if (isFirst)
      line = line.ltrim();
    if (line.trim().empty() || line.starts_with("#"))
      continue;
    isFirst = false;
    StringRef name = line.take_while([](char c) { return isAlnum(c) || c == '_'; });
    StringRef after = line.drop_front(name.size()).ltrim();
    if (name.empty() || !(after.empty() || after.starts_with("{") || after.starts_with(":") ||
                          after.starts_with("<")))
      continue;
    FileKind kind = classifyTextField(name);
    if (kind != FileKind::Unknown)
      return kind;
  }
  return FileKind::Unknown;
}

FileKind bertmlir::detectFileKind(StringRef bytes) {
  if (bytes.empty())
    return FileKind::Empty;
  if (bytes.starts_with("\x1f\x8b"))
    return FileKind::Gzip;
  if (bytes.starts_with("PK\x03\x04"))
    return FileKind::Zip;
  if (bytes.starts_with("\x89HDF\r\n"))
    return FileKind::HDF5;
  if (bytes.starts_with("ML\xefR"))
    return FileKind::MLIR;
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3")
    return FileKind::TFLite;
  if (bytes.starts_with("\x80\x02") || bytes.starts_with("\x80\x04"))
    return FileKind::Pickle;
  if (bytes.starts_with("version https://git-lfs"))
    return FileKind::GitLFS;
  if (isSSTable(bytes))
    return FileKind::SortedTable;
  if (bytes.size() > 9 && bytes[8] == '{' && bytes.substr(3, 5) == StringRef("\0\0\0\0\0", 5))
    return FileKind::Safetensors;

  StringRef start = bytes.take_front(4096);
  start.consume_front("\xef\xbb\xbf");
  bool isText = all_of(start, [](unsigned char c) { return c >= ' ' || isSpace(c); });
  if (isText) {
    StringRef trimmed = start.ltrim();
    if (trimmed.starts_with("<?xml") || trimmed.starts_with("<net"))
      return FileKind::OpenVINO;
    if (trimmed.starts_with_insensitive("<!doctype") || trimmed.starts_with_insensitive("<html"))
      return FileKind::HTML;
    if (trimmed.starts_with("{"))
      return FileKind::JSON;
    if (trimmed.starts_with("module") || trimmed.starts_with("//") ||
        trimmed.starts_with("func.func") || trimmed.starts_with("tf.graph") ||
        trimmed.starts_with("\"builtin.module\""))
      return FileKind::MLIR;
  }
  if (isText) {
    FileKind kind = detectText(bytes);
    if (kind != FileKind::Unknown)
      return kind;
  }
  return detectBinary(bytes);
}

StringRef bertmlir::describeFileKind(FileKind kind) {
  switch (kind) {
  case FileKind::Unknown:
    return "a file of a kind that is not recognised";
  case FileKind::Empty:
    return "an empty file";
  case FileKind::GraphDef:
    return "a TensorFlow graph (GraphDef)";
  case FileKind::MetaGraphDef:
    return "a TensorFlow meta graph (MetaGraphDef)";
  case FileKind::SavedModel:
    return "a TensorFlow SavedModel";
  case FileKind::GraphDefText:
    return "a TensorFlow graph as text (GraphDef)";
  case FileKind::MetaGraphDefText:
    return "a TensorFlow meta graph as text (MetaGraphDef)";
  case FileKind::SavedModelText:
    return "a TensorFlow SavedModel as text";
  case FileKind::CheckpointState:
    return "the file 'checkpoint' that lists a folder's checkpoints";
  case FileKind::SortedTable:
    return "a TensorFlow checkpoint (its index, or one of the old format V1)";
  case FileKind::Gzip:
    return "compressed with gzip";
  case FileKind::Zip:
    return "a zip archive";
  case FileKind::HDF5:
    return "an HDF5 file (Keras)";
  case FileKind::ONNX:
    return "an ONNX model";
  case FileKind::OpenVINO:
    return "XML, such as an OpenVINO IR";
  case FileKind::TFLite:
    return "a TensorFlow Lite model";
  case FileKind::Safetensors:
    return "a safetensors file";
  case FileKind::Pickle:
    return "a Python pickle, such as a PyTorch checkpoint";
  case FileKind::JSON:
    return "JSON";
  case FileKind::HTML:
    return "an HTML page";
  case FileKind::GitLFS:
    return "a Git LFS pointer";
  case FileKind::MLIR:
    return "an MLIR module";
  }
  return "";
}

StringRef bertmlir::adviseOnFileKind(FileKind kind) {
  switch (kind) {
  case FileKind::Gzip:
    return "uncompress it first (gunzip)";
  case FileKind::Zip:
    return "unpack it first";
  case FileKind::SortedTable:
    return "give the graph that belongs to it (.meta or .pb) as the model and this as the "
           "checkpoint";
  case FileKind::CheckpointState:
    return "give the .meta file beside it";
  case FileKind::ONNX:
  case FileKind::TFLite:
  case FileKind::HDF5:
  case FileKind::Pickle:
  case FileKind::Safetensors:
    return "a graph that TensorFlow 1.x wrote (.pb, .pbtxt, .meta or a SavedModel) is needed";
  case FileKind::HTML:
    return "the download gave an error page instead of the file";
  case FileKind::GitLFS:
    return "fetch the real file (git lfs pull)";
  default:
    return "";
  }
}
