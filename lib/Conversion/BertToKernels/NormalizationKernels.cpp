//===- NormalizationKernels.cpp - add + layer norm, embeddings --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Both make a row, then normalise it while it is in the first-level cache: the mean,
// then the mean of squared distances from it (one pass would lose digits where the
// mean is large), then scale and shift.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::kernels;

// Rows of one task: work of some microseconds.
static constexpr int64_t kTaskRows = 8;

// Vectors that a pass keeps apart, so that it does not wait for its own sums.
static constexpr int64_t kParallelSums = 4;

// Sums what `body` makes of each vector of a row. Lanes beyond the width must be 0.
static Value sumRow(KernelBuilder &b, int64_t width, llvm::function_ref<Value(Value)> body) {
  int64_t lanes = b.target.lanes;
  int64_t step = kParallelSums * lanes;
  SmallVector<Value> sums(kParallelSums, b.splat(0.0f));
  int64_t whole = width / step * step;
  auto add = [&](Value sum, Value column) -> Value {
    return arith::AddFOp::create(b, sum, body(column));
  };
  if (whole > 0)
    sums = b.forLoop(b.index(0), b.index(whole), step, sums, [&](Value column, ValueRange so) {
      SmallVector<Value> next;
      for (int64_t v = 0; v < kParallelSums; ++v)
        next.push_back(add(so[v], b.add(column, v * lanes)));
      return next;
    });
  for (int64_t column = whole, v = 0; column < width; column += lanes, ++v)
    sums[v] = add(sums[v], b.index(column));
  Value low = arith::AddFOp::create(b, sums[0], sums[1]);
  Value high = arith::AddFOp::create(b, sums[2], sums[3]);
  return b.reduceAdd(arith::AddFOp::create(b, low, high));
}

// Normalises a row of `output` in place, whose sum is known.
static void normalizeRow(KernelBuilder &b, Value output, Value row, Value sum, Value gamma,
                         Value beta, int64_t width, float epsilon) {
  Value share = b.scalar(1.0f / static_cast<float>(width));
  Value mean = b.splat(arith::MulFOp::create(b, sum, share).getResult());
  auto distance = [&](Value column) -> Value {
    return arith::SubFOp::create(b, b.loadColumns(output, {row, column}, width), mean);
  };
  Value squares = sumRow(b, width, [&](Value column) -> Value {
    Value d = distance(column);
    if (width % b.target.lanes != 0)
      d = arith::SelectOp::create(b, b.columnMask(column, width), d, b.splat(0.0f));
    return arith::MulFOp::create(b, d, d);
  });
  Value variance = arith::MulFOp::create(b, squares, share);
  Value deviation =
      math::SqrtOp::create(b, arith::AddFOp::create(b, variance, b.scalar(epsilon)).getResult());
  Value factor = b.splat(arith::DivFOp::create(b, b.scalar(1.0f), deviation).getResult());
  b.forLoop(b.index(0), b.index(width), b.target.lanes, [&](Value column) {
    Value scaled = arith::MulFOp::create(b, distance(column), factor);
    b.storeColumns(b.multiplyAdd(scaled, b.load(gamma, {column}), b.load(beta, {column})), output,
                   {row, column}, width);
  });
}

// A row at a time, in tasks of some.
static void forRows(KernelBuilder &b, Value count, llvm::function_ref<void(Value)> body) {
  b.parallelLoop(b.ceilDiv(count, kTaskRows), [&](Value task) {
    Value first = b.mul(task, kTaskRows);
    b.forLoop(first, b.min(b.add(first, kTaskRows), count), 1, body);
  });
}

void kernels::emitAddLayerNorm(KernelBuilder &b, func::FuncOp kernel, int64_t width,
                               bool hasResidual, float epsilon) {
  Value input = kernel.getArgument(0);
  Value residual = hasResidual ? kernel.getArgument(1) : Value();
  auto rest = kernel.getArguments().drop_front(hasResidual ? 2 : 1);
  Value gamma = rest[0], beta = rest[1], output = rest[2];
  forRows(b, b.dim(input, 0), [&](Value row) {
    Value sum = sumRow(b, width, [&](Value column) {
      Value x = b.loadColumns(input, {row, column}, width);
      if (residual)
        x = arith::AddFOp::create(b, x, b.loadColumns(residual, {row, column}, width));
      b.storeColumns(x, output, {row, column}, width);
      return x;
    });
    normalizeRow(b, output, row, sum, gamma, beta, width, epsilon);
  });
}

void kernels::emitEmbeddings(KernelBuilder &b, func::FuncOp kernel, int64_t width, bool hasTypes,
                             float epsilon) {
  auto arguments = kernel.getArguments();
  Value ids = arguments[0];
  Value types = hasTypes ? arguments[1] : Value();
  arguments = arguments.drop_front(hasTypes ? 2 : 1);
  auto tokens = TokenBuffers::get(arguments.take_front(TokenBuffers::kCount));
  arguments = arguments.drop_front(TokenBuffers::kCount);
  Value word = arguments[0], position = arguments[1];
  Value tokenType = hasTypes ? arguments[2] : Value();
  arguments = arguments.drop_front(hasTypes ? 3 : 2);
  Value gamma = arguments[0], beta = arguments[1], output = arguments[2];

  forRows(b, b.dim(output, 0), [&](Value row) {
    Value sequence = b.loadIndex(tokens.tokenSequence, {row});
    Value place = b.loadIndex(tokens.tokenPosition, {row});
    Value id = b.loadIndex(ids, {sequence, place});
    Value type = hasTypes ? b.loadIndex(types, {sequence, place}) : Value();
    Value sum = sumRow(b, width, [&](Value column) {
      // The order in which TensorFlow adds them: the words, the types, the positions.
      Value x = b.loadColumns(word, {id, column}, width);
      if (hasTypes)
        x = arith::AddFOp::create(b, x, b.loadColumns(tokenType, {type, column}, width));
      x = arith::AddFOp::create(b, x, b.loadColumns(position, {place, column}, width));
      b.storeColumns(x, output, {row, column}, width);
      return x;
    });
    normalizeRow(b, output, row, sum, gamma, beta, width, epsilon);
  });
}
