// RUN: bert-opt %s --tf-to-openvino="outputs=y" | FileCheck %s

// A graph that can train: its flag, which nobody feeds, is False by default, so that the
// side with the dropout goes, and with it the random numbers and keep_prob, which must
// not become an input.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32> {ov.name = "x", ov.names = ["x", "x:0"]})
// CHECK-SAME: ov.name = "y"
// CHECK-NEXT: %[[Y:.*]] = ov.tanh %[[X]]
// CHECK-NEXT: return %[[Y]]
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32, shape = array<i64: 2>} : () -> tensor<2xf32>
  %no, %noc = tf.Const "no"() {dtype = i1, value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %p, %pc = tf.PlaceholderWithDefault "is_training"(%no) {dtype = i1, shape = array<i64>} : (tensor<i1>) -> tensor<i1>
  %s:3 = tf.Switch "switch"(%x, %p) {T = f32} : (tensor<2xf32>, tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>)
  %keep:2 = tf.Placeholder "keep_prob"() {dtype = f32} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %div:2 = tf.RealDiv "div"(%s#1, %keep#0) {T = f32} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %a:2 = tf.Add "a"(%keep#0, %u#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %f:2 = tf.Floor "f"(%a#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %t:2 = tf.Mul "train"(%div#0, %f#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %m:3 = tf.Merge "m"(%s#0, %t#0) {T = f32, N = 2 : i64} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  %y, %yc = tf.Tanh "y"(%m#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
}
