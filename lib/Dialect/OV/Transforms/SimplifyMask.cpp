//===- SimplifyMask.cpp - masks without their all-ones factor -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// modeling.py multiplies the mask [batch, 1, sequence] by ones [batch, sequence, 1]
// only to repeat it for every query. The sum with the scores does that by itself.
// Whether it does, in every use, is what has to be shown here.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Views.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVSIMPLIFYMASK
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

static constexpr StringLiteral kPass = "ov-simplify-mask";

//===----------------------------------------------------------------------===//
// Uniform values
//===----------------------------------------------------------------------===//

// The number that all elements equal, whatever the shape; none if not known.
static std::optional<double> getUniform(Value value, unsigned depth = 16) {
  if (std::optional<double> number = getConstantFloat(value))
    return number;
  if (std::optional<SmallVector<int64_t>> numbers = getConstantInts(value)) {
    if (numbers->empty() || !llvm::all_equal(*numbers))
      return std::nullopt;
    return static_cast<double>(numbers->front());
  }
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return std::nullopt;
  if (isa<BroadcastOp, TileOp>(op) || isView(op))
    return getUniform(op->getOperand(0), depth - 1);
  if (auto convert = dyn_cast<ConvertOp>(op)) {
    // A conversion to fewer values may change the number.
    if (!isa<FloatType>(convert.getDestinationType()))
      return std::nullopt;
    return getUniform(convert.getInput(), depth - 1);
  }
  if (!isa<AddOp, SubtractOp, MultiplyOp>(op))
    return std::nullopt;
  std::optional<double> lhs = getUniform(op->getOperand(0), depth - 1);
  std::optional<double> rhs = lhs ? getUniform(op->getOperand(1), depth - 1) : std::nullopt;
  if (!rhs)
    return std::nullopt;
  return isa<AddOp>(op) ? *lhs + *rhs : isa<SubtractOp>(op) ? *lhs - *rhs : *lhs * *rhs;
}

//===----------------------------------------------------------------------===//
// Shrinking
//===----------------------------------------------------------------------===//

namespace {

// Which dimensions of a value become 1, and what they are now; none: stays.
using Shrunk = SmallVector<std::optional<SymbolicDim>, 4>;

// Finds all values that get smaller when one does, and whether every one of them
// ends in an op that restores the size.
class Shrinker {
public:
  explicit Shrinker(SymbolicShapes &shapes) : shapes(shapes) {}

  bool add(Value value, const Shrunk &dims);

  /// Whether nobody relies on a value that shrinks itself.
  bool isConsistent() const {
    return llvm::none_of(coverers, [&](Value value) { return values.contains(value); });
  }
  void apply();

  std::string reason;

private:
  bool addUse(Value value, const Shrunk &dims, Operation *user);
  bool addBinary(Value value, const Shrunk &dims, Operation *user);
  bool fail(const Twine &why) {
    if (reason.empty())
      reason = why.str();
    return false;
  }

  SymbolicShapes &shapes;
  llvm::MapVector<Value, Shrunk> values;
  SmallVector<Value> coverers;
};

} // namespace

bool Shrinker::add(Value value, const Shrunk &dims) {
  if (llvm::none_of(dims, [](const auto &dim) { return dim.has_value(); }))
    return true;
  if (auto it = values.find(value); it != values.end())
    return it->second == dims || fail("it is read in two ways");
  values.insert({value, dims});
  for (Operation *user : value.getUsers())
    if (!addUse(value, dims, user))
      return false;
  return true;
}

bool Shrinker::addUse(Value value, const Shrunk &dims, Operation *user) {
  if (isa<ConvertOp, NegativeOp, LogicalNotOp, AbsOp>(user))
    return add(user->getResult(0), dims);
  if (isa<AddOp, SubtractOp, MultiplyOp, DivideOp, MaximumOp, MinimumOp>(user))
    return addBinary(value, dims, user);
  if (auto unsqueeze = dyn_cast<UnsqueezeOp>(user)) {
    auto type = dyn_cast<RankedTensorType>(unsqueeze.getType());
    std::optional<SmallVector<int64_t>> axes = getConstantInts(unsqueeze.getAxes());
    if (!type || !axes)
      return fail("an Unsqueeze of it has no constant axes");
    for (int64_t &axis : *axes)
      axis = axis < 0 ? axis + type.getRank() : axis;
    Shrunk result(type.getRank());
    size_t next = 0;
    for (int64_t i = 0; i < type.getRank() && next < dims.size(); ++i)
      if (!llvm::is_contained(*axes, i))
        result[i] = dims[next++];
    return add(unsqueeze.getOutput(), result);
  }
  if (isa<func::ReturnOp>(user))
    return fail("it is an output of the model");
  return fail(describeLayer(user) + " needs it at full size");
}

// The other operand restores a dimension if it has it, not being 1 there.
bool Shrinker::addBinary(Value value, const Shrunk &dims, Operation *user) {
  auto type = dyn_cast<RankedTensorType>(user->getResult(0).getType());
  Value other = user->getOperand(user->getOperand(0) == value ? 1 : 0);
  if (!type || !isa<RankedTensorType>(other.getType()))
    return fail("a shape is not known");
  size_t rank = type.getRank();
  Shrunk result(rank);
  SymbolicShape otherShape = shapes.getShape(other);
  bool isCovered = false;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (!dims[i])
      continue;
    size_t fromEnd = dims.size() - i;
    bool restores = other != value && otherShape.size() >= fromEnd &&
                    otherShape[otherShape.size() - fromEnd] == *dims[i];
    isCovered |= restores;
    if (!restores)
      result[rank - fromEnd] = dims[i];
  }
  if (isCovered)
    coverers.push_back(other);
  return add(user->getResult(0), result);
}

void Shrinker::apply() {
  for (auto &[value, dims] : values) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    for (auto [index, dim] : llvm::enumerate(dims))
      if (dim)
        shape[index] = 1;
    value.setType(RankedTensorType::get(shape, type.getElementType()));
  }
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

struct OVSimplifyMask : public bertmlir::ov::impl::OVSimplifyMaskBase<OVSimplifyMask> {
  using Base::Base;

  void runOnOperation() override {
    if (getOperation().isDeclaration())
      return;
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<MultiplyOp, AddOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      if (auto product = dyn_cast<MultiplyOp>(op))
        removeOnes(product);
      else
        removeZeros(cast<AddOp>(op));
    }
    eraseDeadOps(getOperation());
  }

  // x * ones. Shapes are computed anew each time, since the last one changed them;
  // a model has one such product.
  void removeOnes(MultiplyOp product) {
    Value mask = product.getLhs(), ones = product.getRhs();
    if (getUniform(mask) == 1)
      std::swap(mask, ones);
    if (product.use_empty() || getUniform(ones) != 1 || getUniform(mask) ||
        !isa<RankedTensorType>(mask.getType()) || !isa<RankedTensorType>(product.getType()))
      return;
    SymbolicShapes shapes(getOperation());
    SymbolicShape from = shapes.getShape(mask), to = shapes.getShape(product.getOutput());
    Shrunk dims(to.size());
    for (size_t i = 0; i < to.size(); ++i) {
      size_t fromEnd = to.size() - i;
      SymbolicDim dim =
          fromEnd <= from.size() ? from[from.size() - fromEnd] : SymbolicShapes::number(1);
      if (dim == to[i])
        continue;
      if (!dim.isNumber(1))
        return remarkMissed(product, kPass, "its open dimensions may broadcast");
      dims[i] = to[i];
    }
    Shrinker shrinker(shapes);
    if (!shrinker.add(product.getOutput(), dims))
      return remarkMissed(product, kPass, shrinker.reason);
    if (!shrinker.isConsistent())
      return remarkMissed(product, kPass, "it is joined with another part of itself");
    shrinker.apply();
    // Broadcasting does not insert dimensions before an Unsqueeze.
    if (from.size() < to.size()) {
      OpBuilder builder(product);
      SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, to.size() - from.size()));
      mask = UnsqueezeOp::create(builder, product.getLoc(), mask,
                                 createInts(builder, product.getLoc(), axes));
    }
    remarkFused(product, kPass, "its mask");
    product.getOutput().replaceAllUsesWith(mask);
  }

  // x + zeros: the mask of a model that has none, at open dimensions.
  void removeZeros(AddOp sum) {
    Value value = sum.getLhs(), zeros = sum.getRhs();
    if (getUniform(value) == 0.0)
      std::swap(value, zeros);
    if (getUniform(zeros) != 0.0 || !isa<RankedTensorType>(value.getType()) ||
        !isa<RankedTensorType>(sum.getType()))
      return;
    SymbolicShapes shapes(getOperation());
    if (shapes.getShape(value) != shapes.getShape(sum.getOutput()))
      return remarkMissed(sum, kPass, "the zeros change the shape");
    remarkFused(sum, kPass, "its other operand");
    sum.getOutput().replaceAllUsesWith(value);
  }
};

} // namespace
