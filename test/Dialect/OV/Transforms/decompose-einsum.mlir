// RUN: bert-opt --ov-decompose-einsum --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-decompose-einsum --ov-decompose-einsum --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-decompose-einsum --split-input-file --remarks-filter=ov-decompose-einsum %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The example of the pass's description: a dense layer that makes heads, with its bias.

// REMARK: 'query' became MatMul
// CHECK-LABEL: func.func @heads
func.func @heads(%x: tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32> {
  // CHECK-DAG: %[[W:.*]] = ov.weight "w"
  // CHECK-DAG: %[[B:.*]] = ov.weight "b"
  // CHECK-DAG: %[[M:.*]] = ov.reshape %[[W]], %{{.*}} -> tensor<8x8xf32>
  // CHECK-DAG: %[[P:.*]] = ov.matmul %arg0, %[[M]] {transpose_a = false, transpose_b = false} : {{.*}} -> tensor<?x?x8xf32>
  // CHECK-DAG: %[[F:.*]] = ov.reshape %[[B]], %{{.*}} -> tensor<8xf32>
  // CHECK: %[[S:.*]] = ov.add %[[P]], %[[F]]
  // CHECK: %[[R:.*]] = ov.reshape %[[S]], %{{.*}} {special_zero = true} : {{.*}} -> tensor<?x?x2x4xf32>
  // CHECK: return %[[R]]
  %w = ov.weight "w" dense_resource<w> : tensor<8x2x4xf32>
  %b = ov.weight "b" dense_resource<b> : tensor<2x4xf32>
  %0 = ov.einsum %x, %w {equation = "BFH,HND->BFND"} : (tensor<?x?x8xf32>, tensor<8x2x4xf32>) -> tensor<?x?x2x4xf32> loc("query")
  %1 = ov.add %0, %b : (tensor<?x?x2x4xf32>, tensor<2x4xf32>) -> tensor<?x?x2x4xf32>
  return %1 : tensor<?x?x2x4xf32>
}

// -----

// One that puts heads together, and one with a transposed matrix.
// CHECK-LABEL: func.func @together
func.func @together(%x: tensor<?x?x2x4xf32>, %y: tensor<?x8xf32>) -> (tensor<?x?x6xf32>, tensor<?x6xf32>) {
  // CHECK-DAG: %[[X:.*]] = ov.reshape %arg0, %{{.*}} {special_zero = true} : {{.*}} -> tensor<?x?x8xf32>
  // CHECK-DAG: ov.matmul %[[X]], %{{.*}} {transpose_a = false, transpose_b = false} : {{.*}} -> tensor<?x?x6xf32>
  // CHECK-DAG: ov.matmul %arg1, %{{.*}} {transpose_a = false, transpose_b = true} : {{.*}} -> tensor<?x6xf32>
  %w = ov.weight "w" dense_resource<w> : tensor<2x4x6xf32>
  %v = ov.weight "v" dense_resource<v> : tensor<6x8xf32>
  %0 = ov.einsum %x, %w {equation = "BFNH,NHD->BFD"} : (tensor<?x?x2x4xf32>, tensor<2x4x6xf32>) -> tensor<?x?x6xf32>
  %1 = ov.einsum %y, %v {equation = "bh, oh -> bo"} : (tensor<?x8xf32>, tensor<6x8xf32>) -> tensor<?x6xf32>
  return %0, %1 : tensor<?x?x6xf32>, tensor<?x6xf32>
}

// -----

// Attention's products. The queries are the right operand, but the result's rows.
// CHECK-LABEL: func.func @attention
func.func @attention(%k: tensor<?x?x2x4xf32>, %q: tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32> {
  // CHECK-DAG: %[[Q:.*]] = ov.transpose %arg1, %{{.*}} -> tensor<?x2x?x4xf32>
  // CHECK-DAG: %[[K:.*]] = ov.transpose %arg0, %{{.*}} -> tensor<?x2x?x4xf32>
  // CHECK: %[[S:.*]] = ov.matmul %[[Q]], %[[K]] {transpose_a = false, transpose_b = true} : {{.*}} -> tensor<?x2x?x?xf32>
  // CHECK: %[[V:.*]] = ov.transpose %arg0, %{{.*}} -> tensor<?x2x?x4xf32>
  // CHECK: %[[C:.*]] = ov.matmul %[[S]], %[[V]] {transpose_a = false, transpose_b = false} : {{.*}} -> tensor<?x2x?x4xf32>
  // CHECK: ov.transpose %[[C]], %{{.*}} -> tensor<?x?x2x4xf32>
  %0 = ov.einsum %k, %q {equation = "BTNH,BFNH->BNFT"} : (tensor<?x?x2x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x2x?x?xf32>
  %1 = ov.einsum %0, %k {equation = "BNFT,BTNH->BFNH"} : (tensor<?x2x?x?xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x4xf32>
  return %1 : tensor<?x?x2x4xf32>
}

// -----

// What stays, and why.
// REMARK: 'sum': it sums one operand on its own
// REMARK: 'diagonal': a letter is there twice in one operand
// REMARK: 'order': its letters are in an order that no product of matrices has
// REMARK: 'outer': it is an outer product or a sum
// CHECK-LABEL: func.func @stay
func.func @stay(%x: tensor<2x3xf32>, %y: tensor<3x3xf32>) -> (tensor<2xf32>, tensor<2x3xf32>, tensor<3x2xf32>, tensor<2x3x3x3xf32>) {
  // CHECK-COUNT-4: ov.einsum
  // CHECK-NOT: ov.matmul
  %0 = ov.einsum %x, %y {equation = "ab,cd->a"} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2xf32> loc("sum")
  %1 = ov.einsum %x, %y {equation = "ab,bb->ab"} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32> loc("diagonal")
  %2 = ov.einsum %x, %y {equation = "ab,bc->ca"} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<3x2xf32> loc("order")
  %3 = ov.einsum %x, %y {equation = "ab,cd->abcd"} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3x3x3xf32> loc("outer")
  return %0, %1, %2, %3 : tensor<2xf32>, tensor<2x3xf32>, tensor<3x2xf32>, tensor<2x3x3x3xf32>
}
