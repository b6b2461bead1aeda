//===- DenseKernel.cpp - activation(input x weights + biases) ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A task is one panel of 64 columns for a block of rows. It goes through the panel in
// chunks that stay in the second-level cache while all its rows pass by; meanwhile
// the next chunk is fetched, a few lines at a time, since it is reading weights that
// a dense layer waits for. docs/code-generation.md has the figures.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::kernels;

// Rows of one task. Many enough that a chunk of weights is used often, few enough
// that a large batch has tasks for many threads.
static constexpr int64_t kTaskRows = 384;

// A panel is not read by several threads for fewer rows each than these.
static constexpr int64_t kLeastTaskRows = 24;

// For up to as many rows chunks are half as deep. They wait for memory more than for
// sums, and what is fetched meanwhile must not push out what is in use.
static constexpr int64_t kFewRows = 20;

// f32 elements of a cache line.
static constexpr int64_t kLine = 16;

static int64_t getUnroll(int64_t depth) { return depth % 4 == 0 ? 4 : depth % 2 == 0 ? 2 : 1; }

void kernels::emitDense(KernelBuilder &b, func::FuncOp kernel, int64_t rows, int64_t columns,
                        bool hasBias, bert::Activation activation) {
  Value input = kernel.getArgument(0), panels = kernel.getArgument(1);
  Value biases = hasBias ? kernel.getArgument(2) : Value();
  Value output = kernel.getArguments().back();
  const Target &target = b.target;

  int64_t unroll = getUnroll(rows);
  // Chunks of equal length, as far as the unrolled loop allows.
  auto getChunk = [&](int64_t depth) {
    int64_t chunks = std::max<int64_t>(1, llvm::divideCeil(rows, depth));
    return int64_t(llvm::divideCeil(llvm::divideCeil(rows, chunks), unroll)) * unroll;
  };
  int64_t longChunk = getChunk(target.depth), shortChunk = getChunk(target.depth / 2);
  int64_t blockColumns = target.vectors * target.lanes;
  // A narrow layer's only panel is computed as far as it has columns.
  int64_t usedColumns =
      columns >= kPanel
          ? kPanel
          : std::min(kPanel, int64_t(llvm::divideCeil(columns, blockColumns)) * blockColumns);

  Value tokens = b.dim(input, 0);
  // Even blocks, and more of them where panels are too few for the threads.
  int64_t panelCount = llvm::divideCeil(columns, kPanel);
  Value blocks = b.max(b.ceilDiv(tokens, kTaskRows),
                       b.getTaskParts(b.index(panelCount), b.ceilDiv(tokens, kLeastTaskRows)));
  Value evenRows = b.roundUp(b.ceilDiv(tokens, blocks), target.rows);
  Value tasks = b.mul(blocks, panelCount);

  b.parallelLoop(tasks, [&](Value task) {
    Value panel = arith::DivUIOp::create(b, task, blocks);
    Value block = arith::RemUIOp::create(b, task, blocks);
    // Rounding up may leave the last blocks without rows.
    Value firstRow = b.min(b.mul(block, evenRows), tokens);
    Value endRow = b.min(b.add(firstRow, evenRows), tokens);
    Value panelStart = b.mul(panel, rows * kPanel);
    Value firstColumn = b.mul(panel, kPanel);
    Value hasFewRows = b.isLess(b.sub(endRow, firstRow), b.index(kFewRows + 1));
    Value chunk = arith::SelectOp::create(b, hasFewRows, b.index(shortChunk), b.index(longChunk));
    // How many lines of the next chunk each turn of the inner loop fetches, so that
    // the rows of this task fetch it all.
    Value rowBlocks = b.ceilDiv(b.sub(endRow, firstRow), target.rows);
    int64_t turnLines = unroll * kPanel / kLine;
    Value lines = b.ceilDiv(b.index(turnLines), rowBlocks);

    b.forLoop(b.index(0), b.index(rows), chunk, [&](Value depth) {
      Value depthEnd = b.min(b.add(depth, chunk), b.index(rows));
      Value isFirst = b.isEqual(depth, b.index(0));
      Value isLast = b.isEqual(depthEnd, b.index(rows));
      Value nextChunk = b.add(panelStart, b.mul(depthEnd, kPanel));

      b.forLoop(b.index(0), b.index(usedColumns), blockColumns, [&](Value part) {
        Value isFirstPart = b.isEqual(part, b.index(0));
        b.forRowBlocks(firstRow, endRow, [&](int64_t count, Value row) {
          auto at = [&](int64_t r, int64_t v) {
            return SmallVector<Value>{b.add(row, r),
                                      b.add(b.add(firstColumn, part), v * target.lanes)};
          };
          auto forEach = [&](llvm::function_ref<void(int64_t, int64_t)> body) {
            for (int64_t r = 0; r < count; ++r)
              for (int64_t v = 0; v < target.vectors; ++v)
                body(r, v);
          };

          // The sums start from the biases, or go on from the chunk before.
          SmallVector<Value> initial;
          auto start = [&] {
            initial.clear();
            SmallVector<Value> bias;
            for (int64_t v = 0; v < target.vectors; ++v)
              bias.push_back(hasBias ? b.load(biases, {at(0, v)[1]}) : b.splat(0.0f));
            forEach([&](int64_t, int64_t v) { initial.push_back(bias[v]); });
          };
          if (shortChunk >= rows) {
            start();
          } else {
            SmallVector<Type> types(count * target.vectors, b.vectorType());
            auto choice = scf::IfOp::create(b, types, isFirst, /*withElseRegion=*/true);
            OpBuilder::InsertionGuard guard(b);
            b.setInsertionPointToStart(&choice.getThenRegion().front());
            start();
            scf::YieldOp::create(b, initial);
            b.setInsertionPointToStart(&choice.getElseRegion().front());
            initial.clear();
            forEach([&](int64_t r, int64_t v) {
              initial.push_back(b.loadColumns(output, at(r, v), columns, kPanel));
            });
            scf::YieldOp::create(b, initial);
            initial.assign(choice.result_begin(), choice.result_end());
          }

          // Fetching is the first rows' work, and only the panel's first part's.
          Value turn = b.div(b.sub(row, firstRow), target.rows);
          Value fetchedBefore = b.mul(turn, lines);
          Value mayFetch =
              arith::AndIOp::create(b, b.isLess(fetchedBefore, b.index(turnLines)), isFirstPart);
          Value fetchLines = arith::SelectOp::create(b, mayFetch, lines, b.index(0));
          Value fetchStart =
              b.add(nextChunk, b.mul(fetchedBefore, b.mul(b.div(chunk, unroll), kLine)));

          ProductBlock product;
          product.rows = count;
          product.vectors = target.vectors;
          product.begin = depth;
          product.end = depthEnd;
          product.unroll = unroll;
          auto loadLeft = [&](int64_t r, Value k) {
            return b.loadScalar(input, {b.add(row, r), k});
          };
          auto loadRight = [&](int64_t v, Value k) {
            Value start = b.add(b.add(panelStart, b.mul(k, kPanel)), b.add(part, v * target.lanes));
            return b.load(panels, {start});
          };
          auto fetch = [&](Value k) {
            Value group = b.div(b.sub(k, depth), unroll);
            Value from = b.add(fetchStart, b.mul(b.mul(group, lines), kLine));
            b.forLoop(b.index(0), fetchLines, 1, [&](Value line) {
              memref::PrefetchOp::create(b, panels, ValueRange{b.add(from, b.mul(line, kLine))},
                                         /*isWrite=*/false, /*localityHint=*/2,
                                         /*isDataCache=*/true);
            });
          };
          product.loadLeft = loadLeft;
          product.loadRight = loadRight;
          product.fetch = fetch;
          SmallVector<Value> sums = emitProduct(b, product, initial);

          unsigned next = 0;
          forEach([&](int64_t r, int64_t v) {
            b.storeColumns(sums[next++], output, at(r, v), columns, kPanel);
          });
          // A loop of its own: the block is in the first-level cache, and the code of
          // an activation is too long to repeat for each register.
          if (activation != bert::Activation::None)
            b.ifThen(isLast, [&] {
              b.forLoop(b.index(0), b.index(count), 1, [&](Value r) {
                for (int64_t v = 0; v < target.vectors; ++v) {
                  SmallVector<Value> place{b.add(row, r), at(0, v)[1]};
                  Value x = b.loadColumns(output, place, columns, kPanel);
                  b.storeColumns(emitActivation(b, activation, x), output, place, columns, kPanel);
                }
              });
            });
        });
      });
    });
  });
}
