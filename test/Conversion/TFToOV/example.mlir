// RUN: bert-opt --convert-tf-to-ov %s | FileCheck %s

// The example of the pass's description: a dense layer. The trained kernel becomes
// a weight, the node's name the layer's.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2x4xf32> {ov.name = "x", ov.names = ["x", "x:0"]})
// CHECK-SAME: -> (tensor<2x3xf32> {ov.name = "y", ov.names = ["y", "y:0"]})
// CHECK: %[[W:.*]] = ov.weight "dense/kernel" dense<{{.*}}> : tensor<4x3xf32>
// CHECK: %[[P:.*]] = ov.matmul %[[X]], %[[W]] {transpose_a = false, transpose_b = false} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
// CHECK: %[[Y:.*]] = ov.tanh %[[P]]
// CHECK: return %[[Y]]
tf.graph {
  %x = tf.input 0 "x" names ["x", "x:0"] : tensor<2x4xf32>
  %w, %wc = tf.Const "dense/kernel"() {dtype = f32, value = dense<1.5> : tensor<4x3xf32>} with {tf.variable} : () -> tensor<4x3xf32>
  %p, %pc = tf.MatMul "dense/MatMul"(%x, %w) {T = f32, transpose_a = false, transpose_b = false} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<*xf32>
  %y, %yc = tf.Tanh "dense/Tanh"(%p) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y", "y:0"] (%y) : tensor<*xf32>
}
