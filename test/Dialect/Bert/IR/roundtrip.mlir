// RUN: bert-opt %s | bert-opt | FileCheck %s
// RUN: bert-opt %s --emit-bytecode | bert-opt | FileCheck %s

// One layer of width 8 with two heads.
// CHECK-LABEL: func.func @model
func.func @model(%ids: tensor<?x?xi32>, %types: tensor<?x?xi32>, %mask: tensor<?x?xi32>,
                 %inner: tensor<8x16xf32>, %outer: tensor<16x8xf32>)
    -> (tensor<?x?x8xf32>, tensor<?x8xf32>) {
  // CHECK: bert.packed_weight "word" at 0 rows : tensor<30x8xf32>
  %word = bert.packed_weight "word" at 0 rows : tensor<30x8xf32>
  %position = bert.packed_weight "position" at 7680 rows : tensor<16x8xf32>
  %type = bert.packed_weight "type" at 11776 rows : tensor<2x8xf32>
  %gamma = bert.packed_weight "gamma" at 12288 rows : tensor<8xf32>
  %beta = bert.packed_weight "beta" at 12544 rows : tensor<8xf32>
  // CHECK: bert.packed_weight "qkv" at 12800 panels : tensor<8x24xf32>
  %qkv_weight = bert.packed_weight "qkv" at 12800 panels : tensor<8x24xf32>
  %square = bert.packed_weight "square" at 14848 panels : tensor<8x8xf32>

  // CHECK: bert.embeddings %{{.*}} types %{{.*}} word %{{.*}} position %{{.*}} token_type %{{.*}} norm %{{.*}}, %{{.*}} {epsilon = 9.99999996E-13 : f32}
  %0 = bert.embeddings %ids types %types word %word position %position token_type %type norm %gamma, %beta {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<?x?xi32>, tensor<30x8xf32>, tensor<16x8xf32>, tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.dense %{{.*}}, %{{.*}} :
  %1 = bert.dense %0, %qkv_weight : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  // CHECK: bert.attention %{{.*}} mask %{{.*}} {heads = 2 : i64, scale = 5.000000e-01 : f32}
  %2 = bert.attention %1 mask %mask {heads = 2 : i64, scale = 0.5 : f32}
      : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  // CHECK: bert.dense %{{.*}}, %{{.*}} bias %{{.*}} :
  %3 = bert.dense %2, %square bias %beta : (tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.add_layer_norm %{{.*}} residual %{{.*}} norm %{{.*}}, %{{.*}} {epsilon
  %4 = bert.add_layer_norm %3 residual %0 norm %gamma, %beta {epsilon = 1.0e-12 : f32}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.dense %{{.*}}, %{{.*}} then gelu_erf :
  %5 = bert.dense %4, %inner then gelu_erf : (tensor<?x?x8xf32>, tensor<8x16xf32>) -> tensor<?x?x16xf32>
  %6 = bert.dense %5, %outer : (tensor<?x?x16xf32>, tensor<16x8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.attention %{{.*}}, %{{.*}}, %{{.*}} {heads = 1 : i64
  %7 = bert.attention %6, %6, %6 {heads = 1 : i64, scale = 0.5 : f32}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.add_layer_norm %{{.*}} norm
  %8 = bert.add_layer_norm %7 norm %gamma, %beta {epsilon = 1.0e-12 : f32}
      : (tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.first_token %{{.*}} : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  %first = bert.first_token %8 : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  %9 = bert.dense %first, %square bias %beta then tanh : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  return %8, %9 : tensor<?x?x8xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: func.func @packed
func.func @packed(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %weight: tensor<8x8xf32>,
                  %word: tensor<30x8xf32>, %beta: tensor<8xf32>) -> (tensor<?x?x8xf32>, tensor<?x8xf32>) {
  // CHECK: bert.pack_tokens keys_and_first of %{{.*}} mask %{{.*}} : (tensor<?x?xi32>, tensor<?x?xi32>) -> !bert.tokens
  %t = bert.pack_tokens keys_and_first of %ids mask %mask : (tensor<?x?xi32>, tensor<?x?xi32>) -> !bert.tokens
  // CHECK: bert.embeddings %{{.*}} tokens %{{.*}} word
  %0 = bert.embeddings %ids tokens %t word %word position %word norm %beta, %beta {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, !bert.tokens, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  // CHECK: bert.dense %{{.*}}, %{{.*}}, %{{.*}} bias %{{.*}}, %{{.*}} {transposed}
  %1 = bert.dense %0, %weight, %weight bias %beta, %beta {transposed}
      : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x16xf32>
  // CHECK: bert.first_token %{{.*}} tokens
  %2 = bert.first_token %0 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x8xf32>
  // CHECK: bert.attention %{{.*}}, %{{.*}} tokens %{{.*}} {heads = 2
  %3 = bert.attention %2, %1 tokens %t {heads = 2 : i64, scale = 0.5 : f32}
      : (tensor<?x8xf32>, tensor<?x16xf32>, !bert.tokens) -> tensor<?x8xf32>
  // CHECK: bert.unpack_tokens %{{.*}} tokens
  %4 = bert.unpack_tokens %0 tokens %t : (tensor<?x8xf32>, !bert.tokens) -> tensor<?x?x8xf32>
  return %4, %3 : tensor<?x?x8xf32>, tensor<?x8xf32>
}
