// RUN: bert-opt --convert-tf-to-ov --split-input-file %s | FileCheck %s

// Keras' layer normalisation: rows are channels, statistics are the input's.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<1x6x8x1xf32>
// CHECK: %[[AXES:.*]] = ov.constant dense<[0, 2, 3]> : tensor<3xi64>
// CHECK: %[[N:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{.*}}, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK: ov.unsqueeze {{.*}} -> tensor<6x1x1xf32>
// CHECK: %[[S:.*]] = ov.multiply %[[N]]
// CHECK: ov.add %[[S]]
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<1x6x8x1xf32>
  %s = tf.input 1 "s" names ["s"] : tensor<6xf32>
  %none:2 = tf.Const "none"() {dtype = f32, value = dense<> : tensor<0xf32>} : () -> tensor<0xf32>
  %y:7 = tf.FusedBatchNormV3 "y"(%x, %s, %s, %none#0, %none#0) {T = f32, U = f32, data_format = "NCHW", epsilon = 0.001 : f32, is_training = true} : (tensor<1x6x8x1xf32>, tensor<6xf32>, tensor<6xf32>, tensor<0xf32>, tensor<0xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
}

// -----

// Inference mode: given statistics.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x3x6xf32> {{.*}}, %[[S:.*]]: tensor<6xf32>
// CHECK: %[[C:.*]] = ov.subtract %[[X]], %[[S]]
// CHECK: %[[V:.*]] = ov.add %[[S]]
// CHECK: %[[D:.*]] = ov.sqrt %[[V]]
// CHECK: ov.divide %[[C]], %[[D]]
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<1x2x3x6xf32>
  %s = tf.input 1 "s" names ["s"] : tensor<6xf32>
  %y:6 = tf.FusedBatchNorm "y"(%x, %s, %s, %s, %s) {T = f32, epsilon = 0.001 : f32, is_training = false} : (tensor<1x2x3x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
}
