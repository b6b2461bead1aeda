// RUN: bert-opt %s --split-input-file -pass-pipeline='builtin.module(tf.graph(tf-strip-dropout,tf-prune-to-outputs))' | FileCheck %s

// TensorFlow until 1.12: x / keep * floor(keep + random).

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK-NEXT: tf.output 0 "y" names ["y"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %keep:2 = tf.Const "keep"() {dtype = f32, value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %zero:2 = tf.Const "zero"() {dtype = f32, value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %div:2 = tf.RealDiv "div"(%x, %keep#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %r:2 = tf.Add "r"(%u#0, %zero#0) {T = f32} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %a:2 = tf.Add "a"(%keep#0, %r#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %f:2 = tf.Floor "f"(%a#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %y:2 = tf.Mul "y"(%div#0, %f#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
}

// -----

// From 1.13: x * scale * cast(random >= rate), with a placeholder for the rate.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: tf.output 0 "y" names ["y"](%[[X]])
// CHECK: tf.output 1 "z" names ["z"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %scale:2 = tf.Const "scale"() {dtype = f32, value = dense<1.11111116> : tensor<f32>} : () -> tensor<f32>
  %rate:2 = tf.Const "rate"() {dtype = f32, value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %m:2 = tf.Mul "m"(%x, %scale#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %g:2 = tf.GreaterEqual "g"(%u#0, %rate#0) {T = f32} : (tensor<*xf32>, tensor<f32>) -> tensor<*xi1>
  %c:2 = tf.Cast "c"(%g#0) {SrcT = i1, DstT = f32} : (tensor<*xi1>) -> tensor<*xf32>
  %y:2 = tf.Mul "y"(%m#0, %c#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
  %keep:2 = tf.Placeholder "keep_prob"() {dtype = f32} : () -> tensor<f32>
  %one:2 = tf.Const "one"() {dtype = f32, value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %prate:2 = tf.Sub "prate"(%one#0, %keep#0) {T = f32} : (tensor<f32>, tensor<f32>) -> tensor<*xf32>
  %kept:2 = tf.Sub "kept"(%one#0, %prate#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %pscale:2 = tf.RealDiv "pscale"(%one#0, %kept#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %pm:2 = tf.Mul "pm"(%x, %pscale#0) {T = f32} : (tensor<2xf32>, tensor<*xf32>) -> tensor<*xf32>
  %pg:2 = tf.GreaterEqual "pg"(%u#0, %prate#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi1>
  %pc:2 = tf.Cast "pc"(%pg#0) {SrcT = i1, DstT = f32} : (tensor<*xi1>) -> tensor<*xf32>
  %z:2 = tf.Mul "z"(%pm#0, %pc#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  tf.output 1 "z" names ["z"] (%z#0) : tensor<*xf32>
}

// -----

// TensorFlow 2: select(random >= rate, x * scale, 0).

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: tf.output 0 "y" names ["y"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %scale:2 = tf.Const "scale"() {dtype = f32, value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %rate:2 = tf.Const "rate"() {dtype = f32, value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %zero:2 = tf.Const "zero"() {dtype = f32, value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %m:2 = tf.Mul "m"(%x, %scale#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %g:2 = tf.GreaterEqual "g"(%u#0, %rate#0) {T = f32} : (tensor<*xf32>, tensor<f32>) -> tensor<*xi1>
  %y:2 = tf.SelectV2 "y"(%g#0, %m#0, %zero#0) {T = f32} : (tensor<*xi1>, tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
}

// -----

// Not dropout: the scale is not the inverse of what is kept; the value behind the
// selection is not zero.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: tf.Mul "y"
// CHECK: tf.SelectV2 "z"
// CHECK-NOT: names ["{{.*}}"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %scale:2 = tf.Const "scale"() {dtype = f32, value = dense<1.5> : tensor<f32>} : () -> tensor<f32>
  %double:2 = tf.Const "double"() {dtype = f32, value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %rate:2 = tf.Const "rate"() {dtype = f32, value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %m:2 = tf.Mul "m"(%x, %scale#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %d:2 = tf.Mul "d"(%x, %double#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %g:2 = tf.GreaterEqual "g"(%u#0, %rate#0) {T = f32} : (tensor<*xf32>, tensor<f32>) -> tensor<*xi1>
  %c:2 = tf.Cast "c"(%g#0) {SrcT = i1, DstT = f32} : (tensor<*xi1>) -> tensor<*xf32>
  %y:2 = tf.Mul "y"(%m#0, %c#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %z:2 = tf.SelectV2 "z"(%g#0, %d#0, %rate#0) {T = f32} : (tensor<*xi1>, tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
  tf.output 1 "z" names ["z"] (%z#0) : tensor<*xf32>
}

// -----

// The same of the oldest form: what is kept is not what is divided by; the sum is rounded up.

// CHECK: %[[X:.*]] = tf.input 0 "x"
// CHECK: tf.Mul "y"
// CHECK: tf.Mul "z"
// CHECK-NOT: names ["{{.*}}"](%[[X]])
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xf32>
  %keep:2 = tf.Const "keep"() {dtype = f32, value = dense<0.9> : tensor<f32>} : () -> tensor<f32>
  %other:2 = tf.Const "other"() {dtype = f32, value = dense<0.8> : tensor<f32>} : () -> tensor<f32>
  %shape:2 = tf.Const "shape"() {dtype = i32, value = dense<2> : tensor<1xi32>} : () -> tensor<1xi32>
  %div:2 = tf.RealDiv "div"(%x, %keep#0) {T = f32} : (tensor<2xf32>, tensor<f32>) -> tensor<*xf32>
  %u:2 = tf.RandomUniform "u"(%shape#0) {dtype = f32} : (tensor<1xi32>) -> tensor<*xf32>
  %a:2 = tf.Add "a"(%other#0, %u#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %f:2 = tf.Floor "f"(%a#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %y:2 = tf.Mul "y"(%div#0, %f#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %b:2 = tf.Add "b"(%keep#0, %u#0) {T = f32} : (tensor<f32>, tensor<*xf32>) -> tensor<*xf32>
  %up:2 = tf.Ceil "up"(%b#0) {T = f32} : (tensor<*xf32>) -> tensor<*xf32>
  %z:2 = tf.Mul "z"(%div#0, %up#0) {T = f32} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  tf.output 0 "y" names ["y"] (%y#0) : tensor<*xf32>
  tf.output 1 "z" names ["z"] (%z#0) : tensor<*xf32>
}
