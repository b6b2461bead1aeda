// RUN: bert-opt --ov-fuse-attention --split-input-file %s | FileCheck %s

// CHECK-LABEL: func.func @masked
// CHECK-DAG: %[[SCALE:.*]] = ov.constant dense<5.000000e-01>
// CHECK: ov.scaled_dot_product_attention %arg0, %arg1, %arg2, %arg3, %[[SCALE]] {causal = false}
// CHECK-NOT: ov.softmax
func.func @masked(%q: tensor<2x2x8x4xf32>, %k: tensor<2x2x8x4xf32>, %v: tensor<2x2x8x4xf32>, %mask: tensor<2x1x1x8xf32>) -> tensor<2x2x8x4xf32> {
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x8xf32>
  %1 = ov.multiply %0, %half {auto_broadcast = "numpy"} : (tensor<2x2x8x8xf32>, tensor<f32>) -> tensor<2x2x8x8xf32>
  %2 = ov.add %1, %mask {auto_broadcast = "numpy"} : (tensor<2x2x8x8xf32>, tensor<2x1x1x8xf32>) -> tensor<2x2x8x8xf32>
  %3 = ov.softmax %2 {axis = -1 : i64} : (tensor<2x2x8x8xf32>) -> tensor<2x2x8x8xf32>
  %4 = ov.matmul %3, %v {transpose_a = false, transpose_b = false} : (tensor<2x2x8x8xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x4xf32>
  return %4 : tensor<2x2x8x4xf32>
}

// -----

// Without a mask and a scale: zero and one, since operands are told apart by position.
// CHECK-LABEL: func.func @plain
// CHECK-DAG: %[[ZERO:.*]] = ov.constant dense<0.000000e+00>
// CHECK-DAG: %[[ONE:.*]] = ov.constant dense<1.000000e+00>
// CHECK: ov.scaled_dot_product_attention %arg0, %arg1, %arg2, %[[ZERO]], %[[ONE]]
func.func @plain(%q: tensor<?x2x?x4xf32>, %k: tensor<?x2x?x4xf32>, %v: tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32> {
  %0 = ov.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %1 = ov.softmax %0 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %2 = ov.matmul %1, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  return %2 : tensor<?x2x?x4xf32>
}

// -----

// The probabilities are an output too: both stay.
// CHECK-LABEL: func.func @probabilities
// CHECK: ov.softmax
// CHECK-NOT: ov.scaled_dot_product_attention
func.func @probabilities(%q: tensor<2x2x8x4xf32>, %k: tensor<2x2x8x4xf32>, %v: tensor<2x2x8x4xf32>) -> (tensor<2x2x8x8xf32>, tensor<2x2x8x4xf32>) {
  %0 = ov.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x8xf32>
  %1 = ov.softmax %0 {axis = -1 : i64} : (tensor<2x2x8x8xf32>) -> tensor<2x2x8x8xf32>
  %2 = ov.matmul %1, %v {transpose_a = false, transpose_b = false} : (tensor<2x2x8x8xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x4xf32>
  return %1, %2 : tensor<2x2x8x8xf32>, tensor<2x2x8x4xf32>
}

// -----

// Another axis.
// CHECK-LABEL: func.func @axis
// CHECK-NOT: ov.scaled_dot_product_attention
// CHECK: return
func.func @axis(%q: tensor<2x2x8x4xf32>, %k: tensor<2x2x8x4xf32>, %v: tensor<2x2x8x4xf32>) -> tensor<2x2x8x4xf32> {
  %0 = ov.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x8xf32>
  %1 = ov.softmax %0 {axis = 2 : i64} : (tensor<2x2x8x8xf32>) -> tensor<2x2x8x8xf32>
  %2 = ov.matmul %1, %v {transpose_a = false, transpose_b = false} : (tensor<2x2x8x8xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x4xf32>
  return %2 : tensor<2x2x8x4xf32>
}
