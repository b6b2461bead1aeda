// RUN: bert-opt %s --convert-ov-to-bert | FileCheck %s

// One layer of width 8 with two heads, as the normal form has it: embeddings, attention,
// the sum behind it, the feed-forward layers, the pooler.

// CHECK-LABEL: func.func @model
// CHECK-SAME: %[[IDS:[^:]*]]: tensor<?x?xi32>, %[[MASK:[^:]*]]: tensor<?x?xi32>, %[[TYPES:[^:]*]]: tensor<?x?xi32>
func.func @model(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %types: tensor<?x?xi32>)
    -> (tensor<?x?x8xf32>, tensor<?x8xf32>) {
  %word = ov.weight "word" dense_resource<word> : tensor<30x8xf32>
  %type = ov.weight "type" dense_resource<type> : tensor<2x8xf32>
  %position = ov.weight "position" dense_resource<position> : tensor<16x8xf32>
  %gamma = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %beta = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %wq = ov.weight "wq" dense_resource<wq> : tensor<8x8xf32>
  %wk = ov.weight "wk" dense_resource<wk> : tensor<8x8xf32>
  %wv = ov.weight "wv" dense_resource<wv> : tensor<8x8xf32>
  %wi = ov.weight "wi" dense_resource<wi> : tensor<8x16xf32>
  %bi = ov.weight "bi" dense_resource<bi> : tensor<16xf32>
  %wo = ov.weight "wo" dense_resource<wo> : tensor<16x8xf32>
  %i0 = ov.constant dense<0> : tensor<i64>
  %i1 = ov.constant dense<1> : tensor<i64>
  %axes0 = ov.constant dense<0> : tensor<1xi64>
  %axes1 = ov.constant dense<1> : tensor<1xi64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %low = ov.constant dense<-10000.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %heads = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
  %swap = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %side = ov.constant dense<[0, 0, 8]> : tensor<3xi64>

  // CHECK: %[[X:.*]] = bert.embeddings %[[IDS]] types %[[TYPES]] word %{{.*}} position %{{.*}} token_type %{{.*}} norm %{{.*}}, %{{.*}} {epsilon = 9.99999996E-13 : f32}
  %0 = ov.gather %word, %ids, %i0 {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %1 = ov.gather %type, %types, %i0 {batch_dims = 0 : i64} : (tensor<2x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %2 = ov.add %0, %1 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %3 = ov.shape_of %ids {output_type = i64} : (tensor<?x?xi32>) -> tensor<2xi64>
  %4 = ov.gather %3, %axes1, %i0 {batch_dims = 0 : i64} : (tensor<2xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %5 = ov.slice %position, %axes0, %4, %axes1, %axes0 : (tensor<16x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x8xf32>
  %6 = ov.add %2, %5 : (tensor<?x?x8xf32>, tensor<?x8xf32>) -> tensor<?x?x8xf32>
  %7 = ov.mvn %6, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  %8 = ov.multiply %7, %gamma : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %x = ov.add %8, %beta : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>

  // CHECK: %[[QKV:.*]] = bert.dense %[[X]], %{{.*}}, %{{.*}}, %{{.*}} bias %{{.*}}, %{{.*}}, %{{.*}} : {{.*}} -> tensor<?x?x24xf32>
  // CHECK: %[[A:.*]] = bert.attention %[[QKV]] mask %[[MASK]] {heads = 2 : i64, scale = 5.000000e-01 : f32}
  %q0 = ov.matmul %x, %wq {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %q1 = ov.add %q0, %beta : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %q2 = ov.reshape %q1, %heads {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %q = ov.transpose %q2, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %k0 = ov.matmul %x, %wk {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %k1 = ov.add %k0, %beta : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %k2 = ov.reshape %k1, %heads {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %k = ov.transpose %k2, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %v0 = ov.matmul %x, %wv {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %v1 = ov.add %v0, %beta : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %v2 = ov.reshape %v1, %heads {special_zero = true} : (tensor<?x?x8xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %v = ov.transpose %v2, %swap : (tensor<?x?x2x4xf32>, tensor<4xi64>) -> tensor<?x2x?x4xf32>
  %s0 = ov.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x?xf32>
  %s1 = ov.multiply %s0, %half : (tensor<?x2x?x?xf32>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %m0 = ov.unsqueeze %mask, %axes1 : (tensor<?x?xi32>, tensor<1xi64>) -> tensor<?x1x?xi32>
  %m1 = ov.convert %m0 {destination_type = f32} : (tensor<?x1x?xi32>) -> tensor<?x1x?xf32>
  %m2 = ov.unsqueeze %m1, %axes1 : (tensor<?x1x?xf32>, tensor<1xi64>) -> tensor<?x1x1x?xf32>
  %m3 = ov.subtract %one, %m2 : (tensor<f32>, tensor<?x1x1x?xf32>) -> tensor<?x1x1x?xf32>
  %m4 = ov.multiply %m3, %low : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s2 = ov.add %s1, %m4 : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = ov.softmax %s2 {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c0 = ov.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %c1 = ov.transpose %c0, %swap : (tensor<?x2x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x4xf32>
  %c2 = ov.reshape %c1, %side {special_zero = true} : (tensor<?x?x2x4xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>

  // CHECK: %[[O:.*]] = bert.dense %[[A]], %{{.*}} :
  // CHECK: %[[Y:.*]] = bert.add_layer_norm %[[O]] residual %[[X]] norm
  %9 = ov.matmul %c2, %wq {transpose_a = false, transpose_b = true} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %10 = ov.add %9, %x : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %11 = ov.mvn %10, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  %12 = ov.multiply %11, %gamma : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %y = ov.add %12, %beta : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>

  // CHECK: %[[I:.*]] = bert.dense %[[Y]], %{{.*}} bias %{{.*}} then gelu_erf
  // CHECK: %[[F:.*]] = bert.dense %[[I]], %{{.*}} :
  // CHECK: %[[Z:.*]] = bert.add_layer_norm %[[F]] residual %[[Y]]
  %13 = ov.matmul %y, %wi {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x16xf32>) -> tensor<?x?x16xf32>
  %14 = ov.add %13, %bi : (tensor<?x?x16xf32>, tensor<16xf32>) -> tensor<?x?x16xf32>
  %15 = ov.gelu %14 {approximation_mode = "ERF"} : (tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
  %16 = ov.matmul %15, %wo {transpose_a = false, transpose_b = false} : (tensor<?x?x16xf32>, tensor<16x8xf32>) -> tensor<?x?x8xf32>
  %17 = ov.add %16, %y : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %18 = ov.mvn %17, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  %19 = ov.multiply %18, %gamma : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %z = ov.add %19, %beta : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>

  // CHECK: %[[FIRST:.*]] = bert.first_token %[[Z]]
  // CHECK: %[[POOLED:.*]] = bert.dense %[[FIRST]], %{{.*}} bias %{{.*}} then tanh
  // CHECK: return %[[Z]], %[[POOLED]]
  %first = ov.gather %z, %i0, %i1 {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x8xf32>
  %20 = ov.matmul %first, %wq {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %21 = ov.add %20, %beta : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %pooled = ov.tanh %21 : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %z, %pooled : tensor<?x?x8xf32>, tensor<?x8xf32>
}
