// RUN: bert-opt %s --expand-contiguous-views | FileCheck %s

// Several open dimensions at once, which upstream's expand-strided-metadata can't take.

// CHECK-LABEL: func.func @several(
// CHECK-SAME: %[[X:[^:]*]]: memref<?x6xf32>, %[[B:[^:]*]]: index, %[[S:[^:]*]]: index
func.func @several(%x: memref<?x6xf32>, %b: index, %s: index) -> memref<?x?x2x3xf32> {
  // CHECK: %[[STRIDE:.*]] = arith.muli %{{.*}}, %[[S]]
  // CHECK: memref.reinterpret_cast %[[X]] to offset: [0], sizes: [%[[B]], %[[S]], 2, 3], strides: [%[[STRIDE]], 6, 3, 1]
  %0 = memref.expand_shape %x [[0, 1], [2, 3]] output_shape [%b, %s, 2, 3] : memref<?x6xf32> into memref<?x?x2x3xf32>
  return %0 : memref<?x?x2x3xf32>
}

// Gaps between the rows: not ours.

// CHECK-LABEL: func.func @strided(
// CHECK-NOT: memref.reinterpret_cast
// CHECK: memref.expand_shape
func.func @strided(%x: memref<4x6xf32, strided<[8, 1]>>) -> memref<2x2x6xf32, strided<[16, 8, 1]>> {
  %0 = memref.expand_shape %x [[0, 1], [2]] output_shape [2, 2, 6]
      : memref<4x6xf32, strided<[8, 1]>> into memref<2x2x6xf32, strided<[16, 8, 1]>>
  return %0 : memref<2x2x6xf32, strided<[16, 8, 1]>>
}
