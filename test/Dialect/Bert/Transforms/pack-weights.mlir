// RUN: bert-opt %s --bert-pack-weights --split-input-file --verify-diagnostics | FileCheck %s

// Query, key and value become one matrix in panels, their biases one vector. A
// transposed weight is turned. What two ops use has one place. Offsets follow the
// order of use, each weight filled up to 64 columns.

// CHECK-LABEL: func.func @dense(
// CHECK: %[[QKV:.*]] = bert.packed_weight "q" at 0 panels : tensor<8x24xf32>
// CHECK: %[[BIASES:.*]] = bert.packed_weight "bq" at 2048 rows : tensor<24xf32>
// CHECK: %[[T:.*]] = bert.packed_weight "t" at 2304 panels : tensor<24x4xf32>
// CHECK: %[[GAMMA:.*]] = bert.packed_weight "gamma" at 8448 rows : tensor<4xf32>
// CHECK-NOT: ov.weight
// CHECK: %[[X:.*]] = bert.dense %arg0, %[[QKV]] bias %[[BIASES]] : (tensor<?x8xf32>, tensor<8x24xf32>, tensor<24xf32>) -> tensor<?x24xf32>
// CHECK: %[[Y:.*]] = bert.dense %[[X]], %[[T]] then tanh : (tensor<?x24xf32>, tensor<24x4xf32>) -> tensor<?x4xf32>
// CHECK: bert.add_layer_norm %[[Y]] norm %[[GAMMA]], %[[GAMMA]]
func.func @dense(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  %q = ov.weight "q" dense_resource<q> : tensor<8x8xf32>
  %k = ov.weight "k" dense_resource<k> : tensor<8x8xf32>
  %v = ov.weight "v" dense_resource<v> : tensor<8x8xf32>
  %bq = ov.weight "bq" dense_resource<bq> : tensor<8xf32>
  %bk = ov.weight "bk" dense_resource<bk> : tensor<8xf32>
  %zero = ov.constant dense<0.0> : tensor<8xf32>
  %t = ov.weight "t" dense_resource<t> : tensor<4x24xf32>
  %gamma = ov.weight "gamma" dense_resource<gamma> : tensor<4xf32>
  %0 = bert.dense %x, %q, %k, %v bias %bq, %bk, %zero : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x24xf32>
  %1 = bert.dense %0, %t then tanh {transposed} : (tensor<?x24xf32>, tensor<4x24xf32>) -> tensor<?x4xf32>
  %2 = bert.add_layer_norm %1 norm %gamma, %gamma {epsilon = 1.0e-12 : f32} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

// What only moves weights is a weight; a slice that depends on the input is none. Other
// ranks are reshaped, half precision is stored as f32, integers stay in the code.

// CHECK-LABEL: func.func @plain(
// CHECK: %[[SUM:.*]] = bert.packed_weight "a" at 0 rows : tensor<4x2xf32>
// CHECK: %[[HALF:.*]] = bert.packed_weight "half" at 1024 rows : tensor<2xf32>
// CHECK: %[[CUBE:.*]] = bert.packed_weight "cube" at 1280 rows : tensor<6x2xf32>
// CHECK: %[[RESHAPED:.*]] = ov.reshape %[[CUBE]], %{{.*}} -> tensor<2x3x2xf32>
// CHECK-NOT: ov.weight
// CHECK-NOT: ov.concat
// CHECK: ov.constant dense<[1, 0]> : tensor<2xi64>
// CHECK: ov.add %arg0, %[[SUM]]
// CHECK: ov.slice %[[SUM]]
// CHECK: ov.add %{{.*}}, %[[HALF]]
// CHECK: ov.add %{{.*}}, %[[RESHAPED]]
func.func @plain(%x: tensor<4x2xf32>, %end: tensor<1xi64>, %z: tensor<2xf32>) -> (tensor<4x2xf32>, tensor<?x2xf32>, tensor<4x2xf32>, tensor<2x3x2xf32>, tensor<2x4xf32>) {
  %a = ov.weight "a" dense_resource<a> : tensor<2x2xf32>
  %b = ov.weight "b" dense_resource<b> : tensor<2x2xf32>
  %half = ov.weight "half" dense_resource<half> : tensor<2xf16>
  %cube = ov.weight "cube" dense_resource<cube> : tensor<2x3x2xf32>
  %order = ov.weight "order" dense<[1, 0]> : tensor<2xi64>
  %joined = ov.concat %a, %b {axis = 0 : i64} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  %sum = ov.add %x, %joined : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %begin = ov.constant dense<0> : tensor<1xi64>
  %one = ov.constant dense<1> : tensor<1xi64>
  %rows = ov.slice %joined, %begin, %end, %one, %begin : (tensor<4x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x2xf32>
  %float = ov.convert %half {destination_type = f32} : (tensor<2xf16>) -> tensor<2xf32>
  %more = ov.add %sum, %float : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %other = ov.add %z, %cube : (tensor<2xf32>, tensor<2x3x2xf32>) -> tensor<2x3x2xf32>
  %turned = ov.transpose %x, %order : (tensor<4x2xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return %sum, %rows, %more, %other, %turned : tensor<4x2xf32>, tensor<?x2xf32>, tensor<4x2xf32>, tensor<2x3x2xf32>, tensor<2x4xf32>
}

// -----

func.func @computed(%x: tensor<?x2xf32>, %w: tensor<2x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{has a weight that is computed from the input}}
  %0 = bert.dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// -----

// A layer that computes in half precision gets its weight back from the file's f32; the
// weight is converted once, whoever reads it.
// CHECK-LABEL: func.func @computes_in_half
// CHECK: %[[WIDE:.*]] = bert.packed_weight "w" at 0 rows : tensor<4xf32>
// CHECK: %[[HALF:.*]] = ov.convert %[[WIDE]] {destination_type = f16}
// CHECK-NOT: ov.weight
// CHECK: ov.add %{{.*}}, %[[HALF]]
// CHECK: ov.multiply %{{.*}}, %[[HALF]]
func.func @computes_in_half(%x: tensor<?x4xf16>) -> tensor<?x4xf16> {
  %w = ov.weight "w" dense_resource<w> : tensor<4xf16>
  %0 = ov.add %x, %w : (tensor<?x4xf16>, tensor<4xf16>) -> tensor<?x4xf16>
  %1 = ov.multiply %0, %w : (tensor<?x4xf16>, tensor<4xf16>) -> tensor<?x4xf16>
  return %1 : tensor<?x4xf16>
}
