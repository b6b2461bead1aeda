// RUN: rm -rf %t && split-file %s %t
// RUN: bert-translate --export-ir --compress-to-fp16 %t/share.mlir -o %t/share.xml
// RUN: FileCheck %s --check-prefix=SHARE < %t/share.xml
// RUN: bert-translate --export-ir --compress-to-fp16 %t/int8.mlir -o %t/int8.xml
// RUN: FileCheck %s --check-prefix=INT8 < %t/int8.xml

// Model Optimizer's rules for --compress_to_fp16. A constant stays f32 from three quarters
// of its elements on that f16 can't hold; zeros count as held. Scalars are constants too.

// SHARE: name="half_tiny_compressed" type="Const"
// SHARE-NEXT: element_type="f16" shape="2, 4"
// SHARE: name="zeros_and_tiny_compressed" type="Const"
// SHARE-NEXT: element_type="f16" shape="2, 4"
// SHARE: name="three_quarters" type="Const"
// SHARE-NEXT: element_type="f32" shape="2, 4"
// SHARE: name="large" type="Const"
// SHARE-NEXT: element_type="f32" shape="2, 4"
// SHARE: name="masked_compressed" type="Const"
// SHARE-NEXT: element_type="f16" shape=""
// SHARE: name="epsilon" type="Const"
// SHARE-NEXT: element_type="f32" shape=""

// A model with 8-bit weights is left alone: its f32 constants are their scales.

// INT8-NOT: element_type="f16"
// INT8: name="w" type="Const"
// INT8-NEXT: element_type="i8"
// INT8-NOT: element_type="f16"

//--- share.mlir
func.func @model(%x: tensor<2x4xf32> {ov.name = "x"}) -> (tensor<2x4xf32> {ov.name = "y"}) {
  %half_tiny = ov.weight "half_tiny" dense<[[1.0e-12, 1.0e-12, 1.0e-12, 1.0e-12], [1.0, 2.0, 3.0, 4.0]]> : tensor<2x4xf32>
  %zeros_and_tiny = ov.weight "zeros_and_tiny" dense<[[1.0e-12, 1.0e-12, 1.0e-12, 1.0e-12], [0.0, 0.0, 0.0, 1.0]]> : tensor<2x4xf32>
  %three_quarters = ov.weight "three_quarters" dense<[[1.0e-12, 1.0e-12, 1.0e-12, 1.0e-12], [1.0e-12, 1.0e6, 3.0, 4.0]]> : tensor<2x4xf32>
  %large = ov.weight "large" dense<1.0e6> : tensor<2x4xf32>
  %masked = ov.constant dense<-10000.0> : tensor<f32> loc("masked")
  %epsilon = ov.constant dense<1.0e-12> : tensor<f32> loc("epsilon")
  %0 = ov.add %x, %half_tiny : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = ov.add %0, %zeros_and_tiny : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = ov.add %1, %three_quarters : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = ov.add %2, %large : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = ov.multiply %3, %masked : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %5 = ov.add %4, %epsilon : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  return %5 : tensor<2x4xf32>
}
//--- int8.mlir
func.func @model(%x: tensor<2x4xf32> {ov.name = "x"}) -> (tensor<2x2xf32> {ov.name = "y"}) {
  %w = ov.weight "w" dense<[[1, 2], [3, 4], [5, 6], [7, 8]]> : tensor<4x2xi8>
  %scale = ov.weight "scale" dense<[[0.5, 0.25], [0.5, 0.25], [0.5, 0.25], [0.5, 0.25]]> : tensor<4x2xf32>
  %0 = ov.convert %w {destination_type = f32} : (tensor<4x2xi8>) -> tensor<4x2xf32>
  %1 = ov.multiply %0, %scale : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  %2 = ov.matmul %x, %1 {transpose_a = false, transpose_b = false} : (tensor<2x4xf32>, tensor<4x2xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}
