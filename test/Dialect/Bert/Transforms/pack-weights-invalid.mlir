// RUN: bert-opt %s --bert-pack-weights --split-input-file --verify-diagnostics

// A file may declare weights without elements; kernels divide by their sizes.

func.func @no_rows(%x: tensor<?x?x0xf32>) -> tensor<?x?x8xf32> {
  %w = ov.weight "w" dense<> : tensor<0x8xf32>
  // expected-error @below {{'bert.dense' op reads a weight of type 'tensor<0x8xf32>', which has no elements; native code can't be made of that}}
  %0 = bert.dense %x, %w : (tensor<?x?x0xf32>, tensor<0x8xf32>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}

// -----

func.func @empty_table(%ids: tensor<?x?xi32>) -> tensor<?x?x0xf32> {
  %w = ov.weight "w" dense<> : tensor<8x0xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  // expected-error @below {{'ov.gather' op reads a weight of type 'tensor<8x0xf32>', which has no elements}}
  %0 = ov.gather %w, %ids, %zero {batch_dims = 0 : i64} : (tensor<8x0xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x0xf32>
  return %0 : tensor<?x?x0xf32>
}
