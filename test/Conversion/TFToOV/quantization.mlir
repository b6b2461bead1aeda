// RUN: bert-opt %s --convert-tf-to-ov --split-input-file --verify-diagnostics | FileCheck %s

// Bytes become floats: times a scale, plus an offset that is the lower limit rounded to the scale.

// Unsigned bytes become signed ones first.

// CHECK: %[[W:.*]] = ov.constant dense<[-128, 127]> : tensor<2xi8>
// CHECK: %[[C:.*]] = ov.convert %[[W]] {destination_type = f32}
// CHECK: %[[SCALE:.*]] = ov.constant dense<2.000000e+00> : tensor<f32>
// CHECK: %[[S:.*]] = ov.multiply %[[C]], %[[SCALE]]
// CHECK: %[[OFFSET:.*]] = ov.constant dense<2.540000e+02> : tensor<f32>
// CHECK: ov.add %[[S]], %[[OFFSET]]

// The default mode rounds nothing: 256 - 1.2.
// CHECK: ov.constant dense<254.799988> : tensor<f32>

// Signed bytes of one scale.
// CHECK: %[[I:.*]] = ov.convert {{.*}}tensor<2xi8>
// CHECK: %[[SIGNED:.*]] = ov.constant dense<4.000000e+00> : tensor<f32>
// CHECK: ov.multiply %[[I]], %[[SIGNED]]
tf.graph {
  %w, %wc = tf.Const "w"() {dtype = ui8, value = dense<[0, 255]> : tensor<2xui8>} : () -> tensor<2xui8>
  %i, %ic = tf.Const "i"() {dtype = i8, value = dense<[-128, 127]> : tensor<2xi8>} : () -> tensor<2xi8>
  %low, %lc = tf.Const "low"() {dtype = f32, value = dense<-1.2> : tensor<f32>} : () -> tensor<f32>
  %high, %hc = tf.Const "high"() {dtype = f32, value = dense<508.8> : tensor<f32>} : () -> tensor<f32>
  %h2, %h2c = tf.Const "h2"() {dtype = f32, value = dense<508.0> : tensor<f32>} : () -> tensor<f32>
  %a, %ac = tf.Dequantize "a"(%w, %low, %high) {T = ui8, mode = "MIN_FIRST"} : (tensor<2xui8>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  %b, %bc = tf.Dequantize "b"(%w, %low, %high) {T = ui8} : (tensor<2xui8>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  %c, %cc = tf.Dequantize "c"(%i, %low, %h2) {T = i8, mode = "SCALED"} : (tensor<2xi8>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xf32>
  tf.output 1 "b" names ["b"] (%b) : tensor<*xf32>
  tf.output 2 "c" names ["c"] (%c) : tensor<*xf32>
}

// -----

// The limits move so that 0 is a level: -0.1 of -0.1 to 25.4 stays, since the levels are 0.1 apart.

// CHECK: func.func @main(%[[X:.*]]: tensor<2xf32>
// CHECK: ov.constant dense<-1.000000e-01> : tensor<f32>
// CHECK: ov.constant dense<2.540000e+01> : tensor<f32>
// CHECK: %[[LOW:.*]] = ov.constant dense<-1.000000e-01> : tensor<f32>
// CHECK: %[[HIGH:.*]] = ov.constant dense<2.540000e+01> : tensor<f32>
// CHECK: ov.fake_quantize %[[X]], %[[LOW]], %[[HIGH]], %[[LOW]], %[[HIGH]] {levels = 256
// CHECK: ov.fake_quantize {{.*}}levels = 15
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %low, %lc = tf.Const "low"() {dtype = f32, value = dense<-0.1> : tensor<f32>} : () -> tensor<f32>
  %high, %hc = tf.Const "high"() {dtype = f32, value = dense<25.4> : tensor<f32>} : () -> tensor<f32>
  %a, %ac = tf.FakeQuantWithMinMaxVars "a"(%x, %low, %high) {num_bits = 8 : i64, narrow_range = false} : (tensor<2xf32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  %b, %bc = tf.FakeQuantWithMinMaxArgs "b"(%x) {min = -7.0 : f32, max = 7.0 : f32, num_bits = 4 : i64, narrow_range = true} : (tensor<2xf32>) -> tensor<*xf32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xf32>
  tf.output 1 "b" names ["b"] (%b) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %low = tf.input 1 "low" names ["low"] : tensor<f32>
  // expected-error @below {{node 'a' (FakeQuantWithMinMaxVars) needs constants as its limits}}
  %a, %ac = tf.FakeQuantWithMinMaxVars "a"(%x, %low, %low) {num_bits = 8 : i64} : (tensor<2xf32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  // expected-error @below {{node 'a' (FakeQuantWithMinMaxArgs) needs 2 to 16 bits and limits with 0 between them}}
  %a, %ac = tf.FakeQuantWithMinMaxArgs "a"(%x) {min = 1.0 : f32, max = 7.0 : f32} : (tensor<2xf32>) -> tensor<*xf32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xf32>
}

// -----

tf.graph {
  %w, %wc = tf.Const "w"() {dtype = i16, value = dense<[0, 255]> : tensor<2xi16>} : () -> tensor<2xi16>
  %low, %lc = tf.Const "low"() {dtype = f32, value = dense<-1.2> : tensor<f32>} : () -> tensor<f32>
  // expected-error @below {{node 'a' (Dequantize) needs elements of 8 bits and one range for all}}
  %a, %ac = tf.Dequantize "a"(%w, %low, %low) {T = i16} : (tensor<2xi16>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xf32>
}
