// RUN: bert-opt --ov-simplify-mask --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-simplify-mask --ov-simplify-mask --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-simplify-mask --split-input-file --remarks-filter=ov-simplify-mask %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The example of the pass's description: as modeling.py builds the mask.

// REMARK: 'mul' became its mask
// CHECK-LABEL: func.func @mask
// CHECK-SAME: (%[[MASK:[^:]*]]: tensor<2x1x16xf32>, %[[SCORES:[^:]*]]: tensor<2x4x16x16xf32>)
// CHECK: %[[U:.*]] = ov.unsqueeze %[[MASK]], {{.*}} -> tensor<2x1x1x16xf32>
// CHECK: %[[S:.*]] = ov.subtract %{{.*}}, %[[U]] : {{.*}} -> tensor<2x1x1x16xf32>
// CHECK: %[[M:.*]] = ov.multiply %[[S]], {{.*}} -> tensor<2x1x1x16xf32>
// CHECK: %[[Y:.*]] = ov.add %[[SCORES]], %[[M]] : (tensor<2x4x16x16xf32>, tensor<2x1x1x16xf32>) -> tensor<2x4x16x16xf32>
// CHECK: return %[[Y]]
func.func @mask(%mask: tensor<2x1x16xf32>, %scores: tensor<2x4x16x16xf32>) -> tensor<2x4x16x16xf32> {
  %ones = ov.constant dense<1.0> : tensor<2x16x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.multiply %ones, %mask : (tensor<2x16x1xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32> loc("mul")
  %1 = ov.unsqueeze %0, %axis : (tensor<2x16x16xf32>, tensor<1xi64>) -> tensor<2x1x16x16xf32>
  %2 = ov.subtract %one, %1 : (tensor<f32>, tensor<2x1x16x16xf32>) -> tensor<2x1x16x16xf32>
  %3 = ov.multiply %2, %c : (tensor<2x1x16x16xf32>, tensor<f32>) -> tensor<2x1x16x16xf32>
  %4 = ov.add %scores, %3 : (tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) -> tensor<2x4x16x16xf32>
  return %4 : tensor<2x4x16x16xf32>
}

// -----

// Batch and sequence length open, and nothing says that the mask's batch is the
// scores': the ones may be what repeats it.

// CHECK-LABEL: func.func @open
// CHECK: ov.broadcast
// CHECK: ov.add {{.*}} : (tensor<?x4x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x4x?x?xf32>
func.func @open(%mask: tensor<?x1x?xf32>, %q: tensor<?x4x?x8xf32>, %k: tensor<?x4x?x8xf32>) -> tensor<?x4x?x?xf32> {
  %one = ov.constant dense<1.0> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %which = ov.constant dense<[0, 2]> : tensor<2xi64>
  %last = ov.constant dense<1> : tensor<1xi64>
  %shape = ov.shape_of %q {output_type = i64} : (tensor<?x4x?x8xf32>) -> tensor<4xi64>
  %bs = ov.gather %shape, %which, %zero {batch_dims = 0 : i64} : (tensor<4xi64>, tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  %target = ov.concat %bs, %last {axis = 0 : i64} : (tensor<2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %ones = ov.broadcast %one, %target {mode = "numpy"} : (tensor<f32>, tensor<3xi64>) -> tensor<?x?x1xf32>
  %s = ov.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<?x4x?x8xf32>, tensor<?x4x?x8xf32>) -> tensor<?x4x?x?xf32>
  %shape1 = ov.shape_of %mask {output_type = i64} : (tensor<?x1x?xf32>) -> tensor<3xi64>
  %t = ov.gather %shape1, %last, %zero {batch_dims = 0 : i64} : (tensor<3xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %m1 = ov.multiply %mask, %one : (tensor<?x1x?xf32>, tensor<f32>) -> tensor<?x1x?xf32>
  %0 = ov.multiply %ones, %mask : (tensor<?x?x1xf32>, tensor<?x1x?xf32>) -> tensor<?x?x?xf32> loc("mul")
  %1 = ov.unsqueeze %0, %axis : (tensor<?x?x?xf32>, tensor<1xi64>) -> tensor<?x1x?x?xf32>
  %2 = ov.subtract %one, %1 : (tensor<f32>, tensor<?x1x?x?xf32>) -> tensor<?x1x?x?xf32>
  %3 = ov.add %s, %2 : (tensor<?x4x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x4x?x?xf32>
  return %3 : tensor<?x4x?x?xf32>
}

// -----

// The repeated mask is an output: it has to stay as large as it is.

// REMARK: 'mul': it is an output of the model
// CHECK-LABEL: func.func @output
// CHECK: ov.multiply {{.*}} -> tensor<2x16x16xf32>
func.func @output(%mask: tensor<2x1x16xf32>, %scores: tensor<2x4x16x16xf32>) -> (tensor<2x4x16x16xf32>, tensor<2x16x16xf32>) {
  %ones = ov.constant dense<1.0> : tensor<2x16x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.multiply %ones, %mask : (tensor<2x16x1xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32> loc("mul")
  %1 = ov.unsqueeze %0, %axis : (tensor<2x16x16xf32>, tensor<1xi64>) -> tensor<2x1x16x16xf32>
  %2 = ov.subtract %one, %1 : (tensor<f32>, tensor<2x1x16x16xf32>) -> tensor<2x1x16x16xf32>
  %3 = ov.multiply %2, %c : (tensor<2x1x16x16xf32>, tensor<f32>) -> tensor<2x1x16x16xf32>
  %4 = ov.add %scores, %3 : (tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) -> tensor<2x4x16x16xf32>
  return %4, %0 : tensor<2x4x16x16xf32>, tensor<2x16x16xf32>
}

// -----

// The other operand has one row, too: the sum would be smaller.

// REMARK: 'mul': it is an output of the model
// CHECK-LABEL: func.func @not_restored
// CHECK: ov.multiply {{.*}} -> tensor<2x16x16xf32>
func.func @not_restored(%mask: tensor<2x1x16xf32>, %scores: tensor<2x1x16xf32>) -> tensor<2x16x16xf32> {
  %ones = ov.constant dense<1.0> : tensor<2x16x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.multiply %ones, %mask : (tensor<2x16x1xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32> loc("mul")
  %1 = ov.add %0, %scores : (tensor<2x16x16xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32>
  return %1 : tensor<2x16x16xf32>
}

// -----

// A product across the rows needs all of them.

// REMARK: 'mul': 'product' needs it at full size
// CHECK-LABEL: func.func @product
// CHECK: ov.multiply {{.*}} -> tensor<2x16x16xf32>
func.func @product(%mask: tensor<2x1x16xf32>, %v: tensor<2x16x8xf32>) -> tensor<2x16x8xf32> {
  %ones = ov.constant dense<1.0> : tensor<2x16x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.multiply %ones, %mask : (tensor<2x16x1xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32> loc("mul")
  %1 = ov.matmul %0, %v {transpose_a = true, transpose_b = false} : (tensor<2x16x16xf32>, tensor<2x16x8xf32>) -> tensor<2x16x8xf32> loc("product")
  return %1 : tensor<2x16x8xf32>
}

// -----

// Joined with a part of itself, which would shrink as well.

// REMARK: 'mul': it is joined with another part of itself
// CHECK-LABEL: func.func @itself
// CHECK: ov.multiply {{.*}} -> tensor<2x16x16xf32>
func.func @itself(%mask: tensor<2x1x16xf32>, %scores: tensor<2x4x16x16xf32>) -> tensor<2x4x16x16xf32> {
  %ones = ov.constant dense<1.0> : tensor<2x16x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.multiply %ones, %mask : (tensor<2x16x1xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32> loc("mul")
  %1 = ov.unsqueeze %0, %axis : (tensor<2x16x16xf32>, tensor<1xi64>) -> tensor<2x1x16x16xf32>
  %2 = ov.subtract %one, %1 : (tensor<f32>, tensor<2x1x16x16xf32>) -> tensor<2x1x16x16xf32>
  %3 = ov.add %1, %2 : (tensor<2x1x16x16xf32>, tensor<2x1x16x16xf32>) -> tensor<2x1x16x16xf32>
  %4 = ov.add %scores, %3 : (tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) -> tensor<2x4x16x16xf32>
  return %4 : tensor<2x4x16x16xf32>
}

// -----

// A factor of two is no factor of one.

// CHECK-LABEL: func.func @twos
// CHECK: ov.multiply {{.*}} -> tensor<2x16x16xf32>
func.func @twos(%mask: tensor<2x1x16xf32>, %scores: tensor<2x4x16x16xf32>) -> tensor<2x4x16x16xf32> {
  %ones = ov.constant dense<2.0> : tensor<2x16x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.multiply %ones, %mask : (tensor<2x16x1xf32>, tensor<2x1x16xf32>) -> tensor<2x16x16xf32> loc("mul")
  %1 = ov.unsqueeze %0, %axis : (tensor<2x16x16xf32>, tensor<1xi64>) -> tensor<2x1x16x16xf32>
  %2 = ov.subtract %one, %1 : (tensor<f32>, tensor<2x1x16x16xf32>) -> tensor<2x1x16x16xf32>
  %3 = ov.multiply %2, %c : (tensor<2x1x16x16xf32>, tensor<f32>) -> tensor<2x1x16x16xf32>
  %4 = ov.add %scores, %3 : (tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) -> tensor<2x4x16x16xf32>
  return %4 : tensor<2x4x16x16xf32>
}

// -----

// No mask at all: (1 - ones) * -10000, at open dimensions.

// REMARK: 'sum' became its other operand
// CHECK-LABEL: func.func @no_mask
// CHECK-SAME: (%[[SCORES:.*]]: tensor<?x4x?x?xf32>)
// CHECK-NEXT: return %[[SCORES]]
func.func @no_mask(%scores: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> {
  %one = ov.constant dense<1.0> : tensor<f32>
  %c = ov.constant dense<-1.0e4> : tensor<f32>
  %which = ov.constant dense<[0, 2, 3]> : tensor<3xi64>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %shape = ov.shape_of %scores {output_type = i64} : (tensor<?x4x?x?xf32>) -> tensor<4xi64>
  %target = ov.gather %shape, %which, %zero {batch_dims = 0 : i64} : (tensor<4xi64>, tensor<3xi64>, tensor<i64>) -> tensor<3xi64>
  %ones = ov.broadcast %one, %target {mode = "numpy"} : (tensor<f32>, tensor<3xi64>) -> tensor<?x?x?xf32>
  %0 = ov.unsqueeze %ones, %axis : (tensor<?x?x?xf32>, tensor<1xi64>) -> tensor<?x1x?x?xf32>
  %1 = ov.subtract %one, %0 : (tensor<f32>, tensor<?x1x?x?xf32>) -> tensor<?x1x?x?xf32>
  %2 = ov.multiply %1, %c : (tensor<?x1x?x?xf32>, tensor<f32>) -> tensor<?x1x?x?xf32>
  %3 = ov.add %scores, %2 : (tensor<?x4x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x4x?x?xf32> loc("sum")
  return %3 : tensor<?x4x?x?xf32>
}

// -----

// Dimensions of two inputs are joined by the Reshape's place for the batch and, later
// in the graph, by the sum for the sequence: the mask's product is understood all the same.
// CHECK-LABEL: func.func @two_inputs
// CHECK-NOT: ov.broadcast
// CHECK: ov.unsqueeze %{{.*}} -> tensor<?x1x1x?xf32>
// CHECK-NOT: ov.multiply
func.func @two_inputs(%ids: tensor<?x?xi32>, %mask: tensor<?x?xf32>, %table: tensor<30x8xf32>) -> tensor<?x1x?x?xf32> {
  %zero = ov.constant dense<0> : tensor<i64>
  %0 = ov.gather %table, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %scores = ov.matmul %0, %0 {transpose_a = false, transpose_b = true} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x?xf32>
  %one = ov.constant dense<1> : tensor<1xi64>
  %scores4 = ov.unsqueeze %scores, %one : (tensor<?x?x?xf32>, tensor<1xi64>) -> tensor<?x1x?x?xf32>
  %shape = ov.shape_of %ids {output_type = i64} : (tensor<?x?xi32>) -> tensor<2xi64>
  %first = ov.constant dense<0> : tensor<1xi64>
  %batch = ov.gather %shape, %first, %zero {batch_dims = 0 : i64} : (tensor<2xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %sequence = ov.gather %shape, %one, %zero {batch_dims = 0 : i64} : (tensor<2xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %rest = ov.constant dense<-1> : tensor<1xi64>
  %target = ov.concat %batch, %one, %rest {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
  %row = ov.reshape %mask, %target {special_zero = false} : (tensor<?x?xf32>, tensor<3xi64>) -> tensor<?x1x?xf32>
  %ones = ov.constant dense<1.0> : tensor<1x1x1xf32>
  %repeats = ov.concat %one, %sequence, %one {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
  %column = ov.broadcast %ones, %repeats {mode = "numpy"} : (tensor<1x1x1xf32>, tensor<3xi64>) -> tensor<1x?x1xf32>
  %product = ov.multiply %column, %row : (tensor<1x?x1xf32>, tensor<?x1x?xf32>) -> tensor<?x?x?xf32>
  %product4 = ov.unsqueeze %product, %one : (tensor<?x?x?xf32>, tensor<1xi64>) -> tensor<?x1x?x?xf32>
  %sum = ov.add %scores4, %product4 : (tensor<?x1x?x?xf32>, tensor<?x1x?x?xf32>) -> tensor<?x1x?x?xf32>
  return %sum : tensor<?x1x?x?xf32>
}
