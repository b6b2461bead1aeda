//===- NodeTypes.h - what a node's outputs are -----------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_NODETYPES_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_NODETYPES_H

#include "GraphReader.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include "llvm/ADT/StringMap.h"

namespace bertmlir {

/// Finds the types of nodes' outputs, which graph files don't state: from the dialect's table of
/// ops, then from the definitions that a meta graph brings for the ops it uses, then from what the
/// other nodes ask for.
class NodeTypes {
public:
  NodeTypes(const FileGraph &graph, mlir::MLIRContext *context);

  /// The types of the data outputs. `portsUsed` is one more than the highest port that another node
  /// takes. Fails with a reason, in words that follow "node 'x' (Op) ".
  mlir::FailureOr<llvm::SmallVector<mlir::Type>> infer(const proto::NodeDef &node,
                                                       mlir::DictionaryAttr attrs,
                                                       unsigned portsUsed, std::string &reason);

private:
  mlir::FailureOr<llvm::SmallVector<mlir::Type>>
  inferFromDefinition(const proto::OpDef &op, mlir::DictionaryAttr attrs, std::string &reason);

  mlir::MLIRContext *context;
  int producer;
  llvm::StringMap<const proto::OpDef *> definitions;
};

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_NODETYPES_H
