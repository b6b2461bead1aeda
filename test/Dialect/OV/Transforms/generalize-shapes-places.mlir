// RUN: bert-opt %s --ov-generalize-shapes --split-input-file 2>/dev/null | FileCheck %s

// Places in the sequence that an input gives. The sequence has as many tokens as an
// example has places (3): what reads an input says what it is.

// CHECK-LABEL: func.func @masked_words
// CHECK-SAME: (%[[IDS:.*]]: tensor<?x?xi32> {{{.*}}}, %[[PLACES:.*]]: tensor<?x3xi32>
// CHECK-DAG: %[[STOP:.*]] = ov.squeeze %{{.*}} : (tensor<1xi32>
// CHECK-DAG: ov.range %{{.*}}, %[[STOP]], %{{.*}} -> tensor<?xi32>
// CHECK-DAG: %[[LENGTH:.*]] = ov.squeeze
// CHECK: ov.multiply %{{.*}}, %[[LENGTH]] : (tensor<?xi32>, tensor<i32>)
// CHECK: ov.gather {{.*}} -> tensor<?x3x4xf32>
func.func @masked_words(%ids: tensor<2x3xi32> {ov.name = "ids"}, %places: tensor<2x3xi32> {ov.name = "places"}) -> tensor<2x3x4xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x4xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x4xf32>, tensor<2x3xi32>, tensor<i32>) -> tensor<2x3x4xf32>
  %two = ov.constant dense<2> : tensor<i32>
  %one = ov.constant dense<1> : tensor<i32>
  %examples = ov.range %axis, %two, %one {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2xi32>
  %three = ov.constant dense<3> : tensor<i32>
  %offsets = ov.multiply %examples, %three : (tensor<2xi32>, tensor<i32>) -> tensor<2xi32>
  %column_shape = ov.constant dense<[-1, 1]> : tensor<2xi32>
  %column = ov.reshape %offsets, %column_shape {special_zero = false} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2x1xi32>
  %own = ov.add %places, %column : (tensor<2x3xi32>, tensor<2x1xi32>) -> tensor<2x3xi32>
  %rows_shape = ov.constant dense<[6, 4]> : tensor<2xi32>
  %rows = ov.reshape %words, %rows_shape {special_zero = false} : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<6x4xf32>
  %picked = ov.gather %rows, %own, %axis {batch_dims = 0 : i64} : (tensor<6x4xf32>, tensor<2x3xi32>, tensor<i32>) -> tensor<2x3x4xf32>
  return %picked : tensor<2x3x4xf32>
}

// -----

// The same with the offsets as one literal, as a converter folds them.

// CHECK-LABEL: func.func @folded_offsets
// CHECK: %[[COUNT:.*]] = ov.range
// CHECK: %[[COLUMN:.*]] = ov.reshape %[[COUNT]]
// CHECK: ov.add %arg1, %[[COLUMN]]
func.func @folded_offsets(%ids: tensor<2x6xi32> {ov.name = "ids"}, %places: tensor<2x3xi32>) -> tensor<6x4xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x4xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x4xf32>, tensor<2x6xi32>, tensor<i32>) -> tensor<2x6x4xf32>
  %offsets = ov.constant dense<[[0], [6]]> : tensor<2x1xi32>
  %own = ov.add %places, %offsets : (tensor<2x3xi32>, tensor<2x1xi32>) -> tensor<2x3xi32>
  %flat_shape = ov.constant dense<-1> : tensor<1xi32>
  %flat = ov.reshape %own, %flat_shape {special_zero = false} : (tensor<2x3xi32>, tensor<1xi32>) -> tensor<6xi32>
  %rows_shape = ov.constant dense<[12, 4]> : tensor<2xi32>
  %rows = ov.reshape %words, %rows_shape {special_zero = false} : (tensor<2x6x4xf32>, tensor<2xi32>) -> tensor<12x4xf32>
  %picked = ov.gather %rows, %flat, %axis {batch_dims = 0 : i64} : (tensor<12x4xf32>, tensor<6xi32>, tensor<i32>) -> tensor<6x4xf32>
  return %picked : tensor<6x4xf32>
}

// -----

// One example: the offset of 0 was folded away.

// CHECK-LABEL: func.func @no_offsets
// CHECK: %[[EXAMPLES:.*]] = ov.range
// CHECK: %[[OFFSETS:.*]] = ov.multiply %[[EXAMPLES]]
// CHECK: %[[COLUMN:.*]] = ov.reshape %[[OFFSETS]]
// CHECK: ov.add %{{.*}}, %[[COLUMN]]
func.func @no_offsets(%ids: tensor<1x6xi32> {ov.name = "ids"}, %places: tensor<1x3xi32>) -> tensor<3x4xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x4xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x4xf32>, tensor<1x6xi32>, tensor<i32>) -> tensor<1x6x4xf32>
  %flat_shape = ov.constant dense<-1> : tensor<1xi32>
  %flat = ov.reshape %places, %flat_shape {special_zero = false} : (tensor<1x3xi32>, tensor<1xi32>) -> tensor<3xi32>
  %rows_shape = ov.constant dense<[6, 4]> : tensor<2xi32>
  %rows = ov.reshape %words, %rows_shape {special_zero = false} : (tensor<1x6x4xf32>, tensor<2xi32>) -> tensor<6x4xf32>
  %picked = ov.gather %rows, %flat, %axis {batch_dims = 0 : i64} : (tensor<6x4xf32>, tensor<3xi32>, tensor<i32>) -> tensor<3x4xf32>
  return %picked : tensor<3x4xf32>
}

// -----

// Positions that are counted limit the sequence as a slice does: 8 rows less the 2 that are skipped.

// CHECK-LABEL: func.func @counted_positions
// CHECK-SAME: ov.bounds = array<i64: 1, -1, 1, 6>
// CHECK: ov.range
func.func @counted_positions(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2x4x3xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<8x3xf32>
  %count = ov.constant dense<[2, 3, 4, 5]> : tensor<4xi32>
  %rows = ov.gather %positions, %count, %axis {batch_dims = 0 : i64} : (tensor<8x3xf32>, tensor<4xi32>, tensor<i32>) -> tensor<4x3xf32>
  %sum = ov.add %words, %rows : (tensor<2x4x3xf32>, tensor<4x3xf32>) -> tensor<2x4x3xf32>
  return %sum : tensor<2x4x3xf32>
}

// -----

// A slice of the whole sequence that is written as a number may be a limit: up to 4 both mean the same.

// CHECK-LABEL: func.func @cut_to_length
// CHECK-SAME: ov.bounds = array<i64: 1, -1, 1, 4>
func.func @cut_to_length(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2xi32> {
  %zero = ov.constant dense<0> : tensor<1xi32>
  %four = ov.constant dense<4> : tensor<1xi32>
  %one = ov.constant dense<1> : tensor<1xi32>
  %cut = ov.slice %ids, %zero, %four, %one, %one : (tensor<2x4xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2x4xi32>
  %best = ov.reduce_max %cut, %one {keep_dims = false} : (tensor<2x4xi32>, tensor<1xi32>) -> tensor<2xi32>
  return %best : tensor<2xi32>
}

// -----

// Unless what it meets says that it is the sequence.

// CHECK-LABEL: func.func @cut_meets_sequence
// CHECK-SAME: ov.bounds = array<i64: 1, -1, 1, -1>
func.func @cut_meets_sequence(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2x4xi32> {
  %zero = ov.constant dense<0> : tensor<1xi32>
  %four = ov.constant dense<4> : tensor<1xi32>
  %one = ov.constant dense<1> : tensor<1xi32>
  %cut = ov.slice %ids, %zero, %four, %one, %one : (tensor<2x4xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2x4xi32>
  %sum = ov.add %cut, %ids : (tensor<2x4xi32>, tensor<2x4xi32>) -> tensor<2x4xi32>
  return %sum : tensor<2x4xi32>
}

// -----

// A mask of higher rank meets the sequence; a flag has no batch; features are no tokens.

// CHECK-LABEL: func.func @other_inputs
// CHECK-SAME: (%{{.*}}: tensor<?x?xi32> {{{.*}}}, %{{.*}}: tensor<?x1x1x?xf32> {ov.bounds = array<i64: 1, -1, 1, 1, 1, 1, 1, -1>}, %{{.*}}: tensor<f32>, %{{.*}}: tensor<?x2xf32>
func.func @other_inputs(%ids: tensor<2x4xi32> {ov.name = "ids"}, %mask: tensor<2x1x1x4xf32>, %keep: tensor<f32>, %features: tensor<2x2xf32>) -> (tensor<2x1x1x4xf32>, tensor<2x2xf32>) {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x4xi32>) -> tensor<2x4xf32>
  %axes = ov.constant dense<[1, 2]> : tensor<2xi32>
  %row = ov.unsqueeze %x, %axes : (tensor<2x4xf32>, tensor<2xi32>) -> tensor<2x1x1x4xf32>
  %scores = ov.multiply %row, %mask : (tensor<2x1x1x4xf32>, tensor<2x1x1x4xf32>) -> tensor<2x1x1x4xf32>
  %kept = ov.multiply %features, %keep : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  return %scores, %kept : tensor<2x1x1x4xf32>, tensor<2x2xf32>
}

// -----

// Copies of what is there already: heads stacked along the batch.

// CHECK-LABEL: func.func @repeated_batch
// CHECK-SAME: -> tensor<?x?xi32>
// CHECK: ov.tile
func.func @repeated_batch(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<6x4xi32> {
  %repeats = ov.constant dense<[3, 1]> : tensor<2xi32>
  %copies = ov.tile %ids, %repeats : (tensor<2x4xi32>, tensor<2xi32>) -> tensor<6x4xi32>
  return %copies : tensor<6x4xi32>
}

// -----

// A number that nothing decides is no refusal while it can't be a size.

// CHECK-LABEL: func.func @undecided
// CHECK-SAME: tensor<?x5xf32>
func.func @undecided(%ids: tensor<2x4xi32> {ov.name = "ids"}, %features: tensor<2x5xf32>) -> (tensor<2x4xi32>, tensor<2x5xf32>) {
  %y = ov.negative %ids : (tensor<2x4xi32>) -> tensor<2x4xi32>
  %z = ov.negative %features : (tensor<2x5xf32>) -> tensor<2x5xf32>
  return %y, %z : tensor<2x4xi32>, tensor<2x5xf32>
}

// -----

// The length is read off the tensor: a mean at every length, and the graph stays as it says.
// CHECK-LABEL: func.func @mean_by_own_shape(
// CHECK: %[[LENGTH:.*]] = ov.convert %{{.*}} {destination_type = f32} : (tensor<i32>) -> tensor<f32>
// CHECK: ov.divide %{{.*}}, %[[LENGTH]]
func.func @mean_by_own_shape(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x4xi32>) -> tensor<2x4xf32>
  %zero = ov.constant dense<0> : tensor<i32>
  %one = ov.constant dense<1> : tensor<i32>
  %sum = ov.reduce_sum %x, %one {keep_dims = false} : (tensor<2x4xf32>, tensor<i32>) -> tensor<2xf32>
  %shape = ov.shape_of %x {output_type = i32} : (tensor<2x4xf32>) -> tensor<2xi32>
  %length = ov.gather %shape, %one, %zero {batch_dims = 0 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>) -> tensor<i32>
  %float = ov.convert %length {destination_type = f32} : (tensor<i32>) -> tensor<f32>
  %mean = ov.divide %sum, %float {m_pythondiv = true} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return %mean : tensor<2xf32>
}
