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

#endif // BERT_TRANSFORMS_PASSES_TD
