//===- ImportTensorFlowCheckpoint.h - TensorFlow's checkpoints -------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The files that tf.train.Saver writes (format V2, "TensorBundle"): `P.index`
// lists the tensors, `P.data-00000-of-0000N` hold their bytes. The files are
// mapped; only the index is read.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_CONVERSION_IMPORTTENSORFLOWCHECKPOINT_H
#define BERT_CONVERSION_IMPORTTENSORFLOWCHECKPOINT_H

#include "bert/Support/MappedFile.h"
#include "bert/Support/ResourceBlob.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LLVM.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bertmlir {

namespace proto {
class BundleEntryProto;
} // namespace proto

/// The prefix P of a checkpoint, from what users take for its name: P itself, `P.index`, `P.meta`,
/// `P.data-*`, the folder it is in (whose file `checkpoint` says which is the latest, or which
/// holds one checkpoint), or a SavedModel folder. Errors say what was looked for.
mlir::FailureOr<std::string> resolveCheckpointPrefix(llvm::StringRef path,
                                                     mlir::MLIRContext *context);

/// `path` without `.index`, `.meta` or `.data-d-of-d`; no file is looked at.
llvm::StringRef stripCheckpointSuffix(llvm::StringRef path);

/// A part of a tensor: for each dimension where it begins and how long it is.
struct TensorSlice {
  llvm::SmallVector<int64_t> start;
  llvm::SmallVector<int64_t> length;

  bool operator==(const TensorSlice &other) const {
    return start == other.start && length == other.length;
  }
};

/// A tensor's value in a checkpoint. The bytes have not been read unless `isChecked`.
struct CheckpointValue {
  mlir::RankedTensorType type;
  SharedBytes bytes;
  /// CRC-32C of the bytes, in the masked form the file has. Meaningless if `isChecked`.
  uint32_t maskedCrc = 0;
  /// The value had to be put together from several pieces; their checksums were checked then.
  bool isChecked = false;
};

/// An open checkpoint.
class Checkpoint {
public:
  /// `path` as for resolveCheckpointPrefix(). Reports errors and returns null.
  static std::unique_ptr<Checkpoint> open(llvm::StringRef path, mlir::MLIRContext *context);
  ~Checkpoint();

  llvm::StringRef getPrefix() const { return prefix; }

  /// The names of all tensors, sorted. They live as long as the checkpoint.
  llvm::ArrayRef<llvm::StringRef> getNames() const { return names; }
  bool contains(llvm::StringRef name) const;

  /// The type of a tensor (of the whole one if it is stored in slices). Where it can't be had, as
  /// with strings, `reason` says why, in words that follow "the checkpoint's tensor 'x' ".
  mlir::FailureOr<mlir::RankedTensorType> getType(llvm::StringRef name, std::string &reason);

  /// The value of a tensor. All sizes and offsets are checked against the files.
  mlir::FailureOr<CheckpointValue> getValue(llvm::StringRef name, std::string &reason);
  /// A part of it, whether or not the tensor is stored in such parts.
  mlir::FailureOr<CheckpointValue> getValue(llvm::StringRef name, const TensorSlice &slice,
                                            std::string &reason);
  /// The parts in which a tensor is stored, sorted by their position; empty if it is stored whole.
  llvm::SmallVector<TensorSlice> getStoredSlices(llvm::StringRef name);

  /// Reads the value, compares its checksum and gives the pages back.
  static bool verify(const CheckpointValue &value);

private:
  Checkpoint(std::string prefix, mlir::MLIRContext *context);
  mlir::LogicalResult readIndex();
  mlir::LogicalResult readHeader(llvm::StringRef value);
  const proto::BundleEntryProto *lookup(llvm::StringRef key) const;
  mlir::FailureOr<std::shared_ptr<MappedFile>> getShard(int64_t shard, std::string &reason);
  mlir::FailureOr<mlir::RankedTensorType> getEntryType(const proto::BundleEntryProto &entry,
                                                       std::string &reason);
  mlir::FailureOr<CheckpointValue> getEntryValue(const proto::BundleEntryProto &entry,
                                                 mlir::RankedTensorType type, std::string &reason);

  std::string prefix;
  mlir::MLIRContext *context;
  std::map<std::string, proto::BundleEntryProto, std::less<>> entries;
  llvm::SmallVector<llvm::StringRef> names;
  std::vector<std::shared_ptr<MappedFile>> shards;
};

} // namespace bertmlir

#endif // BERT_CONVERSION_IMPORTTENSORFLOWCHECKPOINT_H
