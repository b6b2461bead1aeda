// RUN: bert-opt --ov-fuse-layer-norm --mlir-print-debuginfo %s | FileCheck %s
// RUN: bert-opt --ov-fuse-layer-norm --remarks-filter=ov-fuse-layer-norm %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The last op takes over the name of the one whose value it replaces.

// REMARK: 'ln/Rsqrt' became MVN

// CHECK: ov.mvn {{.*}} loc(#[[RSQRT:.*]])
// CHECK: ov.multiply {{.*}} loc(#[[MUL:.*]])
// CHECK: ov.add {{.*}} loc(#[[LAST:.*]])
// CHECK-DAG: #[[RSQRT]] = loc("ln/Rsqrt")
// CHECK-DAG: #[[MUL]] = loc("ln/mul")
// CHECK-DAG: #[[ADD:.*]] = loc("ln/add_1")
// CHECK: #[[LAST]] = loc(fused[#[[RSQRT]], #[[ADD]]])
func.func @names(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32> loc("ln/Rsqrt")
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32> loc("ln/mul")
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32> loc("ln/add_1")
  return %y : tensor<2x4x8xf32>
}
