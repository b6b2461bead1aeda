// RUN: bert-opt %s --split-input-file --verify-diagnostics

func.func @mismatched_matmul(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error @below {{can't multiply [2,3] by [4,5]: 3 columns meet 4 rows}}
  %0 = ov.matmul %a, %b {transpose_a = false, transpose_b = false} : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @wrong_result(%a: tensor<2x3xf32>) {
  // expected-error @below {{has result type 'tensor<2x4xf32>' where 'tensor<2x3xf32>' is inferred}}
  %0 = ov.tanh %a : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @reshape_count(%a: tensor<2x3xf32>) {
  %shape = ov.constant dense<[4, -1]> : tensor<2xi64>
  // expected-error @below {{can't reshape [2,3] to [4,-1]}}
  %0 = ov.reshape %a, %shape {special_zero = false} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x?xf32>
  return
}

// -----

func.func @choice(%a: tensor<2x3xf32>) {
  // expected-error @below {{one of ERF, TANH}}
  %0 = ov.gelu %a {approximation_mode = "SIGMOID"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @broadcast(%a: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{can't broadcast [2,3] with [2]}}
  %0 = ov.add %a, %b : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_axis(%a: tensor<2x3xf32>, %i: tensor<4xi32>) {
  %axis = ov.constant dense<2> : tensor<i32>
  // expected-error @below {{has axis 2 for the shape [2,3]}}
  %0 = ov.gather %a, %i, %axis {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4xi32>, tensor<i32>) -> tensor<*xf32>
  return
}
