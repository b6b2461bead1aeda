// RUN: bert-opt --ov-fuse-gelu --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-fuse-gelu --ov-fuse-gelu --split-input-file %s | FileCheck %s

// The example of the pass's description: as modeling.py of 2018 has it.

// CHECK-LABEL: func.func @erf_of_quotient
// CHECK-SAME: (%[[X:.*]]: tensor<2x8xf32>)
// CHECK-NEXT: %[[Y:.*]] = ov.gelu %[[X]] {approximation_mode = "ERF"} : (tensor<2x8xf32>) -> tensor<2x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @erf_of_quotient(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %root2 = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.divide %x, %root2 {m_pythondiv = true} : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %1 = ov.erf %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = ov.add %one, %1 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = ov.multiply %half, %2 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %4 = ov.multiply %x, %3 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// -----

// A product in place of the quotient, the constants on the other side, 0.5 first.

// CHECK-LABEL: func.func @erf_of_product
// CHECK-SAME: (%[[X:.*]]: tensor<?x?x8xf32>)
// CHECK-NEXT: %[[Y:.*]] = ov.gelu %[[X]] {approximation_mode = "ERF"}
// CHECK-NEXT: return %[[Y]]
func.func @erf_of_product(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %c = ov.constant dense<0.707106769> : tensor<1x1x1xf32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.multiply %c, %x : (tensor<1x1x1xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %1 = ov.erf %0 : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %2 = ov.add %1, %one : (tensor<?x?x8xf32>, tensor<f32>) -> tensor<?x?x8xf32>
  %3 = ov.multiply %x, %half : (tensor<?x?x8xf32>, tensor<f32>) -> tensor<?x?x8xf32>
  %4 = ov.multiply %2, %3 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  return %4 : tensor<?x?x8xf32>
}

// -----

// x * (1 + erf) first, then 0.5.

// CHECK-LABEL: func.func @half_last
// CHECK-NEXT: ov.gelu %{{.*}} {approximation_mode = "ERF"}
// CHECK-NEXT: return
func.func @half_last(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c = ov.constant dense<0.707106769> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.multiply %x, %c : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.add %1, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %3 = ov.multiply %x, %2 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %4 = ov.multiply %3, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  return %4 : tensor<8xf32>
}

// -----

// 0.5 x erfc(-x / sqrt(2)).

// CHECK-LABEL: func.func @erfc
// CHECK-NEXT: ov.gelu %{{.*}} {approximation_mode = "ERF"}
// CHECK-NEXT: return
func.func @erfc(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c = ov.constant dense<0.707106769> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %n = ov.negative %x : (tensor<8xf32>) -> tensor<8xf32>
  %0 = ov.multiply %n, %c : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.subtract %one, %1 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %3 = ov.multiply %x, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %4 = ov.multiply %3, %2 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %4 : tensor<8xf32>
}

// -----

// As modeling.py has it since 2019. x is a sum itself and must not be taken apart.

// CHECK-LABEL: func.func @tanh_of_power
// CHECK-SAME: (%[[P:.*]]: tensor<2x8xf32>)
// CHECK: %[[X:.*]] = ov.add %[[P]], %{{.*}} :
// CHECK-NEXT: %[[Y:.*]] = ov.gelu %[[X]] {approximation_mode = "TANH"}
// CHECK-NEXT: return %[[Y]]
func.func @tanh_of_power(%p: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %bias = ov.weight "bias" dense_resource<bias> : tensor<8xf32>
  %three = ov.constant dense<3.0> : tensor<f32>
  %cubic = ov.constant dense<4.471500e-02> : tensor<f32>
  %scale = ov.constant dense<0.797884583> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %x = ov.add %p, %bias : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %0 = ov.power %x, %three : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %1 = ov.multiply %cubic, %0 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = ov.add %x, %1 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = ov.multiply %scale, %2 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %4 = ov.tanh %3 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %5 = ov.add %one, %4 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %6 = ov.multiply %half, %5 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %7 = ov.multiply %x, %6 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %7 : tensor<2x8xf32>
}

// -----

// x * x * x, constants on the other side.

// CHECK-LABEL: func.func @tanh_of_product
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
// CHECK-NEXT: ov.gelu %[[X]] {approximation_mode = "TANH"}
// CHECK-NEXT: return
func.func @tanh_of_product(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %cubic = ov.constant dense<4.471500e-02> : tensor<f32>
  %scale = ov.constant dense<0.797884583> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.multiply %x, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = ov.multiply %0, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %2 = ov.multiply %1, %cubic : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  %3 = ov.add %2, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %4 = ov.multiply %3, %scale : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  %5 = ov.tanh %4 : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %6 = ov.add %5, %one : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  %7 = ov.multiply %x, %half : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  %8 = ov.multiply %7, %6 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  return %8 : tensor<?x8xf32>
}

// -----

// sqrt(2 / pi) x (1 + 0.044715 x x).

// CHECK-LABEL: func.func @tanh_factored
// CHECK-NEXT: ov.gelu %{{.*}} {approximation_mode = "TANH"}
// CHECK-NEXT: return
func.func @tanh_factored(%x: tensor<8xf32>) -> tensor<8xf32> {
  %cubic = ov.constant dense<4.471500e-02> : tensor<f32>
  %scale = ov.constant dense<0.797884583> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.multiply %cubic, %x : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = ov.multiply %0, %x : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.add %one, %1 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %3 = ov.multiply %scale, %x : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %4 = ov.multiply %3, %2 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %5 = ov.tanh %4 : (tensor<8xf32>) -> tensor<8xf32>
  %6 = ov.multiply %half, %5 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %7 = ov.add %6, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %8 = ov.multiply %x, %7 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %8 : tensor<8xf32>
}

// -----

// Two layers share their bias: each has its own Gelu, and the sums stay two.

// CHECK-LABEL: func.func @shared_bias
// CHECK: %[[B:.*]] = ov.weight "bias"
// CHECK: %[[X:.*]] = ov.add %arg0, %[[B]]
// CHECK: %[[Y:.*]] = ov.add %arg1, %[[B]]
// CHECK: ov.gelu %[[X]] {approximation_mode = "ERF"}
// CHECK: ov.gelu %[[Y]] {approximation_mode = "ERF"}
// CHECK-NOT: ov.erf
func.func @shared_bias(%a: tensor<2x8xf32>, %b: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %bias = ov.weight "bias" dense_resource<bias> : tensor<8xf32>
  %root2 = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %x = ov.add %a, %bias : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %y = ov.add %b, %bias : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %x0 = ov.divide %x, %root2 {m_pythondiv = true} : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %x1 = ov.erf %x0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %x2 = ov.add %one, %x1 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %x3 = ov.multiply %half, %x2 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %x4 = ov.multiply %x, %x3 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y0 = ov.divide %y, %root2 {m_pythondiv = true} : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
  %y1 = ov.erf %y0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %y2 = ov.add %one, %y1 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y3 = ov.multiply %half, %y2 : (tensor<f32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %y4 = ov.multiply %y, %y3 : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %x4, %y4 : tensor<2x8xf32>, tensor<2x8xf32>
}
