// RUN: bert-opt --convert-tf-to-ov --split-input-file --verify-diagnostics %s

// All unsupported ops at once, with counts.

// expected-error @below {{2 ops of this graph can't be converted:}}
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %a, %ac = tf.node "Sinh" "a"(%x) {} : (tensor<2xf32>) -> tensor<*xf32>
  %b, %bc = tf.node "Sinh" "b"(%a) {} : (tensor<*xf32>) -> tensor<*xf32>
  %c, %cc = tf.node "Cosh" "c"(%b) {} : (tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "c" names ["c"] (%c) : tensor<*xf32>
}

// -----

// A shape mismatch is reported at its node.

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %y = tf.input 1 "y" names ["y"] : tensor<4x5xf32>
  // expected-error @below {{node 'dense/MatMul' (MatMul) does not fit its inputs: 'ov.matmul' op can't multiply [2,3] by [4,5]: 3 columns meet 4 rows}}
  %m, %mc = tf.MatMul "dense/MatMul"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<*xf32>
  tf.output 0 "m" names ["m"] (%m) : tensor<*xf32>
}

// -----

tf.graph {
  // expected-error @below {{node 'v' (VariableV2) is a variable without a value; give the checkpoint that holds it}}
  %v, %vc = tf.VariableV2 "v"() {dtype = f32} : () -> tensor<2x!tf.ref<f32>>
  tf.output 0 "v" names ["v"] (%v) : tensor<2x!tf.ref<f32>>
}

// -----

tf.graph {
  // expected-error @below {{node 'p' (Placeholder) is needed by the outputs but is not among the inputs; add it to --input}}
  %p, %pc = tf.Placeholder "p"() {dtype = f32} : () -> tensor<2xf32>
  tf.output 0 "p" names ["p"] (%p) : tensor<2xf32>
}

// -----

tf.graph {
  // expected-error @below {{input 'x' has no known rank; give its shape, as in --input "x[1,128]"}}
  %x = tf.input 0 "x" names ["x"] : tensor<*xf32>
  tf.output 0 "x" names ["x"] (%x) : tensor<*xf32>
}

// -----

tf.graph {
  // expected-error @below {{node 'a' is part of a cycle that the outputs need; loops can't be converted}}
  %a, %ac = tf.Tanh "a"(%b) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %b, %bc = tf.Tanh "b"(%a) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "b" names ["b"] (%a) : tensor<*xf32>
}

// -----

// expected-error @below {{the graph has no tf.output; run tf-prune-to-outputs first}}
tf.graph {
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %b, %bc = tf.Const "b"() {dtype = i32, value = dense<0> : tensor<2xi32>} : () -> tensor<2xi32>
  %s, %sc = tf.Const "s"() {dtype = i32, value = dense<-2> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error @below {{node 'slice' (Slice) has a negative begin or size}}
  %r, %rc = tf.Slice "slice"(%x, %b, %s) {T = f32, Index = i32} : (tensor<2x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<*xf32>
  tf.output 0 "r" names ["r"] (%r) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %a = tf.input 1 "a" names ["a"] : tensor<i32>
  // expected-error @below {{node 'cat' (ConcatV2) needs a constant axis}}
  %r, %rc = tf.ConcatV2 "cat"(%x, %a) {T = f32, N = 1 : i64} : (tensor<2x3xf32>, tensor<i32>) -> tensor<*xf32>
  tf.output 0 "r" names ["r"] (%r) : tensor<*xf32>
}

// -----

// More positions than the table has rows.

tf.graph {
  %t, %tc = tf.Const "positions"() {dtype = f32, value = dense<1.0> : tensor<4x3xf32>} with {tf.variable} : () -> tensor<4x3xf32>
  %b, %bc = tf.Const "b"() {dtype = i32, value = dense<0> : tensor<2xi32>} : () -> tensor<2xi32>
  %s, %sc = tf.Const "s"() {dtype = i32, value = dense<[5, -1]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error @below {{node 'slice' (Slice) takes 5 rows of 'positions', which has 4; ask for a shorter input}}
  %r, %rc = tf.Slice "slice"(%t, %b, %s) {T = f32, Index = i32} : (tensor<4x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<*xf32>
  tf.output 0 "r" names ["r"] (%r) : tensor<*xf32>
}

// -----

// Paddings that are only known at run time.

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %n = tf.input 1 "n" names ["n"] : tensor<2x2xi32>
  // expected-error @below {{node 'pad' (Pad) needs constant paddings, two for each dimension}}
  %p, %pc = tf.Pad "pad"(%x, %n) {T = f32} : (tensor<2x3xf32>, tensor<2x2xi32>) -> tensor<*xf32>
  tf.output 0 "p" names ["p"] (%p) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %n = tf.input 1 "n" names ["n"] : tensor<i32>
  // expected-error @below {{node 'sum' (Cumsum) needs an operand of known rank and a constant axis in it}}
  %p, %pc = tf.Cumsum "sum"(%x, %n) {T = f32} : (tensor<2x3xf32>, tensor<i32>) -> tensor<*xf32>
  tf.output 0 "p" names ["p"] (%p) : tensor<*xf32>
}

// -----

tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %n = tf.input 1 "n" names ["n"] : tensor<i32>
  // expected-error @below {{node 'band' (MatrixBandPart) needs a matrix and constant limits}}
  %p, %pc = tf.MatrixBandPart "band"(%x, %n, %n) {T = f32} : (tensor<2x3xf32>, tensor<i32>, tensor<i32>) -> tensor<*xf32>
  tf.output 0 "p" names ["p"] (%p) : tensor<*xf32>
}
