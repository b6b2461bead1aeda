// RUN: bert-opt --ov-limit-opset=opset=6 --verify-diagnostics %s

func.func @einsum(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>, %z: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error @below {{the runtime that is asked for has opset6, and nothing for Einsum of opset7 (2 layers, first ov.einsum); ask for a newer one}}
  %0 = ov.einsum %x, %y {equation = "ab,bc->ac"} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %1 = ov.einsum %0, %z {equation = "ab,bc->ac"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %1 : tensor<2x5xf32>
}
