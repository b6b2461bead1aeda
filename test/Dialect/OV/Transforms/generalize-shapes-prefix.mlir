// RUN: bert-opt %s --ov-generalize-shapes="prefix-tables" --split-input-file --verify-diagnostics | FileCheck %s
// RUN: not bert-opt %s --ov-generalize-shapes --split-input-file 2>&1 | FileCheck %s --check-prefix=OFF

// Tables that another converter cut to the built-in length.

// Computed once for each example: one is enough, and of that the first rows.
// CHECK-LABEL: func.func @table_per_example(
// CHECK: %[[ONE:.*]] = ov.slice %{{.*}} -> tensor<1x4x3xf32>
// CHECK: %[[ROWS:.*]] = ov.slice %[[ONE]],
// CHECK: ov.add %{{.*}}, %[[ROWS]]
// OFF: error: the model can't be made reshapeable: {{.*}} meets
// expected-remark @below {{reshapeable, assuming}}
// expected-remark @below {{the sequence can have 1 to 4 tokens}}
func.func @table_per_example(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2x4x3xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.constant dense<1.0> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<2x4x3xf32>
  %sum = ov.add %words, %positions : (tensor<2x4x3xf32>, tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  return %sum : tensor<2x4x3xf32>
}

{-#
  dialect_resources: {
    builtin: {
      positions: "0x040000000000803F000000400000404000000040000040400000804000004040000080400000A040000080400000A0400000C0400000803F000000400000404000000040000040400000804000004040000080400000A040000080400000A0400000C040"
    }
  }
#-}

// -----

// Not the same for all examples.
func.func @table_of_examples(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2x4x3xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.constant dense<1.0> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<2x4x3xf32>
  // expected-error @below {{the model can't be made reshapeable: ov.add: b meets 2}}
  %sum = ov.add %words, %positions : (tensor<2x4x3xf32>, tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  return %sum : tensor<2x4x3xf32>
}

{-#
  dialect_resources: {
    builtin: {
      positions: "0x040000000000803F000000400000404000000040000040400000804000004040000080400000A040000080400000A0400000C0400000803F000000400000404000000040000040400000804000004040000080400000A040000080400000A0400000E040"
    }
  }
#-}

// -----

// position / 4, folded.
func.func @number_per_token(%ids: tensor<2x4xi32> {ov.name = "ids"}) -> tensor<2x4x3xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.constant dense<1.0> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32>
  %places = ov.constant dense<[[0.0], [0.25], [0.5], [0.75]]> : tensor<4x1xf32>
  // expected-error @below {{a constant has one number for each token of the built-in length}}
  %sum = ov.add %words, %places : (tensor<2x4x3xf32>, tensor<4x1xf32>) -> tensor<2x4x3xf32>
  return %sum : tensor<2x4x3xf32>
}

// -----

// A mask, or distances that count from the last token.
func.func @number_per_pair(%ids: tensor<2x3xi32> {ov.name = "ids"}) -> tensor<2x3x3xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %one = ov.constant dense<1> : tensor<i32>
  %two = ov.constant dense<2> : tensor<i32>
  %row = ov.unsqueeze %x, %one : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x1x3xf32>
  %column = ov.unsqueeze %x, %two : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3x1xf32>
  %scores = ov.multiply %row, %column : (tensor<2x1x3xf32>, tensor<2x3x1xf32>) -> tensor<2x3x3xf32>
  %mask = ov.constant dense<[[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]> : tensor<3x3xf32>
  // expected-error @below {{a constant has numbers for each pair of tokens of the built-in length}}
  %masked = ov.multiply %scores, %mask : (tensor<2x3x3xf32>, tensor<3x3xf32>) -> tensor<2x3x3xf32>
  return %masked : tensor<2x3x3xf32>
}
