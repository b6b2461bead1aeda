//===- Passes.td - passes on loops and buffers ----------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Between the dialects of models and the LLVM dialect: what native code needs and
// upstream does not have.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TRANSFORMS_PASSES_TD
#define BERT_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ApproximateMath : Pass<"approximate-math"> {
  let summary = "Replaces exp, tanh and erf by polynomials";
  let description = [{
    On vectors there is no library to call, and on scalars the call is what costs.
    The errors are near 1e-7, relative for exp and absolute for the others.

    Without `fma`, `math.fma` becomes a product and a sum, also that of the
    polynomials.

    Example: test/Transforms/approximate-math.mlir.
  }];
  let options = [
    Option<"fma", "fma", "bool", "true", "The CPU has a fused multiply-add">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandContiguousViews : Pass<"expand-contiguous-views"> {
  let summary = "Spells other shapes of row-major buffers by sizes and strides";
  let description = [{
    `memref.expand_shape` of a row-major buffer becomes `memref.reinterpret_cast`,
    whatever number of open dimensions it makes; upstream's expand-strided-metadata
    can make one of each dimension only.

    Example: test/Transforms/expand-contiguous-views.mlir.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def LowerStridedCopies : Pass<"lower-strided-copies"> {
  let summary = "Turns copies between parts of buffers into loop nests";
  let description = [{
    `memref.copy` of a buffer with gaps becomes a `linalg.generic`; upstream would call
    a function of its runner's library, which compiled models do not have.

    Example: test/Transforms/lower-strided-copies.mlir.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def FuseElementwiseLoops : Pass<"fuse-elementwise-loops"> {
  let summary = "Joins element-wise loop nests on tensors";
  let description = [{
    A `linalg` op whose loops are all parallel takes in the element-wise op before it,
    if that has no other reader and none of its elements is read twice. Upstream's
    pass would also move such ops into products and sums, where they are computed
    again and again.

    Example: test/Transforms/fuse-elementwise-loops.mlir.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def OutlineLoopNests : Pass<"outline-loop-nests", "::mlir::ModuleOp"> {
  let summary = "Makes functions of a model's loop nests, one for those that are alike";
  let description = [{
    Each `linalg` op on buffers in a public function becomes a call of a private
    function, which the optimiser leaves alone. Layers share their functions, so code
    and compile time do not grow with their number.

    Example: test/Transforms/outline-loop-nests.mlir.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def OutlineParallelLoops : Pass<"outline-parallel-loops", "::mlir::ModuleOp"> {
  let summary = "Gives the iterations of scf.parallel to the runtime's threads";
  let description = [{
    The body of an outermost `scf.parallel` becomes a private function of a context
    and a range of iterations; what it uses from outside is stored in a context on
    the caller's stack. In place of the loop stands a call of `bert_parallel_for` (see
    bert/Runtime/Abi.h). Of several dimensions the first one is shared, the others
    become loops inside. A loop with a reduction stays as it is.

    Example: test/Transforms/outline-parallel-loops.mlir.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect", "::mlir::scf::SCFDialect"];
}

def ParallelizeLoopNests : Pass<"parallelize-loop-nests", "::mlir::func::FuncOp"> {
  let summary = "Lets threads share the rows of loop nests that no kernel computes";
  let description = [{
    A `linalg` op on buffers whose outermost loops are parallel becomes an
    `scf.parallel` over them, as one loop, with the other loops inside: over rows, or over
    batch and sequence, so that there is something to share where either is 1. The last loop
    of an element-wise op stays inside, for vectors. A small op of known size, one with
    nothing but such a loop, and one whose steps write to the same place stay as they are.

    Example: test/Transforms/parallelize-loop-nests.mlir.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

def PlanArena : Pass<"plan-arena", "::mlir::ModuleOp"> {
  let summary = "Gives every buffer of a model a place in one arena";
  let description = [{
    Each `memref.alloc` of a public function becomes a `memref.view` of a new last
    argument, the arena. Buffers that do not live at the same time share places:
    those whose sizes are multiples of the same product of open dimensions are one
    class, and within a class each takes the lowest place that is free from its
    allocation to the last use of anything that may be a view of it. Places are at
    multiples of 64 bytes. What a function returns lives to its end, and lies in the
    arena.

    A function `<name>_arena_bytes` computes from the shapes of the inputs how large
    the arena must be; the number of tokens counts as batch times sequence there.

    Only a size that depends on the inputs' values can't be planned: such a buffer
    stays allocated and is freed behind its last use; to return one is an error.

    Example: test/Transforms/plan-arena.mlir.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // BERT_TRANSFORMS_PASSES_TD
