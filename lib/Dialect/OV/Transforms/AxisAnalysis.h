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
    Prefix,
    /// A constant operand that is the same for all examples, of which one is enough.
    First,
    /// A constant operand that counts along axis `index` in steps of `step`, from `start`.
    Count,
    /// Indices of examples' own rows that lack what leads there: the sequence length times the
    /// example's number.
    Offsets
  };
  Kind kind;
  mlir::Operation *op;
  /// The operand that the literal is.
  unsigned operand;
  llvm::SmallVector<Dim> dims;
  unsigned index = 0;
  Dim step = {};
  int64_t start = 0;
};

struct AnalysisOptions {
  bool batch = true;
  bool sequence = true;
  /// Read constants that lost their other rows as the first rows of a table.
  bool prefixTables = false;
};

/// None if the factor is too large.
std::optional<Monomial> multiply(const Monomial &x, const Monomial &y);

/// The trained table that a value is made from, or `fallback`.
std::string getTableName(mlir::Value value, llvm::StringRef fallback);

/// A place that met a number which could be a length, if `dim` is the sequence's.
struct Suspicion {
  Dim dim;
  mlir::Operation *op;
  std::string why;
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
  /// The arguments that are [batch, sequence], the tokens first.
  llvm::ArrayRef<mlir::BlockArgument> getInputs() const { return inputs; }
  /// All other arguments that are used; lookup() says what their dimensions are.
  llvm::ArrayRef<std::pair<mlir::BlockArgument, bool>> getOtherInputs() const { return others; }

private:
  bool findInputs();
  void labelInputs();
  std::string nameOf(mlir::BlockArgument argument);
  bool walk();
  bool finish();
  bool transfer(mlir::Operation *op);
  bool visit(mlir::Operation *op, llvm::SmallVectorImpl<Label> &results);
  bool commit(mlir::Operation *op, llvm::MutableArrayRef<Label> results);
  bool checkDecided(const Dim &dim, mlir::Operation *op);
  bool checkOneBatch(const Label &label, llvm::StringRef where, bool isFinal);

  /// Whether a constant or weight is the same all along an axis.
  bool isSameAlong(mlir::Value value, unsigned axis);
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
  static void carry(const Label &input, Label &result);
  bool squeeze(SqueezeOp op, Label &result);
  bool transpose(TransposeOp op, Label &result);
  bool broadcastTo(BroadcastOp op, Label &result);
  bool tile(TileOp op, Label &result);
  bool range(RangeOp op, Label &result);
  bool gather(GatherOp op, Label &result);
  bool gatherInBatch(GatherOp op, const Label &input, const Label &indices, int64_t axis,
                     Label &result);
  bool oneHot(OneHotOp op, Label &result);
  bool concat(ConcatOp op, Label &result);
  bool split(mlir::Operation *op, llvm::SmallVectorImpl<Label> &results);
  bool slice(SliceOp op, Label &result);
  bool stridedSlice(StridedSliceOp op, Label &result);
  bool cut(mlir::Operation *op, const Label &input, unsigned axis, int64_t begin,
           std::optional<Monomial> size, unsigned operand, unsigned index, Dim &result);
  llvm::SmallVector<Dim> dimsOfShape(llvm::ArrayRef<Monomial> value, llvm::StringRef origin);
  // Numbers that count (AxisCounting.cpp).
  bool isCountLiteral(mlir::Operation *user, unsigned operand);
  Label labelCount(mlir::Operation *user, unsigned operand);
  bool combineCounts(mlir::Operation *op, llvm::MutableArrayRef<Label> operands, Label &result,
                     bool &isDone);
  bool addOffsets(mlir::Operation *op, Label &indices, Label &offsets, Label &result);
  bool checkCounts();
  bool gatherOwnRows(GatherOp op, Label &indices, Label &result);
  void limitPlaces(mlir::Operation *op, const Label &places, int64_t rows);
  bool followsSequence(const Dim &dim);
  bool suspect(mlir::Operation *op, bool isSum, llvm::ArrayRef<Label> beside);
  bool checkClamp(mlir::Operation *op, const Label &result);
  bool checkScale(mlir::Operation *op, llvm::MutableArrayRef<Label> operands, Label &result);

  bool refuseSymbolic(const Dim &dim, const llvm::Twine &why);
  bool evaluateValue(mlir::Operation *op, llvm::ArrayRef<Label> operands, Label &result);

  mlir::func::FuncOp model;
  AnalysisOptions options;
  std::unique_ptr<AxisSolver> solver;
  llvm::DenseMap<mlir::Value, Label> labels;
  llvm::SmallVector<Literal> literals;
  llvm::SmallVector<mlir::BlockArgument> inputs;
  /// Inputs that are not [batch, sequence], and whether they are places in the sequence.
  llvm::SmallVector<std::pair<mlir::BlockArgument, bool>> others;
  /// Axes of constants that sums ran along: how long they are counts.
  llvm::SmallVector<std::pair<Dim, mlir::Operation *>> summed;
  /// Look-ups whose indices lead to each example's own rows.
  llvm::DenseSet<mlir::Operation *> ownRowLookUps;
  llvm::SmallVector<Suspicion> suspicions;
  /// A Squeeze took the place of the batch's axis.
  bool squeezesBatch = false;
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
