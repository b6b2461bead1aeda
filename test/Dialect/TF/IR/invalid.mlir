// RUN: bert-opt %s --split-input-file --verify-diagnostics

tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32} : () -> tensor<*xf32>
  // expected-error @below {{takes 2 data operands, found 1}}
  %y, %yc = tf.MatMul "y"(%x) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
}

// -----

tf.graph {
  // expected-error @below {{requires attribute 'name'}}
  %y, %yc = "tf.Placeholder"() {attrs = {}} : () -> (tensor<*xf32>, !tf.control)
}

// -----

tf.graph {
  // expected-error @below {{the last result must be of type !tf.control}}
  %y = "tf.Placeholder"() {name = "x", attrs = {}} : () -> tensor<*xf32>
}

// -----

tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = f32} : () -> tensor<*xf32>
  // expected-error @below {{has a data operand after a control operand}}
  %y, %yc = "tf.Identity"(%xc, %x) {name = "y", attrs = {}} : (!tf.control, tensor<*xf32>) -> (tensor<*xf32>, !tf.control)
}
