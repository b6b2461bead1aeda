// RUN: bert-opt %s --ov-generalize-shapes --split-input-file | FileCheck %s

// Built for [2, 4] with 2 heads of size 4 and 4 positions more: batch = heads,
// sequence = head size. What means batch or sequence is rewritten; what means heads,
// head size and hidden size stays.

// CHECK-LABEL: func.func @attention
// CHECK-SAME: (%[[IDS:.*]]: tensor<?x?xi32> {ov.bounds = array<i64: 1, -1, 1, 8>, ov.name = "ids"}
// CHECK-SAME: -> (tensor<?x?x8xf32>
// CHECK: %[[SHAPE:.*]] = ov.shape_of %[[IDS]]
// CHECK: ov.gather %[[SHAPE]]
func.func @attention(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> (tensor<2x4x8xf32> {ov.name = "out"}) {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x8xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x8xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x8xf32>

  // The position table's first rows follow the sequence.
  // CHECK: ov.slice {{.*}} -> tensor<?x8xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<8x8xf32>
  %start = ov.constant dense<0> : tensor<1xi32>
  %stop = ov.constant dense<4> : tensor<1xi32>
  %step = ov.constant dense<1> : tensor<1xi32>
  %rows = ov.slice %positions, %start, %stop, %step, %start : (tensor<8x8xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<4x8xf32>
  %one_row = ov.constant dense<[1, 4, 8]> : tensor<3xi32>
  // CHECK: %[[ROWS:.*]] = ov.constant dense<[1, -1, 8]> : tensor<3xi32>
  // CHECK: ov.reshape %{{.*}}, %[[ROWS]]
  %broadcastable = ov.reshape %rows, %one_row {special_zero = false} : (tensor<4x8xf32>, tensor<3xi32>) -> tensor<1x4x8xf32>
  %sum = ov.add %words, %broadcastable : (tensor<2x4x8xf32>, tensor<1x4x8xf32>) -> tensor<2x4x8xf32>

  // Rows of all tokens, and back to heads: 8 = 2 * 4 tokens, but also the hidden size.
  %flat_shape = ov.constant dense<[8, 8]> : tensor<2xi32>
  // CHECK: %[[FLAT:.*]] = ov.constant dense<[-1, 8]> : tensor<2xi32>
  // CHECK: ov.reshape %{{.*}}, %[[FLAT]]
  %flat = ov.reshape %sum, %flat_shape {special_zero = false} : (tensor<2x4x8xf32>, tensor<2xi32>) -> tensor<8x8xf32>
  %kernel = ov.weight "kernel" dense_resource<kernel> : tensor<8x8xf32>
  %dense = ov.matmul %flat, %kernel {transpose_a = false, transpose_b = false} : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %heads_shape = ov.constant dense<[2, 4, 2, 4]> : tensor<4xi32>
  // CHECK: %[[HEADS:.*]] = ov.concat
  // CHECK: ov.reshape %{{.*}}, %[[HEADS]] {{.*}} -> tensor<?x?x2x4xf32>
  %heads = ov.reshape %dense, %heads_shape {special_zero = false} : (tensor<8x8xf32>, tensor<4xi32>) -> tensor<2x4x2x4xf32>
  %order = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi32>
  %q = ov.transpose %heads, %order : (tensor<2x4x2x4xf32>, tensor<4xi32>) -> tensor<2x2x4x4xf32>
  %scores = ov.matmul %q, %q {transpose_a = false, transpose_b = true} : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32>

  // All ones meet the scores: [batch, 1, sequence, sequence].
  // CHECK: %[[ONE:.*]] = ov.constant dense<1.000000e+00> : tensor<1x1x1x1xf32>
  // CHECK: ov.broadcast %[[ONE]], {{.*}} -> tensor<?x1x?x?xf32>
  %ones = ov.constant dense<1.0> : tensor<2x1x4x4xf32>
  %masked = ov.add %scores, %ones : (tensor<2x2x4x4xf32>, tensor<2x1x4x4xf32>) -> tensor<2x2x4x4xf32>
  %context = ov.matmul %masked, %q {transpose_a = false, transpose_b = false} : (tensor<2x2x4x4xf32>, tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32>
  %back = ov.transpose %context, %order : (tensor<2x2x4x4xf32>, tensor<4xi32>) -> tensor<2x4x2x4xf32>
  %out_shape = ov.constant dense<[2, 4, 8]> : tensor<3xi32>
  // CHECK: %[[OUT:.*]] = ov.concat {{.*}} -> tensor<3xi32>
  // CHECK: ov.reshape %{{.*}}, %[[OUT]] {special_zero = false} {{.*}} -> tensor<?x?x8xf32>
  %out = ov.reshape %back, %out_shape {special_zero = false} : (tensor<2x4x2x4xf32>, tensor<3xi32>) -> tensor<2x4x8xf32>
  return %out : tensor<2x4x8xf32>
}

// -----

// Built for one token: only the batch becomes free.

// CHECK-LABEL: func.func @one_token
// CHECK-SAME: tensor<?x1xi32>
func.func @one_token(%ids: tensor<2x1xi32>) -> tensor<2x1x4xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x4xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x4xf32>, tensor<2x1xi32>, tensor<i32>) -> tensor<2x1x4xf32>
  return %words : tensor<2x1x4xf32>
}

// -----

// Already open: the arithmetic that says it stays.

// CHECK-LABEL: func.func @dynamic
// CHECK: %[[SHAPE:.*]] = ov.shape_of
// CHECK: ov.reshape %{{.*}}, %[[SHAPE]]
// CHECK-NOT: ov.reshape
func.func @dynamic(%ids: tensor<?x?xi32>) -> tensor<?x?xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<?x?xi32>) -> tensor<?x?xf32>
  %shape = ov.shape_of %ids {output_type = i32} : (tensor<?x?xi32>) -> tensor<2xi32>
  %y = ov.reshape %x, %shape {special_zero = false} : (tensor<?x?xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// Open in every way that the pass has no name for: it stays.

// CHECK-LABEL: func.func @open
// CHECK: ov.gather
func.func @open(%ids: tensor<?x?xi32>, %positions: tensor<?x?xi32>) -> tensor<?x?x?xi32> {
  %axis = ov.constant dense<1> : tensor<i32>
  %y = ov.gather %ids, %positions, %axis {batch_dims = 0 : i64} : (tensor<?x?xi32>, tensor<?x?xi32>, tensor<i32>) -> tensor<?x?x?xi32>
  return %y : tensor<?x?x?xi32>
}
