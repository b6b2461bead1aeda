//===- NodeConverter.h - one TensorFlow node becomes ov ops ------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the conversion: what a rule for one op sees, and the table of rules.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TFTOOV_NODECONVERTER_H
#define LIB_CONVERSION_TFTOOV_NODECONVERTER_H

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/TF/IR/TFOps.h"

namespace bertmlir::tftoov {

/// The node that is being converted, the ov values of its operands, and what its results become.
class NodeConverter {
public:
  NodeConverter(mlir::OpBuilder &builder, tf::NodeOp node, llvm::SmallVector<mlir::Value> operands);

  mlir::OpBuilder &builder;
  tf::NodeOp node;
  llvm::SmallVector<mlir::Value> operands;
  llvm::SmallVector<mlir::Value> results;

  /// The location of the op that stands for the node, and of a helper beside it (`node/suffix`).
  mlir::Location loc() const { return nodeLoc; }
  mlir::Location loc(llvm::StringRef suffix);

  mlir::Value operand(unsigned index) const { return operands[index]; }
  /// The operand's type if its rank is known, else null.
  mlir::RankedTensorType rankedType(unsigned index) const;
  mlir::Type elementType(unsigned index) const;

  /// Creates the op that stands for the node.
  template <typename OpT, typename... Args> OpT create(Args &&...args) {
    return OpT::create(builder, nodeLoc, std::forward<Args>(args)...);
  }
  /// Creates a helper op; its layer is called `node/suffix`.
  template <typename OpT, typename... Args> OpT helper(llvm::StringRef suffix, Args &&...args) {
    return OpT::create(builder, loc(suffix), std::forward<Args>(args)...);
  }
  mlir::Value ints(llvm::StringRef suffix, llvm::ArrayRef<int64_t> values, mlir::Type type = {});
  mlir::Value scalar(llvm::StringRef suffix, int64_t value, mlir::Type type = {});
  /// A scalar constant of any element type.
  mlir::Value number(llvm::StringRef suffix, double value, mlir::Type type);

  mlir::LogicalResult give(mlir::ValueRange values) {
    results.assign(values.begin(), values.end());
    return mlir::success();
  }
  /// An error that names the node and its op.
  mlir::InFlightDiagnostic error();

private:
  mlir::Location nodeLoc;
};

using Rule = mlir::LogicalResult (*)(NodeConverter &);

/// Each topic adds its rules under TensorFlow's op names.
using RuleTable = llvm::StringMap<Rule>;
void addElementwiseRules(RuleTable &table);
void addComputeRules(RuleTable &table);
void addMovementRules(RuleTable &table);
void addConvolutionRules(RuleTable &table);
void addQuantizationRules(RuleTable &table);

/// `input` with `before` and `behind` times `value` joined to it along `axis`; helpers are called
/// `node/name`.
mlir::Value padAlong(NodeConverter &c, mlir::Value input, int64_t axis, int64_t before,
                     int64_t behind, mlir::Value value, const std::string &name);

} // namespace bertmlir::tftoov

#endif // LIB_CONVERSION_TFTOOV_NODECONVERTER_H
