//===- TFOps.h - the tf dialect: ops, types, helpers -----------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_IR_TFOPS_H
#define BERT_DIALECT_TF_IR_TFOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TypeUtilities.h"

namespace bertmlir::tf::detail {
/// The operands of a node before its first control operand.
mlir::OperandRange dataOperands(mlir::Operation *op);
/// Checks a node's layout: operand and result groups, name, attributes.
mlir::LogicalResult verifyNode(mlir::Operation *op);
/// The one spelling of all nodes; see the dialect's description.
mlir::ParseResult parseNode(mlir::OpAsmParser &parser, mlir::OperationState &result);
void printNode(mlir::OpAsmPrinter &printer, mlir::Operation *op);
} // namespace bertmlir::tf::detail

#include "bert/Dialect/TF/IR/TFDialect.h.inc"

#define GET_TYPEDEF_CLASSES
#include "bert/Dialect/TF/IR/TFTypes.h.inc"

#include "bert/Dialect/TF/IR/TFInterfaces.h.inc"

#define GET_OP_CLASSES
#include "bert/Dialect/TF/IR/TFOps.h.inc"

namespace bertmlir::tf {

/// Attribute of a variable (`VariableV2`, `Variable`, `VarHandleOp`) that holds its value in the
/// checkpoint: an ElementsAttr, usually a dense_resource that points into the mapped file.
inline constexpr llvm::StringLiteral kCheckpointValueAttr = "tf.checkpoint_value";
/// Masked CRC32C of that value's bytes as the checkpoint states it (i32), checked when the variable
/// is frozen.
inline constexpr llvm::StringLiteral kCheckpointCrcAttr = "tf.checkpoint_crc32c";
/// Says why a variable has no value although a checkpoint was given, in words that follow "variable
/// 'x' " (a string). An error only where the value is needed.
inline constexpr llvm::StringLiteral kCheckpointProblemAttr = "tf.checkpoint_problem";
/// Attribute of a `tf.input`: the shape that the user asks for where it is not the graph's own;
/// lower and upper limit of each dimension, flattened, -1 as upper limit: none.
inline constexpr llvm::StringLiteral kRequestedBoundsAttr = "tf.requested_bounds";
/// Unit attribute of a `tf.Const` that holds a trained value: it becomes an `ov.weight`.
inline constexpr llvm::StringLiteral kVariableAttr = "tf.variable";

/// The attribute `name` of TensorFlow's own attributes, or null.
mlir::Attribute getNodeAttr(NodeOp node, llvm::StringRef name);

/// TensorFlow's boolean, integer, float, string and type attributes with a default for the case
/// that the file leaves them out or spells them with another kind.
bool getBoolAttr(NodeOp node, llvm::StringRef name, bool defaultValue);
int64_t getIntAttr(NodeOp node, llvm::StringRef name, int64_t defaultValue);
double getFloatAttr(NodeOp node, llvm::StringRef name, double defaultValue);
llvm::StringRef getStringAttr(NodeOp node, llvm::StringRef name, llvm::StringRef defaultValue);
mlir::Type getTypeAttr(NodeOp node, llvm::StringRef name);

/// The element types of a node's data results, from the op's output spec and the node's attributes.
/// Fails, without a diagnostic but with a reason, where an attribute is missing or of another kind.
mlir::FailureOr<llvm::SmallVector<mlir::Type>>
inferElementTypes(llvm::StringRef outputSpec, mlir::DictionaryAttr attrs, std::string &reason);

/// The name of TensorFlow's tensor that `value` is: `node` for port 0 with `shortSpelling`, else
/// `node:port`.
std::string getTensorName(mlir::Value value, bool shortSpelling = false);

/// Creates an ODS op (or a `tf.node` where `opName` has none) without operands; set them afterwards
/// with `setOperands`, since a graph may hold cycles. `resultTypes` are the data results'.
mlir::Operation *createNode(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef opName,
                            llvm::StringRef nodeName, llvm::StringRef device,
                            mlir::DictionaryAttr attrs, mlir::TypeRange resultTypes);

/// The registered op `tf.<opName>` if the dialect has one that is a node.
std::optional<mlir::RegisteredOperationName> lookupNodeOp(mlir::MLIRContext *context,
                                                          llvm::StringRef opName);

} // namespace bertmlir::tf

#endif // BERT_DIALECT_TF_IR_TFOPS_H
