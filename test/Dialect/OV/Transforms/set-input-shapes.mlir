// RUN: bert-opt %s --ov-set-input-shapes --split-input-file --verify-diagnostics | FileCheck %s
// RUN: not bert-opt %s --ov-set-input-shapes=batch=5 --split-input-file 2>/dev/null | FileCheck %s --check-prefix=BATCH

// Open dimensions take the asked-for size without any rewriting.

// CHECK-LABEL: func.func @open
// CHECK-SAME: tensor<3x4xi32>
// CHECK-SAME: -> tensor<3x4xf32>
// BATCH-LABEL: func.func @open
// BATCH-SAME: tensor<3x4xi32>
func.func @open(%ids: tensor<?x4xi32> {ov.requested_bounds = array<i64: 3, 3, 4, 4>}) -> tensor<?x4xf32> {
  %x = ov.convert %ids {destination_type = f32} : (tensor<?x4xi32>) -> tensor<?x4xf32>
  return %x : tensor<?x4xf32>
}

// -----

// Nothing asked: nothing done. With a batch: built for 2, asked for 5.

// CHECK-LABEL: func.func @fixed
// CHECK-SAME: tensor<2x4xi32>
// CHECK: dense<8>
// BATCH-LABEL: func.func @fixed
// BATCH-SAME: tensor<5x4xi32>
// BATCH-SAME: -> tensor<20xi32>
func.func @fixed(%ids: tensor<2x4xi32>) -> tensor<8xi32> {
  %shape = ov.constant dense<8> : tensor<1xi32>
  %y = ov.reshape %ids, %shape {special_zero = false} : (tensor<2x4xi32>, tensor<1xi32>) -> tensor<8xi32>
  return %y : tensor<8xi32>
}

// -----

// More tokens than positions.

// expected-remark @below {{reshapeable, assuming}}
// expected-remark @below {{the sequence can have 1 to 8 tokens}}
// expected-error @below {{input 'ids' can't have the size 9 as dimension 1; it can have 1 to 8, as many as the position table 'positions' has rows}}
func.func @beyond(%ids: tensor<2x4xi32> {ov.name = "ids", ov.requested_bounds = array<i64: 2, 2, 9, 9>}) -> tensor<2x4x3xf32> {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.weight "words" dense_resource<words> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<8x3xf32>
  %start = ov.constant dense<0> : tensor<1xi32>
  %stop = ov.constant dense<4> : tensor<1xi32>
  %step = ov.constant dense<1> : tensor<1xi32>
  %rows = ov.slice %positions, %start, %stop, %step, %start : (tensor<8x3xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<4x3xf32>
  %sum = ov.add %words, %rows : (tensor<2x4x3xf32>, tensor<4x3xf32>) -> tensor<2x4x3xf32>
  return %sum : tensor<2x4x3xf32>
}
