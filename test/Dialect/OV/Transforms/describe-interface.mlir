// RUN: bert-opt %s --ov-describe-interface --split-input-file | FileCheck %s

// Ids are what looks rows up in the largest table, types in the smallest; the mask
// is added to scores. Batch and sequence are one in all of them. A third look-up,
// of positions, has a limit and no role.

// CHECK-LABEL: func.func @bert(
// CHECK-SAME: %{{[^:]*}}: tensor<?x?xi64> {ov.dims = array<i64: -1, -2>, ov.limit = 2 : i64, ov.role = "types"}
// CHECK-SAME: %{{[^:]*}}: tensor<?x?xi32> {ov.dims = array<i64: -1, -2>, ov.role = "mask"}
// CHECK-SAME: %{{[^:]*}}: tensor<?x?xi32> {ov.dims = array<i64: -1, -2>, ov.limit = 64 : i64}
// CHECK-SAME: %{{[^:]*}}: tensor<?x?xi32> {ov.dims = array<i64: -1, -2>, ov.limit = 100 : i64, ov.role = "ids"}
// CHECK-SAME: -> (tensor<?x?x8xf32> {ov.dims = array<i64: -1, -2, 8>}, tensor<?x8xf32> {ov.dims = array<i64: -1, 8>})
func.func @bert(%types: tensor<?x?xi64>, %mask: tensor<?x?xi32>, %positions: tensor<?x?xi32>, %ids: tensor<?x?xi32>) -> (tensor<?x?x8xf32>, tensor<?x8xf32>) {
  %words = ov.weight "words" dense_resource<words> : tensor<100x8xf32>
  %segments = ov.weight "segments" dense_resource<segments> : tensor<2x8xf32>
  %places = ov.weight "places" dense_resource<places> : tensor<64x8xf32>
  %zero = ov.constant dense<0> : tensor<i32>
  %word = ov.gather %words, %ids, %zero {batch_dims = 0 : i64} : (tensor<100x8xf32>, tensor<?x?xi32>, tensor<i32>) -> tensor<?x?x8xf32>
  %narrow = ov.convert %types {destination_type = i32} : (tensor<?x?xi64>) -> tensor<?x?xi32>
  %segment = ov.gather %segments, %narrow, %zero {batch_dims = 0 : i64} : (tensor<2x8xf32>, tensor<?x?xi32>, tensor<i32>) -> tensor<?x?x8xf32>
  %place = ov.gather %places, %positions, %zero {batch_dims = 0 : i64} : (tensor<64x8xf32>, tensor<?x?xi32>, tensor<i32>) -> tensor<?x?x8xf32>
  %sum = ov.add %word, %segment : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %x = ov.add %sum, %place : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %scores = ov.matmul %x, %x {transpose_a = false, transpose_b = true} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x?xf32>
  %one_axis = ov.constant dense<1> : tensor<1xi64>
  %wide = ov.unsqueeze %mask, %one_axis : (tensor<?x?xi32>, tensor<1xi64>) -> tensor<?x1x?xi32>
  %float = ov.convert %wide {destination_type = f32} : (tensor<?x1x?xi32>) -> tensor<?x1x?xf32>
  %masked = ov.add %scores, %float : (tensor<?x?x?xf32>, tensor<?x1x?xf32>) -> tensor<?x?x?xf32>
  %weights = ov.softmax %masked {axis = -1 : i64} : (tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  %y = ov.matmul %weights, %x {transpose_a = false, transpose_b = false} : (tensor<?x?x?xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %first = ov.constant dense<1> : tensor<i32>
  %pooled = ov.gather %y, %zero, %first {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i32>, tensor<i32>) -> tensor<?x8xf32>
  return %y, %pooled : tensor<?x?x8xf32>, tensor<?x8xf32>
}

// -----

// Built-in shapes are numbers. An input that goes through a product is no mask, also
// where a softmax comes in the end.

// CHECK-LABEL: func.func @fixed(
// CHECK-NOT: ov.role
// CHECK-SAME: tensor<2x4xf32> {ov.dims = array<i64: 2, 4>},
// CHECK-SAME: -> (tensor<2x2xf32> {ov.dims = array<i64: 2, 2>})
func.func @fixed(%x: tensor<2x4xf32>, %y: tensor<4x2xf32>) -> tensor<2x2xf32> {
  %z = ov.matmul %x, %y {transpose_a = false, transpose_b = false} : (tensor<2x4xf32>, tensor<4x2xf32>) -> tensor<2x2xf32>
  %p = ov.softmax %z {axis = -1 : i64} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %p : tensor<2x2xf32>
}

// -----

// Without ids the first input says what the batch is. What nothing joins is open.

// CHECK-LABEL: func.func @no_ids(
// CHECK-SAME: %{{[^:]*}}: tensor<?x?x8xf32> {ov.dims = array<i64: -1, -2, 8>}, %{{[^:]*}}: tensor<?xf32> {ov.dims = array<i64: -3>})
// CHECK-SAME: -> (tensor<?x?x8xf32> {ov.dims = array<i64: -1, -2, 8>}, tensor<?xf32> {ov.dims = array<i64: -3>})
func.func @no_ids(%x: tensor<?x?x8xf32>, %other: tensor<?xf32>) -> (tensor<?x?x8xf32>, tensor<?xf32>) {
  %a = ov.relu %x : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %b = ov.relu %other : (tensor<?xf32>) -> tensor<?xf32>
  return %a, %b : tensor<?x?x8xf32>, tensor<?xf32>
}
