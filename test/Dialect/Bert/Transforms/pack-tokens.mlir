// RUN: bert-opt %s --bert-pack-tokens --split-input-file | FileCheck %s --check-prefixes=CHECK,PADDING
// RUN: bert-opt %s --bert-pack-tokens --bert-pack-tokens --split-input-file | FileCheck %s --check-prefixes=CHECK,PADDING
// RUN: bert-opt %s --bert-pack-tokens=skip-padding --split-input-file | FileCheck %s --check-prefixes=CHECK,SKIP

// Only the first token is read: padding is never computed.
// CHECK-LABEL: func.func @pooled
func.func @pooled(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %word: tensor<30x8xf32>, %norm: tensor<8xf32>,
                  %qkv: tensor<8x24xf32>, %w: tensor<8x8xf32>) -> tensor<?x8xf32> {
  // CHECK: %[[T:.*]] = bert.pack_tokens keys_and_first of %{{.*}} mask %{{.*}} {masked_value = -1.000000e+05 : f32}
  // CHECK: %[[X:.*]] = bert.embeddings %{{.*}} tokens %[[T]] {{.*}} -> tensor<?x8xf32>
  %0 = bert.embeddings %ids word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: %[[QKV:.*]] = bert.dense %[[X]], %{{.*}} -> tensor<?x24xf32>
  %1 = bert.dense %0, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  // CHECK: %[[A:.*]] = bert.attention %[[QKV]] tokens %[[T]] {heads = 2 : i64, masked_value = -1.000000e+05 : f32, scale = 5.000000e-01 : f32} : (tensor<?x24xf32>, !bert.tokens) -> tensor<?x8xf32>
  %2 = bert.attention %1 mask %mask {heads = 2 : i64, scale = 0.5 : f32, masked_value = -100000.0 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  // CHECK: bert.add_layer_norm %[[A]] residual %[[X]] {{.*}} -> tensor<?x8xf32>
  %3 = bert.add_layer_norm %2 residual %0 norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK: bert.first_token %{{.*}} tokens %[[T]]
  // CHECK-NOT: bert.unpack_tokens
  %4 = bert.first_token %3 : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  return %4 : tensor<?x8xf32>
}

// -----

// The sequence is an output: TensorFlow's padded positions have values too.
// CHECK-LABEL: func.func @sequence
func.func @sequence(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %word: tensor<30x8xf32>, %norm: tensor<8xf32>,
                    %qkv: tensor<8x24xf32>) -> tensor<?x?x8xf32> {
  // PADDING: bert.pack_tokens all of
  // SKIP: bert.pack_tokens keys of
  %0 = bert.embeddings %ids word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %1 = bert.dense %0, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  %2 = bert.attention %1 mask %mask {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  // CHECK: %[[U:.*]] = bert.unpack_tokens %{{.*}} tokens %{{.*}} -> tensor<?x?x8xf32>
  // CHECK: return %[[U]]
  return %2 : tensor<?x?x8xf32>
}

// -----

// Two masks: all positions are tokens, each attention has keys of its own.
// CHECK-LABEL: func.func @two_masks
func.func @two_masks(%ids: tensor<?x?xi32>, %a: tensor<?x?xi32>, %b: tensor<?x?xi32>, %word: tensor<30x8xf32>, %norm: tensor<8xf32>,
                     %qkv: tensor<8x24xf32>) -> tensor<?x8xf32> {
  // CHECK-DAG: %[[A:.*]] = bert.pack_tokens all of %{{.*}} mask %arg1
  // CHECK-DAG: %[[B:.*]] = bert.pack_tokens all of %{{.*}} mask %arg2
  %0 = bert.embeddings %ids word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %1 = bert.dense %0, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  // CHECK: bert.attention %{{.*}} tokens %[[A]]
  %2 = bert.attention %1 mask %a {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  %3 = bert.dense %2, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  // CHECK: bert.attention %{{.*}} tokens %[[B]]
  %4 = bert.attention %3 mask %b {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  %5 = bert.first_token %4 : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  return %5 : tensor<?x8xf32>
}

// -----

// What comes from elsewhere is all positions, in order; the mask gives the shape.
// CHECK-LABEL: func.func @no_embeddings
func.func @no_embeddings(%x: tensor<?x?x24xf32>, %mask: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[T:.*]] = bert.pack_tokens all of %{{.*}} mask
  // CHECK: %[[ROWS:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]]
  // CHECK: %[[A:.*]] = bert.attention %[[ROWS]] tokens %[[T]]
  // CHECK: bert.unpack_tokens %[[A]] tokens %[[T]]
  %0 = bert.attention %x mask %mask {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}

// -----

// Dense layers outside of what is packed stay there, before an attention and behind it.
// CHECK-LABEL: func.func @no_embeddings_dense
func.func @no_embeddings_dense(%x: tensor<?x?x8xf32>, %mask: tensor<?x?xi32>, %qkv: tensor<8x24xf32>) -> tensor<?x?x24xf32> {
  // CHECK: %[[QKV:.*]] = bert.dense %{{.*}} -> tensor<?x?x24xf32>
  // CHECK: %[[ROWS:.*]] = tensor.collapse_shape %[[QKV]]
  // CHECK: %[[A:.*]] = bert.attention %[[ROWS]] tokens
  // CHECK: %[[U:.*]] = bert.unpack_tokens %[[A]]
  // CHECK: %[[D:.*]] = bert.dense %[[U]], %{{.*}} -> tensor<?x?x24xf32>
  // CHECK: return %[[D]]
  %0 = bert.dense %x, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  %1 = bert.attention %0 mask %mask {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  %2 = bert.dense %1, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  return %2 : tensor<?x?x24xf32>
}

// -----

// Sums between layers, where each layer normalises its input, are packed too; one with
// something that has no tokens is not.
// CHECK-LABEL: func.func @sums
func.func @sums(%ids: tensor<?x?xi32>, %mask: tensor<?x?xi32>, %word: tensor<30x8xf32>, %norm: tensor<8xf32>,
                %qkv: tensor<8x24xf32>, %other: tensor<?x?x8xf32>) -> (tensor<?x8xf32>, tensor<?x?x8xf32>) {
  %0 = bert.embeddings %ids word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %1 = bert.dense %0, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  %2 = bert.attention %1 mask %mask {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  // CHECK: %[[S:.*]] = ov.add %{{.*}}, %{{.*}} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  // CHECK: bert.first_token %[[S]] tokens
  %3 = ov.add %2, %0 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %4 = bert.first_token %3 : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  // CHECK: ov.add %{{.*}}, %arg5 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %5 = ov.add %3, %other : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  return %4, %5 : tensor<?x8xf32>, tensor<?x?x8xf32>
}

// -----

// Two sentences are two groups of tokens, each with the mask that its attention has.
// CHECK-LABEL: func.func @two_sentences
// CHECK-SAME: %[[IDS0:[^:]*]]: tensor<?x?xi32>, %[[MASK0:[^:]*]]: tensor<?x?xi32>, %[[IDS1:[^:]*]]: tensor<?x?xi32>, %[[MASK1:[^:]*]]: tensor<?x?xi32>
func.func @two_sentences(%ids0: tensor<?x?xi32>, %mask0: tensor<?x?xi32>, %ids1: tensor<?x?xi32>, %mask1: tensor<?x?xi32>,
                         %word: tensor<30x8xf32>, %norm: tensor<8xf32>, %qkv: tensor<8x24xf32>) -> (tensor<?x8xf32>, tensor<?x?x8xf32>) {
  // CHECK-DAG: %[[T0:.*]] = bert.pack_tokens keys_and_first of %[[IDS0]] mask %[[MASK0]]
  // PADDING-DAG: %[[T1:.*]] = bert.pack_tokens all of %[[IDS1]] mask %[[MASK1]]
  // SKIP-DAG: %[[T1:.*]] = bert.pack_tokens keys of %[[IDS1]] mask %[[MASK1]]
  // CHECK: bert.embeddings %[[IDS0]] tokens %[[T0]]
  // CHECK: bert.embeddings %[[IDS1]] tokens %[[T1]]
  %0 = bert.embeddings %ids0 word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %1 = bert.embeddings %ids1 word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %2 = bert.dense %0, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  // CHECK: bert.attention %{{.*}} tokens %[[T0]]
  %3 = bert.attention %2 mask %mask0 {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  %4 = bert.dense %1, %qkv : (tensor<?x?x8xf32>, tensor<8x24xf32>) -> tensor<?x?x24xf32>
  // CHECK: bert.attention %{{.*}} tokens %[[T1]]
  %5 = bert.attention %4 mask %mask1 {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>, tensor<?x?xi32>) -> tensor<?x?x8xf32>
  // CHECK: bert.unpack_tokens %{{.*}} tokens %[[T1]]
  // CHECK: bert.first_token %{{.*}} tokens %[[T0]]
  %6 = bert.first_token %3 : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  return %6, %5 : tensor<?x8xf32>, tensor<?x?x8xf32>
}

// -----

// A sum of both is in no group.
// CHECK-LABEL: func.func @sum_of_two
func.func @sum_of_two(%ids0: tensor<?x?xi32>, %ids1: tensor<?x?xi32>, %word: tensor<30x8xf32>, %norm: tensor<8xf32>) -> tensor<?x?x8xf32> {
  %0 = bert.embeddings %ids0 word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %1 = bert.embeddings %ids1 word %word position %word norm %norm, %norm {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<30x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  // CHECK-DAG: %[[U0:.*]] = bert.unpack_tokens
  // CHECK-DAG: %[[U1:.*]] = bert.unpack_tokens
  // CHECK: ov.add %{{.*}}, %{{.*}} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>)
  %2 = ov.add %0, %1 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  return %2 : tensor<?x?x8xf32>
}
