// RUN: bert-opt %s --convert-ov-to-bert --split-input-file | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-bert --split-input-file --remarks-filter=convert-ov-to-bert 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// What looks like attention and is none stays as it is.

// The probabilities are an output.
// REMARK: 'probabilities': its probabilities are used elsewhere
// CHECK-LABEL: func.func @probabilities_used
func.func @probabilities_used(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> (tensor<?x?x8xf32>, tensor<?x2x?x?xf32>) {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  return %x, %p : tensor<?x?x8xf32>, tensor<?x2x?x?xf32>
}

// -----

// So are the scores.
// REMARK: 'probabilities': its scores are used elsewhere
// CHECK-LABEL: func.func @scores_used
func.func @scores_used(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> (tensor<?x?x8xf32>, tensor<?x2x?x?xf32>) {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  return %x, %s0 : tensor<?x?x8xf32>, tensor<?x2x?x?xf32>
}

// -----

// A mask for each query.
// REMARK: 'probabilities': what is added to its scores depends on the query or the head
// CHECK-LABEL: func.func @by_query
func.func @by_query(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %bias: tensor<?x1x?x?xf32>) -> tensor<?x?x8xf32> {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  %s2 = ov.add %s0, %bias : (tensor<?x2x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// What is added is an input itself.
// REMARK: 'probabilities': 
// CHECK-LABEL: func.func @own_mask
func.func @own_mask(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %bias: tensor<?x1x1x?xf32>) -> tensor<?x?x8xf32> {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  %s2 = ov.add %s0, %bias : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}

// -----

// 2 - mask is not how masks are inverted.
// REMARK: 'probabilities': what is added to its scores is not (1 - mask) times a number
// CHECK-LABEL: func.func @two_minus_mask
func.func @two_minus_mask(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  %one = ov.constant dense<2.0> : tensor<f32>
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

// The heads are not transposed back.
// REMARK: 'probabilities': its heads are not put side by side
// CHECK-LABEL: func.func @swapped_heads
func.func @swapped_heads(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x2x8xf32> {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  %other = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi32>
  %cut4 = ov.constant dense<[0, 0, 4, 2]> : tensor<4xi64>
  %q1 = ov.reshape %q, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q2 = ov.transpose %q1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k1 = ov.reshape %k, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k2 = ov.transpose %k1, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v1 = ov.reshape %v, %cut {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v2 = ov.transpose %v1, %other : (tensor<?x?x2x4xf32>, tensor<4xi32>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q2, %k2 {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s0 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x = ov.reshape %x0, %side {special_zero = true} : (tensor<?x2x?x4xf32>, tensor<3xi64>) -> tensor<?x2x8xf32>
  return %x : tensor<?x2x8xf32>
}

// -----

// A SoftMax over queries is something else.
// CHECK-LABEL: func.func @other_axis
func.func @other_axis(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK-NOT: bert.attention
  // CHECK: ov.softmax
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
  %p = ov.softmax %s0 {axis = 2 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> loc("probabilities")
  %x0 = ov.matmul %p, %v2 {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %x1 = ov.transpose %x0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %x = ov.reshape %x1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  return %x : tensor<?x?x8xf32>
}
