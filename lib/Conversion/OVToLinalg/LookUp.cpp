//===- LookUp.cpp - elements by index become loop nests ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// No index reads outside its tensor: what an index out of range picks is 0.
//
//===----------------------------------------------------------------------===//

#include "ModelLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;
using namespace bertmlir::ovtolinalg;

// Counts a negative index from the end; says whether it is inside, and gives one
// that is in any case.
static std::pair<Value, Value> guard(LoopBuilder &b, Value element, Value size) {
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value at = arith::IndexCastOp::create(b, b.getIndexType(), element);
  Value isNegative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, at, zero);
  at = arith::SelectOp::create(b, isNegative, arith::AddIOp::create(b, at, size), at);
  Value isInside = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, at, size);
  return {arith::SelectOp::create(b, isInside, at, zero), isInside};
}

static bool hasNoElements(const Tensor &tensor) {
  return llvm::any_of(tensor.dims, [](OpFoldResult dim) { return getConstantIntValue(dim) == 0; });
}

static LogicalResult lowerGather(ModelLowering &c, Operation *generic) {
  auto op = cast<GatherOp>(generic);
  Tensor input = c.get(op.getInput()), indices = c.get(op.getIndices());
  std::optional<int64_t> constantAxis = getConstantInt(op.getAxis());
  if (!constantAxis)
    return c.refuse("an axis that is computed");
  int64_t axis = wrapAxis(*constantAxis, input.rank());
  int64_t batch = wrapAxis(op.getBatchDims(), indices.rank() + 1);
  int64_t picked = indices.rank() - batch;
  // Result: input[..axis), indices[batch..), input(axis..].
  Tensor result = c.result(0, [&](int64_t i) {
    if (i < axis)
      return input.dims[i];
    if (i < axis + picked)
      return indices.dims[batch + i - axis];
    return input.dims[i - picked + 1];
  });
  Type type = input.elementType();
  if (hasNoElements(input)) {
    Value zero = c.constant(type, 0);
    return c.give(
        c.generate(result.dims, type, {}, [&](LoopBuilder &, ValueRange) { return zero; }));
  }
  Value size = c.index(input.dims[axis]);
  SmallVector<int64_t> places;
  for (int64_t i = 0; i < indices.rank(); ++i)
    places.push_back(i < batch ? i : axis + i - batch);
  LoopOperand operand{indices.value, c.map(result.rank(), places)};
  return c.give(c.generate(result.dims, type, operand, [&](LoopBuilder &b, ValueRange x) -> Value {
    auto [at, isInside] = guard(b, x[0], size);
    SmallVector<Value> place;
    for (int64_t i = 0; i < input.rank(); ++i)
      place.push_back(
          i == axis ? at : linalg::IndexOp::create(b, i < axis ? i : i + picked - 1).getResult());
    Value element = tensor::ExtractOp::create(b, input.value, place);
    return arith::SelectOp::create(b, isInside, element, ModelLowering::constant(b, type, 0));
  }));
}

static LogicalResult lowerGatherND(ModelLowering &c, Operation *generic) {
  auto op = cast<GatherNDOp>(generic);
  Tensor input = c.get(op.getInput()), indices = c.get(op.getIndices());
  int64_t batch = op.getBatchDims(), outer = indices.rank() - 1;
  std::optional<int64_t> tuple = getConstantIntValue(indices.dims[outer]);
  if (!tuple)
    return c.refuse("index tuples of open length");
  Tensor result = c.result(0, [&](int64_t i) {
    return i < outer ? indices.dims[i] : input.dims[batch + *tuple + i - outer];
  });
  Type type = input.elementType();
  if (hasNoElements(input)) {
    Value zero = c.constant(type, 0);
    return c.give(
        c.generate(result.dims, type, {}, [&](LoopBuilder &, ValueRange) { return zero; }));
  }
  SmallVector<Value> sizes;
  for (int64_t i = 0; i < *tuple; ++i)
    sizes.push_back(c.index(input.dims[batch + i]));
  return c.give(c.generate(result.dims, type, {}, [&](LoopBuilder &b, ValueRange) -> Value {
    SmallVector<Value> loops, place;
    for (int64_t i = 0; i < outer; ++i)
      loops.push_back(linalg::IndexOp::create(b, i));
    for (int64_t i = 0; i < batch; ++i)
      place.push_back(loops[i]);
    Value isInside = ModelLowering::constant(b, b.getI1Type(), 1);
    for (auto [i, size] : llvm::enumerate(sizes)) {
      SmallVector<Value> entry(loops);
      entry.push_back(arith::ConstantIndexOp::create(b, i));
      auto [at, isThis] = guard(b, tensor::ExtractOp::create(b, indices.value, entry), size);
      isInside = arith::AndIOp::create(b, isInside, isThis);
      place.push_back(at);
    }
    for (int64_t i = outer; i < result.rank(); ++i)
      place.push_back(linalg::IndexOp::create(b, i));
    Value element = tensor::ExtractOp::create(b, input.value, place);
    return arith::SelectOp::create(b, isInside, element, ModelLowering::constant(b, type, 0));
  }));
}

static LogicalResult lowerOneHot(ModelLowering &c, Operation *generic) {
  auto op = cast<OneHotOp>(generic);
  Tensor indices = c.get(op.getIndices()), on = c.get(op.getOnValue()),
         off = c.get(op.getOffValue());
  std::optional<Dims> depth = c.elements(op.getDepth());
  if (!depth || depth->size() != 1 || on.rank() > 1 || off.rank() > 1)
    return c.refuse("a depth or values that are not one number");
  int64_t axis = wrapAxis(op.getAxis(), indices.rank() + 1);
  Tensor result = c.result(0, [&](int64_t i) {
    return i == axis ? depth->front() : indices.dims[i < axis ? i : i - 1];
  });
  SmallVector<int64_t> places;
  for (int64_t i = 0; i < indices.rank(); ++i)
    places.push_back(i < axis ? i : i + 1);
  auto read = [&](const Tensor &tensor) -> Value {
    SmallVector<Value> at(tensor.rank(), c.index(c.number(0)));
    return tensor::ExtractOp::create(c.builder, tensor.value, at);
  };
  Value onValue = read(on), offValue = read(off);
  LoopOperand operand{indices.value, c.map(result.rank(), places)};
  return c.give(c.generate(
      result.dims, on.elementType(), operand, [&](LoopBuilder &b, ValueRange x) -> Value {
        Value index = arith::IndexCastOp::create(b, b.getIndexType(), x[0]);
        Value isThis = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, index,
                                             linalg::IndexOp::create(b, axis));
        return arith::SelectOp::create(b, isThis, onValue, offValue);
      }));
}

//===----------------------------------------------------------------------===//
// TopK
//===----------------------------------------------------------------------===//

// Each element's place is the number of those that stand before it, which takes
// time quadratic in the length; then each place looks for its element.
static LogicalResult lowerTopK(ModelLowering &c, Operation *generic) {
  auto op = cast<TopKOp>(generic);
  Tensor input = c.get(op.getInput());
  std::optional<Dims> k = c.elements(op.getK());
  if (!k || k->size() != 1)
    return c.refuse("a number k that is not one number");
  int64_t rank = input.rank(), axis = wrapAxis(op.getAxis(), rank);
  if (rank == 0)
    return c.refuse("an operand of rank 0");
  auto compute = [&](int64_t i) { return i == axis ? k->front() : input.dims[i]; };
  Tensor values = c.result(0, compute), indices = c.result(1, compute);
  Type type = input.elementType(), index = c.builder.getI64Type();
  Type indexType = op.getIndexElementType();

  // Loops: the input's dimensions, then the other element's place along the axis.
  SmallVector<int64_t> own = llvm::to_vector(llvm::seq<int64_t>(0, rank)), other = own;
  other[axis] = rank;
  bool isMax = op.getMode() == "max";
  auto count = [&](Body body, ArrayRef<LoopOperand> operands) {
    Tensor places = input;
    places.value = c.accumulate(rank + 1, c.map(rank + 1, own), input.dims, c.constant(index, 0),
                                operands, body);
    return places;
  };
  LoopOperand mine{input.value, c.map(rank + 1, own)}, theirs{input.value, c.map(rank + 1, other)};
  Tensor places = count(
      [&](LoopBuilder &b, ValueRange x) -> Value {
        Value isBetter, isSame;
        if (isa<FloatType>(type)) {
          isBetter = arith::CmpFOp::create(
              b, isMax ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT, x[1], x[0]);
          isSame = arith::CmpFOp::create(b, arith::CmpFPredicate::UEQ, x[1], x[0]);
        } else {
          isBetter = arith::CmpIOp::create(
              b, isMax ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt, x[1], x[0]);
          isSame = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x[1], x[0]);
        }
        Value isEarlier =
            arith::CmpIOp::create(b, arith::CmpIPredicate::ult, linalg::IndexOp::create(b, rank),
                                  linalg::IndexOp::create(b, axis));
        Value isBefore =
            arith::OrIOp::create(b, isBetter, arith::AndIOp::create(b, isSame, isEarlier));
        return arith::AddIOp::create(b, x[2], arith::ExtUIOp::create(b, index, isBefore));
      },
      {mine, theirs});

  Value limit = arith::IndexCastOp::create(c.builder, index, c.index(k->front()));
  if (op.getSort() == "index") {
    // Among the k that are chosen, in the order of their indices; the others far behind.
    LoopOperand myPlace{places.value, c.map(rank + 1, own)};
    LoopOperand theirPlace{places.value, c.map(rank + 1, other)};
    places = count(
        [&](LoopBuilder &b, ValueRange x) -> Value {
          Value isChosen = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x[0], limit);
          Value isOther = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x[1], limit);
          Value isEarlier =
              arith::CmpIOp::create(b, arith::CmpIPredicate::ult, linalg::IndexOp::create(b, rank),
                                    linalg::IndexOp::create(b, axis));
          Value counts = arith::AndIOp::create(b, isOther, isEarlier);
          Value sum = arith::AddIOp::create(b, x[2], arith::ExtUIOp::create(b, index, counts));
          return arith::SelectOp::create(b, isChosen, sum, limit);
        },
        {myPlace, theirPlace});
  }

  // Loops: the result's dimensions, then the input's place along the axis.
  LoopOperand place{places.value, c.map(rank + 1, other)};
  Value found = c.accumulate(
      rank + 1, c.map(rank + 1, own), indices.dims, c.constant(index, 0), place,
      [&](LoopBuilder &b, ValueRange x) -> Value {
        Value at = arith::IndexCastOp::create(b, index, linalg::IndexOp::create(b, axis));
        Value isThis = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x[0], at);
        Value from = arith::IndexCastOp::create(b, index, linalg::IndexOp::create(b, rank));
        return arith::SelectOp::create(b, isThis, from, x[1]);
      });
  LoopOperand foundOperand{found, c.map(rank, own)};
  Value size = c.index(input.dims[axis]);
  Value picked =
      c.generate(values.dims, type, foundOperand, [&](LoopBuilder &b, ValueRange x) -> Value {
        SmallVector<Value> at;
        for (int64_t i = 0; i < rank; ++i)
          at.push_back(i == axis ? guard(b, x[0], size).first
                                 : linalg::IndexOp::create(b, i).getResult());
        return tensor::ExtractOp::create(b, input.value, at);
      });
  Value converted =
      c.generate(indices.dims, indexType, foundOperand, [&](LoopBuilder &b, ValueRange x) -> Value {
        return convertElement(b, x[0], indexType);
      });
  if (failed(c.give(0, picked)))
    return failure();
  return c.give(1, converted);
}

void ovtolinalg::addLookUpRules(RuleTable &table) {
  table.add<GatherOp>(lowerGather);
  table.add<GatherNDOp>(lowerGatherND);
  table.add<OneHotOp>(lowerOneHot);
  table.add<TopKOp>(lowerTopK);
}
