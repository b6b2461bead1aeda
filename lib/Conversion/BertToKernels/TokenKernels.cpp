//===- TokenKernels.cpp - from packed tokens to sequences -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::kernels;

void kernels::emitFirstToken(KernelBuilder &b, func::FuncOp kernel, int64_t width) {
  Value input = kernel.getArgument(0);
  auto tokens = TokenBuffers::get(kernel.getArguments().slice(1, TokenBuffers::kCount));
  Value output = kernel.getArguments().back();
  // Too little to share.
  b.forLoop(b.index(0), b.dim(output, 0), 1, [&](Value sequence) {
    Value row = b.loadIndex(tokens.tokenBegin, {sequence});
    b.forLoop(b.index(0), b.index(width), b.target.lanes, [&](Value column) {
      b.storeColumns(b.loadColumns(input, {row, column}, width), output, {sequence, column}, width);
    });
  });
}

void kernels::emitUnpackTokens(KernelBuilder &b, func::FuncOp kernel, int64_t width,
                               std::optional<int64_t> column) {
  Value input = kernel.getArgument(0);
  auto tokens = TokenBuffers::get(kernel.getArguments().slice(1, TokenBuffers::kCount));
  Value output = kernel.getArguments().back();
  Value length = b.dim(output, 1);
  b.parallelLoop(b.dim(output, 0), [&](Value sequence) {
    Value zero = b.scalar(0.0f);
    Value first = b.loadIndex(tokens.tokenBegin, {sequence});
    Value end = b.loadIndex(tokens.tokenBegin, {b.add(sequence, 1)});
    // Where all positions are tokens nothing has to be cleared.
    b.ifThen(b.isLess(b.sub(end, first), length), [&] {
      b.forLoop(b.index(0), length, 1, [&](Value place) {
        if (column)
          return memref::StoreOp::create(b, zero, output, ValueRange{sequence, place}), void();
        b.forLoop(b.index(0), b.index(width), b.target.lanes, [&](Value at) {
          b.storeColumns(b.splat(0.0f), output, {sequence, place, at}, width);
        });
      });
    });
    b.forLoop(first, end, 1, [&](Value row) {
      Value place = b.loadIndex(tokens.tokenPosition, {row});
      if (column)
        return memref::StoreOp::create(b, b.loadScalar(input, {row, b.index(*column)}), output,
                                       ValueRange{sequence, place}),
               void();
      b.forLoop(b.index(0), b.index(width), b.target.lanes, [&](Value at) {
        b.storeColumns(b.loadColumns(input, {row, at}, width), output, {sequence, place, at},
                       width);
      });
    });
  });
}
