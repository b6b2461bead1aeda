// RUN: rm -rf %t && mkdir -p %t
// RUN: bert-translate --export-ir --compress-to-fp16 %s -o %t/m.xml
// RUN: FileCheck %s < %t/m.xml
// RUN: od -An -v -tx2 -w2 -N8 %t/m.bin | FileCheck %s --check-prefix=BIN

// Stored as f16 behind a Convert that has the name; what f16 can't hold stays f32, and
// so do trained vectors. To nearest, ties to even; 1/3, the largest value, a subnormal,
// minus zero.

// CHECK: name="w_compressed" type="Const"
// CHECK-NEXT: <data element_type="f16" shape="2, 2" offset="0" size="8"/>
// CHECK: name="w" type="Convert"
// CHECK: <attribute name="decompression" version="0"/>
// CHECK: name="tiny" type="Const"
// CHECK-NEXT: <data element_type="f32" shape="2, 2" offset="8" size="16"/>
// CHECK: name="bias" type="Const"
// CHECK-NEXT: <data element_type="f32" shape="2" offset="24" size="8"/>
// CHECK: name="ids" type="Const"
// CHECK-NEXT: <data element_type="i64"

// BIN: 3555
// BIN-NEXT: 7bff
// BIN-NEXT: 0200
// BIN-NEXT: 8000
func.func @model(%x: tensor<2x2xf32> {ov.name = "x"}) -> (tensor<2x2xf32> {ov.name = "y"}) {
  %w = ov.weight "w" dense<[[0.333333333, 65504.0], [3.0517578125e-05, -0.0]]> : tensor<2x2xf32>
  %tiny = ov.weight "tiny" dense<[[1.0e-12, 1.0e-12], [1.0e-12, 1.0]]> : tensor<2x2xf32>
  %bias = ov.weight "bias" dense<[0.333333333, 1.0]> : tensor<2xf32>
  %ids = ov.constant dense<[0, 1]> : tensor<2xi64> loc("ids")
  %axis = ov.constant dense<0> : tensor<i64>
  %a = ov.add %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %b = ov.add %a, %tiny : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %c = ov.add %b, %bias : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %g = ov.gather %c, %ids, %axis {batch_dims = 0 : i64} : (tensor<2x2xf32>, tensor<2xi64>, tensor<i64>) -> tensor<2x2xf32>
  return %g : tensor<2x2xf32>
}
