// RUN: bert-opt --convert-tf-to-ov %s | FileCheck %s

// Role, not size, decides: a trained value and a float table are weights; a size, an
// axis, a scalar and a uniform literal are constants. Nothing that the outputs do
// not need is converted.

// CHECK-LABEL: func.func @main
// CHECK-DAG: ov.weight "table" dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-DAG: ov.weight "trained" dense<3.000000e+00> : tensor<2xf32>
// CHECK-DAG: ov.constant dense<1.000000e+00> : tensor<2xf32>
// CHECK-DAG: ov.constant dense<[0, 1]> : tensor<2xi32>
// CHECK-NOT: unused
tf.graph {
  %table, %0 = tf.Const "table"() {dtype = f32, value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %trained, %1 = tf.Const "trained"() {dtype = f32, value = dense<3.0> : tensor<2xf32>} with {tf.variable} : () -> tensor<2xf32>
  %ones, %2 = tf.Const "ones"() {dtype = f32, value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %sizes, %3 = tf.Const "sizes"() {dtype = i32, value = dense<[0, 1]> : tensor<2xi32>} : () -> tensor<2xi32>
  %unused, %4 = tf.Const "unused"() {dtype = f32, value = dense<4.0> : tensor<2xf32>} : () -> tensor<2xf32>
  tf.output 0 "a" names ["a"] (%table) : tensor<2xf32>
  tf.output 1 "b" names ["b"] (%trained) : tensor<2xf32>
  tf.output 2 "c" names ["c"] (%ones) : tensor<2xf32>
  tf.output 3 "d" names ["d"] (%sizes) : tensor<2xi32>
}
