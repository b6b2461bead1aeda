// RUN: bert-opt %s --lower-strided-copies | FileCheck %s

// CHECK-LABEL: func.func @strided(
// CHECK-NOT: memref.copy
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel"]
// CHECK-SAME: ins(%{{.*}} : memref<2x3xf32, strided<[8, 1]>>) outs(%{{.*}} : memref<2x3xf32>)
func.func @strided(%from: memref<2x3xf32, strided<[8, 1]>>, %to: memref<2x3xf32>) {
  memref.copy %from, %to : memref<2x3xf32, strided<[8, 1]>> to memref<2x3xf32>
  return
}

// One piece: upstream makes a memcpy of it.

// CHECK-LABEL: func.func @one_piece(
// CHECK: memref.copy
func.func @one_piece(%from: memref<2x3xf32>, %to: memref<2x3xf32>) {
  memref.copy %from, %to : memref<2x3xf32> to memref<2x3xf32>
  return
}
