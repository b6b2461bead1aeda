//===- AxisRules.cpp - how computing ops move axes ------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::axes;

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

// Aligned at the right; a dimension of exactly 1 broadcasts. An axis that holds the
// batch is no 1, even where the batch was built as 1: two examples would differ.
bool AxisAnalysis::broadcast(Operation *op, MutableArrayRef<Label> operands, Label &result) {
  size_t rank = 0;
  for (Label &label : operands) {
    rank = std::max(rank, label.dims.size());
    result.isData |= label.isData;
  }
  result.dims.resize(rank);
  for (size_t axis = 0; axis < rank; ++axis) {
    auto dimOf = [&](Label &label) -> Dim * {
      return axis + label.dims.size() < rank ? nullptr
                                             : &label.dims[axis + label.dims.size() - rank];
    };
    if (options.prefixTables) {
      auto meets = [&](Atom atom) {
        return llvm::any_of(operands, [&](Label &label) {
          Dim *dim = dimOf(label);
          return dim && solver->normalize(*dim) == Dim{atom};
        });
      };
      // What was folded for each example may be the same for all.
      bool meetsBatch = options.batch && meets(Atom::batch());
      for (auto [index, label] : llvm::enumerate(operands)) {
        unsigned own = axis + label.dims.size() - rank;
        Dim *dim = dimOf(label);
        if (!meetsBatch || !dim || label.isData ||
            solver->normalize(*dim) !=
                Dim{Atom::integer(static_cast<int64_t>(solver->getBatch()))} ||
            !isSameAlong(op->getOperand(index), own))
          continue;
        note(Literal::First, op, index, {Dim{Atom::batch()}}, own);
        *dim = {};
      }
      bool meetsSequence = meets(Atom::sequence());
      for (auto [index, label] : llvm::enumerate(operands)) {
        Dim *dim = dimOf(label);
        if (!meetsSequence || !dim || label.isData || !solver->hasFreeSequence())
          continue;
        Dim normal = solver->normalize(*dim);
        if (normal.size() != 1 || normal.front().kind != Atom::Integer ||
            solver->sizeOf(normal) != solver->getSequence())
          continue;
        // Rows of a table are all that may be cut; what a number per token or per pair of tokens
        // is at another length can't be seen.
        if (llvm::count_if(label.dims,
                           [&](const Dim &d) { return !solver->normalize(d).empty(); }) == 1)
          return refuse("a constant has one number for each token of the built-in length");
        if (llvm::any_of(label.dims, [&](const Dim &d) { return followsSequence(d); }))
          return refuse("a constant has numbers for each pair of tokens of the built-in length");
        note(Literal::Prefix, op, index, {Dim{Atom::sequence()}}, axis + label.dims.size() - rank);
        solver->limitSequence(static_cast<int64_t>(solver->getSequence()),
                              getTableName(op->getOperand(index), where), /*isCut=*/true);
        *dim = {Atom::sequence()};
      }
    }
    SmallVector<Dim> sized, unit;
    for (Label &label : operands) {
      Dim *dim = dimOf(label);
      Dim normal = dim ? solver->normalize(*dim) : Dim();
      if (!normal.empty())
        (solver->sizeOf(normal) == 1 ? unit : sized).push_back(normal);
    }
    if (!sized.empty() && !unit.empty())
      return refuse("the batch axis is broadcast against " + solver->describe(sized.front()));
    SmallVector<Dim> &used = sized.empty() ? unit : sized;
    for (size_t i = 1; i < used.size(); ++i)
      if (!solver->unify(used.front(), used[i], where))
        return false;
    if (!used.empty())
      result.dims[axis] = solver->normalize(used.front());
  }
  return true;
}

bool AxisAnalysis::followsSequence(const Dim &dim) {
  return llvm::any_of(solver->normalize(dim), [&](const Atom &atom) {
    return atom.kind == Atom::Sequence ||
           (atom.kind == Atom::Variable && solver->getVariable(atom.value).isWholeSequence);
  });
}

bool AxisAnalysis::elementwise(Operation *op, SmallVectorImpl<Label> &results) {
  SmallVector<Label> operands;
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    operands.push_back(getLabel(op, i));
  Label result;
  bool isDone = false;
  if (!combineCounts(op, operands, result, isDone))
    return false;
  if (isDone) {
    results.push_back(std::move(result));
    return true;
  }
  if (!broadcast(op, operands, result) || !evaluateValue(op, operands, result) ||
      !checkScale(op, operands, result))
    return false;
  // What a converter leaves of the first example's offset.
  if (isa<AddOp>(op) && operands.size() == 2)
    for (auto [index, other] : {std::pair(0, 1), {1, 0}})
      if (operands[index].isIndex && getConstantInt(op->getOperand(other)).value_or(1) == 0)
        result.isIndex = true;
  results.push_back(std::move(result));
  return true;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

bool AxisAnalysis::matMul(MatMulOp op, Label &result) {
  Label a = getLabel(op, 0), b = getLabel(op, 1);
  // Vectors are matrices of one row or column.
  bool lhsVector = a.dims.size() == 1, rhsVector = b.dims.size() == 1;
  if (lhsVector)
    a.dims.insert(a.dims.begin(), Dim());
  else if (op.getTransposeA())
    std::swap(a.dims[a.dims.size() - 1], a.dims[a.dims.size() - 2]);
  if (rhsVector)
    b.dims.push_back(Dim());
  else if (op.getTransposeB())
    std::swap(b.dims[b.dims.size() - 1], b.dims[b.dims.size() - 2]);
  Dim inner = a.dims.back(), innerRhs = b.dims[b.dims.size() - 2];
  bool fromLiteral =
      solver->contains(inner, Atom::Variable) || solver->contains(innerRhs, Atom::Variable);
  if (!solver->unify(inner, innerRhs, where) || !solver->excludeBatch(inner, where))
    return false;
  if (fromLiteral && solver->contains(inner, Atom::Sequence))
    return refuse("the sequence is contracted with a uniform constant: a sum or a mean?");
  Label batches[2];
  batches[0].dims.assign(a.dims.begin(), a.dims.end() - 2);
  batches[1].dims.assign(b.dims.begin(), b.dims.end() - 2);
  if (!broadcast(op, batches, result))
    return false;
  if (!lhsVector)
    result.dims.push_back(a.dims[a.dims.size() - 2]);
  if (!rhsVector)
    result.dims.push_back(b.dims.back());
  result.isData = a.isData || b.isData;
  // Where both depend on the input; a weight could hold any factor.
  if (a.isData && b.isData)
    result.growth = a.growth + b.growth + followsSequence(inner);
  return true;
}

// Explicit equations; each letter is one axis.
bool AxisAnalysis::einsum(EinsumOp op, Label &result) {
  auto [left, right] = op.getEquation().split("->");
  if (!op.getEquation().contains("->") || op.getEquation().contains('.'))
    return refuse("has an equation that is not understood");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != op->getNumOperands())
    return refuse("has an equation that is not understood");
  llvm::MapVector<char, Dim> axes;
  for (auto [index, term] : llvm::enumerate(terms)) {
    Label label = getLabel(op, index);
    std::string letters = term.str();
    llvm::erase(letters, ' ');
    if (letters.size() != label.dims.size())
      return refuse("has an equation that is not understood");
    result.isData |= label.isData;
    for (auto [letter, dim] : llvm::zip_equal(letters, label.dims)) {
      auto [it, isNew] = axes.insert({letter, dim});
      if (!isNew && !solver->unify(it->second, dim, where))
        return false;
    }
  }
  bool isProduct = true;
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    Label label = getLabel(op, i);
    isProduct &= label.isData;
    result.growth += label.growth;
  }
  for (auto &[letter, dim] : axes) {
    if (right.contains(letter))
      continue;
    if (!solver->excludeBatch(dim, where))
      return false;
    result.growth += followsSequence(dim);
  }
  if (!isProduct)
    result.growth = 0;
  for (char letter : right)
    if (letter != ' ')
      result.dims.push_back(axes.lookup(letter));
  return true;
}

bool AxisAnalysis::attention(ScaledDotProductAttentionOp op, Label &result) {
  SmallVector<Label> operands;
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    operands.push_back(getLabel(op, i));
  Label &q = operands[0], &k = operands[1], &v = operands[2];
  if (q.dims.size() < 2 || k.dims.size() != q.dims.size() || v.dims.size() != q.dims.size())
    return refuse("has operands of different ranks");
  size_t last = q.dims.size() - 1;
  Label scores, batches[3];
  for (auto [from, to] : llvm::zip_equal(llvm::MutableArrayRef(operands).take_front(3),
                                         llvm::MutableArrayRef(batches)))
    to.dims.assign(from.dims.begin(), from.dims.end() - 2);
  if (!solver->unify(q.dims[last], k.dims[last], where) ||
      !solver->unify(k.dims[last - 1], v.dims[last - 1], where) ||
      !solver->excludeBatch(q.dims[last], where) ||
      !solver->excludeBatch(k.dims[last - 1], where) || !broadcast(op, batches, result))
    return false;
  if (operands.size() > 3) {
    Label pair[2] = {result, operands[3]};
    pair[0].dims.push_back(q.dims[last - 1]);
    pair[0].dims.push_back(k.dims[last - 1]);
    if (!broadcast(op, pair, scores))
      return false;
  }
  result.dims.push_back(q.dims[last - 1]);
  result.dims.push_back(v.dims[last]);
  result.isData = q.isData || k.isData || v.isData;
  result.growth = v.growth;
  return true;
}

//===----------------------------------------------------------------------===//
// Along axes
//===----------------------------------------------------------------------===//

static std::optional<SmallVector<int64_t>> normalizedAxes(std::optional<SmallVector<int64_t>> axes,
                                                          int64_t rank) {
  if (!axes)
    return std::nullopt;
  for (int64_t &axis : *axes) {
    axis += axis < 0 ? rank : 0;
    if (axis < 0 || axis >= rank)
      return std::nullopt;
  }
  return axes;
}

bool AxisAnalysis::reduce(Operation *op, bool keepDims, bool isSum, Label &result) {
  Label input = getLabel(op, 0);
  std::optional<SmallVector<int64_t>> axes = normalizedAxes(getNumbers(op, 1), input.dims.size());
  if (!axes)
    return refuse("has axes that are not constant");
  if (isa<ReduceProdOp>(op) && input.value && input.dims.size() == 1 && !input.isData) {
    Monomial product;
    for (const Monomial &factor : *input.value) {
      std::optional<Monomial> next = multiply(product, factor);
      if (!next)
        return refuse("overflows");
      product = *next;
    }
    result.value = SmallVector<Monomial>{product};
    if (keepDims)
      result.dims.push_back({});
    return true;
  }
  for (int64_t axis : *axes) {
    if (!solver->excludeBatch(input.dims[axis], where))
      return false;
    if (isSum && followsSequence(input.dims[axis]))
      ++result.growth;
    if (isSum && !input.isData)
      summed.push_back({input.dims[axis], op});
  }
  for (auto [axis, dim] : llvm::enumerate(input.dims)) {
    if (!llvm::is_contained(*axes, static_cast<int64_t>(axis)))
      result.dims.push_back(dim);
    else if (keepDims)
      result.dims.push_back({});
  }
  result.isData = input.isData;
  result.growth += input.growth;
  result.isPlace = input.isPlace;
  return true;
}

bool AxisAnalysis::alongAxes(Operation *op, ArrayRef<int64_t> axes, Label &result) {
  Label input = getLabel(op, 0);
  int64_t rank = input.dims.size();
  for (int64_t axis : axes) {
    axis += axis < 0 ? rank : 0;
    if (axis < 0 || axis >= rank)
      return refuse("has an axis out of range");
    if (!solver->excludeBatch(input.dims[axis], where))
      return false;
    if (isa<SoftMaxOp>(op) && followsSequence(input.dims[axis]))
      --result.growth;
  }
  result.dims = input.dims;
  result.isData = input.isData;
  return true;
}

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

bool AxisAnalysis::visit(Operation *op, SmallVectorImpl<Label> &results) {
  auto one = [&](llvm::function_ref<bool(Label &)> rule) {
    Label label;
    if (!rule(label))
      return false;
    results.push_back(std::move(label));
    return true;
  };
  auto same = [&](bool keepsValue) {
    return one([&](Label &result) {
      result = getLabel(op, 0);
      if (!keepsValue)
        result.value.reset();
      if (isa<SqrtOp>(op))
        result.growth /= 2;
      if (isa<ConvertOp>(op))
        return true;
      // A count is one no longer.
      result.counting.reset();
      result.isIndex = false;
      return checkClamp(op, result);
    });
  };
  if (op->hasTrait<BinaryElementwise>() || isa<SelectOp>(op))
    return elementwise(op, results);
  if (op->hasTrait<UnaryElementwise>() || isa<SwishOp, PReluOp, FakeQuantizeOp>(op))
    return same(false);
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](ConvertOp op) { return same(!op.getDestinationType().isInteger(1)); })
      .Case([&](MatMulOp op) { return one([&](Label &l) { return matMul(op, l); }); })
      .Case([&](EinsumOp op) { return one([&](Label &l) { return einsum(op, l); }); })
      .Case([&](ScaledDotProductAttentionOp op) {
        return one([&](Label &l) { return attention(op, l); });
      })
      .Case<ReduceMaxOp, ReduceMeanOp, ReduceMinOp, ReduceProdOp, ReduceSumOp, ReduceLogicalAndOp,
            ReduceLogicalOrOp>([&](auto op) {
        return one([&](Label &l) {
          return reduce(op, op.getKeepDims(), isa<ReduceSumOp>(op.getOperation()), l);
        });
      })
      .Case<SoftMaxOp, LogSoftmaxOp>([&](auto op) {
        return one([&](Label &l) { return alongAxes(op, static_cast<int64_t>(op.getAxis()), l); });
      })
      .Case([&](MVNOp op) {
        std::optional<SmallVector<int64_t>> axes = getNumbers(op, 1);
        if (!axes)
          return refuse("has axes that are not constant");
        return one([&](Label &l) { return alongAxes(op, *axes, l); });
      })
      .Case([&](TopKOp op) {
        Label input = getLabel(op, 0);
        std::optional<SmallVector<int64_t>> k = getNumbers(op, 1);
        int64_t rank = input.dims.size();
        int64_t axis = static_cast<int64_t>(op.getAxis());
        axis += axis < 0 ? rank : 0;
        if (!k || k->size() != 1 || axis < 0 || axis >= rank)
          return refuse("has a k that is not constant");
        if (!solver->excludeBatch(input.dims[axis], where))
          return false;
        if (k->front() != 1 && followsSequence(input.dims[axis]))
          return refuse("picks " + std::to_string(k->front()) +
                        " places of the sequence: a number of them, or all?");
        Label picked;
        picked.dims = input.dims;
        picked.dims[axis] = k->front() == 1 ? Dim() : Dim{Atom::integer(k->front())};
        picked.isData = input.isData;
        results.assign(2, picked);
        return true;
      })
      .Case([&](ShapeOfOp op) {
        return one([&](Label &l) {
          Label input = getLabel(op, 0);
          if (!input.dims.empty() || cast<RankedTensorType>(op.getType()).getDimSize(0) == 0)
            l.dims.push_back(input.dims.size() == 1
                                 ? Dim()
                                 : Dim{Atom::integer(static_cast<int64_t>(input.dims.size()))});
          l.value = llvm::map_to_vector(input.dims,
                                        [&](const Dim &dim) { return solver->monomialOf(dim); });
          return true;
        });
      })
      .Case([&](ReshapeOp op) {
        return one([&](Label &l) {
          Label input = getLabel(op, 0), target = getLabel(op, 1);
          if (!target.value)
            return refuse("has a target that is not shape arithmetic");
          SmallVector<Monomial> value = *target.value;
          for (auto [index, entry] : llvm::enumerate(value))
            if (op.getSpecialZero() && entry == Monomial{0, 0, 0} && index < input.dims.size())
              entry = solver->monomialOf(input.dims[index]);
          return reshape(op, input, value, Literal::Shape, l);
        });
      })
      .Case([&](SqueezeOp op) { return one([&](Label &l) { return squeeze(op, l); }); })
      .Case([&](UnsqueezeOp op) {
        return one([&](Label &l) {
          l = getLabel(op, 0);
          int64_t rank = cast<RankedTensorType>(op.getType()).getRank();
          std::optional<SmallVector<int64_t>> axes = normalizedAxes(getNumbers(op, 1), rank);
          if (!axes)
            return refuse("has axes that are not constant");
          llvm::sort(*axes);
          for (int64_t axis : *axes)
            l.dims.insert(l.dims.begin() + axis, Dim());
          if (l.dims.size() > 1)
            l.value.reset();
          return true;
        });
      })
      .Case([&](TransposeOp op) { return one([&](Label &l) { return transpose(op, l); }); })
      .Case([&](BroadcastOp op) { return one([&](Label &l) { return broadcastTo(op, l); }); })
      .Case([&](RandomUniformOp) {
        return refuse(
            "draws random numbers: the converter that wrote the model has left dropout in; "
            "convert the TensorFlow graph, of which only inference is kept");
      })
      .Case([&](TileOp op) { return one([&](Label &l) { return tile(op, l); }); })
      .Case([&](RangeOp op) { return one([&](Label &l) { return range(op, l); }); })
      .Case([&](GatherOp op) { return one([&](Label &l) { return gather(op, l); }); })
      .Case([&](OneHotOp op) { return one([&](Label &l) { return oneHot(op, l); }); })
      .Case([&](ConcatOp op) { return one([&](Label &l) { return concat(op, l); }); })
      .Case<SplitOp, VariadicSplitOp>([&](auto op) { return split(op, results); })
      .Case([&](SliceOp op) { return one([&](Label &l) { return slice(op, l); }); })
      .Case([&](StridedSliceOp op) { return one([&](Label &l) { return stridedSlice(op, l); }); })
      .Default([](Operation *) { return false; });
}
