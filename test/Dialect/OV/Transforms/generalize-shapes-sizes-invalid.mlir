// RUN: bert-opt %s --ov-generalize-shapes --split-input-file --verify-diagnostics -o /dev/null

// Numbers that are no sizes by their type and may be the built-in length all the same.

// The sum was moved before it is divided.
func.func @sum_over_length_later(%ids: tensor<2x6xi32>) -> tensor<2x1xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %axis = ov.constant dense<1> : tensor<i32>
  %sum = ov.reduce_sum %x, %axis {keep_dims = false} : (tensor<2x6xf32>, tensor<i32>) -> tensor<2xf32>
  %column = ov.unsqueeze %sum, %axis : (tensor<2xf32>, tensor<i32>) -> tensor<2x1xf32>
  %root = ov.sqrt %column : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %scale = ov.constant dense<0.4> : tensor<f32>
  // expected-error @below {{a sum over the sequence is scaled by a number, which may be its length}}
  %mean = ov.multiply %root, %scale : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  return %mean : tensor<2x1xf32>
}

// -----

// A product that sums over the sequence.
func.func @sum_by_product(%ids: tensor<2x6xi32>, %mask: tensor<2x6xf32>) -> tensor<2x1x1xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %one = ov.constant dense<1> : tensor<i32>
  %two = ov.constant dense<2> : tensor<i32>
  %row = ov.unsqueeze %mask, %one : (tensor<2x6xf32>, tensor<i32>) -> tensor<2x1x6xf32>
  %column = ov.unsqueeze %x, %two : (tensor<2x6xf32>, tensor<i32>) -> tensor<2x6x1xf32>
  %sum = ov.matmul %row, %column {transpose_a = false, transpose_b = false} : (tensor<2x1x6xf32>, tensor<2x6x1xf32>) -> tensor<2x1x1xf32>
  %six = ov.constant dense<6.0> : tensor<f32>
  // expected-error @below {{a sum over the sequence is scaled by a number}}
  %mean = ov.divide %sum, %six {m_pythondiv = true} : (tensor<2x1x1xf32>, tensor<f32>) -> tensor<2x1x1xf32>
  return %mean : tensor<2x1x1xf32>
}

// -----

// 6 - number of tokens.
func.func @count_of_padding(%mask: tensor<2x6xi32>) -> tensor<2xi32> {
  %axis = ov.constant dense<1> : tensor<i32>
  %sum = ov.reduce_sum %mask, %axis {keep_dims = false} : (tensor<2x6xi32>, tensor<i32>) -> tensor<2xi32>
  %six = ov.constant dense<6> : tensor<i32>
  // expected-error @below {{a sum over the sequence meets a number that may be the sequence length}}
  %padding = ov.subtract %six, %sum : (tensor<i32>, tensor<2xi32>) -> tensor<2xi32>
  return %padding : tensor<2xi32>
}

// -----

// 5 - position.
func.func @reversed(%ids: tensor<2x6xi32>) -> tensor<2x6xi32> {
  %zero = ov.constant dense<0> : tensor<i32>
  %one = ov.constant dense<1> : tensor<i32>
  %six = ov.constant dense<6> : tensor<i32>
  %five = ov.constant dense<5> : tensor<i32>
  %count = ov.range %zero, %six, %one {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<6xi32>
  // expected-error @below {{a position meets a number that may be the sequence length or made from it}}
  %back = ov.subtract %five, %count : (tensor<i32>, tensor<6xi32>) -> tensor<6xi32>
  %y = ov.add %ids, %back : (tensor<2x6xi32>, tensor<6xi32>) -> tensor<2x6xi32>
  return %y : tensor<2x6xi32>
}

// -----

func.func @clamped(%ids: tensor<2x6xi32>) -> tensor<2x6xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %count = ov.constant dense<[0, 1, 2, 3, 4, 5]> : tensor<6xi32>
  %places = ov.convert %count {destination_type = f32} : (tensor<6xi32>) -> tensor<6xf32>
  // expected-error @below {{a position meets a number that may be the sequence length or made from it}}
  %clamped = ov.clamp %places {min = 0.0 : f64, max = 5.0 : f64} : (tensor<6xf32>) -> tensor<6xf32>
  %y = ov.add %x, %clamped : (tensor<2x6xf32>, tensor<6xf32>) -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// -----

func.func @best_three(%ids: tensor<2x6xi32>) -> tensor<2x3xi32> {
  %k = ov.constant dense<3> : tensor<i32>
  // expected-error @below {{picks 3 places of the sequence: a number of them, or all?}}
  %values, %places = ov.topk %ids, %k {axis = 1 : i64, mode = "max", sort = "value", index_element_type = i32, stable = false} : (tensor<2x6xi32>, tensor<i32>) -> (tensor<2x3xi32>, tensor<2x3xi32>)
  return %values : tensor<2x3xi32>
}

// -----

// The places are those of the first example, for all examples.
func.func @rows_of_all(%ids: tensor<2x6xi32>, %places: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %shape = ov.constant dense<-1> : tensor<1xi32>
  %rows = ov.reshape %ids, %shape {special_zero = false} : (tensor<2x6xi32>, tensor<1xi32>) -> tensor<12xi32>
  // expected-error @below {{looks up rows of all examples by indices that don't say of which}}
  %picked = ov.gather %rows, %places, %axis {batch_dims = 0 : i64} : (tensor<12xi32>, tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %picked : tensor<2x3xi32>
}

// -----

// 5 rows further for each example, of 6.
func.func @rows_of_others(%ids: tensor<2x6xi32>, %places: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %offsets = ov.constant dense<[[0], [5]]> : tensor<2x1xi32>
  %own = ov.add %places, %offsets : (tensor<2x3xi32>, tensor<2x1xi32>) -> tensor<2x3xi32>
  %shape = ov.constant dense<-1> : tensor<1xi32>
  %rows = ov.reshape %ids, %shape {special_zero = false} : (tensor<2x6xi32>, tensor<1xi32>) -> tensor<12xi32>
  // expected-error @below {{looks up rows of other examples}}
  %picked = ov.gather %rows, %own, %axis {batch_dims = 0 : i64} : (tensor<12xi32>, tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  return %picked : tensor<2x3xi32>
}

// -----

// With other batches the result would have two dimensions.
// expected-error @below {{an output has lost the axis of the batch}}
func.func @squeezed_output(%ids: tensor<1x6xi32>) -> tensor<6xi32> {
  %axis = ov.constant dense<0> : tensor<1xi32>
  %y = ov.squeeze %ids, %axis : (tensor<1x6xi32>, tensor<1xi32>) -> tensor<6xi32>
  return %y : tensor<6xi32>
}

// -----

func.func @dropout_left_in(%ids: tensor<2x6xi32>) -> tensor<2x6xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %shape = ov.constant dense<[2, 6]> : tensor<2xi32>
  %zero = ov.constant dense<0.0> : tensor<f32>
  %one = ov.constant dense<1.0> : tensor<f32>
  // expected-error @below {{draws random numbers: the converter that wrote the model has left dropout in}}
  %random = ov.random_uniform %shape, %zero, %one {output_type = f32, op_seed = 0 : i64, global_seed = 0 : i64, alignment = "tensorflow"} : (tensor<2xi32>, tensor<f32>, tensor<f32>) -> tensor<2x6xf32>
  %y = ov.multiply %x, %random : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// -----

// A mask of higher rank that meets nothing which follows the sequence.
func.func @undecided_mask(%ids: tensor<2x4xi32>, %mask: tensor<2x1x4xf32>) -> (tensor<2x4xi32>, tensor<2x1x4xf32>) {
  %y = ov.negative %ids : (tensor<2x4xi32>) -> tensor<2x4xi32>
  // expected-error @below {{nothing says whether 4 (of 1) is a number or follows the batch or the sequence}}
  %z = ov.negative %mask : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %y, %z : tensor<2x4xi32>, tensor<2x1x4xf32>
}

// -----

// 6 as TensorFlow leaves it of a shape: an entry of a literal, as a float.
func.func @sum_over_entry_of_shape(%ids: tensor<2x6xi32>) -> tensor<2xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %zero = ov.constant dense<0> : tensor<i32>
  %one = ov.constant dense<1> : tensor<i32>
  %sum = ov.reduce_sum %x, %one {keep_dims = false} : (tensor<2x6xf32>, tensor<i32>) -> tensor<2xf32>
  %shape = ov.constant dense<[2, 6]> : tensor<2xi32>
  %length = ov.gather %shape, %one, %zero {batch_dims = 0 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>) -> tensor<i32>
  %float = ov.convert %length {destination_type = f32} : (tensor<i32>) -> tensor<f32>
  // expected-error @below {{a sum over the sequence is scaled by a number, which may be its length}}
  %mean = ov.divide %sum, %float {m_pythondiv = true} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return %mean : tensor<2xf32>
}

// -----

// 6 as the sum of ones.
func.func @sum_over_ones(%ids: tensor<2x6xi32>) -> tensor<2xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %one = ov.constant dense<1> : tensor<i32>
  %sum = ov.reduce_sum %x, %one {keep_dims = false} : (tensor<2x6xf32>, tensor<i32>) -> tensor<2xf32>
  %ones = ov.constant dense<1.0> : tensor<2x6xf32>
  %length = ov.reduce_sum %ones, %one {keep_dims = false} : (tensor<2x6xf32>, tensor<i32>) -> tensor<2xf32>
  // expected-error @below {{a sum over the sequence is scaled by a number, which may be its length}}
  %mean = ov.divide %sum, %length {m_pythondiv = true} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %mean : tensor<2xf32>
}

// -----

// The same beside what is no sum.
func.func @scaled_by_ones(%ids: tensor<2x6xi32>) -> tensor<2x6xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x6xi32>) -> tensor<2x6xf32>
  %one = ov.constant dense<1> : tensor<i32>
  %ones = ov.constant dense<1.0> : tensor<1x6xf32>
  // expected-error @below {{nothing says whether 6 (of ov.reduce_sum) is a number or follows the batch or the sequence}}
  %length = ov.reduce_sum %ones, %one {keep_dims = true} : (tensor<1x6xf32>, tensor<i32>) -> tensor<1x1xf32>
  %scaled = ov.divide %x, %length {m_pythondiv = true} : (tensor<2x6xf32>, tensor<1x1xf32>) -> tensor<2x6xf32>
  return %scaled : tensor<2x6xf32>
}

// -----

// The second half of the tokens, or those from the third on?
func.func @half(%ids: tensor<2x6xi32>) -> tensor<2x6xi1> {
  %zero = ov.constant dense<0> : tensor<i32>
  %one = ov.constant dense<1> : tensor<i32>
  %three = ov.constant dense<3> : tensor<i32>
  %six = ov.constant dense<6> : tensor<i32>
  %count = ov.range %zero, %six, %one {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<6xi32>
  // expected-error @below {{a position meets a number that may be the sequence length or made from it}}
  %isLate = ov.greater_equal %count, %three : (tensor<6xi32>, tensor<i32>) -> tensor<6xi1>
  %flags = ov.convert %ids {destination_type = i1} : (tensor<2x6xi32>) -> tensor<2x6xi1>
  %y = ov.logical_and %flags, %isLate : (tensor<2x6xi1>, tensor<6xi1>) -> tensor<2x6xi1>
  return %y : tensor<2x6xi1>
}
