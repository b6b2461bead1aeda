// RUN: bert-opt --convert-tf-to-ov --split-input-file %s | FileCheck %s

// Ops that TensorFlow has in several versions mean the same.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:[^:]*]]: tensor<2x3xf32> {{.*}}, %[[T:[^:]*]]: tensor<9x4xf32> {{.*}}, %[[IDS:[^:]*]]: tensor<2xi32> {{.*}}, %[[C:[^:]*]]: tensor<2x3xi1>
// CHECK-COUNT-2: ov.add %[[X]], %[[X]] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK-COUNT-2: ov.matmul %[[X]], %[[X]] {transpose_a = false, transpose_b = true} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
// CHECK-COUNT-3: ov.gather %[[T]], %[[IDS]], %{{.*}} {batch_dims = 0 : i64} : (tensor<9x4xf32>, tensor<2xi32>, tensor<i32>) -> tensor<2x4xf32>
// CHECK-COUNT-2: ov.select %[[C]], %[[X]], %[[X]] : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK: ov.slice %[[X]], {{.*}} -> tensor<1x3xf32>
// CHECK: ov.strided_slice %[[X]], {{.*}} -> tensor<1x3xf32>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x3xf32>
  %t = tf.input 1 "t" names ["t"] : tensor<9x4xf32>
  %ids = tf.input 2 "ids" names ["ids"] : tensor<2xi32>
  %c = tf.input 3 "c" names ["c"] : tensor<2x3xi1>
  %zero:2 = tf.Const "zero"() {dtype = i32, value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %from:2 = tf.Const "from"() {dtype = i32, value = dense<[1, 0]> : tensor<2xi32>} : () -> tensor<2xi32>
  %size:2 = tf.Const "size"() {dtype = i32, value = dense<[1, 3]> : tensor<2xi32>} : () -> tensor<2xi32>
  %to:2 = tf.Const "to"() {dtype = i32, value = dense<[2, 3]> : tensor<2xi32>} : () -> tensor<2xi32>
  %step:2 = tf.Const "step"() {dtype = i32, value = dense<1> : tensor<2xi32>} : () -> tensor<2xi32>
  %r0:2 = tf.Add "n0"(%x, %x) {T = f32} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r1:2 = tf.AddV2 "n1"(%x, %x) {T = f32} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r2:2 = tf.BatchMatMul "n2"(%x, %x) {T = f32, adj_x = false, adj_y = true} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r3:2 = tf.BatchMatMulV2 "n3"(%x, %x) {T = f32, adj_x = false, adj_y = true} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r4:2 = tf.Gather "n4"(%t, %ids) {Tparams = f32, Tindices = i32} : (tensor<9x4xf32>, tensor<2xi32>) -> tensor<*xf32>
  %r5:2 = tf.GatherV2 "n5"(%t, %ids, %zero#0) {Tparams = f32, batch_dims = 0 : i64} : (tensor<9x4xf32>, tensor<2xi32>, tensor<i32>) -> tensor<*xf32>
  %r6:2 = tf.ResourceGather "n6"(%t, %ids) {dtype = f32, batch_dims = 0 : i64} : (tensor<9x4xf32>, tensor<2xi32>) -> tensor<*xf32>
  %r7:2 = tf.Select "n7"(%c, %x, %x) {T = f32} : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r8:2 = tf.SelectV2 "n8"(%c, %x, %x) {T = f32} : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  %r9:2 = tf.Slice "n9"(%x, %from#0, %size#0) {T = f32, Index = i32} : (tensor<2x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<*xf32>
  %r10:2 = tf.StridedSlice "n10"(%x, %from#0, %to#0, %step#0) {T = f32, Index = i32, begin_mask = 0 : i64, end_mask = 0 : i64, ellipsis_mask = 0 : i64, new_axis_mask = 0 : i64, shrink_axis_mask = 0 : i64} : (tensor<2x3xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<*xf32>
  tf.output 0 "out0" names ["out0"] (%r0#0) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%r1#0) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%r2#0) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%r3#0) : tensor<*xf32>
  tf.output 4 "out4" names ["out4"] (%r4#0) : tensor<*xf32>
  tf.output 5 "out5" names ["out5"] (%r5#0) : tensor<*xf32>
  tf.output 6 "out6" names ["out6"] (%r6#0) : tensor<*xf32>
  tf.output 7 "out7" names ["out7"] (%r7#0) : tensor<*xf32>
  tf.output 8 "out8" names ["out8"] (%r8#0) : tensor<*xf32>
  tf.output 9 "out9" names ["out9"] (%r9#0) : tensor<*xf32>
  tf.output 10 "out10" names ["out10"] (%r10#0) : tensor<*xf32>
}

// -----

// Where the versions differ: Select's vector chooses rows, SelectV2's is broadcast to
// columns; GatherV2 may look up along another axis; a StridedSlice may drop one.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:[^:]*]]: tensor<2x2xf32> {{.*}}, %[[C:[^:]*]]: tensor<2xi1>
// CHECK: %[[ROWS:.*]] = ov.unsqueeze %[[C]], {{.*}} -> tensor<2x1xi1>
// CHECK: ov.select %[[ROWS]], %[[X]], %[[X]]
// CHECK: ov.select %[[C]], %[[X]], %[[X]]
// CHECK: %[[AXIS:.*]] = ov.constant dense<1> : tensor<i32>
// CHECK: ov.gather %[[X]], {{.*}}, %[[AXIS]]
// CHECK: ov.strided_slice %[[X]], {{.*}} -> tensor<2xf32>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<2x2xf32>
  %c = tf.input 1 "c" names ["c"] : tensor<2xi1>
  %r0:2 = tf.Select "n0"(%c, %x, %x) {T = f32} : (tensor<2xi1>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<*xf32>
  %r1:2 = tf.SelectV2 "n1"(%c, %x, %x) {T = f32} : (tensor<2xi1>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<*xf32>
  %ids:2 = tf.Const "ids"() {dtype = i32, value = dense<[1, 0]> : tensor<2xi32>} : () -> tensor<2xi32>
  %axis:2 = tf.Const "axis"() {dtype = i32, value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %r2:2 = tf.GatherV2 "n2"(%x, %ids#0, %axis#0) {Tparams = f32, batch_dims = 0 : i64} : (tensor<2x2xf32>, tensor<2xi32>, tensor<i32>) -> tensor<*xf32>
  %zero:2 = tf.Const "zero"() {dtype = i32, value = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %one:2 = tf.Const "one"() {dtype = i32, value = dense<1> : tensor<1xi32>} : () -> tensor<1xi32>
  %r3:2 = tf.StridedSlice "n3"(%x, %zero#0, %one#0, %one#0) {T = f32, Index = i32, begin_mask = 0 : i64, end_mask = 0 : i64, ellipsis_mask = 0 : i64, new_axis_mask = 0 : i64, shrink_axis_mask = 1 : i64} : (tensor<2x2xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<*xf32>
  tf.output 0 "out0" names ["out0"] (%r0#0) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%r1#0) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%r2#0) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%r3#0) : tensor<*xf32>
}
