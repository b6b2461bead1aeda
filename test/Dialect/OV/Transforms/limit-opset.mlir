// RUN: bert-opt --ov-limit-opset=opset=7 --split-input-file %s | FileCheck %s --check-prefixes=CHECK,SEVEN
// RUN: bert-opt --ov-limit-opset=opset=1 --split-input-file %s | FileCheck %s --check-prefixes=CHECK,ONE
// RUN: bert-opt --ov-limit-opset=opset=16 --split-input-file %s | FileCheck %s --check-prefix=NEW
// NEW-NOT: ov.layer

// CHECK-LABEL: func.func @layers
// SEVEN: ov.layer "opset7" "Gather"({{.*}}) {batch_dims = "0"}
// SEVEN: ov.layer "opset1" "SoftMax"({{.*}}) {axis = "1"}
// SEVEN: ov.log_softmax
// SEVEN: ov.mvn
// SEVEN: ov.gelu
// ONE: ov.layer "opset1" "Gather"({{.*}}) {}
// ONE: ov.layer "opset1" "SoftMax"({{.*}}) {axis = "1"}
// ONE: ov.exp
// ONE: ov.log
// ONE: ov.sqrt
// ONE: ov.tanh
func.func @layers(%table: tensor<9x4xf32>, %ids: tensor<3xi32>) -> tensor<3x4xf32> {
  %axis = ov.constant dense<0> : tensor<i64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<9x4xf32>, tensor<3xi32>, tensor<i64>) -> tensor<3x4xf32>
  %1 = ov.softmax %0 {axis = -1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %2 = ov.log_softmax %1 {axis = -1 : i64} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %3 = ov.mvn %2, %last {eps = 1.0e-12 : f64, normalize_variance = true, eps_mode = "INSIDE_SQRT"} : (tensor<3x4xf32>, tensor<1xi64>) -> tensor<3x4xf32>
  %4 = ov.gelu %3 {approximation_mode = "TANH"} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  return %4 : tensor<3x4xf32>
}

// -----

// Computed limits of one axis.
// CHECK-LABEL: func.func @slice
// CHECK: ov.concat
// CHECK: ov.strided_slice {{.*}}begin_mask = array<i64: 1, 0>
func.func @slice(%x: tensor<2x8x4xf32>, %stop: tensor<1xi64>) -> tensor<2x?x4xf32> {
  %start = ov.constant dense<0> : tensor<1xi64>
  %step = ov.constant dense<1> : tensor<1xi64>
  %axes = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.slice %x, %start, %stop, %step, %axes : (tensor<2x8x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x?x4xf32>
  return %0 : tensor<2x?x4xf32>
}

// -----

// CHECK-LABEL: func.func @erf
// SEVEN: ov.gelu
// ONE: ov.erf
// CHECK-LABEL: func.func @shape
// SEVEN: ov.shape_of
// ONE: ov.layer "opset1" "ShapeOf"
// ONE: ov.convert
func.func @erf(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = ov.gelu %x {approximation_mode = "ERF"} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
func.func @shape(%x: tensor<?x4xf32>) -> tensor<2xi32> {
  %0 = ov.shape_of %x {output_type = i32} : (tensor<?x4xf32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
