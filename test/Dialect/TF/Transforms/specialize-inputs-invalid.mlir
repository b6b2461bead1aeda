// RUN: bert-opt %s --split-input-file --verify-diagnostics -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="Placeholder{f32}[1,128]"}))'

// Near names are listed.

// expected-error @below {{no node is called 'Placeholder'; did you mean 'Placeholde', 'Placeholder_1'?}}
tf.graph {
  %p, %pc = tf.Placeholder "Placeholder_1"() {dtype = i32} : () -> tensor<*xi32>
  %q, %qc = tf.Placeholder "Placeholde"() {dtype = i32} : () -> tensor<*xi32>
}

// -----

// A float can't be an index, also not behind nodes that only move it.

tf.graph {
  // expected-error @below {{node 'Placeholder' (Placeholder) is asked for as f32, but node 'embedding_lookup' (GatherV2) needs it as an integer index; ask for {i32}, or leave the type out to keep i32}}
  %p, %pc = tf.Placeholder "Placeholder"() {dtype = i32} : () -> tensor<*xi32>
  %w, %wc = tf.Const "w"() {dtype = f32, value = dense<1.0> : tensor<4x2xf32>} : () -> tensor<4x2xf32>
  %a, %ac = tf.Const "a"() {dtype = i32, value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %s, %sc = tf.Const "s"() {dtype = i32, value = dense<-1> : tensor<1xi32>} : () -> tensor<1xi32>
  %f:2 = tf.Reshape "flat"(%p, %s) {T = i32} : (tensor<*xi32>, tensor<1xi32>) -> tensor<*xi32>
  %g:2 = tf.GatherV2 "embedding_lookup"(%w, %f, %a) {Tparams = f32} : (tensor<4x2xf32>, tensor<*xi32>, tensor<i32>) -> tensor<*xf32>
}

// -----

tf.graph {
  // expected-error @below {{node 'Placeholder' (Placeholder) has 64 built in as dimension 1, which contradicts the asked-for shape; ask for 64 there}}
  %p, %pc = tf.Placeholder "Placeholder"() {dtype = f32} : () -> tensor<1x64xf32>
}

// -----

tf.graph {
  // expected-error @below {{node 'Placeholder' (Placeholder) has 3 dimensions; the asked-for shape has 2}}
  %p, %pc = tf.Placeholder "Placeholder"() {dtype = f32} : () -> tensor<1x64x2xf32>
}

// -----

// Nothing is near: the graph's own inputs are listed.

// expected-error @below {{no node is called 'Placeholder'; there is 'tokens', 'Iter', 'Iter:1'}}
tf.graph {
  %p, %pc = tf.Placeholder "tokens"() {dtype = i32} : () -> tensor<*xi32>
  %r, %rc = tf.IteratorV2 "it"() {} : () -> tensor<*x!tf.resource>
  %i:3 = tf.IteratorGetNext "Iter"(%r) {output_types = [i32, i32]} : (tensor<*x!tf.resource>) -> (tensor<*xi32>, tensor<*xi32>)
}
