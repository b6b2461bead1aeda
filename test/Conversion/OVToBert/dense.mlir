// RUN: bert-opt %s --convert-ov-to-bert --split-input-file | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-bert --split-input-file --remarks-filter=convert-ov-to-bert 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Every activation, and a weight that is transposed.
// CHECK-LABEL: func.func @activations
func.func @activations(%x: tensor<?x8xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK-DAG: bert.dense %arg0, %[[W:.*]] bias %[[B:.*]] {transposed} :
  // CHECK-DAG: bert.dense %arg0, %{{.*}} bias %{{.*}} then gelu_erf {transposed} :
  // CHECK-DAG: bert.dense %arg0, %{{.*}} bias %{{.*}} then gelu_tanh {transposed} :
  // CHECK-DAG: bert.dense %arg0, %{{.*}} bias %{{.*}} then relu {transposed} :
  // CHECK-DAG: bert.dense %arg0, %{{.*}} then tanh {transposed} :
  // CHECK-NOT: ov.matmul
  %w = ov.weight "w" dense_resource<w> : tensor<4x8xf32>
  %b = ov.weight "b" dense_resource<b> : tensor<4xf32>
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<4x8xf32>) -> tensor<?x4xf32>
  %1 = ov.add %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %2 = ov.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<4x8xf32>) -> tensor<?x4xf32>
  %3 = ov.add %2, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %4 = ov.gelu %3 {approximation_mode = "ERF"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %5 = ov.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<4x8xf32>) -> tensor<?x4xf32>
  %6 = ov.add %5, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %7 = ov.gelu %6 {approximation_mode = "TANH"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %8 = ov.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<4x8xf32>) -> tensor<?x4xf32>
  %9 = ov.add %8, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %10 = ov.relu %9 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %11 = ov.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<4x8xf32>) -> tensor<?x4xf32>
  %12 = ov.tanh %11 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %1, %4, %7, %10, %12 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// The sum before the activation is an output: the activation stays apart.
// CHECK-LABEL: func.func @sum_used
func.func @sum_used(%x: tensor<?x8xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: %[[D:.*]] = bert.dense %arg0, %{{.*}} bias %{{.*}} :
  // CHECK: %[[T:.*]] = ov.tanh %[[D]]
  // CHECK: return %[[D]], %[[T]]
  %w = ov.weight "w" dense_resource<w> : tensor<8x4xf32>
  %b = ov.weight "b" dense_resource<b> : tensor<4xf32>
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
  %1 = ov.add %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %2 = ov.tanh %1 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// What is added is no bias: it differs by row, or is computed.
// CHECK-LABEL: func.func @no_bias
func.func @no_bias(%x: tensor<3x8xf32>, %y: tensor<4xf32>) -> (tensor<3x4xf32>, tensor<3x4xf32>) {
  // CHECK: %[[D:.*]] = bert.dense %arg0, %{{[^ ]*}} :
  // CHECK: ov.add %[[D]]
  // CHECK: %[[E:.*]] = bert.dense %arg0, %{{[^ ]*}} :
  // CHECK: ov.add %[[E]], %arg1
  %w = ov.weight "w" dense_resource<w> : tensor<8x4xf32>
  %rows = ov.weight "rows" dense_resource<rows> : tensor<3x4xf32>
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<3x8xf32>, tensor<8x4xf32>) -> tensor<3x4xf32>
  %1 = ov.add %0, %rows : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %2 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<3x8xf32>, tensor<8x4xf32>) -> tensor<3x4xf32>
  %3 = ov.add %2, %y : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %1, %3 : tensor<3x4xf32>, tensor<3x4xf32>
}

// -----

// A product of two inputs, and one whose left operand is transposed.
// REMARK: Function=no_dense | Reason="{{.*}}: its input is transposed"
// CHECK-LABEL: func.func @no_dense
func.func @no_dense(%x: tensor<8x?xf32>, %w: tensor<8x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK-NOT: bert.dense
  // CHECK-COUNT-2: ov.matmul
  %0 = ov.matmul %x, %w {transpose_a = true, transpose_b = false} : (tensor<8x?xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
  %v = ov.weight "v" dense_resource<v> : tensor<8x4xf32>
  %1 = ov.matmul %x, %v {transpose_a = true, transpose_b = false} : (tensor<8x?xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}
