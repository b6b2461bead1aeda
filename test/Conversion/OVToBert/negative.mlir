// RUN: bert-opt %s --convert-ov-to-bert --split-input-file | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-bert --split-input-file --remarks-filter=convert-ov-to-bert 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// What is no part of a BERT stays as it is, and a remark says why.

// REMARK: 'outside': its epsilon is not inside the root of the variance
// REMARK: 'other/axis': it normalises along other axes than the last one
// REMARK: 'transposed': its input is transposed
// REMARK-NOT: convert-ov-to-bert

// CHECK-LABEL: func.func @epsilon_outside
// CHECK-NOT: bert.
// CHECK: ov.mvn
func.func @epsilon_outside(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.mvn %x, %last {eps = 1.0e-12 : f64, eps_mode = "OUTSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32> loc("outside")
  return %0 : tensor<?x?x8xf32>
}

// -----

// CHECK-LABEL: func.func @other_axis
// CHECK-NOT: bert.
// CHECK: ov.mvn
func.func @other_axis(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %axis = ov.constant dense<-2> : tensor<1xi64>
  %0 = ov.mvn %x, %axis {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32> loc("other/axis")
  return %0 : tensor<?x?x8xf32>
}

// -----

// CHECK-LABEL: func.func @transposed_input
// CHECK-NOT: bert.
// CHECK: ov.matmul
func.func @transposed_input(%x: tensor<?x8x4xf32>) -> tensor<?x4x8xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %0 = ov.matmul %x, %w {transpose_a = true, transpose_b = false} : (tensor<?x8x4xf32>, tensor<8x8xf32>) -> tensor<?x4x8xf32> loc("transposed")
  return %0 : tensor<?x4x8xf32>
}

// -----

// A product of two activations, a softmax that serves no product: none of ours, no remark.

// CHECK-LABEL: func.func @not_ours
// CHECK-NOT: bert.
// CHECK: ov.matmul
// CHECK: ov.softmax
func.func @not_ours(%x: tensor<?x?x8xf32>, %y: tensor<?x?x8xf32>) -> tensor<?x?x?xf32> {
  %0 = ov.matmul %x, %y {transpose_a = false, transpose_b = true} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x?xf32>
  %1 = ov.softmax %0 {axis = -1 : i64} : (tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  return %1 : tensor<?x?x?xf32>
}
