// RUN: bert-opt --ov-fuse-layer-norm --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-fuse-layer-norm --split-input-file --remarks-filter=ov-fuse-layer-norm %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// For each spelling of fuse-layer-norm.mlir one that is wrong in what makes it that spelling.

// x / sqrt(v): the numerator is not centred.

// REMARK: Function=quotient_of_x {{.*}}the deviation does not divide x - mean(x) in a known way
// CHECK-LABEL: func.func @quotient_of_x
// CHECK-NOT: ov.mvn
// CHECK: ov.divide
// CHECK-NOT: ov.mvn
func.func @quotient_of_x(%x: tensor<2x4x8xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<-1> : tensor<1xi32>
  %eps = ov.constant dense<1.0e-12> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %s = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %s, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %r = ov.sqrt %ve : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %y = ov.divide %x, %r {m_pythondiv = true} : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// (x - m) * (2 / sqrt(v)).

// REMARK: Function=two_by_sqrt {{.*}}the deviation does not divide x - mean(x) in a known way
// CHECK-LABEL: func.func @two_by_sqrt
// CHECK-NOT: ov.mvn
// CHECK: ov.divide
// CHECK-NOT: ov.mvn
func.func @two_by_sqrt(%x: tensor<2x4x8xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<-1> : tensor<1xi32>
  %eps = ov.constant dense<1.0e-12> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %s = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %s, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %r = ov.sqrt %ve : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %two = ov.constant dense<2.0> : tensor<f32>
  %k = ov.divide %two, %r {m_pythondiv = true} : (tensor<f32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %y = ov.multiply %d, %k : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The mean of d * z is no variance.

// REMARK: Function=product_with_another {{.*}}the variance is not the mean of
// CHECK-LABEL: func.func @product_with_another
// CHECK-NOT: ov.mvn
// CHECK: ov.power
// CHECK-NOT: ov.mvn
func.func @product_with_another(%x: tensor<2x4x8xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<-1> : tensor<1xi32>
  %eps = ov.constant dense<1.0e-12> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %s = ov.multiply %d, %z : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %s, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0e-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %y = ov.multiply %d, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The mean of d^3 is no variance.

// REMARK: Function=cube_of_difference {{.*}}the variance is not the mean of
// CHECK-LABEL: func.func @cube_of_difference
// CHECK-NOT: ov.mvn
// CHECK: ov.power
// CHECK-NOT: ov.mvn
func.func @cube_of_difference(%x: tensor<2x4x8xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<-1> : tensor<1xi32>
  %eps = ov.constant dense<1.0e-12> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %three = ov.constant dense<3.0> : tensor<f32>
  %s = ov.power %d, %three : (tensor<2x4x8xf32>, tensor<f32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %s, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0e-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %y = ov.multiply %d, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The difference is that of another value.

// REMARK: Function=other_value {{.*}}the deviation does not divide x - mean(x) in a known way
// CHECK-LABEL: func.func @other_value
// CHECK-NOT: ov.mvn
// CHECK: ov.power
// CHECK-NOT: ov.mvn
func.func @other_value(%x: tensor<2x4x8xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<-1> : tensor<1xi32>
  %eps = ov.constant dense<1.0e-12> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %s = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %s, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0e-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %z, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %y = ov.multiply %d, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// x r g + (b - m r): the mean is not scaled as x is.

// REMARK: Function=scale_on_one_side {{.*}}the inverse deviation is used more than once
// CHECK-LABEL: func.func @scale_on_one_side
// CHECK-NOT: ov.mvn
// CHECK: ov.power
// CHECK-NOT: ov.mvn
func.func @scale_on_one_side(%x: tensor<2x4x8xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<-1> : tensor<1xi32>
  %eps = ov.constant dense<1.0e-12> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %s = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %s, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0e-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %r : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %y = ov.subtract %xk, %mk : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}
