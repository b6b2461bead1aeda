// RUN: bert-opt %s --ov-select-outputs="outputs=b,inner" | FileCheck %s
// RUN: bert-opt %s --ov-select-outputs="outputs=inner:0" | FileCheck %s --check-prefix=ONE
// RUN: bert-opt %s --ov-select-outputs | FileCheck %s --check-prefix=SAME
// RUN: not bert-opt %s --ov-select-outputs="outputs=innner" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not bert-opt %s --ov-select-outputs="outputs=inner:1" 2>&1 | FileCheck %s --check-prefix=PORT

// An output by its tensor's name, and a layer that was none; the other output goes.
// CHECK: func.func @model
// CHECK-SAME: -> (tensor<2xf32> {ov.name = "second", ov.names = ["b:0"]}, tensor<2xf32> {ov.name = "inner", ov.names = ["inner:0", "inner"]})
// CHECK: %[[INNER:.*]] = ov.exp %arg0
// CHECK: %[[B:.*]] = ov.negative %[[INNER]]
// CHECK-NOT: ov.abs
// CHECK: return %[[B]], %[[INNER]]

// ONE: -> (tensor<2xf32> {ov.name = "inner:0", ov.names = ["inner:0", "inner"]})
// ONE-NOT: ov.negative

// SAME: -> (tensor<2xf32> {ov.name = "first", ov.names = ["a:0"]}, tensor<2xf32> {ov.name = "second", ov.names = ["b:0"]})
// SAME: ov.abs

// UNKNOWN: error: the model has no output or layer 'innner'; did you mean 'inner'?
// PORT: error: {{.*}}layer 'inner' has 1 outputs; there is no output 1
func.func @model(%x: tensor<2xf32> {ov.name = "x"}) -> (tensor<2xf32> {ov.name = "first", ov.names = ["a:0"]}, tensor<2xf32> {ov.name = "second", ov.names = ["b:0"]}) {
  %inner = ov.exp %x : (tensor<2xf32>) -> tensor<2xf32> loc("inner")
  %a = ov.abs %inner : (tensor<2xf32>) -> tensor<2xf32> loc("a")
  %b = ov.negative %inner : (tensor<2xf32>) -> tensor<2xf32> loc("b")
  return %a, %b : tensor<2xf32>, tensor<2xf32>
}
