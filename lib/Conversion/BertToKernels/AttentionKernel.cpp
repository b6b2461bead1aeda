//===- AttentionKernel.cpp - softmax(scale q k^T + bias) v, per head --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A task is one head of one sequence, or a part of its queries. It first copies the
// sequence's keys, in the order of key_row, into the worker's scratch: k transposed in
// panels of 64 keys, already scaled, v as rows. After that both products are those of a dense
// layer, and holes in a mask cost nothing. Sums go over the keys alone, whatever stands beside them
// in the batch.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::kernels;

// What is added to the scores of the columns that fill up a panel: exp of it is 0.
static constexpr float kNever = -1.0e30f;

// Steps of the loop over keys in the second product.
static constexpr int64_t kKeyStep = 4;

// The fewest queries that are worth a task of their own.
static constexpr int64_t kTaskQueries = 24;

namespace {

/// Where things lie in a worker's scratch, in f32 elements from `base`.
struct Scratch {
  Value keys;    ///< [panels][headSize][64]
  Value values;  ///< [keys][valueWidth]
  Value bias;    ///< [keys, filled up to panels]
  Value scores;  ///< [rows][keys, filled up]
  Value results; ///< [rows][valueWidth]
  Value end;
};

int64_t getValueWidth(KernelBuilder &b, int64_t headSize) {
  return llvm::divideCeil(headSize, b.target.lanes) * b.target.lanes;
}

Scratch placeScratch(KernelBuilder &b, Value base, Value paddedKeys, int64_t headSize) {
  int64_t valueWidth = getValueWidth(b, headSize);
  Scratch scratch;
  scratch.keys = base;
  scratch.values = b.add(scratch.keys, b.mul(paddedKeys, headSize));
  scratch.bias = b.add(scratch.values, b.mul(paddedKeys, valueWidth));
  scratch.scores = b.add(scratch.bias, paddedKeys);
  scratch.results = b.add(scratch.scores, b.mul(paddedKeys, b.target.rows));
  scratch.end = b.add(scratch.results, llvm::divideCeil(b.target.rows * valueWidth, 16) * 16);
  return scratch;
}

} // namespace

Value kernels::emitAttentionScratchSize(KernelBuilder &b, Value sequence, int64_t headSize) {
  return placeScratch(b, b.index(0), b.roundUp(sequence, kPanel), headSize).end;
}

//===----------------------------------------------------------------------===//
// Keys and values
//===----------------------------------------------------------------------===//

// A lane mask for a head's columns: the last vector of a head must not read the next one's.
static Value loadHead(KernelBuilder &b, Value source, Value row, Value column, int64_t offset,
                      int64_t size) {
  SmallVector<Value> at{row, b.add(column, offset)};
  if (offset + b.target.lanes <= size)
    return b.load(source, at);
  Value mask = vector::CreateMaskOp::create(b, VectorType::get({b.target.lanes}, b.getI1Type()),
                                            ValueRange{b.index(size - offset)});
  return vector::MaskedLoadOp::create(b, b.vectorType(), source, at, mask, b.splat(0.0f));
}

// Transposes `lanes` vectors: at each step blocks of 1, 2, 4 ... elements on both sides
// of the diagonal change places.
static void transpose(KernelBuilder &b, MutableArrayRef<Value> rows) {
  int64_t lanes = b.target.lanes;
  for (int64_t block = 1; block < lanes; block *= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      bool moves = lane & block;
      low.push_back(moves ? lanes + lane - block : lane);
      high.push_back(moves ? lanes + lane : lane + block);
    }
    for (int64_t row = 0; row < lanes; ++row) {
      if (row & block)
        continue;
      Value upper = rows[row], lower = rows[row + block];
      rows[row] = vector::ShuffleOp::create(b, upper, lower, low);
      rows[row + block] = vector::ShuffleOp::create(b, upper, lower, high);
    }
  }
}

// Copies keys into panels, a square of lanes x lanes at a time, which is transposed in
// registers. What fills up the last panel repeats the last key: any number will do,
// since kNever is added to its scores.
static void copyKeys(KernelBuilder &b, const AttentionShape &shape, const Scratch &scratch,
                     Value buffer, Value rows, Value source, Value column, Value count,
                     Value paddedCount) {
  int64_t size = shape.headSize, lanes = b.target.lanes;
  Value scale = b.splat(shape.scale);
  Value last = b.sub(count, b.index(1));
  b.forLoop(b.index(0), paddedCount, lanes, [&](Value key) {
    SmallVector<Value> row;
    for (int64_t lane = 0; lane < lanes; ++lane)
      row.push_back(b.loadIndex(rows, {b.min(b.add(key, lane), last)}));
    Value panel = b.div(key, kPanel);
    Value place =
        b.add(b.add(scratch.keys, b.mul(panel, size * kPanel)), b.sub(key, b.mul(panel, kPanel)));
    // `d` is the square's first column in the head, of which `used` are the head's.
    auto copySquare = [&](Value d, int64_t used) {
      SmallVector<Value> square;
      for (int64_t lane = 0; lane < lanes; ++lane)
        square.push_back(loadHead(b, source, row[lane], b.add(column, d), 0, used));
      transpose(b, square);
      for (int64_t i = 0; i < std::min(used, lanes); ++i)
        b.store(arith::MulFOp::create(b, square[i], scale), buffer,
                {b.add(place, b.mul(b.add(d, i), kPanel))});
    };
    int64_t whole = size / lanes * lanes;
    b.forLoop(b.index(0), b.index(whole), lanes, [&](Value d) { copySquare(d, lanes); });
    if (whole < size)
      copySquare(b.index(whole), size - whole);
  });
}

static void copyValues(KernelBuilder &b, const AttentionShape &shape, const Scratch &scratch,
                       Value buffer, Value rows, Value source, Value column, Value count) {
  int64_t width = getValueWidth(b, shape.headSize);
  auto placeOf = [&](Value key) { return b.add(scratch.values, b.mul(key, width)); };
  b.forLoop(b.index(0), count, 1, [&](Value key) {
    Value row = b.loadIndex(rows, {key});
    for (int64_t d = 0; d < width; d += b.target.lanes)
      b.store(loadHead(b, source, row, column, d, shape.headSize), buffer,
              {b.add(placeOf(key), d)});
  });
  // The second product takes several keys at once: the last ones have weight 0.
  b.forLoop(count, b.roundUp(count, kKeyStep), 1, [&](Value key) {
    for (int64_t d = 0; d < width; d += b.target.lanes)
      b.store(b.splat(0.0f), buffer, {b.add(placeOf(key), d)});
  });
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

// Turns scores into exp(score - largest) in place; returns 1 / their sum.
static Value softmaxRow(KernelBuilder &b, Value buffer, Value start, Value paddedCount) {
  constexpr int64_t kUnroll = 4; // A panel of 64 keys is a multiple of it for all targets.
  int64_t lanes = b.target.lanes;
  SmallVector<Value> lowest(kUnroll, b.splat(-3.0e38f));
  SmallVector<Value> largest =
      b.forLoop(b.index(0), paddedCount, kUnroll * lanes, lowest, [&](Value at, ValueRange so) {
        SmallVector<Value> next;
        for (int64_t v = 0; v < kUnroll; ++v)
          next.push_back(b.max(so[v], b.load(buffer, {b.add(b.add(start, at), v * lanes)})));
        return next;
      });
  Value most = largest[0];
  for (int64_t v = 1; v < kUnroll; ++v)
    most = b.max(most, largest[v]);
  Value mostEverywhere = b.splat(b.reduceMax(most));

  SmallVector<Value> zeros(kUnroll, b.splat(0.0f));
  SmallVector<Value> sums =
      b.forLoop(b.index(0), paddedCount, kUnroll * lanes, zeros, [&](Value at, ValueRange so) {
        SmallVector<Value> next;
        for (int64_t v = 0; v < kUnroll; ++v) {
          SmallVector<Value> place{b.add(b.add(start, at), v * lanes)};
          Value e = math::ExpOp::create(
              b, arith::SubFOp::create(b, b.load(buffer, place), mostEverywhere).getResult());
          b.store(e, buffer, place);
          next.push_back(arith::AddFOp::create(b, so[v], e));
        }
        return next;
      });
  Value sum = arith::AddFOp::create(b, arith::AddFOp::create(b, sums[0], sums[1]).getResult(),
                                    arith::AddFOp::create(b, sums[2], sums[3]).getResult());
  return arith::DivFOp::create(b, b.scalar(1.0f), b.reduceAdd(sum));
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void kernels::emitAttention(KernelBuilder &b, func::FuncOp kernel, const AttentionShape &shape) {
  Value queries = kernel.getArgument(0), keys = kernel.getArgument(1),
        values = kernel.getArgument(2);
  auto tokens = TokenBuffers::get(kernel.getArguments().slice(3, TokenBuffers::kCount));
  Value buffer = kernel.getArgument(3 + TokenBuffers::kCount);
  Value scratchSize = kernel.getArgument(4 + TokenBuffers::kCount);
  Value output = kernel.getArguments().back();
  const Target &target = b.target;
  int64_t size = shape.headSize, lanes = target.lanes;
  int64_t valueWidth = getValueWidth(b, size);
  int64_t unroll = size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;

  Value sequences = b.sub(b.dim(tokens.tokenBegin, 0), b.index(1));
  Value pairs = b.mul(sequences, shape.heads);
  // Where sequences and heads are too few for the threads, several tasks share the
  // queries of one, though each copies the keys again.
  Value parts = b.index(1);
  if (!shape.oneQuery) {
    Value most = b.ceilDiv(b.dim(output, 0), b.mul(b.max(sequences, b.index(1)), kTaskQueries));
    parts = b.getTaskParts(pairs, most);
  }
  b.parallelLoop(b.mul(pairs, parts), [&](Value task) {
    Value pair = arith::DivUIOp::create(b, task, parts);
    Value part = arith::RemUIOp::create(b, task, parts);
    Value sequence = b.div(pair, shape.heads);
    Value head = b.sub(pair, b.mul(sequence, shape.heads));
    Value headColumn = b.mul(head, size);
    Value firstKey = b.loadIndex(tokens.keyBegin, {sequence});
    Value count = b.sub(b.loadIndex(tokens.keyBegin, {b.add(sequence, 1)}), firstKey);
    Value paddedCount = b.roundUp(count, kPanel);
    Value worker = arith::IndexCastOp::create(
        b, b.getIndexType(),
        func::CallOp::create(b, "bert_worker_index", TypeRange{b.getI64Type()}).getResult(0));
    Scratch scratch = placeScratch(b, b.mul(worker, scratchSize), paddedCount, size);

    // This sequence's keys, as a buffer that starts with the first one.
    auto partOf = [&](Value of) {
      return memref::SubViewOp::create(b, of, ArrayRef<OpFoldResult>{firstKey},
                                       ArrayRef<OpFoldResult>{count},
                                       ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
    };
    Value keyRow = partOf(tokens.keyRow), keyBias = partOf(tokens.keyBias);
    copyKeys(b, shape, scratch, buffer, keyRow, keys, b.add(headColumn, shape.keyColumn), count,
             paddedCount);
    copyValues(b, shape, scratch, buffer, keyRow, values, b.add(headColumn, shape.valueColumn),
               count);
    b.forLoop(b.index(0), count, 1, [&](Value key) {
      memref::StoreOp::create(b, b.loadScalar(keyBias, {key}), buffer,
                              ValueRange{b.add(scratch.bias, key)});
    });
    b.forLoop(count, paddedCount, 1, [&](Value key) {
      memref::StoreOp::create(b, b.scalar(kNever), buffer, ValueRange{b.add(scratch.bias, key)});
    });

    Value firstRow, endRow;
    if (shape.oneQuery) {
      firstRow = sequence;
      endRow = b.add(sequence, 1);
    } else {
      Value begin = b.loadIndex(tokens.tokenBegin, {sequence});
      Value end = b.loadIndex(tokens.tokenBegin, {b.add(sequence, 1)});
      Value partRows = b.roundUp(b.ceilDiv(b.sub(end, begin), parts), target.rows);
      firstRow = b.min(b.add(begin, b.mul(part, partRows)), end);
      endRow = b.min(b.add(firstRow, partRows), end);
    }
    Value queryColumn = b.add(headColumn, shape.queryColumn);
    Value outputColumn = headColumn;

    b.forRowBlocks(firstRow, endRow, [&](int64_t rows, Value row) {
      auto scoresAt = [&](int64_t r) { return b.add(scratch.scores, b.mul(paddedCount, r)); };

      // scale q k^T + bias, a block of columns at a time.
      int64_t blockColumns = target.vectors * lanes;
      b.forLoop(b.index(0), paddedCount, blockColumns, [&](Value column) {
        Value panel = b.div(column, kPanel);
        Value panelStart = b.add(b.add(scratch.keys, b.mul(panel, size * kPanel)),
                                 b.sub(column, b.mul(panel, kPanel)));
        SmallVector<Value> sums(rows * target.vectors, b.splat(0.0f));
        ProductBlock product;
        product.rows = rows;
        product.vectors = target.vectors;
        product.begin = b.index(0);
        product.end = b.index(size);
        product.unroll = unroll;
        auto loadLeft = [&](int64_t r, Value d) {
          return b.loadScalar(queries, {b.add(row, r), b.add(queryColumn, d)});
        };
        auto loadRight = [&](int64_t v, Value d) {
          return b.load(buffer, {b.add(b.add(panelStart, b.mul(d, kPanel)), v * lanes)});
        };
        product.loadLeft = loadLeft;
        product.loadRight = loadRight;
        sums = emitProduct(b, product, sums);
        // The bias comes last, as in TensorFlow: next to one of -10000 every product added
        // would be rounded to a thousandth.
        for (int64_t v = 0; v < target.vectors; ++v) {
          Value bias = b.load(buffer, {b.add(b.add(scratch.bias, column), v * lanes)});
          for (int64_t r = 0; r < rows; ++r)
            b.store(arith::AddFOp::create(b, sums[r * target.vectors + v], bias).getResult(),
                    buffer, {b.add(b.add(scoresAt(r), column), v * lanes)});
        }
      });

      SmallVector<Value> factors;
      for (int64_t r = 0; r < rows; ++r)
        factors.push_back(softmaxRow(b, buffer, scoresAt(r), paddedCount));

      // Weights times values.
      Value depthEnd = b.roundUp(count, kKeyStep);
      for (int64_t first = 0; first < valueWidth; first += target.vectors * lanes) {
        int64_t vectors = std::min(target.vectors, (valueWidth - first) / lanes);
        SmallVector<Value> sums(rows * vectors, b.splat(0.0f));
        ProductBlock product;
        product.rows = rows;
        product.vectors = vectors;
        product.begin = b.index(0);
        product.end = depthEnd;
        product.unroll = kKeyStep;
        auto loadLeft = [&](int64_t r, Value key) {
          return b.loadScalar(buffer, {b.add(scoresAt(r), key)});
        };
        auto loadRight = [&](int64_t v, Value key) {
          return b.load(buffer,
                        {b.add(b.add(scratch.values, b.mul(key, valueWidth)), first + v * lanes)});
        };
        product.loadLeft = loadLeft;
        product.loadRight = loadRight;
        sums = emitProduct(b, product, sums);
        for (int64_t r = 0; r < rows; ++r)
          for (int64_t v = 0; v < vectors; ++v) {
            Value result = arith::MulFOp::create(b, sums[r * vectors + v], b.splat(factors[r]));
            int64_t offset = first + v * lanes;
            SmallVector<Value> at{b.add(row, r), b.add(outputColumn, offset)};
            if (offset + lanes <= size) {
              b.store(result, output, at);
              continue;
            }
            Value mask = vector::CreateMaskOp::create(b, VectorType::get({lanes}, b.getI1Type()),
                                                      ValueRange{b.index(size - offset)});
            vector::MaskedStoreOp::create(b, output, at, mask, result);
          }
      }
    });
  });
}
