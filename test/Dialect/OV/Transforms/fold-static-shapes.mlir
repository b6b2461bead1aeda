// RUN: bert-opt --ov-fold-static-shapes --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-fold-static-shapes --ov-fold-static-shapes --split-input-file %s | FileCheck %s

// The example of the pass's description: the target of a Reshape, computed as
// modeling.py computes it. Only the sequence length is known.

// CHECK-LABEL: func.func @reshape_target
// CHECK: %[[SHAPE:.*]] = ov.shape_of
// CHECK: %[[BATCH:.*]] = ov.strided_slice %[[SHAPE]]
// CHECK: %[[SEQUENCE:.*]] = ov.constant dense<16> : tensor<i32>
// CHECK: ov.unsqueeze %[[BATCH]]
// CHECK-NOT: ov.strided_slice
// CHECK: %[[TARGET:.*]] = ov.concat
// CHECK: %[[Y:.*]] = ov.reshape %{{.*}}, %[[TARGET]]
// CHECK: return %[[Y]], %[[SEQUENCE]]
func.func @reshape_target(%x: tensor<?x16xf32>) -> (tensor<?x16x1xf32>, tensor<i32>) {
  %0 = ov.constant dense<0> : tensor<1xi32>
  %1 = ov.constant dense<1> : tensor<1xi32>
  %2 = ov.constant dense<2> : tensor<1xi32>
  %shape = ov.shape_of %x {output_type = i32} : (tensor<?x16xf32>) -> tensor<2xi32>
  %batch = ov.strided_slice %shape, %0, %1, %1 {begin_mask = array<i64: 0>, end_mask = array<i64: 0>, new_axis_mask = array<i64: 0>, shrink_axis_mask = array<i64: 1>, ellipsis_mask = array<i64: 0>} : (tensor<2xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<i32>
  %sequence = ov.strided_slice %shape, %1, %2, %1 {begin_mask = array<i64: 0>, end_mask = array<i64: 0>, new_axis_mask = array<i64: 0>, shrink_axis_mask = array<i64: 1>, ellipsis_mask = array<i64: 0>} : (tensor<2xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<i32>
  %b = ov.unsqueeze %batch, %0 : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
  %s = ov.unsqueeze %sequence, %0 : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
  %target = ov.concat %b, %s, %1 {axis = 0 : i64} : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
  %y = ov.reshape %x, %target {special_zero = false} : (tensor<?x16xf32>, tensor<3xi32>) -> tensor<?x16x1xf32>
  return %y, %sequence : tensor<?x16x1xf32>, tensor<i32>
}

// -----

// CHECK-LABEL: func.func @static
// CHECK: %[[TARGET:.*]] = ov.constant dense<[32, 4]> : tensor<2xi64>
// CHECK-NOT: ov.shape_of
// CHECK: ov.reshape %{{.*}}, %[[TARGET]]
func.func @static(%x: tensor<2x16x4xf32>) -> tensor<32x4xf32> {
  %axis = ov.constant dense<0> : tensor<i64>
  %zero = ov.constant dense<0> : tensor<1xi64>
  %rest = ov.constant dense<[0, 1]> : tensor<2xi64>
  %last = ov.constant dense<2> : tensor<1xi64>
  %shape = ov.shape_of %x {output_type = i64} : (tensor<2x16x4xf32>) -> tensor<3xi64>
  %0 = ov.gather %shape, %rest, %axis {batch_dims = 0 : i64} : (tensor<3xi64>, tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  %1 = ov.reduce_prod %0, %zero {keep_dims = true} : (tensor<2xi64>, tensor<1xi64>) -> tensor<1xi64>
  %2 = ov.gather %shape, %last, %axis {batch_dims = 0 : i64} : (tensor<3xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %3 = ov.concat %1, %2 {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
  %y = ov.reshape %x, %3 {special_zero = false} : (tensor<2x16x4xf32>, tensor<2xi64>) -> tensor<32x4xf32>
  return %y : tensor<32x4xf32>
}

// -----

// Uniform floats, whatever their shape.

// CHECK-LABEL: func.func @uniform
// CHECK-DAG: %[[ONES:.*]] = ov.constant dense<1.000000e+00> : tensor<2x16x1xf32>
// CHECK-DAG: %[[ROOT:.*]] = ov.constant dense<1.41421354> : tensor<f32>
// CHECK-DAG: %[[TRUE:.*]] = ov.constant dense<true> : tensor<i1>
// CHECK-DAG: %[[MINUS:.*]] = ov.constant dense<-1> : tensor<2xi32>
// CHECK: return %[[ONES]], %[[ROOT]], %[[TRUE]], %[[MINUS]]
func.func @uniform() -> (tensor<2x16x1xf32>, tensor<f32>, tensor<i1>, tensor<2xi32>) {
  %one = ov.constant dense<1> : tensor<i32>
  %two = ov.constant dense<2.0> : tensor<f32>
  %shape = ov.constant dense<[2, 16, 1]> : tensor<3xi64>
  %ints = ov.constant dense<1> : tensor<2xi32>
  %minus_two = ov.constant dense<-2> : tensor<i32>
  %0 = ov.convert %one {destination_type = f32} : (tensor<i32>) -> tensor<f32>
  %1 = ov.broadcast %0, %shape {mode = "numpy"} : (tensor<f32>, tensor<3xi64>) -> tensor<2x16x1xf32>
  %2 = ov.sqrt %two : (tensor<f32>) -> tensor<f32>
  %3 = ov.less %0, %two : (tensor<f32>, tensor<f32>) -> tensor<i1>
  %4 = ov.add %ints, %minus_two : (tensor<2xi32>, tensor<i32>) -> tensor<2xi32>
  return %1, %2, %3, %4 : tensor<2x16x1xf32>, tensor<f32>, tensor<i1>, tensor<2xi32>
}

// -----

// CHECK-LABEL: func.func @range
// CHECK: ov.constant dense<{{\[\[}}2, 5, 8]]> : tensor<1x3xi32>
func.func @range() -> tensor<1x3xi32> {
  %start = ov.constant dense<2> : tensor<i32>
  %stop = ov.constant dense<9> : tensor<i32>
  %step = ov.constant dense<3> : tensor<i32>
  %axis = ov.constant dense<0> : tensor<1xi64>
  %0 = ov.range %start, %stop, %step {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<3xi32>
  %1 = ov.unsqueeze %0, %axis : (tensor<3xi32>, tensor<1xi64>) -> tensor<1x3xi32>
  return %1 : tensor<1x3xi32>
}

// -----

// What must stay: weights, even of equal elements; divisions by zero; overflow;
// floats that differ.

// CHECK-LABEL: func.func @stays
// CHECK: ov.multiply
// CHECK: ov.divide
// CHECK: ov.multiply
// CHECK: ov.reshape
func.func @stays() -> (tensor<4xf32>, tensor<f32>, tensor<i32>, tensor<2x1xf32>) {
  %w = ov.weight "w" dense<2.0> : tensor<4xf32>
  %two = ov.constant dense<2.0> : tensor<f32>
  %zero = ov.constant dense<0.0> : tensor<f32>
  %large = ov.constant dense<2000000000> : tensor<i32>
  %pair = ov.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %shape = ov.constant dense<[2, 1]> : tensor<2xi64>
  %0 = ov.multiply %w, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = ov.divide %two, %zero {m_pythondiv = true} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %2 = ov.multiply %large, %large : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %3 = ov.reshape %pair, %shape {special_zero = false} : (tensor<2xf32>, tensor<2xi64>) -> tensor<2x1xf32>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<f32>, tensor<i32>, tensor<2x1xf32>
}
