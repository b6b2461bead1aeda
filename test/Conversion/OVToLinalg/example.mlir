// RUN: bert-opt %s --convert-ov-to-linalg --canonicalize --cse | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-linalg --remarks-filter=convert-ov-to-linalg 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// REMARK: Function=dense{{.*}}not fused, so loops of their own: 1 Add, 1 MatMul, 1 Reshape

// Sizes are the inputs' dimensions; the innermost loop of a product runs over columns;
// a reshape that takes one dimension apart is a view.

// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-DAG: #[[$WEIGHT:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-DAG: #[[$SUM:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-LABEL: func.func @dense(
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x?x8xf32>, %[[W:[^:]*]]: tensor<8x6xf32>
func.func @dense(%x: tensor<?x?x8xf32>, %w: tensor<8x6xf32>, %bias: tensor<6xf32>) -> tensor<?x?x2x3xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
  // CHECK-DAG: %[[B:.*]] = tensor.dim %[[X]], %[[C0]]
  // CHECK-DAG: %[[S:.*]] = tensor.dim %[[X]], %[[C1]]
  // CHECK: %[[EMPTY:.*]] = tensor.empty(%[[B]], %[[S]]) : tensor<?x?x6xf32>
  // CHECK: %[[ZERO:.*]] = linalg.fill
  // CHECK: linalg.generic {indexing_maps = [#[[$ROW]], #[[$WEIGHT]], #[[$SUM]]], iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
  // CHECK-SAME: ins(%[[X]], %[[W]]
  // CHECK-SAME: outs(%[[ZERO]]
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = false}
      : (tensor<?x?x8xf32>, tensor<8x6xf32>) -> tensor<?x?x6xf32>
  // CHECK: %[[BIASED:.*]] = linalg.generic
  // CHECK: arith.addf
  %1 = ov.add %0, %bias : (tensor<?x?x6xf32>, tensor<6xf32>) -> tensor<?x?x6xf32>
  %shape = ov.constant dense<[0, 0, 2, 3]> : tensor<4xi64>
  // CHECK: tensor.expand_shape %[[BIASED]] {{\[\[}}0], [1], [2, 3]] output_shape [%[[B]], %[[S]], 2, 3]
  %2 = ov.reshape %1, %shape {special_zero = true} : (tensor<?x?x6xf32>, tensor<4xi64>) -> tensor<?x?x2x3xf32>
  return %2 : tensor<?x?x2x3xf32>
}

// Shape arithmetic leaves nothing behind where a name says what it computes.

// CHECK-LABEL: func.func @computed_target(
// CHECK-NOT: tensor.extract
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]]
// CHECK-NOT: tensor.extract
// CHECK: return
func.func @computed_target(%x: tensor<?x2x3xf32>) -> tensor<?x6xf32> {
  %sizes = ov.shape_of %x {output_type = i64} : (tensor<?x2x3xf32>) -> tensor<3xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %first = ov.constant dense<0> : tensor<1xi64>
  %batch = ov.gather %sizes, %first, %zero {batch_dims = 0 : i64} : (tensor<3xi64>, tensor<1xi64>, tensor<i64>) -> tensor<1xi64>
  %rest = ov.constant dense<-1> : tensor<1xi64>
  %target = ov.concat %batch, %rest {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
  %0 = ov.reshape %x, %target {special_zero = false} : (tensor<?x2x3xf32>, tensor<2xi64>) -> tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// Where two open dimensions may differ, the run decides which is repeated.

// CHECK-LABEL: func.func @open_broadcast(
// CHECK: arith.cmpi eq
// CHECK: arith.select
// CHECK: linalg.index
// CHECK: tensor.extract
func.func @open_broadcast(%a: tensor<?xf32>, %b: tensor<?x3xf32>) -> tensor<?x?xf32> {
  %axis = ov.constant dense<1> : tensor<1xi64>
  %sum = ov.reduce_sum %b, %axis {keep_dims = true} : (tensor<?x3xf32>, tensor<1xi64>) -> tensor<?x1xf32>
  %0 = ov.multiply %a, %sum : (tensor<?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
  %1 = ov.add %0, %a : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %columns = ov.reduce_sum %b, %axis {keep_dims = false} : (tensor<?x3xf32>, tensor<1xi64>) -> tensor<?xf32>
  %2 = ov.add %1, %columns : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  return %2 : tensor<?x?xf32>
}

// What divides integers never traps, and what is looked up is inside.

// CHECK-LABEL: func.func @guards(
// CHECK: arith.floordivsi
// CHECK: arith.cmpi ult
// CHECK: arith.select
// CHECK: tensor.extract
// CHECK: arith.select
func.func @guards(%x: tensor<4xi32>, %y: tensor<4xi32>, %table: tensor<5xf32>) -> tensor<4xf32> {
  %0 = ov.divide %x, %y {m_pythondiv = true} : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %axis = ov.constant dense<0> : tensor<i64>
  %1 = ov.gather %table, %0, %axis {batch_dims = 0 : i64} : (tensor<5xf32>, tensor<4xi32>, tensor<i64>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// As many as there are sequences: a size, not something that is read from memory.

// CHECK-LABEL: func.func @positions(
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x4xf32>
// CHECK: %[[B:.*]] = tensor.dim %[[X]]
// CHECK-NOT: tensor.extract
// CHECK: tensor.empty(%[[B]]) : tensor<?xi64>
// CHECK: return
func.func @positions(%x: tensor<?x4xf32>) -> tensor<?xi64> {
  %sizes = ov.shape_of %x {output_type = i64} : (tensor<?x4xf32>) -> tensor<2xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %batch = ov.gather %sizes, %zero, %zero {batch_dims = 0 : i64} : (tensor<2xi64>, tensor<i64>, tensor<i64>) -> tensor<i64>
  %0 = ov.range %zero, %batch, %one {output_type = i64} : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return %0 : tensor<?xi64>
}

// Unsigned integers are never negative.
// CHECK-LABEL: func.func @unsigned(
// CHECK-SAME: %{{[^:]*}}: tensor<?xi8>
func.func @unsigned(%x: tensor<?xui8>, %y: tensor<?xi32>) -> (tensor<?xi32>, tensor<?xf32>) {
  // CHECK: arith.extui %{{.*}} : i8 to i32
  %0 = ov.convert %x {destination_type = i32} : (tensor<?xui8>) -> tensor<?xi32>
  // CHECK: arith.trunci %{{.*}} : i32 to i8
  // CHECK: arith.extui %{{.*}} : i8 to i64
  // CHECK: arith.sitofp
  %1 = ov.convert %y {destination_type = ui8} : (tensor<?xi32>) -> tensor<?xui8>
  %2 = ov.convert %1 {destination_type = f32} : (tensor<?xui8>) -> tensor<?xf32>
  return %0, %2 : tensor<?xi32>, tensor<?xf32>
}

// Positions that count from 2 on are as many as the sequence is long.
// CHECK-LABEL: func.func @positions_from_two(
// CHECK-SAME: %[[IDS:[^:]*]]: tensor<?x?xi32>
func.func @positions_from_two(%ids: tensor<?x?xi32>) -> (tensor<?xi32>, tensor<?xi32>) {
  // CHECK: %[[S:.*]] = tensor.dim %[[IDS]], %c1
  // CHECK: tensor.empty(%[[S]]) : tensor<?xi32>
  // CHECK: %[[ONE_LESS:.*]] = arith.maxsi
  // CHECK: tensor.empty(%[[ONE_LESS]]) : tensor<?xi32>
  %shape = ov.shape_of %ids {output_type = i32} : (tensor<?x?xi32>) -> tensor<2xi32>
  %zero = ov.constant dense<0> : tensor<i64>
  %axis = ov.constant dense<1> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i32>
  %two = ov.constant dense<2> : tensor<i32>
  %s = ov.gather %shape, %axis, %zero {batch_dims = 0 : i64} : (tensor<2xi32>, tensor<i64>, tensor<i64>) -> tensor<i32>
  %0 = ov.add %s, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %1 = ov.range %two, %0, %one {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  %2 = ov.add %s, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %3 = ov.range %two, %2, %one {output_type = i32} : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  return %1, %3 : tensor<?xi32>, tensor<?xi32>
}
