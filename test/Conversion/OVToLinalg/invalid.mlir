// RUN: bert-opt %s --convert-ov-to-linalg --split-input-file --verify-diagnostics

// All that can't be lowered is told at once.

// expected-error @below {{can't be lowered to loops: 2 x ov.random_uniform (no rule; the first is 'noise'); 1 x ov.layer (a layer of type CTCLoss, which nothing knows how to compute)}}
func.func @unsupported(%x: tensor<2xf32>, %shape: tensor<1xi64>) -> (tensor<?xf32>, tensor<2xf32>) {
  %low = ov.constant dense<0.0> : tensor<f32>
  %high = ov.constant dense<1.0> : tensor<f32>
  %0 = ov.random_uniform %shape, %low, %high {output_type = f32, op_seed = 0 : i64, global_seed = 0 : i64, alignment = "tensorflow"}
      : (tensor<1xi64>, tensor<f32>, tensor<f32>) -> tensor<?xf32> loc("noise")
  %1 = ov.random_uniform %shape, %low, %high {output_type = f32, op_seed = 0 : i64, global_seed = 0 : i64, alignment = "tensorflow"}
      : (tensor<1xi64>, tensor<f32>, tensor<f32>) -> tensor<?xf32>
  %2 = ov.add %0, %1 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %3 = ov.layer "opset4" "CTCLoss"(%x) {} : (tensor<2xf32>) -> tensor<2xf32>
  return %2, %3 : tensor<?xf32>, tensor<2xf32>
}

// -----

// expected-error @below {{1 x ov.weight (weights need a place in the weights' file first; run bert-pack-weights)}}
func.func @weight(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = ov.weight "w" dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = ov.add %x, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// expected-error @below {{1 x ov.transpose (an order that is computed)}}
func.func @computed_order(%x: tensor<?x2xf32>, %order: tensor<2xi64>) -> tensor<?x?xf32> {
  %0 = ov.transpose %x, %order : (tensor<?x2xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// expected-error @below {{1 x ov.add (the rank of its operands or results is not known)}}
func.func @unranked(%x: tensor<*xf32>) -> tensor<*xf32> {
  %0 = ov.add %x, %x : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

// expected-error @below {{1 x ov.maximum (unsigned elements)}}
func.func @unsigned(%x: tensor<2xui8>) -> tensor<2xui8> {
  %0 = ov.maximum %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return %0 : tensor<2xui8>
}

// -----

// An input that is not only converted.
// expected-error @below {{1 x ov.convert (unsigned elements); 1 x ov.maximum (unsigned elements)}}
func.func @unsigned_sum(%x: tensor<2xui8>) -> (tensor<2xi32>, tensor<2xui8>) {
  %0 = ov.convert %x {destination_type = i32} : (tensor<2xui8>) -> tensor<2xi32>
  %1 = ov.maximum %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return %0, %1 : tensor<2xi32>, tensor<2xui8>
}
