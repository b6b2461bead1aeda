// RUN: bert-opt %s --split-input-file --verify-diagnostics -pass-pipeline='builtin.module(tf.graph(tf-freeze-variables))' | FileCheck %s

// Values of the checkpoint, initial values where there is none, and constants that
// are read as variables are.

// CHECK: %[[V:.*]]:2 = tf.Const "v"() {dtype = f32, value = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>} with {tf.variable} : () -> tensor<2xf32>
// CHECK: tf.Identity "v/read"(%[[V]]#0)
// CHECK: %[[R:.*]]:2 = tf.Const "r"() {dtype = f32, value = dense<3.000000e+00> : tensor<2xf32>} with {tf.variable}
// CHECK: tf.ReadVariableOp "r/Read"(%[[R]]#0)
// CHECK: tf.Const "i"() {dtype = f32, value = dense<4.000000e+00> : tensor<2xf32>} with {tf.variable}
// CHECK: tf.Const "c"() {{.*}} with {tf.variable}
// CHECK: tf.Const "d"() {dtype = f32, value = dense<6.000000e+00> : tensor<2xf32>} : () -> tensor<2xf32>
// CHECK: tf.VariableV2 "adam"
tf.graph {
  %v, %vc = tf.VariableV2 "v"() {dtype = f32} with {tf.checkpoint_value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2x!tf.ref<f32>>
  %vr:2 = tf.Identity "v/read"(%v) {T = f32} : (tensor<2x!tf.ref<f32>>) -> tensor<*xf32>
  %r, %rc = tf.VarHandleOp "r"() {dtype = f32, shape = array<i64: 2>} with {tf.checkpoint_value = dense<3.0> : tensor<2xf32>} : () -> tensor<!tf.resource>
  %rr:2 = tf.ReadVariableOp "r/Read"(%r) {dtype = f32} : (tensor<!tf.resource>) -> tensor<*xf32>
  %i, %ic = tf.VariableV2 "i"() {dtype = f32} : () -> tensor<2x!tf.ref<f32>>
  %iv, %ivc = tf.Const "i/initial"() {dtype = f32, value = dense<4.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %ia:2 = tf.node "Assign" "i/Assign"(%i, %iv) {} : (tensor<2x!tf.ref<f32>>, tensor<2xf32>) -> tensor<2x!tf.ref<f32>>
  %c, %cc = tf.Const "c"() {dtype = f32, value = dense<5.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %cr:2 = tf.Identity "c/read"(%c) {T = f32} : (tensor<2xf32>) -> tensor<*xf32>
  %d, %dc = tf.Const "d"() {dtype = f32, value = dense<6.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %dr:2 = tf.Identity "other"(%d) {T = f32} : (tensor<2xf32>) -> tensor<*xf32>
  // Not needed: needs no value.
  %m, %mc = tf.VariableV2 "adam"() {dtype = f32} : () -> tensor<2x!tf.ref<f32>>
  %s:2 = tf.AddN "s"(%vr#0, %rr#0, %i, %cr#0, %dr#0) {T = f32, N = 5 : i64} : (tensor<*xf32>, tensor<*xf32>, tensor<2x!tf.ref<f32>>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "s" names ["s"] (%s#0) : tensor<*xf32>
}

// -----

// expected-error @below {{checkpoint 'm.ckpt' lacks 2 variables that the outputs need: 'v' 'w'; is it the checkpoint of this graph?}}
tf.graph attributes {checkpoint = "m.ckpt"} {
  %v, %vc = tf.VariableV2 "v"() {dtype = f32} : () -> tensor<2x!tf.ref<f32>>
  %w, %wc = tf.VariableV2 "w"() {dtype = f32} : () -> tensor<2x!tf.ref<f32>>
  %s:2 = tf.AddN "s"(%v, %w) {T = f32, N = 2 : i64} : (tensor<2x!tf.ref<f32>>, tensor<2x!tf.ref<f32>>) -> tensor<*xf32>
  tf.output 0 "s" names ["s"] (%s#0) : tensor<*xf32>
}

// -----

tf.graph {
  // expected-error @below {{variable 'v' has the shape [768] in the graph but [1024] in the checkpoint; they are not of one model}}
  %v, %vc = tf.VariableV2 "v"() {dtype = f32} with {tf.checkpoint_value = dense<1.0> : tensor<1024xf32>} : () -> tensor<768x!tf.ref<f32>>
  tf.output 0 "v" names ["v"] (%v) : tensor<768x!tf.ref<f32>>
}

// -----

// The CRC of what the mapped bytes should be.

tf.graph {
  // expected-error @below {{the checkpoint's data of variable 'v' is damaged: its CRC is not the one that the index states; get the files again}}
  %v, %vc = tf.VariableV2 "v"() {dtype = f32} with {tf.checkpoint_crc32c = 1 : i32, tf.checkpoint_value = dense_resource<v> : tensor<1xf32>} : () -> tensor<1x!tf.ref<f32>>
  tf.output 0 "v" names ["v"] (%v) : tensor<1x!tf.ref<f32>>
}

{-#
  dialect_resources: {
    builtin: {
      v: "0x040000000000803F"
    }
  }
#-}

// -----

// With a checkpoint, an initial value does not stand in for a value that it lacks.

// expected-error @below {{checkpoint 'm.ckpt' lacks 1 variable that the outputs need: 'i'; is it the checkpoint of this graph?}}
tf.graph attributes {checkpoint = "m.ckpt"} {
  %i, %ic = tf.VariableV2 "i"() {dtype = f32} : () -> tensor<2x!tf.ref<f32>>
  %iv, %ivc = tf.Const "i/initial"() {dtype = f32, value = dense<4.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %ia:2 = tf.node "Assign" "i/Assign"(%i, %iv) {} : (tensor<2x!tf.ref<f32>>, tensor<2xf32>) -> tensor<2x!tf.ref<f32>>
  tf.output 0 "i" names ["i"] (%i) : tensor<2x!tf.ref<f32>>
}
