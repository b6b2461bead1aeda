// RUN: bert-opt --convert-tf-to-ov %s | FileCheck %s

// Products, reductions and normalisation.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[A:.*]]: tensor<4x8xf32> {{.*}}, %[[X:.*]]: tensor<2x4x8xf32> {{.*}}, %[[P:.*]]: tensor<2x4xi1>
// CHECK: ov.matmul %[[A]], %[[A]] {transpose_a = true, transpose_b = false} : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
// CHECK: ov.matmul %[[X]], %[[X]] {transpose_a = false, transpose_b = true} : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x4xf32>
// CHECK: ov.matmul %[[X]], %[[X]] {transpose_a = true, transpose_b = false} : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x8x8xf32>
// CHECK: ov.einsum %[[X]], %[[A]] {equation = "abc,dc->abd"} : (tensor<2x4x8xf32>, tensor<4x8xf32>) -> tensor<2x4x4xf32>
// A scalar axis becomes a list of one.
// CHECK: %[[AXIS:.*]] = ov.constant dense<-1> : tensor<1xi32>
// CHECK: ov.reduce_mean %[[X]], %[[AXIS]] {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
// CHECK: ov.reduce_sum %[[X]], %{{.*}} {keep_dims = false} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4xf32>
// CHECK: ov.reduce_max %[[X]], %{{.*}} : (tensor<2x4x8xf32>, tensor<1xi32>)
// CHECK: ov.reduce_min %[[X]], %{{.*}} : (tensor<2x4x8xf32>, tensor<1xi32>)
// CHECK: ov.reduce_prod %[[X]], %{{.*}} : (tensor<2x4x8xf32>, tensor<1xi32>)
// CHECK: ov.reduce_logical_and %[[P]], %{{.*}} -> tensor<2xi1>
// CHECK: ov.reduce_logical_or %[[P]], %{{.*}} -> tensor<2xi1>
// CHECK: ov.softmax %[[X]] {axis = -1 : i64}
// CHECK: ov.log_softmax %[[X]] {axis = -1 : i64}
// CHECK: %[[VALUES:.*]], %[[INDICES:.*]] = ov.topk %[[X]], %{{.*}} {axis = -1 : i64, index_element_type = i32, mode = "max", sort = "value", stable = true} : (tensor<2x4x8xf32>, tensor<i64>) -> (tensor<2x4x1xf32>, tensor<2x4x1xi32>)
// CHECK: ov.squeeze %[[INDICES]], %{{.*}} : (tensor<2x4x1xi32>, tensor<1xi64>) -> tensor<2x4xi32>
// CHECK: ov.topk %[[X]], %{{.*}} -> (tensor<2x4x2xf32>, tensor<2x4x2xi32>)
tf.graph {
  %a = tf.input 0 "a" names ["a"] : tensor<4x8xf32>
  %x = tf.input 1 "x" names ["x"] : tensor<2x4x8xf32>
  %p = tf.input 2 "p" names ["p"] : tensor<2x4xi1>
  %axis, %axisc = tf.Const "axis"() {dtype = i32, value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %two, %twoc = tf.Const "two"() {dtype = i32, value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %m, %mc = tf.MatMul "m"(%a, %a) {T = f32, transpose_a = true, transpose_b = false} : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  %b, %bc = tf.BatchMatMulV2 "b"(%x, %x) {T = f32, adj_x = false, adj_y = true} : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<*xf32>
  %b1, %b1c = tf.BatchMatMul "b1"(%x, %x) {T = f32, adj_x = true, adj_y = false} : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<*xf32>
  %e, %ec = tf.Einsum "e"(%x, %a) {T = f32, equation = "abc,dc->abd"} : (tensor<2x4x8xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  %mean, %meanc = tf.Mean "mean"(%x, %axis) {T = f32, keep_dims = true} : (tensor<2x4x8xf32>, tensor<i32>) -> tensor<*xf32>
  %sum, %sumc = tf.Sum "sum"(%x, %axis) {T = f32, keep_dims = false} : (tensor<2x4x8xf32>, tensor<i32>) -> tensor<*xf32>
  %max, %maxc = tf.Max "max"(%x, %axis) {T = f32} : (tensor<2x4x8xf32>, tensor<i32>) -> tensor<*xf32>
  %min, %minc = tf.Min "min"(%x, %axis) {T = f32} : (tensor<2x4x8xf32>, tensor<i32>) -> tensor<*xf32>
  %prod, %prodc = tf.Prod "prod"(%x, %axis) {T = f32} : (tensor<2x4x8xf32>, tensor<i32>) -> tensor<*xf32>
  %all, %allc = tf.All "all"(%p, %axis) : (tensor<2x4xi1>, tensor<i32>) -> tensor<*xi1>
  %any, %anyc = tf.Any "any"(%p, %axis) : (tensor<2x4xi1>, tensor<i32>) -> tensor<*xi1>
  %soft, %softc = tf.Softmax "soft"(%x) {T = f32} : (tensor<2x4x8xf32>) -> tensor<*xf32>
  %log, %logc = tf.LogSoftmax "log"(%x) {T = f32} : (tensor<2x4x8xf32>) -> tensor<*xf32>
  %arg, %argc = tf.ArgMax "arg"(%x, %axis) {T = f32, output_type = i32} : (tensor<2x4x8xf32>, tensor<i32>) -> tensor<*xi32>
  %top:3 = tf.TopKV2 "top"(%x, %two) {T = f32} : (tensor<2x4x8xf32>, tensor<i32>) -> (tensor<*xf32>, tensor<*xi32>)
  tf.output 0 "out0" names ["out0"] (%m) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%b) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%b1) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%e) : tensor<*xf32>
  tf.output 4 "out4" names ["out4"] (%mean) : tensor<*xf32>
  tf.output 5 "out5" names ["out5"] (%sum) : tensor<*xf32>
  tf.output 6 "out6" names ["out6"] (%max) : tensor<*xf32>
  tf.output 7 "out7" names ["out7"] (%min) : tensor<*xf32>
  tf.output 8 "out8" names ["out8"] (%prod) : tensor<*xf32>
  tf.output 9 "out9" names ["out9"] (%all) : tensor<*xi1>
  tf.output 10 "out10" names ["out10"] (%any) : tensor<*xi1>
  tf.output 11 "out11" names ["out11"] (%soft) : tensor<*xf32>
  tf.output 12 "out12" names ["out12"] (%log) : tensor<*xf32>
  tf.output 13 "out13" names ["out13"] (%arg) : tensor<*xi32>
  tf.output 14 "out14" names ["out14"] (%top#0) : tensor<*xf32>
}
