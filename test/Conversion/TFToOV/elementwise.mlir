// RUN: bert-opt --convert-tf-to-ov --split-input-file %s | FileCheck %s

// Ops that map one to one.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32> {{.*}}, %[[Y:.*]]: tensor<3xf32>
// CHECK: ov.add %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.add %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.subtract %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.multiply %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.maximum %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.minimum %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.squared_difference %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.power %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.floor_mod %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.add %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: ov.add %[[X]], %[[Y]] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %y = tf.input 1 "y" names ["y"] : tensor<3xf32>
  %r0, %c0 = tf.Add "n0"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r1, %c1 = tf.AddV2 "n1"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r2, %c2 = tf.Sub "n2"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r3, %c3 = tf.Mul "n3"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r4, %c4 = tf.Maximum "n4"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r5, %c5 = tf.Minimum "n5"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r6, %c6 = tf.SquaredDifference "n6"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r7, %c7 = tf.Pow "n7"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r8, %c8 = tf.FloorMod "n8"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r9, %c9 = tf.BiasAdd "n9"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  %r10, %c10 = tf.BiasAddV1 "n10"(%x, %y) {T = f32} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<*xf32>
  tf.output 0 "out0" names ["out0"] (%r0) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%r1) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%r2) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%r3) : tensor<*xf32>
  tf.output 4 "out4" names ["out4"] (%r4) : tensor<*xf32>
  tf.output 5 "out5" names ["out5"] (%r5) : tensor<*xf32>
  tf.output 6 "out6" names ["out6"] (%r6) : tensor<*xf32>
  tf.output 7 "out7" names ["out7"] (%r7) : tensor<*xf32>
  tf.output 8 "out8" names ["out8"] (%r8) : tensor<*xf32>
  tf.output 9 "out9" names ["out9"] (%r9) : tensor<*xf32>
  tf.output 10 "out10" names ["out10"] (%r10) : tensor<*xf32>
}

// -----

// One operand.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2x?xf32>
// CHECK: ov.abs %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.ceiling %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.erf %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.exp %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.floor %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.log %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.negative %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.relu %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.sigmoid %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.sign %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.soft_plus %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.sqrt %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.tanh %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.cos %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
// CHECK: ov.sin %[[X]] : (tensor<2x?xf32>) -> tensor<2x?xf32>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x?xf32>
  %r0, %c0 = tf.Abs "n0"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r1, %c1 = tf.Ceil "n1"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r2, %c2 = tf.Erf "n2"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r3, %c3 = tf.Exp "n3"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r4, %c4 = tf.Floor "n4"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r5, %c5 = tf.Log "n5"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r6, %c6 = tf.Neg "n6"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r7, %c7 = tf.Relu "n7"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r8, %c8 = tf.Sigmoid "n8"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r9, %c9 = tf.Sign "n9"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r10, %c10 = tf.Softplus "n10"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r11, %c11 = tf.Sqrt "n11"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r12, %c12 = tf.Tanh "n12"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r13, %c13 = tf.Cos "n13"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  %r14, %c14 = tf.Sin "n14"(%x) {T = f32} : (tensor<2x?xf32>) -> tensor<*xf32>
  tf.output 0 "out0" names ["out0"] (%r0) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%r1) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%r2) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%r3) : tensor<*xf32>
  tf.output 4 "out4" names ["out4"] (%r4) : tensor<*xf32>
  tf.output 5 "out5" names ["out5"] (%r5) : tensor<*xf32>
  tf.output 6 "out6" names ["out6"] (%r6) : tensor<*xf32>
  tf.output 7 "out7" names ["out7"] (%r7) : tensor<*xf32>
  tf.output 8 "out8" names ["out8"] (%r8) : tensor<*xf32>
  tf.output 9 "out9" names ["out9"] (%r9) : tensor<*xf32>
  tf.output 10 "out10" names ["out10"] (%r10) : tensor<*xf32>
  tf.output 11 "out11" names ["out11"] (%r11) : tensor<*xf32>
  tf.output 12 "out12" names ["out12"] (%r12) : tensor<*xf32>
  tf.output 13 "out13" names ["out13"] (%r13) : tensor<*xf32>
  tf.output 14 "out14" names ["out14"] (%r14) : tensor<*xf32>
}

// -----

// Comparisons and logic.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2xi32> {{.*}}, %[[P:.*]]: tensor<2xi1>
// CHECK: ov.equal %[[X]], %[[X]] : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
// CHECK: ov.not_equal %[[X]], %[[X]] : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
// CHECK: ov.less %[[X]], %[[X]] : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
// CHECK: ov.less_equal %[[X]], %[[X]] : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
// CHECK: ov.greater %[[X]], %[[X]] : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
// CHECK: ov.greater_equal %[[X]], %[[X]] : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
// CHECK: ov.logical_and %[[P]], %[[P]] : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
// CHECK: ov.logical_or %[[P]], %[[P]] : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
// CHECK: ov.logical_not %[[P]] : (tensor<2xi1>) -> tensor<2xi1>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2xi32>
  %p = tf.input 1 "p" names ["p"] : tensor<2xi1>
  %r0, %c0 = tf.Equal "n0"(%x, %x) {T = i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi1>
  %r1, %c1 = tf.NotEqual "n1"(%x, %x) {T = i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi1>
  %r2, %c2 = tf.Less "n2"(%x, %x) {T = i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi1>
  %r3, %c3 = tf.LessEqual "n3"(%x, %x) {T = i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi1>
  %r4, %c4 = tf.Greater "n4"(%x, %x) {T = i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi1>
  %r5, %c5 = tf.GreaterEqual "n5"(%x, %x) {T = i32} : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi1>
  %l0, %lc0 = tf.LogicalAnd "l0"(%p, %p) : (tensor<2xi1>, tensor<2xi1>) -> tensor<*xi1>
  %l1, %lc1 = tf.LogicalOr "l1"(%p, %p) : (tensor<2xi1>, tensor<2xi1>) -> tensor<*xi1>
  %ln, %lnc = tf.LogicalNot "ln"(%p) : (tensor<2xi1>) -> tensor<*xi1>
  tf.output 0 "out0" names ["out0"] (%r0) : tensor<*xi1>
  tf.output 1 "out1" names ["out1"] (%r1) : tensor<*xi1>
  tf.output 2 "out2" names ["out2"] (%r2) : tensor<*xi1>
  tf.output 3 "out3" names ["out3"] (%r3) : tensor<*xi1>
  tf.output 4 "out4" names ["out4"] (%r4) : tensor<*xi1>
  tf.output 5 "out5" names ["out5"] (%r5) : tensor<*xi1>
  tf.output 6 "out6" names ["out6"] (%l0) : tensor<*xi1>
  tf.output 7 "out7" names ["out7"] (%l1) : tensor<*xi1>
  tf.output 8 "out8" names ["out8"] (%ln) : tensor<*xi1>
}

// -----

// Ops that need helpers: their layers are called after the node.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>
// CHECK: %[[HALF:.*]] = ov.constant dense<-5.000000e-01> : tensor<f32>
// CHECK: ov.power %[[X]], %[[HALF]]
// CHECK: %[[ONE:.*]] = ov.constant dense<1.000000e+00> : tensor<f32>
// CHECK: ov.divide %[[ONE]], %[[X]]
// CHECK: ov.multiply %[[X]], %[[X]]
// CHECK: %[[PLUS:.*]] = ov.add %[[X]], %{{.*}}
// CHECK: ov.log %[[PLUS]]
// CHECK: %[[ERF:.*]] = ov.erf %[[X]]
// CHECK: ov.subtract %{{.*}}, %[[ERF]]
// CHECK: ov.clamp %[[X]] {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64}
// CHECK: ov.elu %[[X]] {alpha = 1.000000e+00 : f64}
// CHECK: %[[SLOPE:.*]] = ov.constant dense<1.000000e-01> : tensor<1xf32>
// CHECK: ov.prelu %[[X]], %[[SLOPE]]
// CHECK: ov.round %[[X]] {mode = "half_to_even"}
// CHECK: %[[SHAPE:.*]] = ov.shape_of %[[X]] {output_type = i64}
// CHECK: %[[ZERO:.*]] = ov.constant dense<0.000000e+00> : tensor<f32>
// CHECK: ov.broadcast %[[ZERO]], %[[SHAPE]] {mode = "numpy"} : (tensor<f32>, tensor<2xi64>) -> tensor<2x3xf32>
// CHECK: %[[QUOTIENT:.*]] = ov.divide
// CHECK: ov.floor %[[QUOTIENT]]
// CHECK: %[[ISZERO:.*]] = ov.equal
// CHECK: ov.select %[[ISZERO]]
// CHECK: %[[SUM:.*]] = ov.add %[[X]], %[[X]]
// CHECK: ov.add %[[SUM]], %[[X]]
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %r0, %c0 = tf.Rsqrt "n0"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r1, %c1 = tf.Reciprocal "n1"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r2, %c2 = tf.Square "n2"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r3, %c3 = tf.Log1p "n3"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r4, %c4 = tf.Erfc "n4"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r5, %c5 = tf.Relu6 "n5"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r6, %c6 = tf.Elu "n6"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r7, %c7 = tf.LeakyRelu "n7"(%x) {T = f32, alpha = 0.1 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r8, %c8 = tf.Round "n8"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r9, %c9 = tf.ZerosLike "n9"(%x) {T = f32} : (tensor<2x3xf32>) -> tensor<*xf32>
  %r10, %c10 = tf.FloorDiv "n10"(%x, %x) {T = f32} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r11, %c11 = tf.DivNoNan "n11"(%x, %x) {T = f32} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r12, %c12 = tf.AddN "n12"(%x, %x, %x) {T = f32} : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  tf.output 0 "out0" names ["out0"] (%r0) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%r1) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%r2) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%r3) : tensor<*xf32>
  tf.output 4 "out4" names ["out4"] (%r4) : tensor<*xf32>
  tf.output 5 "out5" names ["out5"] (%r5) : tensor<*xf32>
  tf.output 6 "out6" names ["out6"] (%r6) : tensor<*xf32>
  tf.output 7 "out7" names ["out7"] (%r7) : tensor<*xf32>
  tf.output 8 "out8" names ["out8"] (%r8) : tensor<*xf32>
  tf.output 9 "out9" names ["out9"] (%r9) : tensor<*xf32>
  tf.output 10 "out10" names ["out10"] (%r10) : tensor<*xf32>
  tf.output 11 "out11" names ["out11"] (%r11) : tensor<*xf32>
  tf.output 12 "out12" names ["out12"] (%r12) : tensor<*xf32>
}

// -----

// Integer division truncates in Div and rounds down in FloorDiv, where sizes (scalars)
// are never negative. A Select whose
// condition is a vector chooses among rows; SelectV2 broadcasts.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xi32> {{.*}}, %[[P:.*]]: tensor<2xi1> {{.*}}, %[[Q:.*]]: tensor<3xi1>
// CHECK: ov.divide %[[X]], %[[X]] {m_pythondiv = false}
// CHECK: %[[REST:.*]] = ov.floor_mod %[[X]], %[[X]]
// CHECK: %[[MULTIPLE:.*]] = ov.subtract %[[X]], %[[REST]]
// CHECK: ov.divide %[[MULTIPLE]], %[[X]] {m_pythondiv = true}
// CHECK: ov.convert %[[X]] {destination_type = f32} : (tensor<2x3xi32>) -> tensor<2x3xf32>
// CHECK: %[[AXES:.*]] = ov.constant dense<1> : tensor<1xi64>
// CHECK: %[[ROWS:.*]] = ov.unsqueeze %[[P]], %[[AXES]] : (tensor<2xi1>, tensor<1xi64>) -> tensor<2x1xi1>
// CHECK: ov.select %[[ROWS]], %[[X]], %[[X]]
// CHECK: ov.select %[[Q]], %[[X]], %[[X]]
// CHECK: ov.divide %[[S:.*]], %[[S]] {m_pythondiv = true} : (tensor<i32>, tensor<i32>)
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xi32>
  %p = tf.input 1 "p" names ["p"] : tensor<2xi1>
  %q = tf.input 2 "q" names ["q"] : tensor<3xi1>
  %s = tf.input 3 "s" names ["s"] : tensor<i32>
  %d, %dc = tf.Div "d"(%x, %x) {T = i32} : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<*xi32>
  %e, %ec = tf.FloorDiv "e"(%x, %x) {T = i32} : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<*xi32>
  %e0, %e0c = tf.FloorDiv "e0"(%s, %s) {T = i32} : (tensor<i32>, tensor<i32>) -> tensor<*xi32>
  %f, %fc = tf.Cast "f"(%x) {SrcT = i32, DstT = f32} : (tensor<2x3xi32>) -> tensor<*xf32>
  %g, %gc = tf.Select "g"(%p, %x, %x) {T = i32} : (tensor<2xi1>, tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<*xi32>
  %h, %hc = tf.SelectV2 "h"(%q, %x, %x) {T = i32} : (tensor<3xi1>, tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<*xi32>
  tf.output 0 "out0" names ["out0"] (%d) : tensor<*xi32>
  tf.output 1 "out1" names ["out1"] (%e) : tensor<*xi32>
  tf.output 2 "out2" names ["out2"] (%f) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%g) : tensor<*xi32>
  tf.output 4 "out4" names ["out4"] (%h) : tensor<*xi32>
  tf.output 5 "out5" names ["out5"] (%e0) : tensor<*xi32>
}
