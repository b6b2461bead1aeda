// RUN: bert-opt --ov-remove-no-ops --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-remove-no-ops --ov-remove-no-ops --split-input-file %s | FileCheck %s

// The example of the pass's description: a chain of ops that do nothing.

// CHECK-LABEL: func.func @chain
// CHECK-SAME: (%[[X:.*]]: tensor<2x4xf32>
// CHECK-SAME: ov.name = "out"
// CHECK-NEXT: return %[[X]]
func.func @chain(%x: tensor<2x4xf32>) -> (tensor<2x4xf32> {ov.name = "out", ov.names = ["out"]}) {
  %shape = ov.constant dense<[2, 4]> : tensor<2xi64>
  %order = ov.constant dense<[0, 1]> : tensor<2xi64>
  %one = ov.constant dense<1.0> : tensor<f32>
  %zero = ov.constant dense<0.0> : tensor<2x4xf32>
  %ones = ov.constant dense<1> : tensor<2xi64>
  %zeros = ov.constant dense<0> : tensor<2xi64>
  %0 = ov.convert %x {destination_type = f32} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = ov.reshape %0, %shape {special_zero = false} : (tensor<2x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %2 = ov.transpose %1, %order : (tensor<2x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %3 = ov.multiply %one, %2 : (tensor<f32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = ov.add %3, %zero : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %5 = ov.subtract %4, %zero : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %6 = ov.divide %5, %one {m_pythondiv = true} : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %7 = ov.power %6, %one : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %8 = ov.tile %7, %ones : (tensor<2x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %9 = ov.broadcast %8, %shape {mode = "numpy"} : (tensor<2x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %10 = ov.slice %9, %zeros, %shape, %ones : (tensor<2x4xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x4xf32>
  %11 = ov.concat %10 {axis = 0 : i64} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %11 : tensor<2x4xf32>
}

// -----

// With open dimensions, too, where the op can't change them.

// CHECK-LABEL: func.func @open
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
// CHECK-NEXT: return %[[X]]
func.func @open(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %one = ov.constant dense<1.0> : tensor<1x1xf32>
  %order = ov.constant dense<[0, 1]> : tensor<2xi64>
  %zeros = ov.constant dense<0> : tensor<2xi64>
  %ends = ov.constant dense<2147483647> : tensor<2xi64>
  %ones = ov.constant dense<1> : tensor<2xi64>
  %0 = ov.multiply %x, %one : (tensor<?x4xf32>, tensor<1x1xf32>) -> tensor<?x4xf32>
  %1 = ov.transpose %0, %order : (tensor<?x4xf32>, tensor<2xi64>) -> tensor<?x4xf32>
  %2 = ov.slice %1, %zeros, %ends, %ones : (tensor<?x4xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

// A constant that widens x is no neutral element: x may have one row.

// CHECK-LABEL: func.func @broadcasts
// CHECK: ov.multiply
// CHECK: ov.add
func.func @broadcasts(%x: tensor<1x4xf32>, %y: tensor<?x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xf32>) {
  %ones = ov.constant dense<1.0> : tensor<3x1xf32>
  %zeros = ov.constant dense<0.0> : tensor<3x4xf32>
  %0 = ov.multiply %x, %ones : (tensor<1x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %1 = ov.add %y, %zeros : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<3x4xf32>
}

// -----

// A Reshape to open dimensions may swap them; a Convert changes the type; the
// neutral element stands on the wrong side; a weight of ones is not looked at.

// CHECK-LABEL: func.func @stays
// CHECK: ov.reshape
// CHECK: ov.convert
// CHECK: ov.subtract
// CHECK: ov.divide
// CHECK: ov.multiply
func.func @stays(%x: tensor<?x?xf32>, %shape: tensor<2xi64>) -> tensor<?x?xf16> {
  %zero = ov.constant dense<0.0> : tensor<f16>
  %one = ov.constant dense<1.0> : tensor<f16>
  %gamma = ov.weight "gamma" dense<1.0> : tensor<f16>
  %0 = ov.reshape %x, %shape {special_zero = false} : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %1 = ov.convert %0 {destination_type = f16} : (tensor<?x?xf32>) -> tensor<?x?xf16>
  %2 = ov.subtract %zero, %1 : (tensor<f16>, tensor<?x?xf16>) -> tensor<?x?xf16>
  %3 = ov.divide %one, %2 {m_pythondiv = true} : (tensor<f16>, tensor<?x?xf16>) -> tensor<?x?xf16>
  %4 = ov.multiply %3, %gamma : (tensor<?x?xf16>, tensor<f16>) -> tensor<?x?xf16>
  return %4 : tensor<?x?xf16>
}

// -----

// Removing one dimension is no removal of none.

// CHECK-LABEL: func.func @squeezes
// CHECK-SAME: (%[[X:.*]]: tensor<1x4xf32>)
// CHECK: ov.squeeze
// CHECK-NOT: return %[[X]]
func.func @squeezes(%x: tensor<1x4xf32>) -> tensor<4xf32> {
  %axis = ov.constant dense<0> : tensor<1xi64>
  %0 = ov.squeeze %x, %axis : (tensor<1x4xf32>, tensor<1xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
