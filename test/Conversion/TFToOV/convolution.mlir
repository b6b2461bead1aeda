// RUN: bert-opt %s --convert-tf-to-ov --split-input-file --verify-diagnostics | FileCheck %s

// A filter of two rows over all columns: two dense layers, of the tokens and of the next ones.

// CHECK: %[[W:.*]] = ov.weight "w"
// CHECK: %[[X:.*]] = ov.squeeze %arg0
// CHECK: %[[T:.*]] = ov.squeeze %[[W]]
// CHECK: %[[A:.*]] = ov.slice %[[X]]{{.*}} -> tensor<2x7x4xf32>
// CHECK: %[[W0:.*]] = ov.gather %[[T]]
// CHECK: %[[P:.*]] = ov.matmul %[[A]], %[[W0]]
// CHECK: %[[B:.*]] = ov.slice %[[X]]{{.*}} -> tensor<2x7x4xf32>
// CHECK: %[[W1:.*]] = ov.gather %[[T]]
// CHECK: %[[Q:.*]] = ov.matmul %[[B]], %[[W1]]
// CHECK: %[[S:.*]] = ov.add %[[P]], %[[Q]]
// CHECK: %[[Y:.*]] = ov.unsqueeze %[[S]]{{.*}} -> tensor<2x7x1x3xf32>
// CHECK: ov.reduce_max %[[Y]]{{.*}} -> tensor<2x1x1x3xf32>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x8x4x1xf32>
  %w, %wc = tf.Const "w"() {dtype = f32, value = dense<1.0> : tensor<2x4x1x3xf32>} with {tf.variable} : () -> tensor<2x4x1x3xf32>
  %y, %yc = tf.Conv2D "y"(%x, %w) {T = f32, padding = "VALID", strides = [1, 1, 1, 1]} : (tensor<2x8x4x1xf32>, tensor<2x4x1x3xf32>) -> tensor<*xf32>
  %m, %mc = tf.MaxPool "m"(%y) {T = f32, padding = "VALID", ksize = [1, 7, 1, 1], strides = [1, 1, 1, 1]} : (tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "m" names ["m"] (%m) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x8x8x1xf32>
  %w = tf.input 1 "w" names ["w"] : tensor<3x3x1x3xf32>
  // expected-error @below {{node 'y' (Conv2D) is a convolution along two axes, which can't be converted; one along the tokens can}}
  %y, %yc = tf.Conv2D "y"(%x, %w) {T = f32, padding = "VALID", strides = [1, 1, 1, 1]} : (tensor<2x8x8x1xf32>, tensor<3x3x1x3xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x8x1x4xf32>
  // expected-error @below {{node 'm' (MaxPool) has a window that is not the whole of dimension 1, which can't be converted}}
  %m, %mc = tf.MaxPool "m"(%x) {T = f32, padding = "VALID", ksize = [1, 7, 1, 1], strides = [1, 1, 1, 1]} : (tensor<2x8x1x4xf32>) -> tensor<*xf32>
  tf.output 0 "m" names ["m"] (%m) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x8x1x4xf32>
  %w = tf.input 1 "w" names ["w"] : tensor<3x1x4x3xf32>
  // expected-error @below {{node 'y' (Conv2D) needs four dimensions, NHWC, strides and dilations of 1, and no explicit padding}}
  %y, %yc = tf.Conv2D "y"(%x, %w) {T = f32, padding = "VALID", strides = [1, 2, 1, 1]} : (tensor<2x8x1x4xf32>, tensor<3x1x4x3xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y) : tensor<*xf32>
}
