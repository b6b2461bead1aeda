//===- ModelLowering.h - one ov op becomes loop nests on tensors ---------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the conversion: what a rule for one op sees and builds with, and the
// table of rules. Shapes are followed by name (SymbolicShapes), so that sizes are
// products of the inputs' dimensions and two open dimensions that are equal need
// no test at run time.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_OVTOLINALG_MODELLOWERING_H
#define LIB_CONVERSION_OVTOLINALG_MODELLOWERING_H

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/OV/Transforms/SymbolicShapes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/StringMap.h"

namespace bertmlir::ovtolinalg {

/// Sizes: an index attribute where a size is known, else an index value.
using Dims = llvm::SmallVector<mlir::OpFoldResult, 4>;

/// A lowered tensor, with its shape by name and its sizes.
struct Tensor {
  mlir::Value value;
  ov::SymbolicShape shape;
  Dims dims;

  int64_t rank() const { return dims.size(); }
  mlir::RankedTensorType type() const {
    return llvm::cast<mlir::RankedTensorType>(value.getType());
  }
  mlir::Type elementType() const { return type().getElementType(); }
};

/// An operand of a loop nest: which element each iteration reads.
struct LoopOperand {
  mlir::Value tensor;
  mlir::AffineMap map;
};

/// Builds the body of a loop nest.
using LoopBuilder = mlir::ImplicitLocOpBuilder;

/// Computes an iteration's element from the operands' elements; in a reduction the last argument is
/// what has been accumulated.
using Body = llvm::function_ref<mlir::Value(LoopBuilder &, mlir::ValueRange)>;

class ModelLowering {
public:
  explicit ModelLowering(mlir::func::FuncOp function);

  /// Lowers all ov ops of the function. One error tells all that can't be lowered.
  mlir::LogicalResult run();

  /// Whether a value holds unsigned integers, which are kept as signless ones.
  bool isUnsigned(mlir::Value value) const { return unsignedValues.contains(value); }

  mlir::ImplicitLocOpBuilder builder;
  mlir::func::FuncOp function;
  ov::SymbolicShapes shapes;

  //===--------------------------------------------------------------------===//
  // For rules
  //===--------------------------------------------------------------------===//

  /// Says why an op can't be lowered; all such reasons become one error.
  mlir::LogicalResult refuse(const llvm::Twine &reason);

  /// What an ov value has become.
  Tensor get(mlir::Value value);
  /// Sets what the current op's result becomes, cast to the declared type where that differs.
  mlir::LogicalResult give(unsigned result, mlir::Value value);
  mlir::LogicalResult give(mlir::Value value) { return give(0, value); }

  /// The shape and the sizes of a result of the current op (`value` stays empty). What the types
  /// and names don't tell, `compute` does.
  Tensor result(unsigned index, llvm::function_ref<mlir::OpFoldResult(int64_t)> compute = nullptr);

  /// The elements of an integer tensor of rank 0 or 1 as sizes; none if their number is open.
  std::optional<Dims> elements(mlir::Value value);

  //===--------------------------------------------------------------------===//
  // Sizes
  //===--------------------------------------------------------------------===//

  mlir::Value index(mlir::OpFoldResult size);
  mlir::OpFoldResult number(int64_t value) { return builder.getIndexAttr(value); }
  mlir::OpFoldResult add(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult subtract(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult multiply(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult minimum(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult maximum(mlir::OpFoldResult a, mlir::OpFoldResult b);
  /// Rounded up, as if by a divisor of at least 1.
  mlir::OpFoldResult ceilDivide(mlir::OpFoldResult a, mlir::OpFoldResult b);
  /// `a` where the condition holds, for sizes whose comparison is `predicate`.
  mlir::OpFoldResult select(mlir::arith::CmpIPredicate predicate, mlir::OpFoldResult lhs,
                            mlir::OpFoldResult rhs, mlir::OpFoldResult a, mlir::OpFoldResult b);
  static mlir::RankedTensorType tensorType(const Dims &dims, mlir::Type elementType);

  //===--------------------------------------------------------------------===//
  // Loop nests
  //===--------------------------------------------------------------------===//

  mlir::Value empty(const Dims &dims, mlir::Type elementType);
  /// A tensor whose elements do not depend on each other; one loop per dimension.
  mlir::Value generate(const Dims &dims, mlir::Type elementType,
                       llvm::ArrayRef<LoopOperand> operands, Body body);
  /// A loop nest over `numLoops` loops that accumulates, from `init` on, into a tensor which
  /// `resultMap` places; loops that it does not hold are reductions.
  mlir::Value accumulate(unsigned numLoops, mlir::AffineMap resultMap, const Dims &dims,
                         mlir::Value init, llvm::ArrayRef<LoopOperand> operands, Body body);
  /// Applies `body` element by element, with operands broadcast by numpy's rules to `result`.
  mlir::Value elementwise(const Tensor &result, mlir::Type elementType,
                          llvm::ArrayRef<Tensor> operands, Body body);
  /// As above for operands whose dimension i lies at the result's dimension `places[i]`.
  mlir::Value broadcast(const Tensor &result, const Tensor &operand,
                        llvm::ArrayRef<int64_t> places);
  /// Reduces over some dimensions; they are gone from the result.
  Tensor reduce(const Tensor &input, llvm::ArrayRef<int64_t> axes, mlir::Value init, Body body);
  /// `tensor` with dimensions permuted.
  Tensor transpose(const Tensor &tensor, llvm::ArrayRef<int64_t> order);
  /// The same elements in the shape of `to`.
  mlir::Value reshape(const Tensor &tensor, const Tensor &to);
  /// `tensor` with dimensions of size 1 put in where `axes` (of the result, ascending) say.
  Tensor unsqueeze(const Tensor &tensor, llvm::ArrayRef<int64_t> axes);
  /// The broadcast of the two shapes by numpy's rules.
  Tensor broadcastShape(const Tensor &lhs, const Tensor &rhs);

  mlir::Value constant(mlir::Type type, double value);
  /// The same in a loop's body.
  static mlir::Value constant(LoopBuilder &b, mlir::Type type, double value);
  mlir::AffineMap map(unsigned numLoops, llvm::ArrayRef<int64_t> loops);

  /// The operation that is being lowered.
  mlir::Operation *current = nullptr;

private:
  void takeUnsignedValues();
  mlir::OpFoldResult fromSymbols(const ov::SymbolicDim &dim);
  mlir::Value symbolValue(unsigned symbol);
  mlir::LogicalResult report();
  LoopOperand place(const Tensor &result, const Tensor &operand, llvm::ArrayRef<int64_t> places,
                    bool &isAmbiguous);

  llvm::DenseMap<mlir::Value, Tensor> lowered;
  llvm::SmallPtrSet<mlir::Value, 2> unsignedValues;
  llvm::DenseMap<unsigned, mlir::Value> symbols;
  /// What result() found for the current op.
  llvm::DenseMap<unsigned, Dims> computedDims;
  /// Op and reason, with how often and where first.
  struct Refusal {
    std::string op, reason;
    mlir::Location loc;
    int64_t count = 1;
  };
  llvm::SmallVector<Refusal> refusals;
};

using Rule = mlir::LogicalResult (*)(ModelLowering &, mlir::Operation *);

/// Rules by op. Each topic adds its own.
struct RuleTable {
  llvm::StringMap<Rule> rules;

  template <typename OpT> void add(Rule rule) { rules[OpT::getOperationName()] = rule; }
};
void addConstantRules(RuleTable &table);
void addElementwiseRules(RuleTable &table);
void addComputeRules(RuleTable &table);
void addContractionRules(RuleTable &table);
void addMovementRules(RuleTable &table);
void addCuttingRules(RuleTable &table);
void addLookUpRules(RuleTable &table);

/// Parts that several rules share.
Tensor softmax(ModelLowering &c, const Tensor &input, int64_t axis, bool isLog);
/// The product over the last dimension of `lhs` and the last but one (`transposed`: the last) of
/// `rhs`; the dimensions before them broadcast. Both have a rank of at least 2.
Tensor matmul(ModelLowering &c, const Tensor &lhs, const Tensor &rhs, bool transposed);
/// Conversion of one element.
mlir::Value convertElement(LoopBuilder &b, mlir::Value value, mlir::Type to);
/// Counts a negative axis from the end.
inline int64_t wrapAxis(int64_t axis, int64_t rank) { return axis < 0 ? axis + rank : axis; }

} // namespace bertmlir::ovtolinalg

#endif // LIB_CONVERSION_OVTOLINALG_MODELLOWERING_H
