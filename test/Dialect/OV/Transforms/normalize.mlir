// RUN: bert-opt --ov-normalize --cse --ov-verify-normal-form --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-normalize --cse --ov-normalize --cse --split-input-file %s > %t.twice
// RUN: bert-opt --ov-normalize --cse --split-input-file %s | diff - %t.twice

// The example of the pass's description: flattened tokens, split into heads.

// CHECK-LABEL: func.func @tokens
// CHECK-SAME: (%[[X:.*]]: tensor<2x16x8xf32>, %[[R:.*]]: tensor<2x16x8xf32>)
// CHECK-DAG: %[[W:.*]] = ov.weight "w"
// CHECK-DAG: %[[B:.*]] = ov.weight "b"
// CHECK: %[[P:.*]] = ov.matmul %[[X]], %[[W]] {{.*}} -> tensor<2x16x8xf32>
// CHECK: %[[S:.*]] = ov.add %[[P]], %[[B]] : {{.*}} -> tensor<2x16x8xf32>
// CHECK: %[[A:.*]] = ov.add %[[S]], %[[R]] : {{.*}} -> tensor<2x16x8xf32>
// CHECK: %[[G:.*]] = ov.gelu %[[A]] {{.*}} -> tensor<2x16x8xf32>
// CHECK: %[[HEADS:.*]] = ov.constant dense<[2, 16, 2, 4]> : tensor<4xi64>
// CHECK: %[[Y:.*]] = ov.reshape %[[G]], %[[HEADS]] {special_zero = false} : {{.*}} -> tensor<2x16x2x4xf32>
// CHECK-NEXT: return %[[Y]]
func.func @tokens(%x: tensor<2x16x8xf32>, %r: tensor<2x16x8xf32>) -> tensor<2x16x2x4xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %b = ov.weight "b" dense_resource<b> : tensor<8xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi32>
  %heads = ov.constant dense<[2, 16, 2, 4]> : tensor<4xi32>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi32>) -> tensor<32x8xf32>
  %1 = ov.reshape %r, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi32>) -> tensor<32x8xf32>
  %2 = ov.matmul %0, %w {transpose_a = false, transpose_b = false} : (tensor<32x8xf32>, tensor<8x8xf32>) -> tensor<32x8xf32>
  %3 = ov.add %b, %2 : (tensor<8xf32>, tensor<32x8xf32>) -> tensor<32x8xf32>
  %4 = ov.add %3, %1 : (tensor<32x8xf32>, tensor<32x8xf32>) -> tensor<32x8xf32>
  %5 = ov.gelu %4 {approximation_mode = "ERF"} : (tensor<32x8xf32>) -> tensor<32x8xf32>
  %6 = ov.reshape %5, %heads {special_zero = false} : (tensor<32x8xf32>, tensor<4xi32>) -> tensor<2x16x2x4xf32>
  return %6 : tensor<2x16x2x4xf32>
}

// -----

// Batch and sequence length open, the target computed from them: all arithmetic goes.

// CHECK-LABEL: func.func @open_tokens
// CHECK-SAME: (%[[X:.*]]: tensor<?x?x8xf32>)
// CHECK-NOT: ov.shape_of
// CHECK: %[[P:.*]] = ov.matmul %[[X]]
// CHECK-NOT: ov.shape_of
// CHECK: %[[HEADS:.*]] = ov.constant dense<[0, 0, 2, 4]> : tensor<4xi64>
// CHECK: %[[Y:.*]] = ov.reshape %[[P]], %[[HEADS]] {special_zero = true}
// CHECK: return %[[Y]]
func.func @open_tokens(%x: tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi32>
  %shape = ov.shape_of %x {output_type = i32} : (tensor<?x?x8xf32>) -> tensor<3xi32>
  %first = ov.constant dense<[0, 1]> : tensor<2xi32>
  %axis = ov.constant dense<0> : tensor<i32>
  %rest = ov.constant dense<[2, 4]> : tensor<2xi32>
  %bs = ov.gather %shape, %first, %axis {batch_dims = 0 : i64} : (tensor<3xi32>, tensor<2xi32>, tensor<i32>) -> tensor<2xi32>
  %target = ov.concat %bs, %rest {axis = 0 : i64} : (tensor<2xi32>, tensor<2xi32>) -> tensor<4xi32>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<?x?x8xf32>, tensor<2xi32>) -> tensor<?x8xf32>
  %1 = ov.matmul %0, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %2 = ov.reshape %1, %target {special_zero = false} : (tensor<?x8xf32>, tensor<4xi32>) -> tensor<?x?x2x4xf32>
  return %2 : tensor<?x?x2x4xf32>
}

// -----

// Heads are merged and flattened in one Reshape: only the flattening moves on.

// CHECK-LABEL: func.func @merged_heads
// CHECK-SAME: (%[[X:.*]]: tensor<?x16x2x4xf32>)
// CHECK-DAG: %[[MERGE:.*]] = ov.constant dense<[0, 16, 8]> : tensor<3xi64>
// CHECK: %[[T:.*]] = ov.reshape %[[X]], %[[MERGE]] {special_zero = true} : {{.*}} -> tensor<?x16x8xf32>
// CHECK: %[[P:.*]] = ov.matmul %[[T]], {{.*}} -> tensor<?x16x8xf32>
// CHECK: return %[[P]]
func.func @merged_heads(%x: tensor<?x16x2x4xf32>) -> tensor<?x16x8xf32> {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %tokens = ov.constant dense<[-1, 16, 8]> : tensor<3xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<?x16x2x4xf32>, tensor<2xi64>) -> tensor<?x8xf32>
  %1 = ov.matmul %0, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %2 = ov.reshape %1, %tokens {special_zero = false} : (tensor<?x8xf32>, tensor<3xi64>) -> tensor<?x16x8xf32>
  return %2 : tensor<?x16x8xf32>
}

// -----

// Rows of two flattened tensors that were split differently don't meet as tokens.

// CHECK-LABEL: func.func @different_tokens
// CHECK: ov.reshape {{.*}} -> tensor<32x8xf32>
// CHECK: ov.reshape {{.*}} -> tensor<32x8xf32>
// CHECK: ov.add {{.*}} -> tensor<32x8xf32>
func.func @different_tokens(%x: tensor<2x16x8xf32>, %y: tensor<4x8x8xf32>) -> tensor<32x8xf32> {
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi64>) -> tensor<32x8xf32>
  %1 = ov.reshape %y, %flat {special_zero = false} : (tensor<4x8x8xf32>, tensor<2xi64>) -> tensor<32x8xf32>
  %2 = ov.add %0, %1 : (tensor<32x8xf32>, tensor<32x8xf32>) -> tensor<32x8xf32>
  return %2 : tensor<32x8xf32>
}

// -----

// A SoftMax over all tokens is no work on one token.

// CHECK-LABEL: func.func @across_tokens
// CHECK: %[[F:.*]] = ov.reshape
// CHECK: ov.softmax %[[F]] {axis = 0 : i64} : (tensor<32x8xf32>) -> tensor<32x8xf32>
func.func @across_tokens(%x: tensor<2x16x8xf32>) -> tensor<32x8xf32> {
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi64>) -> tensor<32x8xf32>
  %1 = ov.softmax %0 {axis = 0 : i64} : (tensor<32x8xf32>) -> tensor<32x8xf32>
  return %1 : tensor<32x8xf32>
}

// -----

// A bias per token can't follow.

// CHECK-LABEL: func.func @bias_per_token
// CHECK: ov.reshape {{.*}} -> tensor<32x8xf32>
// CHECK: ov.add {{.*}} -> tensor<32x8xf32>
func.func @bias_per_token(%x: tensor<2x16x8xf32>) -> tensor<32x8xf32> {
  %b = ov.weight "b" dense_resource<b> : tensor<32x1xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi64>) -> tensor<32x8xf32>
  %1 = ov.add %0, %b : (tensor<32x8xf32>, tensor<32x1xf32>) -> tensor<32x8xf32>
  return %1 : tensor<32x8xf32>
}

// -----

// Flattened ids: the look-up gives tokens at once. Also where the ids got a last
// dimension of size 1, as modeling.py of 2018 has it.

// CHECK-LABEL: func.func @look_up
// CHECK-SAME: (%[[IDS:.*]]: tensor<?x16xi32>)
// CHECK: %[[Y:.*]] = ov.gather %{{.*}}, %[[IDS]], {{.*}} -> tensor<?x16x8xf32>
// CHECK-NEXT: return %[[Y]], %[[Y]]
func.func @look_up(%ids: tensor<?x16xi32>) -> (tensor<?x16x8xf32>, tensor<?x16x8xf32>) {
  %table = ov.weight "table" dense_resource<table> : tensor<100x8xf32>
  %flat = ov.constant dense<-1> : tensor<1xi32>
  %axis = ov.constant dense<0> : tensor<i32>
  %last = ov.constant dense<-1> : tensor<i32>
  %tokens = ov.constant dense<[-1, 16, 8]> : tensor<3xi32>
  %0 = ov.reshape %ids, %flat {special_zero = false} : (tensor<?x16xi32>, tensor<1xi32>) -> tensor<?xi32>
  %1 = ov.gather %table, %0, %axis {batch_dims = 0 : i64} : (tensor<100x8xf32>, tensor<?xi32>, tensor<i32>) -> tensor<?x8xf32>
  %2 = ov.reshape %1, %tokens {special_zero = false} : (tensor<?x8xf32>, tensor<3xi32>) -> tensor<?x16x8xf32>
  %3 = ov.unsqueeze %ids, %last : (tensor<?x16xi32>, tensor<i32>) -> tensor<?x16x1xi32>
  %4 = ov.gather %table, %3, %axis {batch_dims = 0 : i64} : (tensor<100x8xf32>, tensor<?x16x1xi32>, tensor<i32>) -> tensor<?x16x1x8xf32>
  %5 = ov.reshape %4, %tokens {special_zero = false} : (tensor<?x16x1x8xf32>, tensor<3xi32>) -> tensor<?x16x8xf32>
  return %2, %5 : tensor<?x16x8xf32>, tensor<?x16x8xf32>
}

// -----

// Chains of views.

// CHECK-LABEL: func.func @views
// CHECK-SAME: (%[[X:.*]]: tensor<?x16xf32>)
// CHECK-DAG: %[[ONE:.*]] = ov.constant dense<1> : tensor<1xi64>
// CHECK: %[[U:.*]] = ov.unsqueeze %[[X]], %[[ONE]] : {{.*}} -> tensor<?x1x16xf32>
// CHECK: return %[[U]], %[[X]]
func.func @views(%x: tensor<?x16xf32>) -> (tensor<?x1x16xf32>, tensor<?x16xf32>) {
  %a = ov.constant dense<[-1, 16, 1, 1]> : tensor<4xi64>
  %b = ov.constant dense<[-1, 1, 16]> : tensor<3xi64>
  %c = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.reshape %x, %a {special_zero = false} : (tensor<?x16xf32>, tensor<4xi64>) -> tensor<?x16x1x1xf32>
  %1 = ov.reshape %0, %b {special_zero = false} : (tensor<?x16x1x1xf32>, tensor<3xi64>) -> tensor<?x1x16xf32>
  %2 = ov.squeeze %1, %c : (tensor<?x1x16xf32>, tensor<1xi64>) -> tensor<?x16xf32>
  return %1, %2 : tensor<?x1x16xf32>, tensor<?x16xf32>
}

// -----

// Two open dimensions that are not known to be equal: the Reshape stays.

// CHECK-LABEL: func.func @unknown_target
// CHECK-SAME: (%[[X:.*]]: tensor<?x?xf32>, %[[T:.*]]: tensor<2xi64>)
// CHECK: %[[Y:.*]] = ov.reshape %[[X]], %[[T]]
// CHECK: return %[[Y]]
func.func @unknown_target(%x: tensor<?x?xf32>, %target: tensor<2xi64>) -> tensor<?x?xf32> {
  %0 = ov.reshape %x, %target {special_zero = false} : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// Swapped, so that numbers can't say it: one concatenation of two dimensions.

// CHECK-LABEL: func.func @swapped
// CHECK-SAME: (%[[X:.*]]: tensor<?x?xf32>)
// CHECK-DAG: %[[SHAPE:.*]] = ov.shape_of %[[X]] {output_type = i64}
// CHECK: %[[TARGET:.*]] = ov.concat
// CHECK: ov.reshape %[[X]], %[[TARGET]] {special_zero = false}
func.func @swapped(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %order = ov.constant dense<[1, 0]> : tensor<2xi64>
  %axis = ov.constant dense<0> : tensor<i64>
  %shape = ov.shape_of %x {output_type = i64} : (tensor<?x?xf32>) -> tensor<2xi64>
  %target = ov.gather %shape, %order, %axis {batch_dims = 0 : i64} : (tensor<2xi64>, tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  %0 = ov.reshape %x, %target {special_zero = false} : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// One token, cut out and squeezed.

// CHECK-LABEL: func.func @first_token
// CHECK-SAME: (%[[X:.*]]: tensor<?x?x8xf32>)
// CHECK-DAG: %[[ZERO:.*]] = ov.constant dense<0> : tensor<i64>
// CHECK-DAG: %[[AXIS:.*]] = ov.constant dense<1> : tensor<i64>
// CHECK: %[[Y:.*]] = ov.gather %[[X]], %[[ZERO]], %[[AXIS]] {batch_dims = 0 : i64} : {{.*}} -> tensor<?x8xf32>
// CHECK: return %[[Y]]
func.func @first_token(%x: tensor<?x?x8xf32>) -> tensor<?x8xf32> {
  %begin = ov.constant dense<0> : tensor<3xi32>
  %end = ov.constant dense<[0, 1, 0]> : tensor<3xi32>
  %steps = ov.constant dense<1> : tensor<3xi32>
  %axis = ov.constant dense<1> : tensor<1xi64>
  %0 = ov.strided_slice %x, %begin, %end, %steps {begin_mask = array<i64: 1, 0, 1>, end_mask = array<i64: 1, 0, 1>, new_axis_mask = array<i64: 0, 0, 0>, shrink_axis_mask = array<i64: 0, 0, 0>, ellipsis_mask = array<i64: 0, 0, 0>} : (tensor<?x?x8xf32>, tensor<3xi32>, tensor<3xi32>, tensor<3xi32>) -> tensor<?x1x8xf32>
  %1 = ov.squeeze %0, %axis : (tensor<?x1x8xf32>, tensor<1xi64>) -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// -----

// The last token, picked by a shrinking slice; two tokens; every second token.

// CHECK-LABEL: func.func @slices
// CHECK-SAME: (%[[X:.*]]: tensor<2x?x8xf32>)
// CHECK: ov.gather %[[X]], %{{.*}}, %{{.*}} -> tensor<2x8xf32>
// CHECK: ov.slice %[[X]]
// CHECK: ov.strided_slice %[[X]]
func.func @slices(%x: tensor<2x?x8xf32>) -> (tensor<2x8xf32>, tensor<2x?x8xf32>, tensor<2x?x8xf32>) {
  %begin = ov.constant dense<[0, -1]> : tensor<2xi32>
  %end = ov.constant dense<[0, 0]> : tensor<2xi32>
  %one = ov.constant dense<1> : tensor<2xi32>
  %two = ov.constant dense<[1, 2]> : tensor<2xi32>
  %0 = ov.strided_slice %x, %begin, %end, %one {begin_mask = array<i64: 1, 0>, end_mask = array<i64: 1, 0>, new_axis_mask = array<i64>, shrink_axis_mask = array<i64: 0, 1>, ellipsis_mask = array<i64>} : (tensor<2x?x8xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x8xf32>
  %1 = ov.strided_slice %x, %end, %two, %one {begin_mask = array<i64: 1, 0>, end_mask = array<i64: 1, 0>, new_axis_mask = array<i64>, shrink_axis_mask = array<i64>, ellipsis_mask = array<i64>} : (tensor<2x?x8xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x?x8xf32>
  %2 = ov.strided_slice %x, %end, %one, %two {begin_mask = array<i64: 1, 1>, end_mask = array<i64: 1, 1>, new_axis_mask = array<i64>, shrink_axis_mask = array<i64>, ellipsis_mask = array<i64>} : (tensor<2x?x8xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x?x8xf32>
  return %0, %1, %2 : tensor<2x8xf32>, tensor<2x?x8xf32>, tensor<2x?x8xf32>
}

// -----

// Transposes: two that undo each other; the last two dimensions; keys whose last
// two dimensions were swapped on the way to the heads.

// CHECK-LABEL: func.func @transposes
// CHECK-SAME: (%[[Q:[^:]*]]: tensor<2x2x16x4xf32>, %[[K:[^:]*]]: tensor<2x16x2x4xf32>, %[[X:[^:]*]]: tensor<2x16x2x4xf32>)
// CHECK-DAG: %[[W:.*]] = ov.weight "w"
// CHECK-DAG: %[[ORDER:.*]] = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
// CHECK: %[[KT:.*]] = ov.transpose %[[K]], %[[ORDER]]
// CHECK: %[[S:.*]] = ov.matmul %[[Q]], %[[KT]] {transpose_a = false, transpose_b = true}
// CHECK: %[[P:.*]] = ov.matmul %[[X]], %[[W]] {transpose_a = false, transpose_b = true}
// CHECK: return %[[S]], %[[P]]
func.func @transposes(%q: tensor<2x2x16x4xf32>, %k: tensor<2x16x2x4xf32>, %x: tensor<2x16x2x4xf32>) -> (tensor<2x2x16x16xf32>, tensor<2x16x2x8xf32>) {
  %w = ov.weight "w" dense_resource<w> : tensor<8x4xf32>
  %keys = ov.constant dense<[0, 2, 3, 1]> : tensor<4xi32>
  %heads = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi32>
  %swap = ov.constant dense<[1, 0]> : tensor<2xi32>
  %0 = ov.transpose %k, %keys : (tensor<2x16x2x4xf32>, tensor<4xi32>) -> tensor<2x2x4x16xf32>
  %1 = ov.matmul %q, %0 {transpose_a = false, transpose_b = false} : (tensor<2x2x16x4xf32>, tensor<2x2x4x16xf32>) -> tensor<2x2x16x16xf32>
  %2 = ov.transpose %x, %heads : (tensor<2x16x2x4xf32>, tensor<4xi32>) -> tensor<2x2x16x4xf32>
  %3 = ov.transpose %2, %heads : (tensor<2x2x16x4xf32>, tensor<4xi32>) -> tensor<2x16x2x4xf32>
  %4 = ov.transpose %w, %swap : (tensor<8x4xf32>, tensor<2xi32>) -> tensor<4x8xf32>
  %5 = ov.matmul %3, %4 {transpose_a = false, transpose_b = false} : (tensor<2x16x2x4xf32>, tensor<4x8xf32>) -> tensor<2x16x2x8xf32>
  return %1, %5 : tensor<2x2x16x16xf32>, tensor<2x16x2x8xf32>
}

// -----

// Constants on the right, products for quotients, axes from the end, no leading
// ones that broadcasting supplies. The quotient by a value stays.

// CHECK-LABEL: func.func @spelling
// CHECK-SAME: (%[[X:.*]]: tensor<2x16x8xf32>)
// CHECK-DAG: %[[P:.*]] = ov.weight "positions"
// CHECK: %[[A:.*]] = ov.add %[[X]], %[[P]] : (tensor<2x16x8xf32>, tensor<16x8xf32>)
// CHECK: %[[C:.*]] = ov.constant dense<1.250000e-01> : tensor<f32>
// CHECK: %[[M:.*]] = ov.multiply %[[A]], %[[C]]
// CHECK: %[[S:.*]] = ov.softmax %[[M]] {axis = -1 : i64}
// CHECK: %[[LAST:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[N:.*]] = ov.mvn %[[S]], %[[LAST]]
// CHECK: ov.divide %[[N]], %[[X]]
func.func @spelling(%x: tensor<2x16x8xf32>) -> tensor<2x16x8xf32> {
  %p = ov.weight "positions" dense_resource<p> : tensor<16x8xf32>
  %zero = ov.constant dense<0> : tensor<1xi64>
  %axes = ov.constant dense<2> : tensor<1xi32>
  %eight = ov.constant dense<8.0> : tensor<f32>
  %0 = ov.unsqueeze %p, %zero : (tensor<16x8xf32>, tensor<1xi64>) -> tensor<1x16x8xf32>
  %1 = ov.add %0, %x : (tensor<1x16x8xf32>, tensor<2x16x8xf32>) -> tensor<2x16x8xf32>
  %2 = ov.divide %1, %eight {m_pythondiv = true} : (tensor<2x16x8xf32>, tensor<f32>) -> tensor<2x16x8xf32>
  %3 = ov.softmax %2 {axis = 2 : i64} : (tensor<2x16x8xf32>) -> tensor<2x16x8xf32>
  %4 = ov.mvn %3, %axes {eps = 1.0e-5 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<2x16x8xf32>, tensor<1xi32>) -> tensor<2x16x8xf32>
  %5 = ov.divide %4, %x {m_pythondiv = true} : (tensor<2x16x8xf32>, tensor<2x16x8xf32>) -> tensor<2x16x8xf32>
  return %5 : tensor<2x16x8xf32>
}

// -----

// An integer quotient rounds; its inverse would be 0.

// CHECK-LABEL: func.func @integer_quotient
// CHECK: ov.divide
func.func @integer_quotient(%x: tensor<4xi32>) -> tensor<4xi32> {
  %two = ov.constant dense<2> : tensor<i32>
  %0 = ov.divide %x, %two {m_pythondiv = true} : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// -----

// Token types come from another input. The Reshape to the ids' dimensions says that
// the inputs agree; the position table is cut where the ids end.

// CHECK-LABEL: func.func @inputs
// CHECK-SAME: (%[[IDS:[^:]*]]: tensor<?x?xi32>, %[[TYPES:[^:]*]]: tensor<?x?xi32>)
// CHECK-DAG: %[[A:.*]] = ov.gather %{{.*}}, %[[IDS]]
// CHECK-DAG: %[[B:.*]] = ov.gather %{{.*}}, %[[TYPES]]
// CHECK: %[[S:.*]] = ov.add %[[A]], %[[B]]
// CHECK: %[[P:.*]] = ov.slice
// CHECK: %[[Y:.*]] = ov.add %[[S]], %[[P]] : (tensor<?x?x8xf32>, tensor<?x8xf32>)
// CHECK-NOT: ov.reshape
// CHECK: return %[[Y]]
func.func @inputs(%ids: tensor<?x?xi32>, %types: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  %words = ov.weight "words" dense_resource<words> : tensor<100x8xf32>
  %kinds = ov.weight "types" dense_resource<kinds> : tensor<2x8xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<64x8xf32>
  %flat = ov.constant dense<-1> : tensor<1xi32>
  %zero = ov.constant dense<0> : tensor<i32>
  %zeros = ov.constant dense<0> : tensor<1xi32>
  %one = ov.constant dense<1> : tensor<1xi32>
  %hidden = ov.constant dense<8> : tensor<1xi32>
  %axis = ov.constant dense<0> : tensor<1xi32>
  %shape = ov.shape_of %ids {output_type = i32} : (tensor<?x?xi32>) -> tensor<2xi32>
  %target = ov.concat %shape, %hidden {axis = 0 : i64} : (tensor<2xi32>, tensor<1xi32>) -> tensor<3xi32>
  %s = ov.gather %shape, %one, %zero {batch_dims = 0 : i64} : (tensor<2xi32>, tensor<1xi32>, tensor<i32>) -> tensor<1xi32>
  %0 = ov.gather %words, %ids, %zero {batch_dims = 0 : i64} : (tensor<100x8xf32>, tensor<?x?xi32>, tensor<i32>) -> tensor<?x?x8xf32>
  %1 = ov.reshape %types, %flat {special_zero = false} : (tensor<?x?xi32>, tensor<1xi32>) -> tensor<?xi32>
  %2 = ov.gather %kinds, %1, %zero {batch_dims = 0 : i64} : (tensor<2x8xf32>, tensor<?xi32>, tensor<i32>) -> tensor<?x8xf32>
  %3 = ov.reshape %2, %target {special_zero = false} : (tensor<?x8xf32>, tensor<3xi32>) -> tensor<?x?x8xf32>
  %4 = ov.add %0, %3 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %5 = ov.slice %positions, %zeros, %s, %one, %axis : (tensor<64x8xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x8xf32>
  %6 = ov.unsqueeze %5, %axis : (tensor<?x8xf32>, tensor<1xi32>) -> tensor<1x?x8xf32>
  %7 = ov.add %4, %6 : (tensor<?x?x8xf32>, tensor<1x?x8xf32>) -> tensor<?x?x8xf32>
  return %7 : tensor<?x?x8xf32>
}

// -----

// A flattened output keeps its shape and its name.

// CHECK-LABEL: func.func @flat_output
// CHECK-SAME: ov.name = "out"
// CHECK: %[[P:.*]] = ov.matmul %{{.*}} -> tensor<2x16x8xf32>
// CHECK: %[[Y:.*]] = ov.reshape %[[P]], %{{.*}} -> tensor<32x8xf32>
// CHECK: return %[[Y]]
func.func @flat_output(%x: tensor<2x16x8xf32>) -> (tensor<32x8xf32> {ov.name = "out", ov.names = ["out"]}) {
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<2x16x8xf32>, tensor<2xi64>) -> tensor<32x8xf32>
  %1 = ov.matmul %0, %w {transpose_a = false, transpose_b = false} : (tensor<32x8xf32>, tensor<8x8xf32>) -> tensor<32x8xf32>
  return %1 : tensor<32x8xf32>
}

// -----

// One head of all columns: a dimension of 1 is none of the tokens'.
// CHECK-LABEL: func.func @one_head
func.func @one_head(%x: tensor<?x?x1x8xf32>) -> tensor<?x8xf32> {
  // CHECK: ov.matmul %{{.*}}, %{{.*}} {{.*}} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %w = ov.weight "w" dense_resource<w> : tensor<8x8xf32>
  %flat = ov.constant dense<[-1, 8]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<?x?x1x8xf32>, tensor<2xi64>) -> tensor<?x8xf32>
  %1 = ov.matmul %0, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// -----

// Query, key and value that are cut out of one product of flattened tokens.
// CHECK-LABEL: func.func @split
func.func @split(%x: tensor<?x?x12xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: ov.split %arg0, %{{.*}} {num_splits = 3 : i64} : (tensor<?x?x12xf32>, tensor<i64>) -> (tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>)
  %axis = ov.constant dense<1> : tensor<i64>
  %flat = ov.constant dense<[-1, 12]> : tensor<2xi64>
  %0 = ov.reshape %x, %flat {special_zero = false} : (tensor<?x?x12xf32>, tensor<2xi64>) -> tensor<?x12xf32>
  %1:3 = ov.split %0, %axis {num_splits = 3 : i64} : (tensor<?x12xf32>, tensor<i64>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>)
  return %1#0, %1#1, %1#2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}
