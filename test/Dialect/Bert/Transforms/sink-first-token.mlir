// RUN: bert-opt %s --bert-sink-first-token --split-input-file | FileCheck %s

// The last layer: keys and values of all tokens, everything else of the first one.
// CHECK-LABEL: func.func @last_layer
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x8xf32>, %[[T:[^:]*]]: !bert.tokens
func.func @last_layer(%x: tensor<?x8xf32>, %t: !bert.tokens, %wq: tensor<8x8xf32>, %wk: tensor<8x8xf32>, %wv: tensor<8x8xf32>,
                      %b: tensor<8xf32>) -> tensor<?x8xf32> {
  // CHECK: %[[FIRST:.*]] = bert.first_token %[[X]] tokens %[[T]]
  // CHECK: %[[Q:.*]] = bert.dense %[[FIRST]], %{{.*}} bias
  // CHECK: %[[KV:.*]] = bert.dense %[[X]], %{{.*}}, %{{.*}} bias {{.*}} -> tensor<?x16xf32>
  // CHECK: %[[A:.*]] = bert.attention %[[Q]], %[[KV]] tokens %[[T]]
  // CHECK: %[[D:.*]] = bert.dense %[[A]]
  // CHECK: %[[Y:.*]] = bert.add_layer_norm %[[D]] residual %[[FIRST]]
  // CHECK: return %[[Y]]
  %0 = bert.dense %x, %wq, %wk, %wv bias %b, %b, %b : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x24xf32>
  %1 = bert.attention %0 tokens %t {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x24xf32>, !bert.tokens) -> tensor<?x8xf32>
  %2 = bert.dense %1, %wq bias %b : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %3 = bert.add_layer_norm %2 residual %x norm %b, %b {epsilon = 1.0e-12 : f32} : (tensor<?x8xf32>, tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %4 = bert.first_token %3 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  return %4 : tensor<?x8xf32>
}

// -----

// Another reader needs all tokens.
// CHECK-LABEL: func.func @read_elsewhere
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x8xf32>
func.func @read_elsewhere(%x: tensor<?x8xf32>, %t: !bert.tokens, %w: tensor<8x8xf32>) -> (tensor<?x8xf32>, tensor<?x?x8xf32>) {
  // CHECK-NOT: bert.first_token %[[X]]
  // CHECK: %[[Y:.*]] = bert.dense
  // CHECK: bert.first_token %[[Y]]
  %0 = bert.dense %x, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %1 = bert.first_token %0 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  %2 = bert.unpack_tokens %0 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x?x8xf32>
  return %1, %2 : tensor<?x8xf32>, tensor<?x?x8xf32>
}
