//===- KernelBuilder.cpp - builds loops on vectors and buffers --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::kernels;

std::optional<Target> Target::get(int64_t vectorBits, bool hasFMA) {
  // Rows x vectors sums, a row of B and one broadcast element fill the registers:
  // 32 of them with AVX-512, 16 otherwise.
  switch (vectorBits) {
  case 512:
    return Target{16, hasFMA, 6, 4, 128};
  case 256:
    return Target{8, hasFMA, 6, 2, 128};
  case 128:
    return Target{4, hasFMA, 6, 2, 128};
  default:
    return std::nullopt;
  }
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

Value KernelBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(*this, value); }
Value KernelBuilder::add(Value a, Value b) { return createOrFold<arith::AddIOp>(a, b); }
Value KernelBuilder::sub(Value a, Value b) { return createOrFold<arith::SubIOp>(a, b); }
Value KernelBuilder::mul(Value a, Value b) { return createOrFold<arith::MulIOp>(a, b); }
Value KernelBuilder::div(Value a, int64_t b) { return createOrFold<arith::DivUIOp>(a, index(b)); }
Value KernelBuilder::ceilDiv(Value a, Value b) {
  return createOrFold<arith::DivUIOp>(sub(add(a, b), index(1)), b);
}
Value KernelBuilder::min(Value a, Value b) { return createOrFold<arith::MinUIOp>(a, b); }
Value KernelBuilder::max(Value a, Value b) {
  if (a.getType().isIndex())
    return createOrFold<arith::MaxUIOp>(a, b);
  // The two ops that x86 has one instruction for; arith.maximumf takes five, for NaN.
  Value isGreater = arith::CmpFOp::create(*this, arith::CmpFPredicate::OGT, a, b);
  return arith::SelectOp::create(*this, isGreater, a, b);
}
Value KernelBuilder::isLess(Value a, Value b) {
  return createOrFold<arith::CmpIOp>(arith::CmpIPredicate::ult, a, b);
}
Value KernelBuilder::isEqual(Value a, Value b) {
  return createOrFold<arith::CmpIOp>(arith::CmpIPredicate::eq, a, b);
}
Value KernelBuilder::loadIndex(Value buffer, ValueRange at) {
  return arith::IndexCastOp::create(*this, getIndexType(),
                                    memref::LoadOp::create(*this, buffer, at));
}
Value KernelBuilder::dim(Value buffer, int64_t dimension) {
  return createOrFold<memref::DimOp>(buffer, dimension);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value KernelBuilder::scalar(float value) {
  return arith::ConstantOp::create(*this, getF32FloatAttr(value));
}
Value KernelBuilder::splat(float value) {
  return arith::ConstantOp::create(*this,
                                   DenseElementsAttr::get(vectorType(), llvm::ArrayRef(value)));
}
Value KernelBuilder::splat(Value value) {
  return vector::BroadcastOp::create(*this, vectorType(), value);
}
Value KernelBuilder::load(Value buffer, ValueRange at) {
  return vector::LoadOp::create(*this, vectorType(), buffer, at);
}
void KernelBuilder::store(Value value, Value buffer, ValueRange at) {
  vector::StoreOp::create(*this, value, buffer, at);
}
Value KernelBuilder::loadScalar(Value buffer, ValueRange at) {
  return memref::LoadOp::create(*this, buffer, at);
}
Value KernelBuilder::multiplyAdd(Value a, Value b, Value c) {
  if (target.hasFMA)
    return vector::FMAOp::create(*this, a, b, c);
  return arith::AddFOp::create(*this, arith::MulFOp::create(*this, a, b), c);
}
Value KernelBuilder::reduce(Value vector, llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t width = target.lanes; width > 1; width /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t lane = 0; lane < width / 2; ++lane) {
      low.push_back(lane);
      high.push_back(lane + width / 2);
    }
    vector = combine(vector::ShuffleOp::create(*this, vector, vector, low),
                     vector::ShuffleOp::create(*this, vector, vector, high));
  }
  return vector::ExtractOp::create(*this, vector, ArrayRef<int64_t>{0});
}
Value KernelBuilder::reduceAdd(Value vector) {
  return reduce(vector,
                [&](Value a, Value b) -> Value { return arith::AddFOp::create(*this, a, b); });
}
Value KernelBuilder::reduceMax(Value vector) {
  return reduce(vector, [&](Value a, Value b) { return max(a, b); });
}

Value KernelBuilder::columnMask(Value first, int64_t columns) {
  Value left = createOrFold<arith::SubIOp>(index(columns), first);
  left = createOrFold<arith::MaxSIOp>(left, index(0));
  return vector::CreateMaskOp::create(*this, VectorType::get({target.lanes}, getI1Type()),
                                      ValueRange{left});
}
Value KernelBuilder::loadColumns(Value buffer, ValueRange at, int64_t columns, int64_t step) {
  if (columns % (step ? step : target.lanes) == 0)
    return load(buffer, at);
  return vector::MaskedLoadOp::create(*this, vectorType(), buffer, at,
                                      columnMask(at.back(), columns), splat(0.0f));
}
void KernelBuilder::storeColumns(Value value, Value buffer, ValueRange at, int64_t columns,
                                 int64_t step) {
  if (columns % (step ? step : target.lanes) == 0)
    return store(value, buffer, at);
  vector::MaskedStoreOp::create(*this, buffer, at, columnMask(at.back(), columns), value);
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

void KernelBuilder::emitInto(Region &region, llvm::function_ref<void()> body) {
  OpBuilder::InsertionGuard guard(*this);
  if (region.empty())
    createBlock(&region);
  setInsertionPointToStart(&region.front());
  body();
}

void KernelBuilder::forLoop(Value begin, Value end, int64_t step, Body body) {
  forLoop(begin, end, index(step), body);
}

void KernelBuilder::forLoop(Value begin, Value end, Value step, Body body) {
  auto loop = scf::ForOp::create(*this, begin, end, step);
  emitInto(loop.getRegion(), [&] { body(loop.getInductionVar()); });
}

SmallVector<Value> KernelBuilder::forLoop(Value begin, Value end, int64_t step, ValueRange carried,
                                          CarryingBody body) {
  auto loop = scf::ForOp::create(*this, begin, end, index(step), carried);
  emitInto(loop.getRegion(), [&] {
    SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
    if (!carried.empty())
      scf::YieldOp::create(*this, next);
  });
  return SmallVector<Value>(loop.getResults());
}

void KernelBuilder::parallelLoop(Value count, Body body) {
  auto loop =
      scf::ParallelOp::create(*this, ValueRange{index(0)}, ValueRange{count}, ValueRange{index(1)});
  emitInto(loop.getRegion(), [&] { body(loop.getInductionVars().front()); });
}

Value KernelBuilder::getTaskParts(Value tasks, Value most) {
  auto workers = func::CallOp::create(*this, "bert_num_workers", TypeRange{getI64Type()});
  Value wanted = arith::IndexCastOp::create(*this, getIndexType(), workers.getResult(0));
  Value parts = ceilDiv(wanted, max(tasks, index(1)));
  return max(min(parts, most), index(1));
}

void KernelBuilder::ifThen(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(*this, condition, /*withElseRegion=*/false);
  emitInto(branch.getThenRegion(), body);
}

void KernelBuilder::forRowBlocks(Value begin, Value end,
                                 llvm::function_ref<void(int64_t, Value)> body) {
  Value count = sub(end, begin);
  Value whole = mul(div(count, target.rows), target.rows);
  Value wholeEnd = add(begin, whole);
  forLoop(begin, wholeEnd, target.rows, [&](Value row) { body(target.rows, row); });

  SmallVector<int64_t> cases;
  for (int64_t rows = 1; rows < target.rows; ++rows)
    cases.push_back(rows);
  auto rest =
      scf::IndexSwitchOp::create(*this, TypeRange(), sub(count, whole), cases, cases.size());
  emitInto(rest.getDefaultRegion(), [&] { scf::YieldOp::create(*this); });
  for (auto [rows, region] : llvm::zip_equal(cases, rest.getCaseRegions()))
    emitInto(region, [&, rows = rows] {
      body(rows, wholeEnd);
      scf::YieldOp::create(*this);
    });
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

SmallVector<Value> kernels::emitProduct(KernelBuilder &b, const ProductBlock &block,
                                        ValueRange sums) {
  return b.forLoop(block.begin, block.end, block.unroll, sums, [&](Value at, ValueRange carried) {
    SmallVector<Value> next(carried);
    if (block.fetch)
      block.fetch(at);
    for (int64_t step = 0; step < block.unroll; ++step) {
      Value depth = b.add(at, step);
      SmallVector<Value> right;
      for (int64_t vector = 0; vector < block.vectors; ++vector)
        right.push_back(block.loadRight(vector, depth));
      for (int64_t row = 0; row < block.rows; ++row) {
        Value left = b.splat(block.loadLeft(row, depth));
        for (int64_t vector = 0; vector < block.vectors; ++vector) {
          Value &sum = next[row * block.vectors + vector];
          sum = b.multiplyAdd(left, right[vector], sum);
        }
      }
    }
    return next;
  });
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

Value kernels::emitActivation(KernelBuilder &b, bert::Activation activation, Value x) {
  auto times = [&](Value a, Value c) { return arith::MulFOp::create(b, a, c).getResult(); };
  auto plus = [&](Value a, Value c) { return arith::AddFOp::create(b, a, c).getResult(); };
  switch (activation) {
  case bert::Activation::None:
    return x;
  case bert::Activation::Relu:
    // Zero only where x is below it, so that NaN stays.
    return arith::SelectOp::create(
        b, arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, b.splat(0.0f), x), b.splat(0.0f), x);
  case bert::Activation::Tanh:
    return math::TanhOp::create(b, x);
  case bert::Activation::GeluErf: {
    Value erf = math::ErfOp::create(b, times(x, b.splat(0.70710678118654752f)));
    return times(times(x, b.splat(0.5f)), plus(erf, b.splat(1.0f)));
  }
  case bert::Activation::GeluTanh: {
    // sqrt(2 / pi) (x + 0.044715 x^3), with the factors multiplied out.
    Value square = times(x, x);
    Value factor = b.multiplyAdd(square, b.splat(0.044715f * 0.79788456080286536f),
                                 b.splat(0.79788456080286536f));
    Value tanh = math::TanhOp::create(b, times(x, factor));
    return times(times(x, b.splat(0.5f)), plus(tanh, b.splat(1.0f)));
  }
  }
  llvm_unreachable("every activation has a case");
}
