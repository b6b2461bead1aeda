// RUN: bert-opt %s --split-input-file -pass-pipeline='builtin.module(tf.graph(tf-strip-pass-through))' | FileCheck %s

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK-NEXT: %[[Y:.*]]:2 = tf.Tanh "y"(%[[X]])
// CHECK-NEXT: tf.output 0 "y" names ["y"](%[[Y]]#0)
// CHECK-NEXT: }
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %a:2 = tf.Identity "a"(%x) {T = f32} : (tensor<2xf32>) -> tensor<*xf32>
  %b:2 = tf.StopGradient "b"(%a#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %p:2 = tf.Print "p"(%b#0, %x) {T = f32, U = [f32]} : (tensor<*xf32>, tensor<2xf32>) -> tensor<*xf32>
  %y, %yc = tf.Tanh "y"(%p#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %c:3 = tf.IdentityN "c"(%y, %x) {T = [f32, f32]} : (tensor<*xf32>, tensor<2xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  tf.output 0 "y" names ["y"] (%c#0) : tensor<*xf32>
}

// -----

// A Cast computes, even to the type that its operand has; whether that is nothing is
// for a pass that looks at types.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK-NEXT: %[[C:.*]]:2 = tf.Cast "c"(%[[X]])
// CHECK-NOT: names ["y"](%[[X]])
// CHECK: tf.output 0 "y" names ["y"](%[[C]]#0)
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %c:2 = tf.Cast "c"(%x) {SrcT = f32, DstT = f32} : (tensor<2xf32>) -> tensor<*xf32>
  %y:2 = tf.Identity "y"(%c#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
}
