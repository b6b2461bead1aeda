// RUN: bert-opt --convert-tf-to-ov %s | FileCheck %s

// Shapes, look-up, cutting and joining. Shape arithmetic stays arithmetic, but types
// know what it says: a Reshape to [batch, 512] has 512 columns.

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<?x16x32xf32>
// CHECK: %[[SHAPE:.*]] = ov.shape_of %[[X]] {output_type = i32} : (tensor<?x16x32xf32>) -> tensor<3xi32>
// CHECK: %[[BATCH:.*]] = ov.strided_slice %[[SHAPE]], %{{.*}}, %{{.*}}, %{{.*}} {begin_mask = array<i64: 0>, ellipsis_mask = array<i64: 0>, end_mask = array<i64: 0>, new_axis_mask = array<i64: 0>, shrink_axis_mask = array<i64: 1>} : (tensor<3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<i32>
// CHECK: %[[P0:.*]] = ov.unsqueeze %[[BATCH]], %{{.*}} : (tensor<i32>, tensor<1xi64>) -> tensor<1xi32>
// CHECK: %[[TARGET:.*]] = ov.concat %[[P0]], %{{.*}} {axis = 0 : i64} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
// CHECK: ov.reshape %[[X]], %[[TARGET]] {special_zero = false} : (tensor<?x16x32xf32>, tensor<2xi32>) -> tensor<?x512xf32>
// CHECK: ov.transpose %[[X]], %{{.*}} -> tensor<16x?x32xf32>
// CHECK: %[[ED:.*]] = ov.unsqueeze %[[X]], %{{.*}} -> tensor<?x16x32x1xf32>
// CHECK: ov.squeeze %[[ED]], %{{.*}} -> tensor<?x16x32xf32>
// CHECK: ov.broadcast %{{.*}}, %[[TARGET]] {mode = "numpy"} : (tensor<f32>, tensor<2xi32>) -> tensor<?x512xf32>
// CHECK: ov.range %{{.*}} {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<512xi32>
// CHECK: ov.gather %[[X]], %{{.*}}, %{{.*}} {batch_dims = 0 : i64} : (tensor<?x16x32xf32>, tensor<i32>, tensor<i32>) -> tensor<?x32xf32>
// CHECK: ov.concat %[[X]], %[[X]] {axis = -1 : i64} : {{.*}} -> tensor<?x16x64xf32>
// CHECK: %[[PARTS:.*]]:16 = ov.split %[[X]], %{{.*}} {num_splits = 16 : i64}
// CHECK: ov.squeeze %[[PARTS]]#15, %{{.*}} : (tensor<?x1x32xf32>, tensor<1xi64>) -> tensor<?x32xf32>
// CHECK: ov.split %[[X]], %{{.*}} {num_splits = 2 : i64} : (tensor<?x16x32xf32>, tensor<i32>) -> (tensor<?x16x16xf32>, tensor<?x16x16xf32>)

// A Slice names only the axes that it cuts, and keeps one that it cuts at its size.
// CHECK: %[[AXES:.*]] = ov.constant dense<[1, 2]> : tensor<2xi32>
// CHECK: %[[START:.*]] = ov.constant dense<[1, 0]> : tensor<2xi32>
// CHECK: %[[STOP:.*]] = ov.constant dense<[5, 32]> : tensor<2xi32>
// CHECK: ov.slice %[[X]], %[[START]], %[[STOP]], %{{.*}}, %[[AXES]] {{.*}} -> tensor<?x4x32xf32>

// A computed size that comes out of a shape can't mean "to the end".
// CHECK: %[[LENGTH:.*]] = ov.gather
// CHECK: %[[DSTOP:.*]] = ov.add %{{.*}}, %{{.*}} : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi32>
// CHECK-NOT: ov.select
// CHECK: ov.slice %[[X]], %{{.*}}, %[[DSTOP]]
// CHECK: ov.reduce_prod %{{.*}}, %{{.*}} {keep_dims = false} : (tensor<3xi32>, tensor<i64>) -> tensor<i32>
// CHECK: ov.constant dense<3> : tensor<i32>
tf.graph {
  %x = tf.input 0 "x" names ["x"] : tensor<?x16x32xf32>
  %zero, %zeroc = tf.Const "zero"() {dtype = i32, value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %one, %onec = tf.Const "one"() {dtype = i32, value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %mone, %monec = tf.Const "mone"() {dtype = i32, value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %perm, %permc = tf.Const "perm"() {dtype = i32, value = dense<[1, 0, 2]> : tensor<3xi32>} : () -> tensor<3xi32>
  %b3, %b3c = tf.Const "b3"() {dtype = i32, value = dense<[0, 1, 0]> : tensor<3xi32>} : () -> tensor<3xi32>
  %s3, %s3c = tf.Const "s3"() {dtype = i32, value = dense<[-1, 4, 32]> : tensor<3xi32>} : () -> tensor<3xi32>
  %ones, %onesc = tf.Const "ones"() {dtype = f32, value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %shape, %shapec = tf.Shape "shape"(%x) {T = f32, out_type = i32} : (tensor<?x16x32xf32>) -> tensor<*xi32>
  %bs, %bsc = tf.Const "bs"() {dtype = i32, value = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %be, %bec = tf.Const "be"() {dtype = i32, value = dense<1> : tensor<1xi32>} : () -> tensor<1xi32>
  %batch, %batchc = tf.StridedSlice "batch"(%shape, %bs, %be, %be) {T = i32, Index = i32, begin_mask = 0 : i64, end_mask = 0 : i64, ellipsis_mask = 0 : i64, new_axis_mask = 0 : i64, shrink_axis_mask = 1 : i64} : (tensor<*xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<*xi32>
  %n, %nc = tf.Const "n"() {dtype = i32, value = dense<512> : tensor<i32>} : () -> tensor<i32>
  %target, %targetc = tf.Pack "target"(%batch, %n) {T = i32, N = 2 : i64, axis = 0 : i64} : (tensor<*xi32>, tensor<i32>) -> tensor<*xi32>
  %flat, %flatc = tf.Reshape "flat"(%x, %target) {T = f32} : (tensor<?x16x32xf32>, tensor<*xi32>) -> tensor<*xf32>
  %t, %tc = tf.Transpose "t"(%x, %perm) {T = f32} : (tensor<?x16x32xf32>, tensor<3xi32>) -> tensor<*xf32>
  %ed, %edc = tf.ExpandDims "ed"(%x, %mone) {T = f32} : (tensor<?x16x32xf32>, tensor<i32>) -> tensor<*xf32>
  %sq, %sqc = tf.Squeeze "sq"(%ed) {T = f32, squeeze_dims = [-1]} : (tensor<*xf32>) -> tensor<*xf32>
  %fill, %fillc = tf.Fill "fill"(%target, %ones) {T = f32} : (tensor<*xi32>, tensor<f32>) -> tensor<*xf32>
  %rng, %rngc = tf.Range "rng"(%zero, %n, %one) {Tidx = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<*xi32>
  %g, %gc = tf.GatherV2 "g"(%x, %zero, %one) {Tparams = f32, batch_dims = 0 : i64} : (tensor<?x16x32xf32>, tensor<i32>, tensor<i32>) -> tensor<*xf32>
  %cat, %catc = tf.ConcatV2 "cat"(%x, %x, %mone) {T = f32, N = 2 : i64} : (tensor<?x16x32xf32>, tensor<?x16x32xf32>, tensor<i32>) -> tensor<*xf32>
  %un:17 = tf.Unpack "un"(%x) {T = f32, num = 16 : i64, axis = 1 : i64} : (tensor<?x16x32xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %sp:3 = tf.Split "sp"(%mone, %x) {T = f32, num_split = 2 : i64} : (tensor<i32>, tensor<?x16x32xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %sl, %slc = tf.Slice "sl"(%x, %b3, %s3) {T = f32, Index = i32} : (tensor<?x16x32xf32>, tensor<3xi32>, tensor<3xi32>) -> tensor<*xf32>
  %dsz, %dszc = tf.Pack "dsz"(%mone, %batch, %mone) {T = i32, N = 3 : i64, axis = 0 : i64} : (tensor<i32>, tensor<*xi32>, tensor<i32>) -> tensor<*xi32>
  %dsl, %dslc = tf.Slice "dsl"(%x, %b3, %dsz) {T = f32, Index = i32} : (tensor<?x16x32xf32>, tensor<3xi32>, tensor<*xi32>) -> tensor<*xf32>
  %sz, %szc = tf.Size "sz"(%x) {T = f32, out_type = i32} : (tensor<?x16x32xf32>) -> tensor<*xi32>
  %rk, %rkc = tf.Rank "rk"(%x) {T = f32} : (tensor<?x16x32xf32>) -> tensor<*xi32>
  tf.output 0 "out0" names ["out0"] (%flat) : tensor<*xf32>
  tf.output 1 "out1" names ["out1"] (%t) : tensor<*xf32>
  tf.output 2 "out2" names ["out2"] (%sq) : tensor<*xf32>
  tf.output 3 "out3" names ["out3"] (%fill) : tensor<*xf32>
  tf.output 4 "out4" names ["out4"] (%rng) : tensor<*xi32>
  tf.output 5 "out5" names ["out5"] (%g) : tensor<*xf32>
  tf.output 6 "out6" names ["out6"] (%cat) : tensor<*xf32>
  tf.output 7 "out7" names ["out7"] (%un#15) : tensor<*xf32>
  tf.output 8 "out8" names ["out8"] (%sp#0) : tensor<*xf32>
  tf.output 9 "out9" names ["out9"] (%sl) : tensor<*xf32>
  tf.output 10 "out10" names ["out10"] (%dsl) : tensor<*xf32>
  tf.output 11 "out11" names ["out11"] (%sz) : tensor<*xi32>
  tf.output 12 "out12" names ["out12"] (%rk) : tensor<*xi32>
}
