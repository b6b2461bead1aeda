// RUN: bert-opt %s --ov-to-bert | FileCheck %s

// A model of embeddings and a dense layer of which only the first token is read: tokens are
// packed, and the dense layer is computed for first tokens only.

// CHECK-LABEL: func.func @main
// CHECK: %[[TOKENS:.*]] = bert.pack_tokens keys_and_first of %arg0
// CHECK: %[[X:.*]] = bert.embeddings %arg0 {{.*}}tokens %[[TOKENS]] {{.*}} -> tensor<?x8xf32>
// CHECK-NEXT: %[[FIRST:.*]] = bert.first_token %[[X]] tokens %[[TOKENS]]
// CHECK-NEXT: %[[Y:.*]] = bert.dense %[[FIRST]]
// CHECK-NEXT: return %[[Y]]
func.func @main(%ids: tensor<?x?xi32>) -> tensor<?x8xf32> {
  %word = ov.weight "word" dense_resource<word> : tensor<30x8xf32>
  %position = ov.weight "position" dense_resource<position> : tensor<16x8xf32>
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %i0 = ov.constant dense<0> : tensor<i64>
  %i1 = ov.constant dense<1> : tensor<i64>
  %axes0 = ov.constant dense<0> : tensor<1xi64>
  %axes1 = ov.constant dense<1> : tensor<1xi64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.gather %word, %ids, %i0 {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %1 = ov.shape_of %ids {output_type = i64} : (tensor<?x?xi32>) -> tensor<2xi64>
  %2 = ov.gather %1, %axes1, %i0 {batch_dims = 0 : i64} : (tensor<2xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %3 = ov.slice %position, %axes0, %2, %axes1, %axes0 : (tensor<16x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x8xf32>
  %4 = ov.add %0, %3 : (tensor<?x?x8xf32>, tensor<?x8xf32>) -> tensor<?x?x8xf32>
  %x = ov.mvn %4, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  %5 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %6 = ov.gather %5, %i0, %i1 {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x8xf32>
  return %6 : tensor<?x8xf32>
}
