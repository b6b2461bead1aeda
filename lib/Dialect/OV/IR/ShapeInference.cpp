//===- ShapeInference.cpp - result types of computing ops --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Element-wise ops, products, reductions, normalisation; the helpers that all
// rules share; the re-inference of a whole function. Ops that move or cut are in
// ShapeInferenceMovement.cpp. Source: OpenVINO's operation set specifications.
//
//===----------------------------------------------------------------------===//

#include "InferTypes.h"

#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ov::detail;

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

RankedTensorType ov::detail::ranked(Value value) {
  return value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
}

LogicalResult ov::detail::give(Inference &out, ArrayRef<int64_t> shape, Type elementType) {
  // MLIR multiplies dimensions without a check; a product beyond 2^62 is hostile.
  int64_t count = 1;
  for (int64_t dim : shape)
    if (!ShapedType::isDynamic(dim) && (dim < 0 || llvm::MulOverflow(count, dim, count)))
      return out.fail("would have the impossible shape " + describe(shape));
  out.types.push_back(RankedTensorType::get(shape, elementType));
  return success();
}

LogicalResult ov::detail::giveUnranked(Inference &out, Type elementType) {
  out.types.push_back(UnrankedTensorType::get(elementType));
  return success();
}

std::optional<int64_t> ov::detail::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

std::optional<SmallVector<int64_t>> ov::detail::constantAxes(Value axes, int64_t rank,
                                                             bool &known) {
  // Computed axes count where all of them are known.
  std::optional<SmallVector<int64_t>> values = evaluateShapeValue(axes);
  known = values && llvm::none_of(*values, ShapedType::isDynamic);
  if (!known)
    return std::nullopt;
  llvm::SmallBitVector seen(rank);
  for (int64_t &axis : *values) {
    std::optional<int64_t> normalized = normalizeAxis(axis, rank);
    if (!normalized || seen.test(*normalized))
      return std::nullopt;
    seen.set(*normalized);
    axis = *normalized;
  }
  return values;
}

std::string ov::detail::describe(ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (auto [index, dim] : llvm::enumerate(shape))
    text += (index ? "," : "") + (ShapedType::isDynamic(dim) ? "?" : std::to_string(dim));
  return text + "]";
}

Type ov::detail::fallbackElementType(ValueRange operands, MLIRContext *context) {
  for (Value operand : operands)
    return getElementTypeOrSelf(operand.getType());
  return Float32Type::get(context);
}

bool ov::detail::areCompatible(TypeRange inferred, TypeRange actual) {
  if (inferred.size() != actual.size())
    return false;
  for (auto [expected, found] : llvm::zip_equal(inferred, actual))
    if (getElementTypeOrSelf(expected) != getElementTypeOrSelf(found) ||
        failed(verifyCompatibleShape(expected, found)))
      return false;
  return true;
}

std::optional<SmallVector<int64_t>> ov::broadcastShapes(ArrayRef<int64_t> lhs,
                                                        ArrayRef<int64_t> rhs) {
  SmallVector<int64_t> result(std::max(lhs.size(), rhs.size()));
  for (size_t i = 0, e = result.size(); i < e; ++i) {
    // Aligned at the right; what is missing is 1.
    int64_t a = i + lhs.size() < e ? 1 : lhs[i + lhs.size() - e];
    int64_t b = i + rhs.size() < e ? 1 : rhs[i + rhs.size() - e];
    if (a == b || b == 1)
      result[i] = a;
    else if (a == 1)
      result[i] = b;
    else if (ShapedType::isDynamic(a))
      result[i] = b;
    else if (ShapedType::isDynamic(b))
      result[i] = a;
    else
      return std::nullopt;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

static LogicalResult inferUnary(Value input, Inference &out) {
  out.types.push_back(input.getType());
  return success();
}

// The broadcast of two operands with `elementType` (null: theirs, which must be
// the same).
static LogicalResult inferBinary(Value lhs, Value rhs, Type elementType, Inference &out) {
  Type lhsElement = getElementTypeOrSelf(lhs.getType());
  if (lhsElement != getElementTypeOrSelf(rhs.getType()))
    return out.fail("needs operands of one element type");
  if (!elementType)
    elementType = lhsElement;
  RankedTensorType lhsType = ranked(lhs), rhsType = ranked(rhs);
  if (!lhsType || !rhsType)
    return giveUnranked(out, elementType);
  std::optional<SmallVector<int64_t>> shape =
      broadcastShapes(lhsType.getShape(), rhsType.getShape());
  if (!shape)
    return out.fail("can't broadcast " + describe(lhsType.getShape()) + " with " +
                    describe(rhsType.getShape()));
  return give(out, *shape, elementType);
}

namespace bertmlir::ov::detail {

#define BERT_DEFINE(NAME)                                                                          \
  LogicalResult inferTypes(NAME##OpAdaptor op, Inference &out) {                                   \
    return inferUnary(op.getInput(), out);                                                         \
  }
BERT_UNARY_OPS(BERT_DEFINE)
#undef BERT_DEFINE

#define BERT_DEFINE(NAME)                                                                          \
  LogicalResult inferTypes(NAME##OpAdaptor op, Inference &out) {                                   \
    return inferBinary(op.getLhs(), op.getRhs(), Type(), out);                                     \
  }
BERT_BINARY_OPS(BERT_DEFINE)
#undef BERT_DEFINE

#define BERT_DEFINE(NAME)                                                                          \
  LogicalResult inferTypes(NAME##OpAdaptor op, Inference &out) {                                   \
    Type boolean = IntegerType::get(op.getLhs().getContext(), 1);                                  \
    return inferBinary(op.getLhs(), op.getRhs(), boolean, out);                                    \
  }
BERT_COMPARE_OPS(BERT_DEFINE)
#undef BERT_DEFINE

LogicalResult inferTypes(PReluOpAdaptor op, Inference &out) {
  return inferUnary(op.getInput(), out);
}

LogicalResult inferTypes(ConvertOpAdaptor op, Inference &out) {
  if (RankedTensorType type = ranked(op.getInput()))
    return give(out, type.getShape(), op.getDestinationType());
  return giveUnranked(out, op.getDestinationType());
}

LogicalResult inferTypes(SelectOpAdaptor op, Inference &out) {
  SmallVector<Type> branch;
  Inference branchOut{branch, {}};
  if (failed(inferBinary(op.getThenValue(), op.getElseValue(), Type(), branchOut)))
    return out.fail(branchOut.error);
  auto branchType = dyn_cast<RankedTensorType>(branch.front());
  RankedTensorType condition = ranked(op.getCondition());
  Type elementType = getElementTypeOrSelf(branch.front());
  if (!branchType || !condition)
    return giveUnranked(out, elementType);
  std::optional<SmallVector<int64_t>> shape =
      broadcastShapes(branchType.getShape(), condition.getShape());
  if (!shape)
    return out.fail("can't broadcast the condition " + describe(condition.getShape()) + " with " +
                    describe(branchType.getShape()));
  return give(out, *shape, elementType);
}

LogicalResult inferTypes(RandomUniformOpAdaptor op, Inference &out) {
  std::optional<SmallVector<int64_t>> shape = evaluateShapeValue(op.getShape());
  if (!shape)
    return giveUnranked(out, op.getOutputType());
  return give(out, *shape, op.getOutputType());
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

LogicalResult inferTypes(MatMulOpAdaptor op, Inference &out) {
  Type elementType = getElementTypeOrSelf(op.getLhs().getType());
  if (elementType != getElementTypeOrSelf(op.getRhs().getType()))
    return out.fail("needs operands of one element type");
  RankedTensorType lhs = ranked(op.getLhs()), rhs = ranked(op.getRhs());
  if (!lhs || !rhs)
    return giveUnranked(out, elementType);
  SmallVector<int64_t> a(lhs.getShape()), b(rhs.getShape());
  if (a.empty() || b.empty())
    return out.fail("can't multiply scalars");
  // A vector becomes a row on the left and a column on the right, and the
  // dimension that this adds goes again.
  bool lhsVector = a.size() == 1, rhsVector = b.size() == 1;
  if (lhsVector)
    a.insert(a.begin(), 1);
  else if (op.getTransposeA())
    std::swap(a[a.size() - 1], a[a.size() - 2]);
  if (rhsVector)
    b.push_back(1);
  else if (op.getTransposeB())
    std::swap(b[b.size() - 1], b[b.size() - 2]);
  int64_t inner = a.back(), innerRhs = b[b.size() - 2];
  if (inner != innerRhs && !ShapedType::isDynamic(inner) && !ShapedType::isDynamic(innerRhs))
    return out.fail("can't multiply " + describe(lhs.getShape()) + " by " +
                    describe(rhs.getShape()) + ": " + std::to_string(inner) + " columns meet " +
                    std::to_string(innerRhs) + " rows");
  std::optional<SmallVector<int64_t>> shape =
      broadcastShapes(ArrayRef<int64_t>(a).drop_back(2), ArrayRef<int64_t>(b).drop_back(2));
  if (!shape)
    return out.fail("can't broadcast the batches of " + describe(lhs.getShape()) + " and " +
                    describe(rhs.getShape()));
  if (!lhsVector)
    shape->push_back(a[a.size() - 2]);
  if (!rhsVector)
    shape->push_back(b.back());
  return give(out, *shape, elementType);
}

// Explicit equations without an ellipsis; others have an unknown shape.
LogicalResult inferTypes(EinsumOpAdaptor op, Inference &out) {
  if (op.getInputs().empty())
    return out.fail("needs operands");
  Type elementType = getElementTypeOrSelf(op.getInputs().front().getType());
  auto [left, right] = op.getEquation().split("->");
  if (!op.getEquation().contains("->") || op.getEquation().contains('.'))
    return giveUnranked(out, elementType);
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != op.getInputs().size())
    return out.fail("has an equation for " + Twine(terms.size()) + " operands");
  llvm::DenseMap<char, int64_t> sizes;
  for (auto [term, input] : llvm::zip_equal(terms, op.getInputs())) {
    RankedTensorType type = ranked(input);
    std::string letters = term.str();
    llvm::erase(letters, ' ');
    if (!type)
      return giveUnranked(out, elementType);
    if (static_cast<int64_t>(letters.size()) != type.getRank())
      return out.fail("has the term '" + letters + "' for an operand of shape " +
                      describe(type.getShape()));
    for (auto [letter, dim] : llvm::zip_equal(letters, type.getShape())) {
      auto [it, isNew] = sizes.try_emplace(letter, dim);
      if (ShapedType::isDynamic(it->second) || it->second == 1)
        it->second = dim;
      else if (!ShapedType::isDynamic(dim) && dim != 1 && dim != it->second)
        return out.fail(llvm::Twine("has two sizes for '") + llvm::Twine(letter) + "'");
    }
  }
  SmallVector<int64_t> shape;
  for (char letter : right) {
    if (letter == ' ')
      continue;
    auto it = sizes.find(letter);
    if (it == sizes.end())
      return out.fail(llvm::Twine("has the unknown output letter '") + llvm::Twine(letter) + "'");
    shape.push_back(it->second);
  }
  return give(out, shape, elementType);
}

LogicalResult inferTypes(ScaledDotProductAttentionOpAdaptor op, Inference &out) {
  RankedTensorType query = ranked(op.getQuery()), value = ranked(op.getValue());
  Type elementType = getElementTypeOrSelf(op.getQuery().getType());
  if (!query || !value || query.getRank() < 2 || value.getRank() < 2)
    return giveUnranked(out, elementType);
  std::optional<SmallVector<int64_t>> shape =
      broadcastShapes(query.getShape().drop_back(2), value.getShape().drop_back(2));
  if (!shape)
    return out.fail("can't broadcast the batches of query and value");
  shape->push_back(query.getDimSize(query.getRank() - 2));
  shape->push_back(value.getDimSize(value.getRank() - 1));
  return give(out, *shape, elementType);
}

//===----------------------------------------------------------------------===//
// Reductions and normalisation
//===----------------------------------------------------------------------===//

static LogicalResult inferReduce(Value input, Value axes, bool keepDims, Inference &out) {
  Type elementType = getElementTypeOrSelf(input.getType());
  RankedTensorType type = ranked(input);
  if (!type)
    return giveUnranked(out, elementType);
  bool known = false;
  std::optional<SmallVector<int64_t>> list = constantAxes(axes, type.getRank(), known);
  if (!list) {
    if (known)
      return out.fail("has axes out of range for the shape " + describe(type.getShape()));
    if (!keepDims)
      return giveUnranked(out, elementType);
    return give(out, SmallVector<int64_t>(type.getRank(), ShapedType::kDynamic), elementType);
  }
  SmallVector<int64_t> shape;
  for (auto [index, dim] : llvm::enumerate(type.getShape())) {
    if (!llvm::is_contained(*list, static_cast<int64_t>(index)))
      shape.push_back(dim);
    else if (keepDims)
      shape.push_back(1);
  }
  return give(out, shape, elementType);
}

#define BERT_DEFINE(NAME)                                                                          \
  LogicalResult inferTypes(NAME##OpAdaptor op, Inference &out) {                                   \
    return inferReduce(op.getInput(), op.getAxes(), op.getKeepDims(), out);                        \
  }
BERT_REDUCE_OPS(BERT_DEFINE)
#undef BERT_DEFINE

static LogicalResult inferAlongAxis(Value input, int64_t axis, Inference &out) {
  RankedTensorType type = ranked(input);
  if (type && !normalizeAxis(axis, type.getRank()))
    return out.fail("has axis " + Twine(axis) + " for the shape " + describe(type.getShape()));
  return inferUnary(input, out);
}

LogicalResult inferTypes(SoftMaxOpAdaptor op, Inference &out) {
  return inferAlongAxis(op.getInput(), static_cast<int64_t>(op.getAxis()), out);
}
LogicalResult inferTypes(LogSoftmaxOpAdaptor op, Inference &out) {
  return inferAlongAxis(op.getInput(), static_cast<int64_t>(op.getAxis()), out);
}

LogicalResult inferTypes(MVNOpAdaptor op, Inference &out) {
  RankedTensorType type = ranked(op.getInput());
  bool known = false;
  if (type && !constantAxes(op.getAxes(), type.getRank(), known) && known)
    return out.fail("has axes out of range for the shape " + describe(type.getShape()));
  return inferUnary(op.getInput(), out);
}

} // namespace bertmlir::ov::detail

//===----------------------------------------------------------------------===//
// Whole functions
//===----------------------------------------------------------------------===//

LogicalResult ov::reinferTypes(func::FuncOp function) {
  for (Operation &op : function.getBody().front()) {
    auto infer = dyn_cast<InferTypeOpInterface>(&op);
    if (!infer || isa<func::ReturnOp>(op))
      continue;
    SmallVector<Type> types;
    if (failed(infer.inferReturnTypes(op.getContext(), op.getLoc(), op.getOperands(),
                                      op.getDiscardableAttrDictionary(), op.getPropertiesStorage(),
                                      op.getRegions(), types)) ||
        types.size() != op.getNumResults())
      return op.emitOpError("can't compute its result types anew");
    for (auto [result, type] : llvm::zip_equal(op.getResults(), types))
      result.setType(type);
    if (failed(op.getName().verifyInvariants(&op)))
      return failure();
  }
  Operation *terminator = function.getBody().front().getTerminator();
  function.setType(FunctionType::get(function.getContext(), function.getArgumentTypes(),
                                     terminator->getOperandTypes()));
  return success();
}
