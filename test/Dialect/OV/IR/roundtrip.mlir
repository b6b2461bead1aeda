// RUN: bert-opt %s | bert-opt | FileCheck %s
// RUN: bert-opt %s --mlir-print-op-generic | bert-opt | FileCheck %s
// RUN: bert-opt %s --emit-bytecode | bert-opt | FileCheck %s

// CHECK-LABEL: func.func @model
// CHECK-SAME: ov.name = "ids"
func.func @model(%ids: tensor<?x16xi32> {ov.name = "ids", ov.names = ["ids", "ids:0"], ov.bounds = array<i64: 1, -1, 16, 16>})
    -> (tensor<?x16x4xf32> {ov.name = "out", ov.names = ["out", "out:0"]}) {
  // CHECK: %[[T:.*]] = ov.weight "table" dense_resource<table> : tensor<8x4xf32>
  %table = ov.weight "table" dense_resource<table> : tensor<8x4xf32>
  // CHECK: %[[AXIS:.*]] = ov.constant dense<0> : tensor<i32>
  %axis = ov.constant dense<0> : tensor<i32>
  // CHECK: ov.gather %[[T]], %{{.*}}, %[[AXIS]] {batch_dims = 0 : i64} : (tensor<8x4xf32>, tensor<?x16xi32>, tensor<i32>) -> tensor<?x16x4xf32>
  %0 = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<8x4xf32>, tensor<?x16xi32>, tensor<i32>) -> tensor<?x16x4xf32>
  // CHECK: ov.gelu %{{.*}} {approximation_mode = "ERF"}
  %1 = ov.gelu %0 {approximation_mode = "ERF"} : (tensor<?x16x4xf32>) -> tensor<?x16x4xf32>
  // CHECK: ov.add %{{.*}}, %{{.*}} : (tensor<?x16x4xf32>, tensor<?x16x4xf32>) -> tensor<?x16x4xf32>
  %2 = ov.add %1, %0 : (tensor<?x16x4xf32>, tensor<?x16x4xf32>) -> tensor<?x16x4xf32>
  // CHECK: ov.layer "opset9" "Sinh"(%{{.*}}) {a = "1"} : (tensor<?x16x4xf32>) -> tensor<?x16x4xf32>
  %3 = ov.layer "opset9" "Sinh" (%2) {a = "1"} : (tensor<?x16x4xf32>) -> tensor<?x16x4xf32>
  return %3 : tensor<?x16x4xf32>
}
