// RUN: bert-opt %s --split-input-file -pass-pipeline='builtin.module(tf.graph(tf-resolve-switches,tf-prune-to-outputs))' | FileCheck %s

// is_training is False: the false side passes on.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: %[[F:.*]]:2 = tf.Neg "eval"(%[[X]])
// CHECK-NOT: tf.Tanh
// CHECK: tf.output 0 "m" names ["m"](%[[F]]#0)
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %no, %noc = tf.Const "no"() {dtype = i1, value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %p, %pc = tf.PlaceholderWithDefault "is_training"(%no) {dtype = i1, shape = array<i64>} : (tensor<i1>) -> tensor<i1>
  %s:3 = tf.Switch "switch"(%x, %p) {T = f32} : (tensor<2xf32>, tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>)
  %e:2 = tf.Neg "eval"(%s#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %t:2 = tf.Tanh "train"(%s#1) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %m:3 = tf.Merge "m"(%t#0, %e#0) {T = f32, N = 2 : i64} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  tf.output 0 "m" names ["m"] (%m#0) : tensor<*xf32>
}

// -----

// An input decides: nothing to resolve.

// CHECK: tf.Switch
// CHECK: tf.Merge
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %p = tf.input 1 "p" names ["p"] : tensor<i1>
  %s:3 = tf.Switch "switch"(%x, %p) {T = f32} : (tensor<2xf32>, tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>)
  %m:3 = tf.Merge "m"(%s#0, %s#1) {T = f32, N = 2 : i64} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  tf.output 0 "m" names ["m"] (%m#0) : tensor<*xf32>
}
