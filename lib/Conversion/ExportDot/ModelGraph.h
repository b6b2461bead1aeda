//===- ModelGraph.h - a model as boxes and arrows ---------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_EXPORTDOT_MODELGRAPH_H
#define BERT_LIB_CONVERSION_EXPORTDOT_MODELGRAPH_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"

#include <string>
#include <vector>

namespace bertmlir::exportdot {

enum class NodeKind { Input, Output, Compute, Movement };

struct Node {
  NodeKind kind;
  /// The op, as its floor calls it.
  std::string title;
  /// The layer's name; empty where it has none.
  std::string name;
  /// What was folded away into it: weights and small constants.
  std::vector<std::string> details;
};

struct Edge {
  unsigned from, to;
  /// The types of what flows, each once.
  std::vector<std::string> labels;
};

/// What a reader wants to see of a block: the ops that the inputs reach. What depends on no input
/// (weights, constants, variables and their initial values), sizes and views are folded away.
struct ModelGraph {
  std::vector<Node> nodes;
  std::vector<Edge> edges;

  /// `block` is the body of a model function or of a `tf.graph`; its ops may be of any floor.
  static ModelGraph of(mlir::Block &block);
};

/// The box that a layer is drawn in, by the scopes of its name: up to the layer's number
/// (`bert/encoder/layer_3`), else the first two. Empty for names without a scope.
llvm::StringRef getScope(llvm::StringRef layerName);

} // namespace bertmlir::exportdot

#endif // BERT_LIB_CONVERSION_EXPORTDOT_MODELGRAPH_H
