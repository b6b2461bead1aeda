// RUN: bert-opt %s --split-input-file -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="Placeholder{i32}[1 ?], IteratorGetNext:1[2, 1..512] ,is_training->False,1:mul"}))' | FileCheck %s

// Cuts at a placeholder, at an output port of an iterator, at an input port; freezes a flag.

// CHECK-DAG: %[[ITER:.*]]:3 = tf.IteratorGetNext
// CHECK-DAG: %[[P:.*]] = tf.input 0 "Placeholder" names ["Placeholder", "Placeholder:0"] : tensor<1x?xi32>
// CHECK-DAG: %[[M:.*]] = tf.input 1 "IteratorGetNext:1" names ["IteratorGetNext:1"] bounds [2, 2, 1, 512] : tensor<2x?xi32>
// CHECK-DAG: %[[F:.*]]:2 = tf.Const "is_training/frozen"() {dtype = i1, value = dense<false> : tensor<i1>}
// An i64 graph keeps computing in i64.
// CHECK-DAG: %[[CAST:.*]]:2 = tf.Cast "Placeholder/cast"(%[[P]]) {DstT = i64, SrcT = i32} : (tensor<1x?xi32>) -> tensor<1x?xi64>
// CHECK: tf.Identity "ids"(%[[CAST]]#0)
// CHECK: tf.Identity "mask"(%[[M]])
// CHECK: tf.Identity "flag"(%[[F]]#0)
// CHECK: %[[ONE:.*]] = tf.input 2 "1:mul" names ["1:mul"] : tensor<f32>
// CHECK: tf.Mul "mul"(%[[X:.*]]#0, %[[ONE]])
// CHECK: tf.Neg "other"(%[[X]]#0)
tf.graph {
  %p, %pc = tf.Placeholder "Placeholder"() {dtype = i64} : () -> tensor<*xi64>
  %i0, %i1, %ic = tf.IteratorGetNext "IteratorGetNext"(%it) {output_types = [i32, i32]} : (tensor<!tf.resource>) -> (tensor<?x?xi32>, tensor<?x?xi32>)
  %it, %itc = tf.Iterator "Iterator"() {} : () -> tensor<!tf.resource>
  %t, %tc = tf.Placeholder "is_training"() {dtype = i1} : () -> tensor<i1>
  %0:2 = tf.Identity "ids"(%p) {T = i64} : (tensor<*xi64>) -> tensor<*xi64>
  %1:2 = tf.Identity "mask"(%i1) {T = i32} : (tensor<?x?xi32>) -> tensor<*xi32>
  %2:2 = tf.Identity "flag"(%t) {T = i1} : (tensor<i1>) -> tensor<*xi1>
  %x, %xc = tf.Const "x"() {dtype = f32, value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %3:2 = tf.Mul "mul"(%x, %x) {T = f32} : (tensor<f32>, tensor<f32>) -> tensor<*xf32>
  %4:2 = tf.Neg "other"(%x) {T = f32} : (tensor<f32>) -> tensor<*xf32>
}
