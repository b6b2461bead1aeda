// RUN: bert-opt --ov-transpose-weights --split-input-file --mlir-print-debuginfo %s | FileCheck %s
// RUN: bert-opt --ov-transpose-weights --split-input-file --remarks-filter=ov-transpose-weights %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Two layers that share a weight share what is made of it; the constant keeps the weight's name.
// CHECK-LABEL: func.func @dense
// CHECK: %[[KERNEL:.*]] = ov.weight "kernel"
// CHECK: %[[ORDER:.*]] = ov.constant dense<[1, 0]>
// CHECK: %[[TRANSPOSED:.*]] = ov.transpose %[[KERNEL]], %[[ORDER]] : {{.*}} -> tensor<4x3xf32> loc(#[[LOC:.*]])
// CHECK: ov.matmul %{{.*}}, %[[TRANSPOSED]] {transpose_a = false, transpose_b = true} : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
// CHECK: ov.matmul %{{.*}}, %[[TRANSPOSED]] {transpose_a = true, transpose_b = true} : (tensor<3x?xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
// CHECK: #[[LOC]] = loc("kernel"
func.func @dense(%x: tensor<?x3xf32>, %y: tensor<3x?xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %kernel = ov.weight "kernel" dense_resource<kernel> : tensor<3x4xf32>
  %0 = ov.matmul %x, %kernel {transpose_a = false, transpose_b = false} : (tensor<?x3xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  %1 = ov.matmul %y, %kernel {transpose_a = true, transpose_b = false} : (tensor<3x?xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// What is computed from weights alone is a weight too: the writer evaluates all of it.
// CHECK-LABEL: func.func @part
// CHECK: %[[PART:.*]] = ov.reshape
// CHECK: %[[TRANSPOSED:.*]] = ov.transpose %[[PART]]
// CHECK: ov.matmul %{{.*}}, %[[TRANSPOSED]] {{.*}}transpose_b = true
func.func @part(%x: tensor<?x3xf32>) -> tensor<?x4xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<3x2x2xf32>
  %shape = ov.constant dense<[3, 4]> : tensor<2xi64>
  %kernel = ov.reshape %w, %shape {special_zero = false} : (tensor<3x2x2xf32>, tensor<2xi64>) -> tensor<3x4xf32>
  %0 = ov.matmul %x, %kernel {transpose_a = false, transpose_b = false} : (tensor<?x3xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

// A table that is looked up too would be stored twice; one that is read by rows is right; a batch of
// matrices, the left side and what is no weight are other things.
// CHECK-LABEL: func.func @stays
// CHECK-NOT: ov.transpose
// REMARK: ov.weight: it is read in another way too, and would be stored twice
// REMARK-NOT: remark
func.func @stays(%x: tensor<?x3xf32>, %ids: tensor<?xi32>, %y: tensor<2x?x3xf32>, %z: tensor<3x4xf32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<2x?x4xf32>, tensor<5x4xf32>, tensor<?x4xf32>) {
  %axis = ov.constant dense<0> : tensor<i64>
  %table = ov.weight "table" dense_resource<table> : tensor<3x4xf32>
  %rows = ov.weight "rows" dense_resource<rows> : tensor<4x3xf32>
  %batch = ov.weight "batch" dense_resource<batch> : tensor<2x3x4xf32>
  %left = ov.weight "left" dense_resource<left> : tensor<5x3xf32>
  %0 = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<3x4xf32>, tensor<?xi32>, tensor<i64>) -> tensor<?x4xf32>
  %1 = ov.matmul %x, %table {transpose_a = false, transpose_b = false} : (tensor<?x3xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  %2 = ov.matmul %x, %rows {transpose_a = false, transpose_b = true} : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
  %3 = ov.matmul %y, %batch {transpose_a = false, transpose_b = false} : (tensor<2x?x3xf32>, tensor<2x3x4xf32>) -> tensor<2x?x4xf32>
  %4 = ov.matmul %left, %z {transpose_a = false, transpose_b = false} : (tensor<5x3xf32>, tensor<3x4xf32>) -> tensor<5x4xf32>
  %5 = ov.matmul %x, %z {transpose_a = false, transpose_b = false} : (tensor<?x3xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<2x?x4xf32>, tensor<5x4xf32>, tensor<?x4xf32>
}
