// RUN: bert-opt %s --convert-bert-to-kernels --split-input-file --verify-diagnostics
// RUN: not bert-opt %s --convert-bert-to-kernels=vector-bits=64 2>&1 | FileCheck %s
// CHECK: vector-bits is 64; 512, 256 and 128 can be used

func.func @padded(%x: tensor<?x?x24xf32>) -> tensor<?x?x8xf32> {
  // expected-error @+1 {{is not in packed form; run bert-pack-tokens first}}
  %0 = bert.attention %x {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}

// -----

func.func @not_packed(%x: tensor<?x8xf32>, %w: tensor<8x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{has a weight without a place in the weights file; run bert-pack-weights first}}
  %0 = bert.dense %x, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @two_weights(%x: tensor<?x8xf32>, %w: tensor<8x8xf32>) -> tensor<?x16xf32> {
  // expected-error @+1 {{has weights that are not packed; run bert-pack-weights first}}
  %0 = bert.dense %x, %w, %w : (tensor<?x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
