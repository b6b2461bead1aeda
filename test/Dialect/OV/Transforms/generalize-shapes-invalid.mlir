// RUN: bert-opt %s --ov-generalize-shapes --split-input-file --verify-diagnostics

// Each graph means something that depends on the sizes it was built for in a way that
// nothing can justify. The model stays as it was.

func.func @last_token(%ids: tensor<2x6xi32>) -> tensor<2x1xi32> {
  %begin = ov.constant dense<[0, 5]> : tensor<2xi32>
  %end = ov.constant dense<[2, 6]> : tensor<2xi32>
  %strides = ov.constant dense<1> : tensor<2xi32>
  // expected-error @below {{takes a part of the sequence: a number of tokens, or a share?}}
  %last = ov.strided_slice %ids, %begin, %end, %strides {begin_mask = array<i64: 0, 0>, end_mask = array<i64: 0, 0>, new_axis_mask = array<i64: 0, 0>, shrink_axis_mask = array<i64: 0, 0>, ellipsis_mask = array<i64: 0, 0>} : (tensor<2x6xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x1xi32>
  return %last : tensor<2x1xi32>
}

// -----

func.func @batch_statistics(%ids: tensor<2x6xi32>) -> tensor<1x6xi32> {
  %axis = ov.constant dense<0> : tensor<i32>
  // expected-error @below {{mixes the examples of a batch}}
  %mean = ov.reduce_mean %ids, %axis {keep_dims = true} : (tensor<2x6xi32>, tensor<i32>) -> tensor<1x6xi32>
  return %mean : tensor<1x6xi32>
}

// -----

func.func @in_batch_similarity(%ids: tensor<2x6xi32>) -> tensor<2x2xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  // expected-error @below {{lets the examples of a batch meet each other}}
  %s = ov.matmul %x, %x {transpose_a = false, transpose_b = true} : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x2xf32>
  return %s : tensor<2x2xf32>
}

// -----

// 12 tokens in rows of 4 would cut through the sequence.
func.func @cut_through(%ids: tensor<2x6xi32>) -> tensor<3x4xi32> {
  %shape = ov.constant dense<[3, 4]> : tensor<2xi32>
  // expected-error @below {{would cut through the batch or the sequence}}
  %r = ov.reshape %ids, %shape {special_zero = false} : (tensor<2x6xi32>, tensor<2xi32>) -> tensor<3x4xi32>
  return %r : tensor<3x4xi32>
}

// -----

// Is 1/6 a weight or a mean?
func.func @sum_over_length(%ids: tensor<2x6xi32>) -> tensor<2xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %axis = ov.constant dense<1> : tensor<i32>
  %sum = ov.reduce_sum %x, %axis {keep_dims = false} : (tensor<2x6xf32>, tensor<i32>) -> tensor<2xf32>
  %six = ov.constant dense<6.0> : tensor<f32>
  // expected-error @below {{a sum over the sequence is scaled by a number, which may be its length}}
  %mean = ov.divide %sum, %six {m_pythondiv = true} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return %mean : tensor<2xf32>
}

// -----

// A weight that is as long as the sequence.
func.func @linformer(%ids: tensor<2x6xi32>) -> tensor<2x3xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %w = ov.weight "projection" dense_resource<projection> : tensor<6x3xf32>
  // expected-error @below {{s meets 6}}
  %y = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x6xf32>, tensor<6x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// A constant that differs from example to example.
func.func @numbered_examples(%ids: tensor<2x6xi32>) -> tensor<2x6xi32> {
  %offsets = ov.constant dense<[[0], [6]]> : tensor<2x1xi32>
  // expected-error @below {{numbers the examples of the batch}}
  %y = ov.add %ids, %offsets : (tensor<2x6xi32>, tensor<2x1xi32>) -> tensor<2x6xi32>
  return %y : tensor<2x6xi32>
}

// -----

// expected-error @below {{the model can't be made reshapeable: input 'x' is not [batch, sequence]}}
func.func @rank(%ids: tensor<2x6x1xi32> {ov.name = "x"}) -> tensor<2x6x1xi32> {
  %y = ov.negative %ids : (tensor<2x6x1xi32>) -> tensor<2x6x1xi32>
  return %y : tensor<2x6x1xi32>
}

// -----

func.func @unknown_op(%ids: tensor<2x6xi32>) -> tensor<2x6xi32> {
  // expected-error @below {{ov.layer: has no rule}}
  %y = ov.layer "opset1" "Mystery" (%ids) {} : (tensor<2x6xi32>) -> tensor<2x6xi32>
  return %y : tensor<2x6xi32>
}

// -----

// An index into the sequence that the input gives.
func.func @masked_positions(%ids: tensor<2x6xi32>, %at: tensor<2x6xi32>) -> tensor<2x2x6xi32> {
  %axis = ov.constant dense<1> : tensor<i32>
  // expected-error @below {{looks up along s, whose size its indices depend on}}
  %y = ov.gather %ids, %at, %axis {batch_dims = 0 : i64} : (tensor<2x6xi32>, tensor<2x6xi32>, tensor<i32>) -> tensor<2x2x6xi32>
  return %y : tensor<2x2x6xi32>
}
