// RUN: bert-opt %s --convert-bert-to-kernels | FileCheck %s

// What is alike shares a kernel; each call fills a buffer of its own.

// CHECK-DAG: func.func private @bert_pack_tokens(i64, i64, i64, i64, i64, f32, i64, i64, i64, i64, i64, i64) -> i64
// CHECK-DAG: func.func private @bert_worker_index() -> i64

// CHECK-LABEL: func.func private @dense_8x8_bias(
// CHECK-SAME: memref<?x8xf32>, %{{.*}}: memref<512xf32>, %{{.*}}: memref<64xf32>, %{{.*}}: memref<?x8xf32>)
// CHECK: scf.parallel

// CHECK-LABEL: func.func @model
// CHECK-SAME: %[[WEIGHTS:[^:]*]]: memref<?xi8> {bert.weights}
func.func @model(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>) -> (tensor<?x?x8xf32>, tensor<?x8xf32>) {
  %word = bert.packed_weight "word" at 0 rows : tensor<30x8xf32>
  %position = bert.packed_weight "position" at 7680 rows : tensor<16x8xf32>
  %gamma = bert.packed_weight "gamma" at 12288 rows : tensor<8xf32>
  %beta = bert.packed_weight "beta" at 12544 rows : tensor<8xf32>
  %qkv = bert.packed_weight "qkv" at 12800 panels : tensor<8x24xf32>
  %square = bert.packed_weight "square" at 14848 panels : tensor<8x8xf32>
  %inner = bert.packed_weight "inner" at 16896 panels : tensor<8x16xf32>
  // CHECK: %[[COUNT:.*]] = call @bert_pack_tokens
  // CHECK: %[[T:.*]] = arith.index_cast %[[COUNT]]
  %t = bert.pack_tokens all of %ids mask %mask : (tensor<?x?xi32>, tensor<?x?xi32>) -> !bert.tokens
  // CHECK: memref.view %[[WEIGHTS]]
  // CHECK: memref.alloc(%[[T]]) : memref<?x8xf32>
  // CHECK: call @embeddings_8_i32_2b8cbccc
  %0 = bert.embeddings %ids tokens %t word %word position %position norm %gamma, %beta {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, !bert.tokens, tensor<30x8xf32>, tensor<16x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  // CHECK: call @dense_8x24(
  %1 = bert.dense %0, %qkv : (tensor<?x8xf32>, tensor<8x24xf32>) -> tensor<?x24xf32>
  // CHECK: call @bert_num_workers()
  // CHECK: call @attention_2x4_3f000000(
  %2 = bert.attention %1 tokens %t {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x24xf32>, !bert.tokens) -> tensor<?x8xf32>
  // CHECK: call @dense_8x8_bias(
  %3 = bert.dense %2, %square bias %beta : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  // CHECK: call @add_layer_norm_8_2b8cbccc(
  %4 = bert.add_layer_norm %3 residual %0 norm %gamma, %beta {epsilon = 1.0e-12 : f32}
      : (tensor<?x8xf32>, tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  // CHECK: call @dense_8x16_gelu_erf(
  %5 = bert.dense %4, %inner then gelu_erf : (tensor<?x8xf32>, tensor<8x16xf32>) -> tensor<?x16xf32>
  // CHECK: call @first_token_8(
  %6 = bert.first_token %4 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  // CHECK: call @dense_8x8_bias_tanh(
  %7 = bert.dense %6, %square bias %beta then tanh : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  // CHECK: call @unpack_tokens_8(
  %8 = bert.unpack_tokens %4 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x?x8xf32>
  return %8, %7 : tensor<?x?x8xf32>, tensor<?x8xf32>
}
