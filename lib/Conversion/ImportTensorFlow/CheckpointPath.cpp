//===- CheckpointPath.cpp - which checkpoint the user means ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A checkpoint's name, `model.ckpt`, is no file; users give it, or one of the
// files that begin with it, or their folder.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportTensorFlowCheckpoint.h"

#include "FileKind.h"
#include "SSTable.h"
#include "TensorFlow.pb.h"

#include "bert/Support/Diagnostics.h"
#include "bert/Support/NearMiss.h"

#include "google/protobuf/text_format.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace bertmlir;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

StringRef bertmlir::stripCheckpointSuffix(StringRef name) {
  for (StringRef suffix : {".index", ".meta"})
    if (name.size() > suffix.size() && name.ends_with(suffix))
      return name.drop_back(suffix.size());
  size_t at = name.rfind(".data-");
  if (at != StringRef::npos && at != 0) {
    auto [shard, count] = name.drop_front(at + 6).split("-of-");
    auto isNumber = [](StringRef text) {
      return !text.empty() && llvm::all_of(text, llvm::isDigit);
    };
    if (isNumber(shard) && isNumber(count))
      return name.take_front(at);
  }
  return name;
}

// The prefixes of all checkpoints in a folder, sorted.
static SmallVector<std::string> listCheckpoints(StringRef folder) {
  SmallVector<std::string> prefixes;
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end;
       it.increment(error)) {
    StringRef name = path::filename(it->path());
    if (name.size() > 6 && name.consume_back(".index"))
      prefixes.push_back(name.str());
  }
  llvm::sort(prefixes);
  return prefixes;
}

static std::string join(StringRef folder, StringRef name) {
  SmallString<256> result(folder);
  path::append(result, name);
  return result.str().str();
}

static bool isCheckpoint(StringRef prefix) { return fs::exists(prefix + ".index"); }

// What the text file `checkpoint` says is the latest; "" if there is none.
static std::string readState(StringRef folder) {
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(join(folder, "checkpoint"));
  if (!file) {
    llvm::consumeError(file.takeError());
    return "";
  }
  proto::CheckpointState state;
  google::protobuf::TextFormat::Parser parser;
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(64);
  if (!parser.ParseFromString((*file)->text().str(), &state))
    return "";
  return state.model_checkpoint_path();
}

static FailureOr<std::string> resolveFolder(StringRef folder, MLIRContext *context) {
  auto error = [&]() { return emitError(getFileLoc(context, folder)); };
  std::string latest = readState(folder);
  if (!latest.empty()) {
    // Relative names are relative to the folder; absolute ones are often those of
    // the machine that trained.
    if (path::is_relative(latest) && isCheckpoint(join(folder, latest)))
      return join(folder, latest);
    if (path::is_absolute(latest) && isCheckpoint(latest))
      return latest;
    std::string local = join(folder, path::filename(latest));
    if (isCheckpoint(local))
      return local;
  }
  std::string variables = join(join(folder, "variables"), "variables");
  if (isCheckpoint(variables))
    return variables;
  SmallVector<std::string> prefixes = listCheckpoints(folder);
  if (prefixes.size() == 1)
    return join(folder, prefixes.front());
  if (prefixes.empty())
    return error() << "the folder holds no checkpoint (no file that ends in .index)"
                   << (latest.empty() ? ""
                                      : ", though its file 'checkpoint' names '" + latest + "'");
  return error() << "the folder holds " << prefixes.size() << " checkpoints ("
                 << llvm::join(ArrayRef(prefixes).take_front(5), ", ")
                 << (prefixes.size() > 5 ? ", ..." : "") << "); name one of them";
}

FailureOr<std::string> bertmlir::resolveCheckpointPrefix(StringRef name, MLIRContext *context) {
  if (fs::is_directory(name))
    return resolveFolder(name, context);
  // A name may itself end like a suffix, so the plain one goes first.
  if (isCheckpoint(name))
    return name.str();
  StringRef prefix = stripCheckpointSuffix(name);
  if (isCheckpoint(prefix))
    return prefix.str();
  if (path::filename(name) == "checkpoint" && fs::exists(name))
    return resolveFolder(path::parent_path(name).empty() ? "." : path::parent_path(name), context);

  auto error = [&]() { return emitError(getFileLoc(context, name)); };
  llvm::Expected<std::shared_ptr<MappedFile>> file = MappedFile::open(name);
  if (!file) {
    llvm::consumeError(file.takeError());
  } else if (prefix == name) {
    FileKind kind = detectFileKind((*file)->text());
    if (kind == FileKind::SortedTable)
      return error() << "this is a checkpoint of the old format V1 (a single file); load it in "
                        "TensorFlow and save it again with "
                        "tf.train.Saver(write_version=tf.train.SaverDef.V2)";
    return error() << "this is " << describeFileKind(kind) << ", not a checkpoint";
  }
  if (fs::exists(prefix + ".meta") || prefix != name)
    return error() << "the checkpoint's index '" << prefix << ".index' is missing; it belongs to "
                   << "the files " << path::filename(prefix) << ".data-*";
  SmallVector<std::string> others = listCheckpoints(path::parent_path(prefix));
  SmallVector<StringRef> candidates(others.begin(), others.end());
  return error() << "no such checkpoint: there is no '" << prefix << ".index'"
                 << suggestNames(path::filename(prefix), candidates);
}
