// RUN: bert-opt %s --ov-optimize --split-input-file | FileCheck %s
// RUN: bert-opt %s --ov-optimize --ov-optimize --split-input-file | FileCheck %s

// Layer normalisation as mixed precision leaves it, with Converts in between. To the same type
// they are nothing, and epsilon is the graph's own.

// CHECK-LABEL: func.func @same_type
// CHECK-NOT: ov.convert
// CHECK: ov.mvn %{{.*}} {eps = 0.00100000{{[0-9]*}} : f64, eps_mode = "INSIDE_SQRT"
// CHECK-NOT: ov.reduce_mean
func.func @same_type(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<2> : tensor<1xi64>
  %eps = ov.constant dense<1.0e-3> : tensor<f32>
  %power = ov.constant dense<-0.5> : tensor<f32>
  %gamma = ov.weight "gamma" dense_resource<gamma> : tensor<8xf32>
  %mean = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi64>) -> tensor<2x4x1xf32>
  %mean_cast = ov.convert %mean {destination_type = f32} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %d = ov.squared_difference %x, %mean_cast : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %variance = ov.reduce_mean %d, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi64>) -> tensor<2x4x1xf32>
  %variance_cast = ov.convert %variance {destination_type = f32} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %sum = ov.add %variance_cast, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %rsqrt = ov.power %sum, %power : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %centred = ov.subtract %x, %mean : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %normal = ov.multiply %centred, %rsqrt : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %scaled = ov.multiply %normal, %gamma : (tensor<2x4x8xf32>, tensor<8xf32>) -> tensor<2x4x8xf32>
  return %scaled : tensor<2x4x8xf32>
}

// -----

// A variance that was rounded to f16 is another number: all stays.

// CHECK-LABEL: func.func @rounded
// CHECK-NOT: ov.mvn
// CHECK: ov.convert %{{.*}} {destination_type = f16}
// CHECK-NOT: ov.mvn
func.func @rounded(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %axes = ov.constant dense<2> : tensor<1xi64>
  %eps = ov.constant dense<1.0e-3> : tensor<f32>
  %power = ov.constant dense<-0.5> : tensor<f32>
  %mean = ov.reduce_mean %x, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi64>) -> tensor<2x4x1xf32>
  %d = ov.squared_difference %x, %mean : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %variance = ov.reduce_mean %d, %axes {keep_dims = true} : (tensor<2x4x8xf32>, tensor<1xi64>) -> tensor<2x4x1xf32>
  %half = ov.convert %variance {destination_type = f16} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf16>
  %back = ov.convert %half {destination_type = f32} : (tensor<2x4x1xf16>) -> tensor<2x4x1xf32>
  %sum = ov.add %back, %eps : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %rsqrt = ov.power %sum, %power : (tensor<2x4x1xf32>, tensor<f32>) -> tensor<2x4x1xf32>
  %centred = ov.subtract %x, %mean : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  %normal = ov.multiply %centred, %rsqrt : (tensor<2x4x8xf32>, tensor<2x4x1xf32>) -> tensor<2x4x8xf32>
  return %normal : tensor<2x4x8xf32>
}
