// RUN: bert-opt --ov-fuse-layer-norm --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-fuse-layer-norm --split-input-file --remarks-filter=ov-fuse-layer-norm %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// What must not become MVN, and what the remarks say about it.

// REMARK: 'ln/Rsqrt': epsilon is not positive
// REMARK: 'ln/Rsqrt': no constant epsilon is added to the variance
// REMARK: 'ln/Rsqrt': the variance is not the mean of (x - mean(x))^2 with both means over one set of axes
// REMARK: 'ln/Rsqrt': the deviation does not divide x - mean(x) in a known way
// REMARK: 'ln/Rsqrt': the deviation does not divide x - mean(x) in a known way
// REMARK: 'ln/Rsqrt': the inverse deviation is used more than once
// REMARK: 'ln/Rsqrt': a part of it is also used by func.return
// REMARK-NOT: ov-fuse-layer-norm

// Epsilon is not one value.

// CHECK-LABEL: func.func @eps_not_uniform
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @eps_not_uniform(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %w = ov.weight "eps" dense_resource<eps> : tensor<4x1xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %w : (tensor<2x4x1xf32>, tensor<4x1xf32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32> loc("ln/Rsqrt")
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// A negative epsilon.

// CHECK-LABEL: func.func @eps_negative
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @eps_negative(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %minus = ov.constant dense<-1.0> : tensor<f32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %minus : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32> loc("ln/Rsqrt")
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// No epsilon: MVN needs one.

// CHECK-LABEL: func.func @no_eps
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @no_eps(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %v, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32> loc("ln/Rsqrt")
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The mean is over another axis than the variance.

// CHECK-LABEL: func.func @other_axis
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @other_axis(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %other = ov.constant dense<[1]> : tensor<1xi32>
  %m = ov.reduce_mean %x, %other {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x1x8xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x1x8xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32> loc("ln/Rsqrt")
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x1x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The exponent is that of a root, the product that of an inverse.

// CHECK-LABEL: func.func @wrong_exponent
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @wrong_exponent(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32> loc("ln/Rsqrt")
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The sum of two products, not their difference.

// CHECK-LABEL: func.func @wrong_sign
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @wrong_sign(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
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
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.add %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The inverse deviation is an output too.

// CHECK-LABEL: func.func @extra_use
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @extra_use(%x: tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x1xf32>) {
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
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y, %r : tensor<2x4x8xf32>, tensor<2x4x1xf32>
}

// -----

// The mean is an output too.

// CHECK-LABEL: func.func @extra_use_of_mean
// CHECK-NOT: ov.mvn
// CHECK: ov.power
func.func @extra_use_of_mean(%x: tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x1xf32>) {
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
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y, %m : tensor<2x4x8xf32>, tensor<2x4x1xf32>
}

// -----

// A root of something that is no variance: none of this pass's business.

// CHECK-LABEL: func.func @no_variance
// CHECK: ov.sqrt
func.func @no_variance(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = ov.sqrt %x : (tensor<8xf32>) -> tensor<8xf32> loc("sqrt")
  return %0 : tensor<8xf32>
}
