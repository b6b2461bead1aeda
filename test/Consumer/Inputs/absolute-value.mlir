// The consumer's pass beside one of ours.

// CHECK-LABEL: func @absolute_value
// CHECK-NEXT: %[[ABS:.*]] = ov.abs %arg0
// CHECK-NEXT: return %[[ABS]]
func.func @absolute_value(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %one = ov.constant dense<1.0> : tensor<f32>
  %square = ov.multiply %x, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %root = ov.sqrt %square : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %same = ov.multiply %root, %one : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  return %same : tensor<?x8xf32>
}

// The product of two values is no square.
// CHECK-LABEL: func @mean
// CHECK-NOT: ov.abs
// CHECK: ov.sqrt
func.func @mean(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %product = ov.multiply %x, %y : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %root = ov.sqrt %product : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %root : tensor<?x8xf32>
}
