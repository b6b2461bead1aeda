// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-prune-to-outputs))' 2>&1 | FileCheck %s
// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-prune-to-outputs,tf-prune-to-outputs))' 2>/dev/null | FileCheck %s --check-prefix=TWICE

// Savers, assertions and control edges go, cycles among them too; an input that
// nothing needs stays and is reported.

// CHECK: remark: input 'unused' is not needed by any output; it stays as an unused input
// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: tf.input 1 "unused"
// CHECK: %[[Y:.*]]:2 = tf.Tanh "y"(%[[X]]) {T = f32}
// CHECK: tf.output 0 "y" names ["y"](%[[Y]]#0)
// CHECK-NOT: tf.Assert
// CHECK-NOT: tf.node
// TWICE: tf.output 0
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %u = tf.input 1 "unused" names ["unused"] : tensor<2xf32>
  %ac = tf.Assert "assert"(%x) {T = [f32]} : (tensor<2xf32>) -> ()
  %y, %yc = tf.Tanh "y"(%x)[%ac] {T = f32} : (tensor<2xf32>) -> tensor<*xf32>
  %sc = tf.node "SaveV2" "save/SaveV2"(%y) {} : (tensor<*xf32>) -> ()
  %l, %lc = tf.Tanh "loop"(%m) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %m, %mc = tf.Tanh "loop2"(%l) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y) : tensor<*xf32>
}
