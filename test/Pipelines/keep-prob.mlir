// RUN: bert-opt %s --tf-to-openvino="outputs=y" | FileCheck %s

// Dropout whose probability is a placeholder: without the dropout nothing needs the
// placeholder, and it is no input of the model.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32> {ov.name = "x", ov.names = ["x", "x:0"]}) ->
// CHECK-NEXT: %[[Y:.*]] = ov.tanh %[[X]]
// CHECK-NEXT: return %[[Y]]
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32, shape = array<i64: 2>} : () -> tensor<2xf32>
  %keep:2 = tf.Placeholder "keep_prob"() {dtype = f32} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %div:2 = tf.RealDiv "div"(%x, %keep#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %a:2 = tf.Add "a"(%keep#0, %u#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %f:2 = tf.Floor "f"(%a#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %t:2 = tf.Mul "dropout/mul"(%div#0, %f#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y, %yc = tf.Tanh "y"(%t#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
}
