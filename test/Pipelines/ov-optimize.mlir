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

// -----

// Half of a GELU on flattened tokens: the normal form comes before the fusions.

// CHECK-LABEL: func.func @flattened_gelu
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x8xf32>)
// CHECK-NEXT: %[[Y:.*]] = ov.gelu %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @flattened_gelu(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %rows = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %tokens = ov.constant dense<[2, 4, 8]> : tensor<3xi64>
  %root2 = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %flat = ov.reshape %x, %rows {special_zero = false} : (tensor<2x4x8xf32>, tensor<2xi64>) -> tensor<8x8xf32>
  %0 = ov.divide %flat, %root2 {m_pythondiv = true} : (tensor<8x8xf32>, tensor<f32>) -> tensor<8x8xf32>
  %1 = ov.erf %0 : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = ov.reshape %1, %tokens {special_zero = false} : (tensor<8x8xf32>, tensor<3xi64>) -> tensor<2x4x8xf32>
  %3 = ov.add %2, %one : (tensor<2x4x8xf32>, tensor<f32>) -> tensor<2x4x8xf32>
  %4 = ov.multiply %3, %half : (tensor<2x4x8xf32>, tensor<f32>) -> tensor<2x4x8xf32>
  %5 = ov.multiply %x, %4 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %5 : tensor<2x4x8xf32>
}

// -----

// A Convert that converts nothing hides a look-up: what does nothing goes first.

// CHECK-LABEL: func.func @converted_one_hot
// CHECK: ov.gather
// CHECK-NOT: ov.one_hot
func.func @converted_one_hot(%ids: tensor<2x4xi32>) -> tensor<2x4x8xf32> {
  %table = ov.weight "table" dense_resource<table> : tensor<6x8xf32>
  %depth = ov.constant dense<6> : tensor<i32>
  %on = ov.constant dense<1.0> : tensor<f32>
  %off = ov.constant dense<0.0> : tensor<f32>
  %0 = ov.one_hot %ids, %depth, %on, %off {axis = -1 : i64} : (tensor<2x4xi32>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<2x4x6xf32>
  %1 = ov.convert %0 {destination_type = f32} : (tensor<2x4x6xf32>) -> tensor<2x4x6xf32>
  %2 = ov.matmul %1, %table {transpose_a = false, transpose_b = false} : (tensor<2x4x6xf32>, tensor<6x8xf32>) -> tensor<2x4x8xf32>
  return %2 : tensor<2x4x8xf32>
}

// -----

// A sum that is written twice is one value: the fusions ask for one.

// CHECK-LABEL: func.func @sum_written_twice
// CHECK: %[[X:.*]] = ov.add
// CHECK-NEXT: %[[Y:.*]] = ov.gelu %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @sum_written_twice(%a: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %bias = ov.weight "bias" dense_resource<bias> : tensor<8xf32>
  %root2 = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %x = ov.add %a, %bias : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %again = ov.add %a, %bias : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %0 = ov.divide %again, %root2 {m_pythondiv = true} : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %1 = ov.erf %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = ov.add %1, %one : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %3 = ov.multiply %2, %half : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %4 = ov.multiply %x, %3 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// -----

// x * sigmoid(x) is one layer.

// CHECK-LABEL: func.func @swish
// CHECK: ov.swish
// CHECK-NOT: ov.sigmoid
func.func @swish(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = ov.sigmoid %x : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = ov.multiply %x, %0 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}
