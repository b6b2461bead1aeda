// RUN: bert-opt --ov-sink-token-slice --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-sink-token-slice --ov-sink-token-slice --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-sink-token-slice --ov-verify-normal-form --split-input-file --mlir-print-debuginfo %s | FileCheck %s --check-prefix=NAME
// RUN: bert-opt --ov-sink-token-slice --split-input-file --remarks-filter=ov-sink.* %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=Function=second_of_open --implicit-check-not=Function=dimension

// The example of the pass's description: one layer and what the pooler reads of it. The residual
// sums read the token's rows too, and the mask is the same for all queries.

// REMARK: 'first' became a cut before 13 ops, 5 of them products
// NAME: ov.matmul {{.*}} tensor<?x1x64xf32> loc(#[[UP:.*]])
// NAME-DAG: #[[UP]] = loc("up")
// CHECK-LABEL: func.func @layer
// CHECK-SAME: %[[X:[^ ]*]]: tensor<?x?x32xf32>, %[[MASK:[^ ]*]]: tensor<?x1x1x?xf32>
// CHECK: %[[TOKEN:.*]] = ov.gather %[[X]], %{{.*}} -> tensor<?x1x32xf32>
// CHECK: %[[Q:.*]] = ov.matmul %[[TOKEN]], {{.*}} -> tensor<?x1x32xf32>
// CHECK: %[[TARGET:.*]] = ov.constant dense<[0, 1, 2, 16]>
// CHECK: ov.reshape %[[Q]], %[[TARGET]] {special_zero = true} : {{.*}} -> tensor<?x1x2x16xf32>
// CHECK: ov.transpose {{.*}} -> tensor<?x2x1x16xf32>
// CHECK: ov.matmul %[[X]], {{.*}} -> tensor<?x?x32xf32>
// CHECK: ov.transpose {{.*}} -> tensor<?x2x?x16xf32>
// CHECK: ov.matmul {{.*}} -> tensor<?x2x1x?xf32>
// CHECK: ov.add %{{.*}}, %[[MASK]] : {{.*}} -> tensor<?x2x1x?xf32>
// CHECK: ov.softmax {{.*}} -> tensor<?x2x1x?xf32>
// CHECK: ov.matmul {{.*}} -> tensor<?x2x1x16xf32>
// CHECK: ov.transpose {{.*}} -> tensor<?x1x2x16xf32>
// CHECK: ov.reshape {{.*}} -> tensor<?x1x32xf32>
// CHECK: ov.add %{{.*}}, %[[TOKEN]] : {{.*}} -> tensor<?x1x32xf32>
// CHECK: ov.mvn {{.*}} -> tensor<?x1x32xf32>
// CHECK: ov.matmul {{.*}} -> tensor<?x1x64xf32>
// CHECK: %[[LAST:.*]] = ov.matmul {{.*}} -> tensor<?x1x32xf32>
// CHECK: ov.gather %[[LAST]], {{.*}} -> tensor<?x32xf32>
func.func @layer(%x: tensor<?x?x32xf32>, %mask: tensor<?x1x1x?xf32>) -> tensor<?x32xf32> {
  %wq = ov.weight "q" dense_resource<q> : tensor<32x32xf32>
  %wk = ov.weight "k" dense_resource<k> : tensor<32x32xf32>
  %up = ov.weight "up" dense_resource<up> : tensor<32x64xf32>
  %down = ov.weight "down" dense_resource<down> : tensor<64x32xf32>
  %heads = ov.constant dense<[0, 0, 2, 16]> : tensor<4xi64>
  %order = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %joined = ov.constant dense<[0, 0, 32]> : tensor<3xi64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %q = ov.matmul %x, %wq {transpose_a = false, transpose_b = false} : (tensor<?x?x32xf32>, tensor<32x32xf32>) -> tensor<?x?x32xf32>
  %q4 = ov.reshape %q, %heads {special_zero = true} : (tensor<?x?x32xf32>, tensor<4xi64>) -> tensor<?x?x2x16xf32>
  %qt = ov.transpose %q4, %order : (tensor<?x?x2x16xf32>, tensor<4xi64>) -> tensor<?x2x?x16xf32>
  %k = ov.matmul %x, %wk {transpose_a = false, transpose_b = false} : (tensor<?x?x32xf32>, tensor<32x32xf32>) -> tensor<?x?x32xf32>
  %k4 = ov.reshape %k, %heads {special_zero = true} : (tensor<?x?x32xf32>, tensor<4xi64>) -> tensor<?x?x2x16xf32>
  %kt = ov.transpose %k4, %order : (tensor<?x?x2x16xf32>, tensor<4xi64>) -> tensor<?x2x?x16xf32>
  %scores = ov.matmul %qt, %kt {transpose_a = false, transpose_b = true} : (tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>) -> tensor<?x2x?x?xf32>
  %masked = ov.add %scores, %mask : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %weights = ov.softmax %masked {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %context = ov.matmul %weights, %kt {transpose_a = false, transpose_b = false} : (tensor<?x2x?x?xf32>, tensor<?x2x?x16xf32>) -> tensor<?x2x?x16xf32>
  %side = ov.transpose %context, %order : (tensor<?x2x?x16xf32>, tensor<4xi64>) -> tensor<?x?x2x16xf32>
  %flat = ov.reshape %side, %joined {special_zero = true} : (tensor<?x?x2x16xf32>, tensor<3xi64>) -> tensor<?x?x32xf32>
  %sum = ov.add %flat, %x : (tensor<?x?x32xf32>, tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
  %norm = ov.mvn %sum, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x32xf32>, tensor<1xi64>) -> tensor<?x?x32xf32>
  %wide = ov.matmul %norm, %up {transpose_a = false, transpose_b = false} : (tensor<?x?x32xf32>, tensor<32x64xf32>) -> tensor<?x?x64xf32> loc("up")
  %narrow = ov.matmul %wide, %down {transpose_a = false, transpose_b = false} : (tensor<?x?x64xf32>, tensor<64x32xf32>) -> tensor<?x?x32xf32>
  %first = ov.gather %narrow, %zero, %one {batch_dims = 0 : i64} : (tensor<?x?x32xf32>, tensor<i64>, tensor<i64>) -> tensor<?x32xf32> loc("first")
  return %first : tensor<?x32xf32>
}

// -----

// The mask may differ from query to query, in known shapes too.

// REMARK: 'first' became a cut before 3 ops, 2 of them products
// CHECK-LABEL: func.func @mask_by_query
// CHECK-SAME: %[[Q:[^ ]*]]: tensor<2x4x16x8xf32>, %[[MASK:[^ ]*]]: tensor<2x1x16x16xf32>
// CHECK: %[[ROW:.*]] = ov.gather %[[MASK]], {{.*}} -> tensor<2x1x1x16xf32>
// CHECK: %[[TOKEN:.*]] = ov.gather %[[Q]], {{.*}} -> tensor<2x4x1x8xf32>
// CHECK: %[[SCORES:.*]] = ov.matmul %[[TOKEN]], %[[Q]] {{.*}} -> tensor<2x4x1x16xf32>
// CHECK: ov.add %[[SCORES]], %[[ROW]] : {{.*}} -> tensor<2x4x1x16xf32>
// CHECK: ov.matmul {{.*}} -> tensor<2x4x1x8xf32>
func.func @mask_by_query(%q: tensor<2x4x16x8xf32>, %mask: tensor<2x1x16x16xf32>) -> tensor<2x4x8xf32> {
  %zero = ov.constant dense<0> : tensor<i64>
  %axis = ov.constant dense<2> : tensor<i64>
  %scores = ov.matmul %q, %q {transpose_a = false, transpose_b = true} : (tensor<2x4x16x8xf32>, tensor<2x4x16x8xf32>) -> tensor<2x4x16x16xf32>
  %masked = ov.add %scores, %mask : (tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) -> tensor<2x4x16x16xf32>
  %context = ov.matmul %masked, %q {transpose_a = false, transpose_b = false} : (tensor<2x4x16x16xf32>, tensor<2x4x16x8xf32>) -> tensor<2x4x16x8xf32>
  %first = ov.gather %context, %zero, %axis {batch_dims = 0 : i64} : (tensor<2x4x16x8xf32>, tensor<i64>, tensor<i64>) -> tensor<2x4x8xf32> loc("first")
  return %first : tensor<2x4x8xf32>
}

// -----

// Fused attention is cut by its queries; its mask as far as it depends on them.

// REMARK: 'first' became a cut before 1 ops, 1 of them products
// CHECK-LABEL: func.func @fused_attention
// CHECK-SAME: %[[Q:[^ ]*]]: tensor<?x4x?x8xf32>, %[[K:[^ ]*]]: tensor<?x4x?x8xf32>, %[[MASK:[^ ]*]]: tensor<?x1x1x?xf32>
// CHECK: %[[TOKEN:.*]] = ov.gather %[[Q]]
// CHECK: ov.scaled_dot_product_attention %[[TOKEN]], %[[K]], %[[K]], %[[MASK]] {{.*}} -> tensor<?x4x1x8xf32>
func.func @fused_attention(%q: tensor<?x4x?x8xf32>, %k: tensor<?x4x?x8xf32>, %mask: tensor<?x1x1x?xf32>) -> tensor<?x4x1x8xf32> {
  %a = ov.scaled_dot_product_attention %q, %k, %k, %mask {causal = false} : (tensor<?x4x?x8xf32>, tensor<?x4x?x8xf32>, tensor<?x4x?x8xf32>, tensor<?x1x1x?xf32>) -> tensor<?x4x?x8xf32>
  %zero = ov.constant dense<0> : tensor<1xi64>
  %one = ov.constant dense<1> : tensor<1xi64>
  %axis = ov.constant dense<2> : tensor<1xi64>
  %first = ov.slice %a, %zero, %one, %one, %axis : (tensor<?x4x?x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x4x1x8xf32> loc("first")
  return %first : tensor<?x4x1x8xf32>
}

// -----

// Which key a causal mask hides depends on the query's place.

// REMARK: 'first': 'attention' needs all tokens
// CHECK-LABEL: func.func @causal
// CHECK-NOT: tensor<{{.*}}x1x8xf32>
// CHECK: ov.scaled_dot_product_attention {{.*}} -> tensor<?x4x?x8xf32>
func.func @causal(%q: tensor<?x4x?x8xf32>) -> tensor<?x4x8xf32> {
  %a = ov.scaled_dot_product_attention %q, %q, %q {causal = true} : (tensor<?x4x?x8xf32>, tensor<?x4x?x8xf32>, tensor<?x4x?x8xf32>) -> tensor<?x4x?x8xf32> loc("attention")
  %zero = ov.constant dense<0> : tensor<i64>
  %axis = ov.constant dense<2> : tensor<i64>
  %first = ov.gather %a, %zero, %axis {batch_dims = 0 : i64} : (tensor<?x4x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x4x8xf32> loc("first")
  return %first : tensor<?x4x8xf32>
}

// -----

// The sequence is an output, too.

// REMARK: 'first': all tokens of what it reads are needed by an output
// CHECK-LABEL: func.func @sequence_output
// CHECK: %[[ALL:.*]] = ov.matmul {{.*}} -> tensor<?x?x8xf32>
// CHECK: ov.gather %[[ALL]]
func.func @sequence_output(%x: tensor<?x?x8xf32>, %w: tensor<8x8xf32>) -> (tensor<?x8xf32>, tensor<?x?x8xf32>) {
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %all, %zero, %one {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x8xf32> loc("first")
  return %first, %all : tensor<?x8xf32>, tensor<?x?x8xf32>
}

// -----

// So is something in the middle: what comes behind it is cut, what comes before it is not.

// REMARK: 'first' became a cut before 1 ops, 1 of them products
// CHECK-LABEL: func.func @inner_output
// CHECK: %[[ALL:.*]] = ov.matmul {{.*}} -> tensor<?x?x8xf32>
// CHECK: %[[TOKEN:.*]] = ov.gather %[[ALL]], {{.*}} -> tensor<?x1x8xf32>
// CHECK: ov.matmul %[[TOKEN]], {{.*}} -> tensor<?x1x8xf32>
func.func @inner_output(%x: tensor<?x?x8xf32>, %w: tensor<8x8xf32>) -> (tensor<?x8xf32>, tensor<?x?x8xf32>) {
  %inner = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %all = ov.matmul %inner, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %all, %zero, %one {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x8xf32> loc("first")
  return %first, %inner : tensor<?x8xf32>, tensor<?x?x8xf32>
}

// -----

// Two different tokens are read.

// REMARK: 'first': all tokens of what it reads are needed by 'second'
// REMARK: 'second': all tokens of what it reads are needed by 'first'
// CHECK-LABEL: func.func @two_tokens
// CHECK-NOT: tensor<{{.*}}x1x8xf32>
// CHECK: ov.matmul {{.*}} -> tensor<2x4x8xf32>
func.func @two_tokens(%x: tensor<2x4x8xf32>, %w: tensor<8x8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x4x8xf32>, tensor<8x8xf32>) -> tensor<2x4x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %all, %zero, %one {batch_dims = 0 : i64} : (tensor<2x4x8xf32>, tensor<i64>, tensor<i64>) -> tensor<2x8xf32> loc("first")
  %second = ov.gather %all, %one, %one {batch_dims = 0 : i64} : (tensor<2x4x8xf32>, tensor<i64>, tensor<i64>) -> tensor<2x8xf32> loc("second")
  return %first, %second : tensor<2x8xf32>, tensor<2x8xf32>
}

// -----

// Another token where it is known to exist: here the last one.

// REMARK: 'last' became a cut before 1 ops, 1 of them products
// CHECK-LABEL: func.func @last_token
// CHECK: %[[INDEX:.*]] = ov.constant dense<-1> : tensor<1xi64>
// CHECK: %[[TOKEN:.*]] = ov.gather %{{[^,]*}}, %[[INDEX]]
// CHECK: %[[ONLY:.*]] = ov.matmul %[[TOKEN]], {{.*}} -> tensor<2x1x8xf32>
// CHECK: %[[ZERO:.*]] = ov.constant dense<0> : tensor<i64>
// CHECK: ov.gather %[[ONLY]], %[[ZERO]]
func.func @last_token(%x: tensor<2x4x8xf32>, %w: tensor<8x8xf32>) -> tensor<2x8xf32> {
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x4x8xf32>, tensor<8x8xf32>) -> tensor<2x4x8xf32>
  %last = ov.constant dense<-1> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %all, %last, %one {batch_dims = 0 : i64} : (tensor<2x4x8xf32>, tensor<i64>, tensor<i64>) -> tensor<2x8xf32> loc("last")
  return %first : tensor<2x8xf32>
}

// -----

// An open sequence may not have a second token: nothing is moved, and nothing is said, since such an
// op is no pick.

// CHECK-LABEL: func.func @second_of_open
// CHECK-NOT: tensor<{{.*}}x1x8xf32>
// CHECK: ov.matmul {{.*}} -> tensor<2x?x8xf32>
func.func @second_of_open(%x: tensor<2x?x8xf32>, %w: tensor<8x8xf32>) -> tensor<2x8xf32> {
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x?x8xf32>, tensor<8x8xf32>) -> tensor<2x?x8xf32>
  %one = ov.constant dense<1> : tensor<i64>
  %second = ov.gather %all, %one, %one {batch_dims = 0 : i64} : (tensor<2x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<2x8xf32>
  return %second : tensor<2x8xf32>
}

// -----

// Statistics over the sequence need all of it.

// REMARK: 'first': 'norm' needs all tokens
// CHECK-LABEL: func.func @norm_over_tokens
// CHECK-NOT: tensor<{{.*}}x1x8xf32>
// CHECK: ov.mvn {{.*}} -> tensor<2x4x8xf32>
func.func @norm_over_tokens(%x: tensor<2x4x8xf32>, %w: tensor<8x8xf32>) -> tensor<2x8xf32> {
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x4x8xf32>, tensor<8x8xf32>) -> tensor<2x4x8xf32>
  %axes = ov.constant dense<-2> : tensor<1xi64>
  %norm = ov.mvn %all, %axes {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<2x4x8xf32>, tensor<1xi64>) -> tensor<2x4x8xf32> loc("norm")
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %norm, %zero, %one {batch_dims = 0 : i64} : (tensor<2x4x8xf32>, tensor<i64>, tensor<i64>) -> tensor<2x8xf32> loc("first")
  return %first : tensor<2x8xf32>
}

// -----

// A flattening that joins the batch with the tokens has no axis to cut along.

// REMARK: 'first': 'shift' needs all tokens
// CHECK-LABEL: func.func @other_rows
// CHECK-NOT: tensor<{{.*}}x1x8xf32>
// CHECK: ov.matmul {{.*}} -> tensor<2x6x8xf32>
func.func @other_rows(%x: tensor<2x6x8xf32>, %w: tensor<8x8xf32>) -> tensor<3x8xf32> {
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x6x8xf32>, tensor<8x8xf32>) -> tensor<2x6x8xf32>
  %shape = ov.constant dense<[3, 4, 8]> : tensor<3xi64>
  %shift = ov.reshape %all, %shape {special_zero = false} : (tensor<2x6x8xf32>, tensor<3xi64>) -> tensor<3x4x8xf32> loc("shift")
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %shift, %zero, %one {batch_dims = 0 : i64} : (tensor<3x4x8xf32>, tensor<i64>, tensor<i64>) -> tensor<3x8xf32> loc("first")
  return %first : tensor<3x8xf32>
}

// -----

// Two open dimensions that nothing makes equal might broadcast.

// REMARK: 'first': 'sum' needs all tokens
// CHECK-LABEL: func.func @may_broadcast
// CHECK-NOT: ov.gather
// CHECK: ov.add {{.*}} -> tensor<?x?x8xf32>
func.func @may_broadcast(%x: tensor<?x?x8xf32>, %y: tensor<?x1x8xf32>, %n: tensor<3xi64>, %w: tensor<8x8xf32>) -> tensor<?x8xf32> {
  %wide = ov.broadcast %y, %n {mode = "numpy"} : (tensor<?x1x8xf32>, tensor<3xi64>) -> tensor<?x?x8xf32>
  %all = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %sum = ov.add %all, %wide : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32> loc("sum")
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %sum, %zero, %one {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x8xf32> loc("first")
  return %first : tensor<?x8xf32>
}

// -----

// Nothing would become smaller but a sum.

// REMARK: 'first': there is no product that could be spared
// CHECK-LABEL: func.func @no_product
// CHECK-NOT: tensor<{{.*}}x1x8xf32>
// CHECK: ov.add {{.*}} -> tensor<?x?x8xf32>
func.func @no_product(%x: tensor<?x?x8xf32>) -> tensor<?x8xf32> {
  %sum = ov.add %x, %x : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %first = ov.gather %sum, %zero, %one {batch_dims = 0 : i64} : (tensor<?x?x8xf32>, tensor<i64>, tensor<i64>) -> tensor<?x8xf32> loc("first")
  return %first : tensor<?x8xf32>
}

// -----

// Dimensions are picked by the same op.

// CHECK-LABEL: func.func @dimension
// CHECK: ov.gather
func.func @dimension(%x: tensor<?x?x8xf32>) -> tensor<i64> {
  %shape = ov.shape_of %x {output_type = i64} : (tensor<?x?x8xf32>) -> tensor<3xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %batch = ov.gather %shape, %zero, %zero {batch_dims = 0 : i64} : (tensor<3xi64>, tensor<i64>, tensor<i64>) -> tensor<i64>
  return %batch : tensor<i64>
}
