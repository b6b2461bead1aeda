//===- AxisSolver.h - which axis is which --------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The named axes of a graph that was built for one batch size and one sequence
// length: see docs/shape-generalization.md. A dimension is an ordered product of
// atoms: the batch, the sequence, integers, and variables that stand for sizes of
// constants that are not understood yet. Labels flow along the graph; a literal is
// never compared with the batch size or the sequence length to find out what it
// means.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_OV_TRANSFORMS_AXISSOLVER_H
#define LIB_DIALECT_OV_TRANSFORMS_AXISSOLVER_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>
#include <vector>

namespace bertmlir::ov::axes {

/// Sizes at the shape that the graph was built for. 128 bits: open dimensions have large stand-ins.
using Size = __int128;

/// One factor of a dimension.
struct Atom {
  enum Kind { Batch, Sequence, Integer, Variable };
  Kind kind;
  /// The integer, or the variable's number.
  int64_t value = 0;

  static Atom batch() { return {Batch}; }
  static Atom sequence() { return {Sequence}; }
  static Atom integer(int64_t value) { return {Integer, value}; }
  static Atom variable(int64_t number) { return {Variable, number}; }

  bool operator==(const Atom &other) const { return kind == other.kind && value == other.value; }
  bool operator!=(const Atom &other) const { return !(*this == other); }
  bool isSymbol() const { return kind == Batch || kind == Sequence; }
};

/// A dimension, outermost factor first; empty: 1.
using Dim = llvm::SmallVector<Atom, 2>;

/// The exact value of an element of shape arithmetic: factor * batch^b * sequence^s.
struct Monomial {
  int64_t factor = 1;
  unsigned b = 0, s = 0;

  bool isNumber() const { return b == 0 && s == 0; }
  bool operator==(const Monomial &other) const {
    return factor == other.factor && b == other.b && s == other.s;
  }
};

/// Integers that count along one axis: start, start + step, ... See AxisCounting.cpp.
struct Counting {
  Monomial step;
  /// Where the first one is; none: at a place that is not known.
  std::optional<int64_t> start = 0;
  /// Added to indices, they lead from each example to the rows of its own.
  bool isOffset = false;
  /// The literals that the step comes from while it is a number: (op, operand).
  llvm::SmallVector<std::pair<mlir::Operation *, unsigned>, 1> stepLiterals;
};

/// What is known of one tensor.
struct Label {
  llvm::SmallVector<Dim> dims;
  /// Whether it depends on an input's elements; then exactly one of its atoms is the batch.
  bool isData = false;
  /// The elements of a tensor of rank 0 or 1, where they are known and whole numbers.
  std::optional<llvm::SmallVector<Monomial>> value;
  /// With which power of the sequence length the elements grow: 1 for a sum over the sequence, -1
  /// for shares of a softmax. Scaling a sum by a number might be a mean.
  double growth = 0;
  std::optional<Counting> counting;
  /// Made from numbers that count: a constant beside them might be a length.
  bool isPlace = false;
  /// Places that an input gives, moved at most.
  bool isIndex = false;
  /// Made from literals alone: a number that may have been computed from the built-in length.
  bool isLiteral = false;
};

/// The size of a constant along one axis that may turn out to be symbolic.
struct Variable {
  Variable(Size size, std::string origin) : size(size), origin(std::move(origin)) {}

  Size size;
  std::string origin;
  /// The content does not change along the axis, so it can be repeated.
  bool isUniform = true;
  /// The batch can't be meant: the content numbers positions.
  bool excludesBatch = false;
  /// The content numbers examples: it may be the batch's where it leads to the rows of each.
  bool countsExamples = false;
  /// How long the axis can be, as the rows of a table; 0: any length.
  int64_t limit = 0;
  /// The sequence and nothing else, but only up to the length that the graph was built for, unless
  /// the variable meets the sequence elsewhere.
  bool isWholeSequence = false;
  /// A single 0 that may be the first of several examples; else a number.
  bool isFirstOfCount = false;
  std::optional<Dim> meaning;
};

/// A limit of the sequence length and where it comes from.
struct SequenceLimit {
  int64_t rows;
  std::string origin;
  bool isCut = false;
};

/// Unification of dimensions. All functions that return bool return false with `reason` set where
/// the graph's meaning can't be justified.
class AxisSolver {
public:
  AxisSolver(std::optional<int64_t> batch, std::optional<int64_t> sequence, bool freeBatch,
             bool freeSequence);

  bool refuse(const llvm::Twine &why);
  const std::string &getReason() const { return reason; }

  Dim newVariable(Variable variable);
  /// With variables replaced by what they mean, and adjacent integers multiplied.
  Dim normalize(const Dim &dim) const;
  Size sizeOf(const Atom &atom) const;
  Size sizeOf(const Dim &dim) const;
  Size valueOf(const Monomial &monomial) const;
  Monomial monomialOf(const Dim &dim) const;
  bool contains(const Dim &dim, Atom::Kind kind) const;
  std::string describe(const Dim &dim) const;

  /// The two dimensions are the same.
  bool unify(const Dim &a, const Dim &b, llvm::StringRef where);
  /// Says what a variable means.
  bool bind(int64_t variable, Dim meaning, llvm::StringRef where);
  /// Variables of the dimension are plain numbers.
  bool fix(const Dim &dim, llvm::StringRef where);
  /// The batch may not be part of the dimension, now or when more is known.
  bool excludeBatch(const Dim &dim, llvm::StringRef where);
  /// Re-checks what excludeBatch() was told.
  bool checkExclusions();
  /// Cuts an ordered list of atoms into groups of the given sizes; all ways, the best first.
  struct Grouping {
    llvm::SmallVector<Dim> dims;
    /// Uniform variables that the cut divides, with their parts.
    llvm::SmallVector<std::pair<int64_t, Dim>> splits;
  };
  std::vector<Grouping> group(const Dim &atoms, llvm::ArrayRef<Size> sizes, bool splitVariables);

  /// The sequence is read off `rows` rows of a table. `isCut`: the table had more once.
  void limitSequence(int64_t rows, llvm::StringRef origin, bool isCut = false);
  /// The dimension, if it is or becomes the sequence, has at most so many elements.
  void limit(const Dim &dim, int64_t rows, llvm::StringRef origin);
  /// The variable numbers the examples of the batch.
  bool bindExamples(int64_t variable, llvm::StringRef where);
  /// What is left open although its meaning is clear.
  void settle();
  llvm::ArrayRef<SequenceLimit> getLimits() const { return limits; }

  const Variable &getVariable(int64_t number) const { return variables[number]; }
  bool hasFreeBatch() const { return freeBatch; }
  bool hasFreeSequence() const { return freeSequence; }
  Size getBatch() const { return batchSize; }
  Size getSequence() const { return sequenceSize; }
  /// Whether a number could also be a product of the sizes that the graph was built for.
  bool isAmbiguous(Size number) const;

private:
  void normalizeInto(const Dim &dim, Dim &out) const;
  void groupRest(llvm::ArrayRef<Size> sizes, unsigned index, Size rest, Dim current,
                 llvm::SmallVector<Atom> atoms, bool splitVariables, Grouping soFar,
                 std::vector<Grouping> &found);

  Size batchSize, sequenceSize;
  bool freeBatch, freeSequence;
  std::vector<Variable> variables;
  std::vector<std::pair<Dim, std::string>> exclusions;
  llvm::SmallVector<SequenceLimit> limits;
  std::string reason;
};

} // namespace bertmlir::ov::axes

#endif // LIB_DIALECT_OV_TRANSFORMS_AXISSOLVER_H
