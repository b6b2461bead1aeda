// RUN: bert-opt %s --convert-tf-to-ov --split-input-file --verify-diagnostics | FileCheck %s

// What grappler fuses comes apart again, in its order.

// CHECK: %[[P:.*]] = ov.matmul %{{.*}}, %{{.*}} {{.*}}transpose_b = true
// CHECK: %[[B:.*]] = ov.add %[[P]], %arg2
// CHECK: %[[T:.*]] = ov.tanh %[[B]]
// CHECK: %[[Q:.*]] = ov.matmul
// CHECK: %[[M:.*]] = ov.multiply %[[Q]], %arg3
// CHECK: ov.add %[[M]], %arg4
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %y = tf.input 1 "y" names ["y"] : tensor<4x3xf32>
  %b = tf.input 2 "b" names ["b"] : tensor<4xf32>
  %s = tf.input 3 "s" names ["s"] : tensor<f32>
  %a = tf.input 4 "a" names ["a"] : tensor<2x4xf32>
  %f, %fc = tf._FusedMatMul "f"(%x, %y, %b) {T = f32, fused_ops = ["BiasAdd", "Tanh"], transpose_b = true} : (tensor<2x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<*xf32>
  %g, %gc = tf._FusedBatchMatMulV2 "g"(%x, %y, %s, %a) {T = f32, fused_ops = ["Mul", "Add"], adj_y = true} : (tensor<2x3xf32>, tensor<4x3xf32>, tensor<f32>, tensor<2x4xf32>) -> tensor<*xf32>
  tf.output 0 "f" names ["f"] (%f) : tensor<*xf32>
  tf.output 1 "g" names ["g"] (%g) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  // expected-error @below {{node 'f' (_FusedMatMul) fuses 'Mish', which can't be converted}}
  %f, %fc = tf._FusedMatMul "f"(%x, %x) {T = f32, fused_ops = ["Mish"], transpose_b = true} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  tf.output 0 "f" names ["f"] (%f) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  // expected-error @below {{node 'f' (_FusedMatMul) has no operand for its fused BiasAdd}}
  %f, %fc = tf._FusedMatMul "f"(%x, %x) {T = f32, fused_ops = ["BiasAdd"], transpose_b = true} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  tf.output 0 "f" names ["f"] (%f) : tensor<*xf32>
}
