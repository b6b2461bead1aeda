// RUN: bert-opt --ov-fuse-gelu --mlir-print-debuginfo %s | FileCheck %s
// RUN: bert-opt --ov-fuse-gelu --remarks-filter=ov-fuse-gelu %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The Gelu takes over the name of the op whose value it replaces; the name under
// which a user asks for the output stays where it is.

// REMARK: 'layer/Erf' became Gelu ERF

// CHECK: func.func @names
// CHECK-SAME: ov.name = "layer/mul_1"
// CHECK: ov.gelu {{.*}} loc(#[[LOC:.*]])
// CHECK-DAG: #[[ERF:.*]] = loc("layer/Erf")
// CHECK-DAG: #[[MUL:.*]] = loc("layer/mul_1")
// CHECK: #[[LOC]] = loc(fused[#[[ERF]], #[[MUL]]])
func.func @names(%x: tensor<8xf32>) -> (tensor<8xf32> {ov.name = "layer/mul_1", ov.names = ["layer/mul_1", "layer/mul_1:0"]}) {
  %root2 = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.divide %x, %root2 {m_pythondiv = true} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32> loc("layer/truediv")
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Erf")
  %2 = ov.add %1, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32> loc("layer/add")
  %3 = ov.multiply %2, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32> loc("layer/mul")
  %4 = ov.multiply %x, %3 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32> loc("layer/mul_1")
  return %4 : tensor<8xf32>
}
