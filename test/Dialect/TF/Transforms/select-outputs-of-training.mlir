// RUN: bert-opt %s --split-input-file -pass-pipeline='builtin.module(tf.graph(tf-select-outputs))' 2>&1 | FileCheck %s

// A classifier's training graph: what depends on labels is loss, what leads to it only is none of the answers.

// CHECK: output 'label' was chosen
// CHECK-NOT: was chosen
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32} : () -> tensor<2x4xf32>
  %y, %yc = tf.Placeholder "labels"() {dtype = f32} : () -> tensor<2x3xf32>
  %w, %wc = tf.Const "w"() {dtype = f32, value = dense<1.0> : tensor<4x3xf32>} : () -> tensor<4x3xf32>
  %one, %onec = tf.Const "one"() {dtype = i32, value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %all, %allc = tf.Const "Const"() {dtype = i32, value = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %unused, %unusedc = tf.Neg "prepared"(%x) {T = f32} : (tensor<2x4xf32>) -> tensor<*xf32>
  %l:2 = tf.MatMul "logits"(%x, %w) {T = f32} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<*xf32>
  %p:2 = tf.Softmax "probabilities"(%l) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %a:2 = tf.ArgMax "label"(%p, %one) {T = f32, output_type = i32} : (tensor<*xf32>, tensor<i32>) -> tensor<*xi32>
  %g:2 = tf.LogSoftmax "log"(%l) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %m:2 = tf.Mul "per_example"(%g, %y) {T = f32} : (tensor<*xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %e:2 = tf.Mean "loss"(%m, %all) {T = f32} : (tensor<*xf32>, tensor<1xi32>) -> tensor<*xf32>
}

// -----

// A loss without labels: the answer is where it begins.

// CHECK: output 'pooled' was chosen
// CHECK-NOT: was chosen
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32} : () -> tensor<2x4xf32>
  %w, %wc = tf.Const "w"() {dtype = f32, value = dense<1.0> : tensor<4x3xf32>} : () -> tensor<4x3xf32>
  %c, %cc = tf.Const "c"() {dtype = f32, value = dense<0.25> : tensor<f32>} : () -> tensor<f32>
  %all, %allc = tf.Const "Const"() {dtype = i32, value = dense<[0, 1]> : tensor<2xi32>} : () -> tensor<2xi32>
  %l:2 = tf.MatMul "dense"(%x, %w) {T = f32} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<*xf32>
  %p:2 = tf.Tanh "pooled"(%l) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %d:2 = tf.Sub "difference"(%p, %c) {T = f32} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %q:2 = tf.Square "square"(%d) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %e:2 = tf.Mean "total_loss"(%q, %all) {T = f32} : (tensor<*xf32>, tensor<2xi32>) -> tensor<*xf32>
}

// -----

// A mean along axes that were given is an answer.

// CHECK: output 'sentence' was chosen
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32} : () -> tensor<2x4xf32>
  %w, %wc = tf.Const "w"() {dtype = f32, value = dense<1.0> : tensor<4x3xf32>} : () -> tensor<4x3xf32>
  %a, %ac = tf.Const "sentence/reduction_indices"() {dtype = i32, value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %l:2 = tf.MatMul "dense"(%x, %w) {T = f32} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<*xf32>
  %e:2 = tf.Mean "sentence"(%l, %a) {T = f32} : (tensor<*xf32>, tensor<i32>) -> tensor<*xf32>
}
