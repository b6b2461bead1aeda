// RUN: bert-opt %s --ov-specialize-inputs="inputs=mask[3,1..7]{i32},ids" | FileCheck %s
// RUN: bert-opt %s --ov-specialize-inputs="inputs=mask->1" | FileCheck %s --check-prefix=FROZEN
// RUN: bert-opt %s --ov-specialize-inputs | FileCheck %s --check-prefix=SAME
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=idz" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=ids{f32}" 2>&1 | FileCheck %s --check-prefix=FLOAT
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=ids{i33}" 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=ids[1]" 2>&1 | FileCheck %s --check-prefix=RANK
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=ids,Placeholder:0" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=mask->[1,2]" 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=mask->yes" 2>&1 | FileCheck %s --check-prefix=VALUE
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=mask[2,5]->1" 2>&1 | FileCheck %s --check-prefix=SHAPE
// RUN: not bert-opt %s --ov-specialize-inputs="inputs=0:ids" 2>&1 | FileCheck %s --check-prefix=PORT

// Types and order at once; the shape is for ov-set-input-shapes.
// CHECK: func.func @model(%[[MASK:.*]]: tensor<2x4xi32> {ov.name = "mask", ov.requested_bounds = array<i64: 3, 3, 1, 7>}, %[[IDS:.*]]: tensor<2x4xi32> {ov.name = "ids", ov.names = ["Placeholder:0"]})
// CHECK: %[[OWN:.*]] = ov.convert %[[MASK]] {destination_type = i64}
// CHECK: ov.gather %{{.*}}, %[[IDS]]
// CHECK: ov.convert %[[OWN]] {destination_type = f32}

// FROZEN: func.func @model(%[[IDS:.*]]: tensor<2x4xi32> {{{.*}}}) ->
// FROZEN: ov.constant dense<1> : tensor<2x4xi64>

// SAME: func.func @model(%{{.*}}: tensor<2x4xi32> {{{.*}}}, %{{.*}}: tensor<2x4xi64> {ov.name = "mask"})
// SAME-NOT: destination_type = i64

// UNKNOWN: error: the model has no input 'idz'; did you mean 'ids'?; its inputs are 'ids', 'mask' (only a TensorFlow graph can be cut elsewhere)
// FLOAT: error: input 'ids' is asked for as f32, but 'look-up' needs it as an integer index; ask for {i32}
// TYPE: error: input 'ids' can't have the element type 'i33'
// RANK: error: input 'ids' has 2 dimensions; the asked-for shape has 1
// TWICE: error: 'Placeholder' is named twice
// COUNT: error: input 'mask' takes 8 values, or one for all of them; 2 are given
// VALUE: error: input 'mask' can't have the value 'yes' as i64
// SHAPE: error: input 'mask' has 4 built in where the asked-for shape of its value has another size
// PORT: error: the model has no input 'ids'
func.func @model(%ids: tensor<2x4xi32> {ov.name = "ids", ov.names = ["Placeholder:0"]}, %mask: tensor<2x4xi64> {ov.name = "mask"}) -> (tensor<2x4x3xf32>, tensor<2x4xf32>) {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32> loc("look-up")
  %kept = ov.convert %mask {destination_type = f32} : (tensor<2x4xi64>) -> tensor<2x4xf32>
  return %words, %kept : tensor<2x4x3xf32>, tensor<2x4xf32>
}
