// RUN: bert-opt %s --ov-print-axes --split-input-file -o /dev/null 2>&1 | FileCheck %s

// Batch, sequence and heads are all 2: labels come from the axes, not from the sizes.

// CHECK: remark: {{.*}}heads [b, s, 2, 4]
// CHECK: remark: {{.*}}query [b, 2, s, 4]
// CHECK: remark: {{.*}}scores [b, 2, s, s]
// CHECK: remark: {{.*}}tokens [b*s, 8]
func.func @coincidence(%ids: tensor<2x2xi32>) -> tensor<4x8xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x8xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x8xf32>, tensor<2x2xi32>, tensor<i32>) -> tensor<2x2x8xf32>
  %heads_shape = ov.constant dense<[2, 2, 2, 4]> : tensor<4xi32>
  %heads = ov.reshape %words, %heads_shape {special_zero = false} : (tensor<2x2x8xf32>, tensor<4xi32>) -> tensor<2x2x2x4xf32> loc("heads")
  %order = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi32>
  %q = ov.transpose %heads, %order : (tensor<2x2x2x4xf32>, tensor<4xi32>) -> tensor<2x2x2x4xf32> loc("query")
  %s = ov.matmul %q, %q {transpose_a = false, transpose_b = true} : (tensor<2x2x2x4xf32>, tensor<2x2x2x4xf32>) -> tensor<2x2x2x2xf32> loc("scores")
  %c = ov.matmul %s, %q {transpose_a = false, transpose_b = false} : (tensor<2x2x2x2xf32>, tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %back = ov.transpose %c, %order : (tensor<2x2x2x4xf32>, tensor<4xi32>) -> tensor<2x2x2x4xf32>
  %flat = ov.constant dense<[4, 8]> : tensor<2xi32>
  %t = ov.reshape %back, %flat {special_zero = false} : (tensor<2x2x2x4xf32>, tensor<2xi32>) -> tensor<4x8xf32> loc("tokens")
  return %t : tensor<4x8xf32>
}

// -----

// The same with batch 1, where the batch may stand at several places.

// CHECK: remark: {{.*}}heads [b, s, 2, 4]
// CHECK: remark: {{.*}}tokens [b*s, 8]
// CHECK: remark: {{.*}}back [b, s, 8]
func.func @batch_of_one(%ids: tensor<1x2xi32>) -> tensor<1x2x8xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x8xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x8xf32>, tensor<1x2xi32>, tensor<i32>) -> tensor<1x2x8xf32>
  %heads_shape = ov.constant dense<[1, 2, 2, 4]> : tensor<4xi32>
  %heads = ov.reshape %words, %heads_shape {special_zero = false} : (tensor<1x2x8xf32>, tensor<4xi32>) -> tensor<1x2x2x4xf32> loc("heads")
  %flat = ov.constant dense<[2, 8]> : tensor<2xi32>
  %t = ov.reshape %heads, %flat {special_zero = false} : (tensor<1x2x2x4xf32>, tensor<2xi32>) -> tensor<2x8xf32> loc("tokens")
  %back_shape = ov.constant dense<[1, 2, 8]> : tensor<3xi32>
  %back = ov.reshape %t, %back_shape {special_zero = false} : (tensor<2x8xf32>, tensor<3xi32>) -> tensor<1x2x8xf32> loc("back")
  return %back : tensor<1x2x8xf32>
}

// -----

// What no input reaches keeps its numbers, though they are the sizes of batch and sequence.

// CHECK-NOT: remark: {{.*}}other [b
// CHECK: remark: {{.*}}other [2, 2]
func.func @unrelated(%ids: tensor<2x2xi32>) -> (tensor<2x2xf32>, tensor<2x2xi32>) {
  %w = ov.weight "w" dense_resource<w> : tensor<2x2xf32>
  %other = ov.relu %w : (tensor<2x2xf32>) -> tensor<2x2xf32> loc("other")
  return %other, %ids : tensor<2x2xf32>, tensor<2x2xi32>
}
