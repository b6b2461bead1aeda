// RUN: bert-opt %s --convert-ov-to-bert --split-input-file | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-bert --split-input-file --remarks-filter=convert-ov-to-bert 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// How attention is spelled. The neighbour attention-negative.mlir has what is none.

// As modeling.py has it.
// REMARK: 'probabilities' became attention
// CHECK-LABEL: func.func @plain
func.func @plain(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] mask %arg1 {heads = 2 : i64, scale = 5.000000e-01 : f32}
  // CHECK: return %[[X]]
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %c_s1 = ov.constant dense<0.5> : tensor<f32>
  %s1 = ov.multiply %s0, %c_s1 : (tensor<?x2x?x?xf32>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %low = ov.constant dense<-10000.0> : tensor<f32>
  %m0 = ov.unsqueeze %mask, %axes : (tensor<?x?xi32>, tensor<2xi64>) -> tensor<?x1x1x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x1x1x?xi32>) -> tensor<?x1x1x?xf32>
  %m2 = ov.subtract %one, %m1 : (tensor<f32>, tensor<?x1x1x?xf32>) -> tensor<?x1x1x?xf32>
  %m = ov.multiply %m2, %low : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s2 = ov.add %s1, %m : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// Without a mask all positions are keys.
// CHECK-LABEL: func.func @no_mask
func.func @no_mask(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] {heads = 2 : i64, scale = 5.000000e-01 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %c_s1 = ov.constant dense<0.5> : tensor<f32>
  %s1 = ov.multiply %s0, %c_s1 : (tensor<?x2x?x?xf32>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s1 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// Without a scale it is 1.
// CHECK-LABEL: func.func @no_scale
func.func @no_scale(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] {heads = 2 : i64, scale = 1.000000e+00 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s0 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// What scales the sum scales what the mask adds, too.
// CHECK-LABEL: func.func @mask_before_scale
func.func @mask_before_scale(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] mask %arg1 {heads = 2 : i64, masked_value = -5.000000e+03 : f32, scale = 5.000000e-01 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %low = ov.constant dense<-10000.0> : tensor<f32>
  %m0 = ov.unsqueeze %mask, %axes : (tensor<?x?xi32>, tensor<2xi64>) -> tensor<?x1x1x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x1x1x?xi32>) -> tensor<?x1x1x?xf32>
  %m2 = ov.subtract %one, %m1 : (tensor<f32>, tensor<?x1x1x?xf32>) -> tensor<?x1x1x?xf32>
  %m = ov.multiply %m2, %low : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s1 = ov.add %s0, %m : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %c_s2 = ov.constant dense<0.5> : tensor<f32>
  %s2 = ov.multiply %s1, %c_s2 : (tensor<?x2x?x?xf32>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// The scale may stand at the query.
// CHECK-LABEL: func.func @scaled_query
func.func @scaled_query(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] mask %arg1 {heads = 2 : i64, scale = 5.000000e-01 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %c_r = ov.constant dense<0.5> : tensor<f32>
  %r = ov.multiply %q, %c_r : (tensor<?x?x8xf32>, tensor<f32>) -> tensor<?x?x8xf32>
  %r1 = ov.reshape %r, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %r2 = ov.transpose %r1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %r2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %low = ov.constant dense<-10000.0> : tensor<f32>
  %m0 = ov.unsqueeze %mask, %axes : (tensor<?x?xi32>, tensor<2xi64>) -> tensor<?x1x1x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x1x1x?xi32>) -> tensor<?x1x1x?xf32>
  %m2 = ov.subtract %one, %m1 : (tensor<f32>, tensor<?x1x1x?xf32>) -> tensor<?x1x1x?xf32>
  %m = ov.multiply %m2, %low : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s2 = ov.add %s0, %m : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// Either operand may be the mask.
// CHECK-LABEL: func.func @mask_first
func.func @mask_first(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] mask %arg1
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %c_s1 = ov.constant dense<0.5> : tensor<f32>
  %s1 = ov.multiply %s0, %c_s1 : (tensor<?x2x?x?xf32>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %low = ov.constant dense<-10000.0> : tensor<f32>
  %m0 = ov.unsqueeze %mask, %axes : (tensor<?x?xi32>, tensor<2xi64>) -> tensor<?x1x1x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x1x1x?xi32>) -> tensor<?x1x1x?xf32>
  %m2 = ov.subtract %one, %m1 : (tensor<f32>, tensor<?x1x1x?xf32>) -> tensor<?x1x1x?xf32>
  %m = ov.multiply %m2, %low : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s2 = ov.add %m, %s1 : (tensor<?x1x1x?xf32>, tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// (mask - 1) c is (1 - mask) (-c).
// CHECK-LABEL: func.func @mask_minus_one
func.func @mask_minus_one(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] mask %arg1 {heads = 2 : i64, masked_value = -1.000000e+05 : f32, scale = 1.000000e+00 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %low = ov.constant dense<100000.0> : tensor<f32>
  %m0 = ov.unsqueeze %mask, %axes : (tensor<?x?xi32>, tensor<2xi64>) -> tensor<?x1x1x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x1x1x?xi32>) -> tensor<?x1x1x?xf32>
  %m2 = ov.subtract %m1, %one : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %m = ov.multiply %m2, %low : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s2 = ov.add %s0, %m : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// The mask may be inverted as integers, and get its place among four dimensions last.
// CHECK-LABEL: func.func @late_convert
func.func @late_convert(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[Q:.*]] = ov.gather
  // CHECK: %[[K:.*]] = ov.gather
  // CHECK: %[[V:.*]] = ov.gather
  // CHECK: %[[X:.*]] = bert.attention %[[Q]], %[[K]], %[[V]] mask %arg1 {heads = 2 : i64, scale = 1.000000e+00 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi64>
  %one = ov.constant dense<1> : tensor<i32>
  %low = ov.constant dense<-10000.0> : tensor<f32>
  %m0 = ov.subtract %one, %mask : (tensor<i32>, tensor<?x?xi32>) -> tensor<?x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x?xi32>) -> tensor<?x?xf32>
  %m2 = ov.multiply %m1, %low : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %m = ov.unsqueeze %m2, %axes : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x1x1x?xf32>
  %s2 = ov.add %s0, %m : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// With one head the cut is an Unsqueeze.
// CHECK-LABEL: func.func @one_head
func.func @one_head(%q: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  // CHECK: bert.attention %arg0, %arg0, %arg0 {heads = 1 : i64, scale = 1.000000e+00 : f32}
  %two = ov.constant dense<2> : tensor<1xi64>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %0 = ov.unsqueeze %q, %two : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x1x8xf32>
  %1 = ov.transpose %0, %swap : (tensor<?x?x1x8xf32>, tensor<4xi64>) -> tensor<?x1x?x8xf32>
  %2 = ov.matmul %1, %1 {transpose_a = false, transpose_b = true} : (tensor<?x1x?x8xf32>, tensor<?x1x?x8xf32>) -> tensor<?x1x?x?xf32>
  %3 = ov.softmax %2 {axis = -1 : i64} : (tensor<?x1x?x?xf32>) -> tensor<?x1x?x?xf32>
  %4 = ov.matmul %3, %1 {transpose_a = false, transpose_b = false} : (tensor<?x1x?x?xf32>, tensor<?x1x?x8xf32>) -> tensor<?x1x?x8xf32>
  %5 = ov.transpose %4, %swap : (tensor<?x1x?x8xf32>, tensor<4xi64>) -> tensor<?x?x1x8xf32>
  %6 = ov.squeeze %5, %two : (tensor<?x?x1x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  return %6 : tensor<?x?x8xf32>
}

// -----

// Query, key and value out of one product are used as they are.
// CHECK-LABEL: func.func @split
func.func @split(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %qkv: tensor<?x?x24xf32>) -> tensor<?x?x8xf32> {
  // CHECK: bert.attention %arg2 {heads = 2 : i64, scale = 1.000000e+00 : f32}
  %zero = ov.constant dense<0> : tensor<i64>
  %tq = ov.weight "q" dense_resource<q> : tensor<30x8xf32>
  %q = ov.gather %tq, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tk = ov.weight "k" dense_resource<k> : tensor<30x8xf32>
  %k = ov.gather %tk, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %tv = ov.weight "v" dense_resource<v> : tensor<30x8xf32>
  %v = ov.gather %tv, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %two = ov.constant dense<2> : tensor<i64>
  %p3:3 = ov.split %qkv, %two {num_splits = 3 : i64} : (tensor<?x?x24xf32>, tensor<i64>) -> (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>)
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>
  %cut = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %q1 = ov.reshape %p3#0, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %p3#1, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %p3#2, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s0 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}
