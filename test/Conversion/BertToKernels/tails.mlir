// RUN: bert-opt %s --convert-bert-to-kernels --split-input-file | FileCheck %s

// Columns that do not fill a panel are computed and not stored. A depth that is a
// multiple of 2 is taken in twos.
// CHECK-LABEL: func.func private @dense_6x70(
// CHECK: vector.create_mask
// CHECK: vector.maskedstore
// CHECK-NOT: vector.store
// CHECK: return
func.func @columns(%x: tensor<?x6xf32>) -> tensor<?x70xf32> {
  %w = bert.packed_weight "w" at 0 panels : tensor<6x70xf32>
  %0 = bert.dense %x, %w : (tensor<?x6xf32>, tensor<6x70xf32>) -> tensor<?x70xf32>
  return %0 : tensor<?x70xf32>
}

// -----

// A head of 26 columns is a vector and a part of one: the next head is not read.
// CHECK-LABEL: func.func private @attention_2x26_
// CHECK: vector.maskedload
// CHECK: vector.shuffle
// CHECK: vector.maskedstore
// CHECK: return
func.func @head(%ids: tensor<?x?xi32>, %x: tensor<?x156xf32>) -> tensor<?x52xf32> {
  %t = bert.pack_tokens all of %ids : (tensor<?x?xi32>) -> !bert.tokens
  %0 = bert.attention %x tokens %t {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x156xf32>, !bert.tokens) -> tensor<?x52xf32>
  return %0 : tensor<?x52xf32>
}

// -----

// Rows of activations that have more dimensions are counted over all but the last.
// CHECK-LABEL: func.func @rows
// CHECK-DAG: %[[B:.*]] = tensor.dim %arg0, %c0{{[_0-9]*}} : tensor<?x?x64xf32>
// CHECK-DAG: %[[S:.*]] = tensor.dim %arg0, %c1{{[_0-9]*}} : tensor<?x?x64xf32>
// CHECK: %[[ROWS:.*]] = arith.muli %[[B]], %[[S]]
// CHECK: memref.alloc(%[[ROWS]]) : memref<?x64xf32>
func.func @rows(%x: tensor<?x?x64xf32>) -> tensor<?x?x64xf32> {
  %w = bert.packed_weight "w" at 0 panels : tensor<64x64xf32>
  %0 = bert.dense %x, %w : (tensor<?x?x64xf32>, tensor<64x64xf32>) -> tensor<?x?x64xf32>
  return %0 : tensor<?x?x64xf32>
}
