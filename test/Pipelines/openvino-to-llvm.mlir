// RUN: bert-opt %s --openvino-to-llvm=plain=true | FileCheck %s

// A model becomes two functions with a C interface; its weights are not among the code.

// CHECK-DAG: llvm.func @_mlir_ciface_main(
// CHECK-DAG: llvm.func @_mlir_ciface_main_arena_bytes(%{{[^:]*}}: !llvm.ptr) -> i64
// CHECK-NOT: llvm.mlir.global
// CHECK-NOT: memref.alloc
// CHECK-NOT: @malloc
func.func @main(%x: tensor<?x?x2xf32> {ov.name = "x"}) -> (tensor<?x?x2xf32> {ov.name = "y"}) {
  %w = ov.weight "w" dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x2xf32>, tensor<2x2xf32>) -> tensor<?x?x2xf32>
  %1 = ov.gelu %0 {approximation_mode = "ERF"} : (tensor<?x?x2xf32>) -> tensor<?x?x2xf32>
  return %1 : tensor<?x?x2xf32>
}
