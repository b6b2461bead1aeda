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

// -----

// A condition within the side that is not taken goes as a whole, and a flag that comes
// through another condition is still known.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK-NOT: tf.Switch
// CHECK-NOT: tf.Merge
// CHECK: tf.output 0 "m" names ["m"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %no, %noc = tf.Const "no"() {dtype = i1, value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %s:3 = tf.Switch "switch"(%x, %no) {T = f32} : (tensor<2xf32>, tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>)
  %sp:3 = tf.Switch "switch_flag"(%no, %no) {T = i1} : (tensor<i1>, tensor<i1>) -> (tensor<*xi1>, tensor<*xi1>)
  %not:2 = tf.LogicalNot "not"(%sp#1) : (tensor<*xi1>) -> tensor<*xi1>
  %or:2 = tf.LogicalOr "or"(%not#0, %sp#1) : (tensor<*xi1>, tensor<*xi1>) -> tensor<*xi1>
  %i:3 = tf.Switch "inner"(%s#1, %or#0) {T = f32} : (tensor<*xf32>, tensor<*xi1>) -> (tensor<*xf32>, tensor<*xf32>)
  %im:3 = tf.Merge "inner_merge"(%i#0, %i#1) {T = f32, N = 2 : i64} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  %m:3 = tf.Merge "m"(%im#0, %s#0) {T = f32, N = 2 : i64} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  tf.output 0 "m" names ["m"] (%m#0) : tensor<*xf32>
}

// -----

// A constant in a branch: only a control edge says that it is in it.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: tf.output 0 "m" names ["m"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %no, %noc = tf.Const "no"() {dtype = i1, value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %p:3 = tf.Switch "pivot"(%no, %no) {T = i1} : (tensor<i1>, tensor<i1>) -> (tensor<*xi1>, tensor<*xi1>)
  %t:2 = tf.Identity "switch_t"(%p#1) {T = i1} : (tensor<*xi1>) -> tensor<*xi1>
  %c:2 = tf.Const "in_branch"()[%t#1] {dtype = f32, value = dense<7.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %s:3 = tf.Switch "switch"(%x, %no) {T = f32} : (tensor<2xf32>, tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>)
  %m:3 = tf.Merge "m"(%s#0, %c#0) {T = f32, N = 2 : i64} : (tensor<*xf32>, tensor<2xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  tf.output 0 "m" names ["m"] (%m#0) : tensor<*xf32>
}
