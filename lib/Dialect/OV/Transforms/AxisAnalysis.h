//===- AxisAnalysis.h - labels for every tensor of a model --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One straight walk over a model function that labels every tensor's dimensions
// (AxisSolver.h) and notes which literals have a symbolic meaning.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_OV_TRANSFORMS_AXISANALYSIS_H
#define LIB_DIALECT_OV_TRANSFORMS_AXISANALYSIS_H

#include "AxisSolver.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include <memory>

namespace bertmlir::ov::axes {

/// A literal that has a meaning, or a constant that has to grow with the shape.
struct Literal {
  enum Kind {
    /// The target of a Reshape, Broadcast, RandomUniform: one entry per dimension of `dims`.
    Shape,
    /// A Squeeze that removes an axis which holds the batch: a Reshape to `dims`.
    Squeeze,
    /// The repeats of a Tile.
    Repeats,
    /// The end of a slice along entry `index`.
    SliceEnd,
    /// The stop of a Range, the depth of a OneHot.
    Scalar,
    /// A constant operand that is uniform along symbolic dimensions.
    Constant,
    /// A constant operand of which the first `s` rows along axis `index` are meant.
    Prefix
  };
  Kind kind;
  mlir::Operation *op;
  /// The operand that the literal is.
  unsigned operand;
  llvm::SmallVector<Dim> dims;
  unsigned index = 0;
};

struct AnalysisOptions {
  bool batch = true;
  bool sequence = true;
  /// Read constants that lost their other rows as the first rows of a table.
  bool prefixTables = false;
};

class AxisAnalysis {
public:
  AxisAnalysis(mlir::func::FuncOp model, AnalysisOptions options)
      : model(model), options(options) {}

  /// Labels everything. On failure getReason() says why and getCulprit() where.
  bool run();

  const std::string &getReason() const { return reason; }
  mlir::Operation *getCulprit() const { return culprit; }

  AxisSolver &getSolver() { return *solver; }
  const Label *lookup(mlir::Value value) const;
  llvm::ArrayRef<Literal> getLiterals() const { return literals; }
  /// The arguments that are [batch, sequence].
  llvm::ArrayRef<mlir::BlockArgument> getInputs() const { return inputs; }

private:
  bool findInputs();
  bool walk();
  bool finish();
  bool transfer(mlir::Operation *op);
  bool visit(mlir::Operation *op, llvm::SmallVectorImpl<Label> &results);
  bool commit(mlir::Operation *op, llvm::MutableArrayRef<Label> results);
  bool checkOneBatch(const Label &label, llvm::StringRef where, bool isFinal);

  Label getLabel(mlir::Operation *op, unsigned operand);
  Label labelConstant(mlir::Operation *user, unsigned operand);
  /// The elements of an operand that is plain numbers, constant or computed.
  std::optional<llvm::SmallVector<int64_t>> getNumbers(mlir::Operation *op, unsigned operand);
  bool refuse(const llvm::Twine &why);
  void note(Literal::Kind kind, mlir::Operation *op, unsigned operand, llvm::ArrayRef<Dim> dims,
            unsigned index = 0) {
    literals.push_back({kind, op, operand, llvm::SmallVector<Dim>(dims), index});
  }

  // Rules, by topic.
  bool broadcast(mlir::Operation *op, llvm::MutableArrayRef<Label> operands, Label &result);
  bool elementwise(mlir::Operation *op, llvm::SmallVectorImpl<Label> &results);
  bool matMul(MatMulOp op, Label &result);
  bool einsum(EinsumOp op, Label &result);
  bool attention(ScaledDotProductAttentionOp op, Label &result);
  bool reduce(mlir::Operation *op, bool keepDims, bool isSum, Label &result);
  bool alongAxes(mlir::Operation *op, llvm::ArrayRef<int64_t> axes, Label &result);
  bool reshape(mlir::Operation *op, const Label &input, llvm::ArrayRef<Monomial> target,
               Literal::Kind kind, Label &result);
  bool squeeze(SqueezeOp op, Label &result);
  bool transpose(TransposeOp op, Label &result);
  bool broadcastTo(BroadcastOp op, Label &result);
  bool tile(TileOp op, Label &result);
  bool range(RangeOp op, Label &result);
  bool gather(GatherOp op, Label &result);
  bool oneHot(OneHotOp op, Label &result);
  bool concat(ConcatOp op, Label &result);
  bool split(mlir::Operation *op, llvm::SmallVectorImpl<Label> &results);
  bool slice(SliceOp op, Label &result);
  bool stridedSlice(StridedSliceOp op, Label &result);
  bool cut(mlir::Operation *op, const Label &input, unsigned axis, int64_t begin,
           std::optional<Monomial> size, unsigned operand, unsigned index, Dim &result);
  llvm::SmallVector<Dim> dimsOfShape(llvm::ArrayRef<Monomial> value, llvm::StringRef origin);
  bool refuseSymbolic(const Dim &dim, const llvm::Twine &why);
  bool evaluateValue(mlir::Operation *op, llvm::ArrayRef<Label> operands, Label &result);

  mlir::func::FuncOp model;
  AnalysisOptions options;
  std::unique_ptr<AxisSolver> solver;
  llvm::DenseMap<mlir::Value, Label> labels;
  llvm::SmallVector<Literal> literals;
  llvm::SmallVector<mlir::BlockArgument> inputs;
  std::optional<int64_t> batch, sequence;
  /// Which of several cuts each Reshape takes, in the order of the walk.
  llvm::SmallVector<std::pair<unsigned, unsigned>> choices;
  unsigned nextChoice = 0;
  std::string where;
  std::string reason;
  mlir::Operation *current = nullptr;
  mlir::Operation *culprit = nullptr;
};

} // namespace bertmlir::ov::axes

#endif // LIB_DIALECT_OV_TRANSFORMS_AXISANALYSIS_H
