// RUN: bert-opt %s --bert-sink-first-token --split-input-file | FileCheck %s
// RUN: bert-opt %s --bert-sink-first-token --split-input-file --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=NAMES

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

// -----

// Query, key and value in one tensor: its first third is the queries'.
// CHECK-LABEL: func.func @packed
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x8xf32>, %[[T:[^:]*]]: !bert.tokens, %[[W:[^:]*]]: tensor<8x24xf32>, %[[B:[^:]*]]: tensor<24xf32>
func.func @packed(%x: tensor<?x8xf32>, %t: !bert.tokens, %w: tensor<8x24xf32>, %b: tensor<24xf32>) -> tensor<?x8xf32> {
  // CHECK-DAG: %[[WQ:.*]] = ov.slice %[[W]]{{.*}} -> tensor<8x8xf32>
  // CHECK-DAG: %[[WKV:.*]] = ov.slice %[[W]]{{.*}} -> tensor<8x16xf32>
  // CHECK-DAG: %[[BQ:.*]] = ov.slice %[[B]]{{.*}} -> tensor<8xf32>
  // CHECK-DAG: %[[BKV:.*]] = ov.slice %[[B]]{{.*}} -> tensor<16xf32>
  // CHECK-DAG: %[[FIRST:.*]] = bert.first_token %[[X]] tokens %[[T]]
  // CHECK: %[[Q:.*]] = bert.dense %[[FIRST]], %[[WQ]] bias %[[BQ]]
  // CHECK: %[[KV:.*]] = bert.dense %[[X]], %[[WKV]] bias %[[BKV]]
  // CHECK: bert.attention %[[Q]], %[[KV]] tokens %[[T]]
  %0 = bert.dense %x, %w bias %b : (tensor<?x8xf32>, tensor<8x24xf32>, tensor<24xf32>) -> tensor<?x24xf32>
  %1 = bert.attention %0 tokens %t {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x24xf32>, !bert.tokens) -> tensor<?x8xf32>
  %2 = bert.first_token %1 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}

// -----

// The same for weights of shape [columns, rows], without biases.
// CHECK-LABEL: func.func @packed_transposed
func.func @packed_transposed(%x: tensor<?x8xf32>, %t: !bert.tokens, %w: tensor<24x8xf32>) -> tensor<?x8xf32> {
  // CHECK-DAG: ov.slice {{.*}} -> tensor<8x8xf32>
  // CHECK-DAG: ov.slice {{.*}} -> tensor<16x8xf32>
  // CHECK: bert.dense {{.*}} {transposed} {{.*}} -> tensor<?x8xf32>
  // CHECK: bert.dense {{.*}} {transposed} {{.*}} -> tensor<?x16xf32>
  %0 = bert.dense %x, %w {transposed} : (tensor<?x8xf32>, tensor<24x8xf32>) -> tensor<?x24xf32>
  %1 = bert.attention %0 tokens %t {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x24xf32>, !bert.tokens) -> tensor<?x8xf32>
  %2 = bert.first_token %1 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}

// -----

// With an activation the three are no plain query, key and value: attention is computed whole.
// CHECK-LABEL: func.func @packed_with_activation
func.func @packed_with_activation(%x: tensor<?x8xf32>, %t: !bert.tokens, %w: tensor<8x24xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: ov.slice
  // CHECK: %[[A:.*]] = bert.attention
  // CHECK: bert.first_token %[[A]]
  %0 = bert.dense %x, %w then relu : (tensor<?x8xf32>, tensor<8x24xf32>) -> tensor<?x24xf32>
  %1 = bert.attention %0 tokens %t {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x24xf32>, !bert.tokens) -> tensor<?x8xf32>
  %2 = bert.first_token %1 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}

// -----

// Names stay with what has them.
// NAMES-LABEL: func.func @names
// NAMES: bert.first_token {{.*}} loc("dense")
// NAMES: bert.dense {{.*}} loc("dense")
// NAMES: bert.add_layer_norm {{.*}} loc("norm")
func.func @names(%x: tensor<?x8xf32>, %t: !bert.tokens, %w: tensor<8x8xf32>, %b: tensor<8xf32>) -> tensor<?x8xf32> {
  %0 = bert.dense %x, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32> loc("dense")
  %1 = bert.add_layer_norm %0 norm %b, %b {epsilon = 1.0e-12 : f32} : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32> loc("norm")
  %2 = bert.first_token %1 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32> loc("slice")
  return %2 : tensor<?x8xf32>
}
