// RUN: bert-opt %s --tf-to-openvino="inputs=x{i32}[1,2] outputs=y model-name=tiny" | FileCheck %s
// RUN: not bert-opt %s --tf-to-openvino="inputs=x[1,2] outputs=y target=2019.3" 2>&1 | FileCheck %s --check-prefix=TARGET

// The whole way on a tiny graph: a look-up whose table is a variable, an assertion,
// an unused branch.

// TARGET: error: tf-to-openvino: target '2019.3' is no release of OpenVINO; write one from 2020.1 on, as in 2024.6

// CHECK-LABEL: func.func @tiny
// CHECK-SAME: (%[[X:.*]]: tensor<1x2xi32> {ov.name = "x", ov.names = ["x", "x:0"]})
// CHECK-SAME: -> (tensor<1x2x4xf32> {ov.name = "y", ov.names = ["y", "y:0"]})
// CHECK: %[[T:.*]] = ov.weight "table"
// CHECK: %[[G:.*]] = ov.gather %[[T]], %[[X]]
// CHECK: return %[[G]]
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = i32} : () -> tensor<*xi32>
  %v, %vc = tf.VariableV2 "table"() {dtype = f32} with {tf.checkpoint_value = dense<1.5> : tensor<3x4xf32>} : () -> tensor<3x4x!tf.ref<f32>>
  %r:2 = tf.Identity "table/read"(%v) {T = f32} : (tensor<3x4x!tf.ref<f32>>) -> tensor<*xf32>
  %axis:2 = tf.Const "axis"() {dtype = i32, value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %ac = tf.Assert "assert"(%x) {T = [i32]} : (tensor<*xi32>) -> ()
  %g:2 = tf.GatherV2 "gather"(%r#0, %x, %axis#0)[%ac] {Tparams = f32} : (tensor<*xf32>, tensor<*xi32>, tensor<i32>) -> tensor<*xf32>
  %y:2 = tf.Identity "y"(%g#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %s = tf.node "SaveV2" "save"(%v) {} : (tensor<3x4x!tf.ref<f32>>) -> ()
}
