// RUN: bert-opt %s --tf-to-openvino="outputs=y" | FileCheck %s

// Dropout whose probability comes out of the dataset, beside the ids: without the dropout
// nothing needs that port of the iterator, and it is no input of the model.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:[^:]*]]: tensor<2xf32> {ov.name = "next:0", ov.names = ["next:0"]}) ->
// CHECK-NEXT: %[[Y:.*]] = ov.tanh %[[X]]
// CHECK-NEXT: return %[[Y]]
tf.graph {
  %it:2 = tf.Iterator "it"() {} : () -> tensor<!tf.resource>
  %next:3 = tf.IteratorGetNext "next"(%it#0) {output_types = [f32, f32]} : (tensor<!tf.resource>) -> (tensor<2xf32>, tensor<f32>)
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %div:2 = tf.RealDiv "div"(%next#0, %next#1) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %a:2 = tf.Add "a"(%next#1, %u#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %f:2 = tf.Floor "f"(%a#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %t:2 = tf.Mul "dropout/mul"(%div#0, %f#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %y, %yc = tf.Tanh "y"(%t#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
}
