// RUN: bert-opt %s --bert-pack-tokens --verify-diagnostics

func.func @no_shape(%x: tensor<?x?x24xf32>) -> tensor<?x?x8xf32> {
  // expected-error @+1 {{has neither ids nor an integer mask in its model; its sequences can't be told apart}}
  %0 = bert.attention %x {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}
