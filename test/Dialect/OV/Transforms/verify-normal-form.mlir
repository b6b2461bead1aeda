// RUN: bert-opt --ov-verify-normal-form --split-input-file --verify-diagnostics %s

// The example of the pass's description: what it does not say anything about.

func.func @normal(%x: tensor<2x16x8xf32>) -> tensor<2x16x8xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x16x8xf32>, tensor<8x8xf32>) -> tensor<2x16x8xf32>
  return %0 : tensor<2x16x8xf32>
}

// -----

func.func @chain(%x: tensor<2x16xf32>) -> tensor<32xf32> {
  %axis = ov.constant dense<0> : tensor<1xi64>
  %flat = ov.constant dense<32> : tensor<1xi64>
  %0 = ov.unsqueeze %x, %axis : (tensor<2x16xf32>, tensor<1xi64>) -> tensor<1x2x16xf32>
  // expected-error @below {{not in normal form: it changes a shape that another op has just changed; run ov-normalize first}}
  %1 = ov.reshape %0, %flat {special_zero = false} : (tensor<1x2x16xf32>, tensor<1xi64>) -> tensor<32xf32>
  return %1 : tensor<32xf32>
}

// -----

func.func @flattened(%x: tensor<2x16x8xf32>) -> tensor<32x8xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi64>) -> tensor<32x8xf32>
  // expected-error @below {{it works on flattened tokens}}
  %1 = ov.matmul %0, %w {transpose_a = false, transpose_b = false} : (tensor<32x8xf32>, tensor<8x8xf32>) -> tensor<32x8xf32>
  return %1 : tensor<32x8xf32>
}

// -----

func.func @constant_left(%x: tensor<8xf32>) -> tensor<8xf32> {
  %one = ov.constant dense<1.0> : tensor<f32>
  // expected-error @below {{it has its constant on the left}}
  %0 = ov.add %one, %x : (tensor<f32>, tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @quotient(%x: tensor<8xf32>) -> tensor<8xf32> {
  %eight = ov.constant dense<8.0> : tensor<f32>
  // expected-error @below {{it divides by a constant}}
  %0 = ov.divide %x, %eight {m_pythondiv = true} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @axis(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // expected-error @below {{it counts its last axis from the front}}
  %0 = ov.softmax %x {axis = 1 : i64} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @axes(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %axes = ov.constant dense<1> : tensor<1xi64>
  // expected-error @below {{it counts its axes from the front}}
  %0 = ov.mvn %x, %axes {eps = 1.0e-5 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<2x8xf32>, tensor<1xi64>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

func.func @transposes(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %order = ov.constant dense<[1, 0]> : tensor<2xi64>
  %0 = ov.transpose %x, %order : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<8x2xf32>
  // expected-error @below {{it transposes what another op has just transposed}}
  %1 = ov.transpose %0, %order : (tensor<8x2xf32>, tensor<2xi64>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}
