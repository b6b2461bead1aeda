// RUN: bert-opt %s --verify-diagnostics -pass-pipeline='builtin.module(tf.graph(tf-select-outputs))'

// expected-error @below {{found no output; name one with --output}}
tf.graph {
  %x, %xc = tf.Const "x"() {dtype = f32, value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
}
