// RUN: bert-opt --ov-fuse-layer-norm --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-fuse-layer-norm --ov-fuse-layer-norm --split-input-file %s | FileCheck %s

// The example of the pass's description: how tf.contrib.layers.layer_norm spells it.

// CHECK-LABEL: func.func @contrib
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @contrib(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %x, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %k : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %xk, %rest : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// Without a shift.

// CHECK-LABEL: func.func @distributed_without_shift
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: return %[[MUL]]
func.func @distributed_without_shift(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %xk = ov.multiply %k, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %k, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %y = ov.subtract %xk, %mk : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// Without a scale, the sum the other way round.

// CHECK-LABEL: func.func @distributed_without_scale
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MVN]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @distributed_without_scale(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %xk = ov.multiply %x, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %mk = ov.multiply %m, %r : (tensor<2x4x1xf32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %rest, %xk : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// (x - m) / sqrt(v + eps) * g + b.

// CHECK-LABEL: func.func @divide_by_sqrt
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[G]], %[[MVN]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @divide_by_sqrt(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %s = ov.sqrt %ve : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %n = ov.divide %d, %s {m_pythondiv = true} : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %ng = ov.multiply %g, %n : (tensor<8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %ng, %b : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// (x - m) * (1 / sqrt(v + eps)), the reciprocal as quotient.

// CHECK-LABEL: func.func @sqrt_and_reciprocal
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @sqrt_and_reciprocal(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %s = ov.sqrt %ve : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %r = ov.divide %one, %s {m_pythondiv = true} : (tensor<f32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %n = ov.multiply %r, %d : (tensor<2x4x1xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %ng = ov.multiply %n, %g : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %ng, %b : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// Power 0.5, then Power -1.

// CHECK-LABEL: func.func @powers
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @powers(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %p = ov.constant dense<0.5> : tensor<f32>
  %q = ov.constant dense<-1.0> : tensor<f32>
  %s = ov.power %ve, %p : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %r = ov.power %s, %q : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %n = ov.multiply %d, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %ng = ov.multiply %n, %g : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %ng, %b : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The variance as mean of d * d; the scale joins the difference first.

// CHECK-LABEL: func.func @square_of_difference
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @square_of_difference(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %dd = ov.multiply %d, %d : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %dd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %eps, %v : (tensor<f32>, tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %dg = ov.multiply %d, %g : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %n = ov.multiply %dg, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %n, %b : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// The variance as mean of d^2; the mean is computed a second time.

// CHECK-LABEL: func.func @power_of_difference
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @power_of_difference(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %two = ov.constant dense<2.0> : tensor<f32>
  %dd = ov.power %d, %two : (tensor<2x4x8xf32>, tensor<f32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %dd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %m2 = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %d2 = ov.subtract %x, %m2 : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %n = ov.multiply %d2, %r : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %ng = ov.multiply %n, %g : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %ng, %b : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// (x - m) * (r * g) + b.

// CHECK-LABEL: func.func @scale_joins_inverse
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @scale_joins_inverse(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<[-1]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi32>) -> tensor<2x4x1xf32>
  %ve = ov.add %v, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %k = ov.multiply %r, %g : (tensor<2x4x1xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  %d = ov.subtract %x, %m : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %n = ov.multiply %d, %k : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %y = ov.add %n, %b : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// -----

// Open batch and sequence length.

// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: (%[[X:.*]]: tensor<?x?x8xf32>)
// CHECK-DAG: %[[G:.*]] = ov.weight "gamma"
// CHECK-DAG: %[[B:.*]] = ov.weight "beta"
// CHECK-DAG: %[[AXES:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[MVN:.*]] = ov.mvn %[[X]], %[[AXES]] {eps = {{9.99999996.*E-13}} : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK-NEXT: %[[MUL:.*]] = ov.multiply %[[MVN]], %[[G]]
// CHECK-NEXT: %[[ADD:.*]] = ov.add %[[MUL]], %[[B]]
// CHECK-NEXT: return %[[ADD]]
func.func @dynamic(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %axes = ov.constant dense<[2]> : tensor<1xi32>
  %eps = ov.constant dense<9.99999996E-13> : tensor<f32>
  %g = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %b = ov.weight "beta" dense_resource<beta> : tensor<8xf32>
  %m = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<?x?x8xf32>, tensor<1xi32>) -> tensor<?x?x1xf32>
  %sd = ov.squared_difference %x, %m : (tensor<?x?x8xf32>, tensor<?x?x1xf32>) -> tensor<?x?x8xf32>
  %v = ov.reduce_mean %sd, %axes {keep_dims = true} : (tensor<?x?x8xf32>, tensor<1xi32>) -> tensor<?x?x1xf32>
  %ve = ov.add %v, %eps : (tensor<?x?x1xf32>, tensor<f32>) -> tensor<?x?x1xf32>
  %e = ov.constant dense<-5.0E-1> : tensor<f32>
  %r = ov.power %ve, %e : (tensor<?x?x1xf32>, tensor<f32>) -> tensor<?x?x1xf32>
  %k = ov.multiply %r, %g : (tensor<?x?x1xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %xk = ov.multiply %x, %k : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %mk = ov.multiply %m, %k : (tensor<?x?x1xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %rest = ov.subtract %b, %mk : (tensor<8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %y = ov.add %xk, %rest : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  return %y : tensor<?x?x8xf32>
}
