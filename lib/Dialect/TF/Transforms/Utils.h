//===- Utils.h - what the passes on tf share ------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_TF_TRANSFORMS_UTILS_H
#define LIB_DIALECT_TF_TRANSFORMS_UTILS_H

#include "bert/Dialect/TF/IR/TFOps.h"
#include "llvm/ADT/StringMap.h"

namespace bertmlir::tf {

/// The nodes of a graph by name.
class NodeIndex {
public:
  explicit NodeIndex(GraphOp graph);

  /// The node, or null.
  NodeOp lookup(llvm::StringRef name) const { return nodes.lookup(name); }
  /// The end of an error about an unknown node: near misses, or where there are none what could
  /// have been meant.
  std::string suggest(llvm::StringRef name, llvm::ArrayRef<mlir::Value> candidates) const;

private:
  llvm::StringMap<NodeOp> nodes;
};

/// Everything that the graph's `tf.output`s need through data edges; without what sources
/// need, if asked.
llvm::DenseSet<mlir::Operation *> collectNeeded(GraphOp graph, bool upToSources = false);

/// Whether a node lies in a scope of TensorFlow 1's savers, optimizers or initialisers.
bool isBookkeepingName(llvm::StringRef name);

/// Removes the ops, whatever uses they have among themselves.
void eraseAll(llvm::ArrayRef<mlir::Operation *> ops);

/// Replaces the data results of a node by other values; control edges stay.
void replaceData(NodeOp node, mlir::ValueRange values);

/// The node that produces a value, seen through nodes that pass their operand on; null if there is
/// none.
NodeOp getProducer(mlir::Value value);

/// Whether the node does nothing but pass its first operands on.
bool isPassThrough(mlir::Operation *op);

/// Whether examples come out of the node: a placeholder, an iterator, a queue, a parser of records.
bool isSource(mlir::Operation *op);

/// The value of a constant, seen through nodes that pass it on; null if it is none or holds no
/// bytes.
mlir::DenseElementsAttr getConstant(mlir::Value value);
/// The one float, or boolean, that a constant holds.
std::optional<double> getConstantFloat(mlir::Value value);
std::optional<bool> getConstantBool(mlir::Value value);

/// The location for messages about a graph as a whole.
mlir::InFlightDiagnostic emitNodeError(NodeOp node);

} // namespace bertmlir::tf

#endif // LIB_DIALECT_TF_TRANSFORMS_UTILS_H
