// RUN: bert-opt --ov-fuse-gelu --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-fuse-gelu --split-input-file --remarks-filter=ov-fuse-gelu %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// What must not become Gelu, and what the remarks say about it.

// REMARK: 'layer/Erf': its argument is not x / sqrt(2)
// REMARK: 'layer/Erf': its value does not end in 0.5 x (1 + erf(...))
// REMARK: 'layer/Erf': its value does not end in 0.5 x (1 + erf(...))
// REMARK: 'layer/Erf': its value does not end in 0.5 x (1 + erf(...))
// REMARK: 'layer/Tanh': its argument has 0.797885 x + 0.0351069 x^3 where GELU has 0.797885 x + 0.0356774 x^3
// REMARK: 'layer/Tanh': its argument has 0.8 x + 0.035772 x^3 where
// REMARK: 'layer/Tanh': the value of 'layer/add' is used more than once
// REMARK-NOT: ov-fuse-gelu

// A wrong divisor.

// CHECK-LABEL: func.func @wrong_divisor
// CHECK-NOT: ov.gelu
// CHECK: ov.erf
func.func @wrong_divisor(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %inner = ov.constant dense<1.4> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.divide %x, %inner {m_pythondiv = true} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Erf")
  %2 = ov.add %1, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %3 = ov.multiply %2, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %4 = ov.multiply %x, %3 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %4 : tensor<8xf32>
}

// -----

// 1 + erf with another summand.

// CHECK-LABEL: func.func @wrong_summand
// CHECK-NOT: ov.gelu
// CHECK: ov.erf
func.func @wrong_summand(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %inner = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.1> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.divide %x, %inner {m_pythondiv = true} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Erf")
  %2 = ov.add %1, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %3 = ov.multiply %2, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %4 = ov.multiply %x, %3 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %4 : tensor<8xf32>
}

// -----

// Another factor than a half.

// CHECK-LABEL: func.func @wrong_factor
// CHECK-NOT: ov.gelu
// CHECK: ov.erf
func.func @wrong_factor(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %inner = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.51> : tensor<f32>
  %0 = ov.divide %x, %inner {m_pythondiv = true} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Erf")
  %2 = ov.add %1, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %3 = ov.multiply %2, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %4 = ov.multiply %x, %3 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %4 : tensor<8xf32>
}

// -----

// The product is with another value.

// CHECK-LABEL: func.func @other_value
// CHECK-NOT: ov.gelu
// CHECK: ov.erf
func.func @other_value(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %inner = ov.constant dense<1.41421354> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.divide %x, %inner {m_pythondiv = true} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.erf %0 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Erf")
  %2 = ov.add %1, %one : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %3 = ov.multiply %2, %half : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %4 = ov.multiply %y, %3 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %4 : tensor<8xf32>
}

// -----

// Another cubic coefficient.

// CHECK-LABEL: func.func @wrong_cubic
// CHECK-NOT: ov.gelu
// CHECK: ov.tanh
func.func @wrong_cubic(%x: tensor<8xf32>) -> tensor<8xf32> {
  %power = ov.constant dense<3.0> : tensor<f32>
  %cubic = ov.constant dense<4.400000e-02> : tensor<f32>
  %scale = ov.constant dense<0.797884583> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.power %x, %power : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.multiply %cubic, %0 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.add %x, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %3 = ov.multiply %scale, %2 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %4 = ov.tanh %3 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Tanh")
  %5 = ov.add %one, %4 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32> loc("layer/add")
  %6 = ov.multiply %half, %5 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %7 = ov.multiply %x, %6 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %7 : tensor<8xf32>
}

// -----

// Another scale.

// CHECK-LABEL: func.func @wrong_scale
// CHECK-NOT: ov.gelu
// CHECK: ov.tanh
func.func @wrong_scale(%x: tensor<8xf32>) -> tensor<8xf32> {
  %power = ov.constant dense<3.0> : tensor<f32>
  %cubic = ov.constant dense<4.471500e-02> : tensor<f32>
  %scale = ov.constant dense<0.8> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.power %x, %power : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.multiply %cubic, %0 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.add %x, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %3 = ov.multiply %scale, %2 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %4 = ov.tanh %3 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Tanh")
  %5 = ov.add %one, %4 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32> loc("layer/add")
  %6 = ov.multiply %half, %5 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %7 = ov.multiply %x, %6 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %7 : tensor<8xf32>
}

// -----

// A square where the cube should be: not told from any other Tanh, so no remark.

// CHECK-LABEL: func.func @wrong_power
// CHECK-NOT: ov.gelu
// CHECK: ov.tanh
func.func @wrong_power(%x: tensor<8xf32>) -> tensor<8xf32> {
  %power = ov.constant dense<2.0> : tensor<f32>
  %cubic = ov.constant dense<4.471500e-02> : tensor<f32>
  %scale = ov.constant dense<0.797884583> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.power %x, %power : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.multiply %cubic, %0 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.add %x, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %3 = ov.multiply %scale, %2 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %4 = ov.tanh %3 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Tanh")
  %5 = ov.add %one, %4 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32> loc("layer/add")
  %6 = ov.multiply %half, %5 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %7 = ov.multiply %x, %6 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %7 : tensor<8xf32>
}

// -----

// 1 + tanh(...) is an output too: nothing would be saved.

// CHECK-LABEL: func.func @extra_use
// CHECK-NOT: ov.gelu
// CHECK: ov.tanh
func.func @extra_use(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %power = ov.constant dense<3.0> : tensor<f32>
  %cubic = ov.constant dense<4.471500e-02> : tensor<f32>
  %scale = ov.constant dense<0.797884583> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %0 = ov.power %x, %power : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  %1 = ov.multiply %cubic, %0 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = ov.add %x, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %3 = ov.multiply %scale, %2 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %4 = ov.tanh %3 : (tensor<8xf32>) -> tensor<8xf32> loc("layer/Tanh")
  %5 = ov.add %one, %4 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32> loc("layer/add")
  %6 = ov.multiply %half, %5 : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  %7 = ov.multiply %x, %6 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %7, %5 : tensor<8xf32>, tensor<8xf32>
}

// -----

// The pooler: a Tanh that has nothing to do with GELU.

// CHECK-LABEL: func.func @pooler
// CHECK-NOT: ov.gelu
// CHECK: ov.tanh
func.func @pooler(%x: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<8xf32> {
  %0 = ov.add %x, %b : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = ov.tanh %0 : (tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}
