// RUN: bert-opt --ov-fuse-one-hot-embedding --split-input-file --mlir-print-debuginfo %s | FileCheck %s
// RUN: bert-opt --ov-fuse-one-hot-embedding --ov-fuse-one-hot-embedding --split-input-file --mlir-print-debuginfo %s | FileCheck %s
// RUN: bert-opt --ov-fuse-one-hot-embedding --split-input-file --remarks-filter=ov-fuse-one-hot-embedding %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The example of the pass's description: modeling.py looks token types up this way.

// REMARK: 'one_hot' became Gather
// CHECK-LABEL: func.func @token_types
// CHECK-SAME: (%[[IDS:[^ ]*]]: tensor<?x16xi32>
// CHECK: %[[TABLE:.*]] = ov.weight "table"
// CHECK: %[[AXIS:.*]] = ov.constant dense<0> : tensor<i64>
// CHECK: ov.gather %[[TABLE]], %[[IDS]], %[[AXIS]] {batch_dims = 0 : i64} : (tensor<2x8xf32>, tensor<?x16xi32>, tensor<i64>) -> tensor<?x16x8xf32> loc(#[[LOC:.*]])
// CHECK-NOT: ov.one_hot
// CHECK: return
// CHECK-DAG: #[[ONE_HOT:.*]] = loc("one_hot")
// CHECK-DAG: #[[MATMUL:.*]] = loc("MatMul")
// CHECK: #[[LOC]] = loc(fused[#[[ONE_HOT]], #[[MATMUL]]])
func.func @token_types(%ids: tensor<?x16xi32>) -> tensor<?x16x8xf32> {
  %table = ov.weight "table" dense_resource<table> : tensor<2x8xf32>
  %depth = ov.constant dense<2> : tensor<i32>
  %on = ov.constant dense<1.0> : tensor<f32>
  %off = ov.constant dense<0.0> : tensor<f32>
  %0 = ov.one_hot %ids, %depth, %on, %off {axis = -1 : i64} : (tensor<?x16xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<?x16x2xf32> loc("one_hot")
  %1 = ov.matmul %0, %table {transpose_a = false, transpose_b = false} : (tensor<?x16x2xf32>, tensor<2x8xf32>) -> tensor<?x16x8xf32> loc("MatMul")
  return %1 : tensor<?x16x8xf32>
}

// -----

// REMARK: 'smooth': its values are not 1 and 0
// CHECK-LABEL: func.func @other_values
// CHECK-NOT: ov.gather
// CHECK: ov.matmul
func.func @other_values(%ids: tensor<4xi32>, %table: tensor<2x8xf32>) -> tensor<4x8xf32> {
  %depth = ov.constant dense<2> : tensor<i32>
  %on = ov.constant dense<0.9> : tensor<f32>
  %off = ov.constant dense<0.1> : tensor<f32>
  %0 = ov.one_hot %ids, %depth, %on, %off {axis = -1 : i64} : (tensor<4xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x2xf32> loc("smooth")
  %1 = ov.matmul %0, %table {transpose_a = false, transpose_b = false} : (tensor<4x2xf32>, tensor<2x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// -----

// REMARK: 'columns': its new axis is not the last one
// CHECK-LABEL: func.func @other_axis
// CHECK-NOT: ov.gather
// CHECK: ov.matmul
func.func @other_axis(%ids: tensor<4xi32>, %table: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %depth = ov.constant dense<4> : tensor<i32>
  %on = ov.constant dense<1.0> : tensor<f32>
  %off = ov.constant dense<0.0> : tensor<f32>
  %0 = ov.one_hot %ids, %depth, %on, %off {axis = 0 : i64} : (tensor<4xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x4xf32> loc("columns")
  %1 = ov.matmul %0, %table {transpose_a = false, transpose_b = false} : (tensor<4x4xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// -----

// REMARK: 'transposed': it is not multiplied by a table of rank 2
// REMARK: 'transposed': its rows are not the left side of a product
// CHECK-LABEL: func.func @transposed
// CHECK-NOT: ov.gather
// CHECK: ov.matmul
// CHECK: ov.matmul
func.func @transposed(%ids: tensor<4xi32>, %table: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %depth = ov.constant dense<4> : tensor<i32>
  %on = ov.constant dense<1.0> : tensor<f32>
  %off = ov.constant dense<0.0> : tensor<f32>
  %0 = ov.one_hot %ids, %depth, %on, %off {axis = -1 : i64} : (tensor<4xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x4xf32> loc("transposed")
  %1 = ov.matmul %table, %0 {transpose_a = false, transpose_b = false} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = ov.matmul %0, %table {transpose_a = false, transpose_b = true} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %1, %2 : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// Rows are an output, too: the product still becomes a look-up, the rows stay.

// REMARK: 'shared' became Gather
// CHECK-LABEL: func.func @shared_rows
// CHECK: ov.one_hot
// CHECK: ov.gather
func.func @shared_rows(%ids: tensor<4xi32>, %table: tensor<2x8xf32>) -> (tensor<4x8xf32>, tensor<4x2xf32>) {
  %depth = ov.constant dense<2> : tensor<i32>
  %on = ov.constant dense<1.0> : tensor<f32>
  %off = ov.constant dense<0.0> : tensor<f32>
  %0 = ov.one_hot %ids, %depth, %on, %off {axis = -1 : i64} : (tensor<4xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x2xf32> loc("shared")
  %1 = ov.matmul %0, %table {transpose_a = false, transpose_b = false} : (tensor<4x2xf32>, tensor<2x8xf32>) -> tensor<4x8xf32>
  return %1, %0 : tensor<4x8xf32>, tensor<4x2xf32>
}
