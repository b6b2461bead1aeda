// RUN: bert-opt --ov-decompose-attention --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-decompose-attention --ov-fuse-attention --split-input-file %s | FileCheck %s --check-prefix=AGAIN

// CHECK-LABEL: func.func @masked
// CHECK: %[[SCALE:.*]] = ov.constant dense<2.500000e-01>
// CHECK: %[[SCORES:.*]] = ov.matmul %arg0, %arg1 {transpose_a = false, transpose_b = true}
// CHECK: %[[SCALED:.*]] = ov.multiply %[[SCORES]], %[[SCALE]]
// CHECK: %[[MASKED:.*]] = ov.add %[[SCALED]], %arg3
// CHECK: %[[SHARES:.*]] = ov.softmax %[[MASKED]] {axis = -1 : i64}
// CHECK: %[[CONTEXT:.*]] = ov.matmul %[[SHARES]], %arg2 {transpose_a = false, transpose_b = false}
// CHECK: return %[[CONTEXT]]
// AGAIN-LABEL: func.func @masked
// AGAIN: ov.scaled_dot_product_attention
func.func @masked(%q: tensor<2x2x8x4xf32>, %k: tensor<2x2x8x4xf32>, %v: tensor<2x2x8x4xf32>, %mask: tensor<2x1x1x8xf32>) -> tensor<2x2x8x4xf32> {
  %scale = ov.constant dense<0.25> : tensor<f32>
  %0 = ov.scaled_dot_product_attention %q, %k, %v, %mask, %scale {causal = false} : (tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>, tensor<2x1x1x8xf32>, tensor<f32>) -> tensor<2x2x8x4xf32>
  return %0 : tensor<2x2x8x4xf32>
}

// -----

// The scale that is meant where none is given: 1 / sqrt(16).
// CHECK-LABEL: func.func @plain
// CHECK: ov.constant dense<2.500000e-01>
// CHECK: ov.multiply
// CHECK-NOT: ov.add
// CHECK: ov.softmax
// AGAIN-LABEL: func.func @plain
func.func @plain(%q: tensor<?x2x?x16xf32>, %k: tensor<?x2x?x16xf32>, %v: tensor<?x2x?x16xf32>) -> tensor<?x2x?x16xf32> {
  %0 = ov.scaled_dot_product_attention %q, %k, %v {causal = false} : (tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>) -> tensor<?x2x?x16xf32>
  return %0 : tensor<?x2x?x16xf32>
}

// -----

// The mask has lost the axis of a batch of 1 and that of the heads; the sum gives them back.
// CHECK-LABEL: func.func @squeezed_mask
// CHECK-NOT: ov.squeeze
// CHECK: ov.add %{{.*}}, %arg3 : (tensor<1x2x8x8xf32>, tensor<1x1x8x8xf32>)
// CHECK-NOT: ov.multiply
// AGAIN-LABEL: func.func @squeezed_mask
func.func @squeezed_mask(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>, %mask: tensor<1x1x8x8xf32>) -> tensor<1x2x8x4xf32> {
  %axes = ov.constant dense<[0, 1]> : tensor<2xi64>
  %lost = ov.squeeze %mask, %axes : (tensor<1x1x8x8xf32>, tensor<2xi64>) -> tensor<8x8xf32>
  %scale = ov.constant dense<1.0> : tensor<f32>
  %0 = ov.scaled_dot_product_attention %q, %k, %v, %lost, %scale {causal = false} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<8x8xf32>, tensor<f32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// One that lost another axis than a leading one keeps its shape.
// CHECK-LABEL: func.func @squeezed_inside
// CHECK: %[[LOST:.*]] = ov.squeeze
// CHECK: ov.add %{{.*}}, %[[LOST]]
// AGAIN-LABEL: func.func @squeezed_inside
func.func @squeezed_inside(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>, %mask: tensor<2x1x1x8xf32>) -> tensor<1x2x8x4xf32> {
  %axis = ov.constant dense<2> : tensor<1xi64>
  %lost = ov.squeeze %mask, %axis : (tensor<2x1x1x8xf32>, tensor<1xi64>) -> tensor<2x1x8xf32>
  %scale = ov.constant dense<1.0> : tensor<f32>
  %0 = ov.scaled_dot_product_attention %q, %k, %v, %lost, %scale {causal = false} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<2x1x8xf32>, tensor<f32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// A boolean mask keeps where it is true.
// CHECK-LABEL: func.func @boolean_mask
// CHECK: %[[HIDDEN:.*]] = ov.constant dense<0xFF800000>
// CHECK: ov.select %arg3, %{{.*}}, %[[HIDDEN]]
// AGAIN-LABEL: func.func @boolean_mask
func.func @boolean_mask(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>, %mask: tensor<1x1x8x8xi1>) -> tensor<1x2x8x4xf32> {
  %0 = ov.scaled_dot_product_attention %q, %k, %v, %mask {causal = false} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x1x8x8xi1>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// CHECK-LABEL: func.func @causal
// CHECK: ov.scaled_dot_product_attention
// CHECK-NOT: ov.softmax
// AGAIN-LABEL: func.func @causal
func.func @causal(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32> {
  %0 = ov.scaled_dot_product_attention %q, %k, %v {causal = true} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}
