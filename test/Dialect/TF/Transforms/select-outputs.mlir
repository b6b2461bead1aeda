// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs{outputs=b,split:1,a:0}))' | FileCheck %s
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs{outputs=splitt}))' 2>&1 | FileCheck %s --check-prefix=NEAR
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs{outputs=loss/Softmax}))' 2>&1 | FileCheck %s --check-prefix=FAR
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs{outputs=split:7}))' 2>&1 | FileCheck %s --check-prefix=PORT
// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs))' 2>&1 | FileCheck %s --check-prefix=CHOSEN
// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs{outputs=b,split:1},tf-select-outputs{outputs=a}))' | FileCheck %s --check-prefixes=LAST
// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-select-outputs{outputs=a},tf-select-outputs))' | FileCheck %s --check-prefixes=LAST

// In the order of the names, with both spellings of port 0.

// CHECK: %[[A:.*]]:2 = tf.Tanh "a"
// CHECK: %[[B:.*]]:2 = tf.Tanh "b"
// CHECK: %[[S:.*]]:3 = tf.Split "split"
// CHECK: tf.output 0 "b" names ["b", "b:0"](%[[B]]#0)
// CHECK: tf.output 1 "split:1" names ["split:1"](%[[S]]#1)
// CHECK: tf.output 2 "a" names ["a", "a:0"](%[[A]]#0)

// Outputs that are there already give way to named ones, and stay if none is named.
// LAST: tf.output 0 "a"
// LAST-NOT: tf.output

// NEAR: error: no node is called 'splitt'; did you mean 'split'?
// FAR: error: no node is called 'loss/Softmax'; there is 'split', 'split:1'
// PORT: error: node 'split' (Split) has 2 outputs; there is no output 7

// Without names: the last nodes after an input, not the optimizer's.
// CHOSEN-DAG: remark: output 'split' was chosen, since none is named
// CHOSEN-DAG: remark: output 'split:1' was chosen, since none is named
// CHOSEN: tf.output 0 "split"
// CHOSEN: tf.output 1 "split:1"
// CHOSEN-NOT: tf.output
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32} : () -> tensor<2x4xf32>
  %axis, %axisc = tf.Const "axis"() {dtype = i32, value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %a, %ac = tf.Tanh "a"(%x) {T = f32} : (tensor<2x4xf32>) -> tensor<*xf32>
  %b, %bc = tf.Tanh "b"(%a) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %s:3 = tf.Split "split"(%axis, %b) {T = f32, num_split = 2 : i64} : (tensor<i32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %g, %gc = tf.Mul "gradients/mul"(%a, %b) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
}
