// An op and the helpers beside it share a location; the op's layer gets the name that
// the user knows, whatever comes first. A weight's name comes before all.

// RUN: rm -rf %t && mkdir -p %t
// RUN: bert-translate --export-ir %s -o %t/m.xml
// RUN: FileCheck %s < %t/m.xml

// CHECK: name="self/Reshape_1_1" type="Const"
// CHECK: name="self/Reshape" type="Reshape"
// CHECK: name="self/Reshape_2" type="Const"
// CHECK: name="self/Reshape_1" type="Reshape"
// CHECK: name="taken_1" type="Abs"
// CHECK: name="taken" type="Const"
// CHECK: name="Negative" type="Negative"
// CHECK: name="exp_1" type="Reshape"
// CHECK: name="exp" type="Exp"
func.func @model(%x: tensor<2x4xf32> {ov.name = "x"}) -> (tensor<4x2xf32> {ov.name = "y"}) {
  %first = ov.constant dense<[4, 2]> : tensor<2xi64> loc("self/Reshape_1")
  %0 = ov.reshape %x, %first {special_zero = false} : (tensor<2x4xf32>, tensor<2xi64>) -> tensor<4x2xf32> loc("self/Reshape")
  %second = ov.constant dense<[2, 4]> : tensor<2xi64> loc("self/Reshape")
  %1 = ov.reshape %0, %second {special_zero = false} : (tensor<4x2xf32>, tensor<2xi64>) -> tensor<2x4xf32> loc("self/Reshape_1")
  %2 = ov.abs %1 : (tensor<2x4xf32>) -> tensor<2x4xf32> loc("taken")
  %w = ov.weight "taken" dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %3 = ov.add %2, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32> loc("sum")
  %4 = ov.negative %3 : (tensor<2x4xf32>) -> tensor<2x4xf32> loc(unknown)
  %5 = ov.reshape %4, %first {special_zero = false} : (tensor<2x4xf32>, tensor<2xi64>) -> tensor<4x2xf32> loc("exp")
  %6 = ov.exp %5 : (tensor<4x2xf32>) -> tensor<4x2xf32> loc("exp")
  return %6 : tensor<4x2xf32>
}
