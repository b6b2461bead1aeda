// RUN: bert-opt --ov-widen-token-slice --ov-verify-normal-form --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-widen-token-slice --ov-widen-token-slice --split-input-file %s | FileCheck %s
// RUN: bert-opt --ov-widen-token-slice --split-input-file --remarks-filter=ov-widen.* %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=Function=no_attention
// RUN: bert-opt --ov-sink-token-slice --ov-widen-token-slice %S/sink-token-slice.mlir --split-input-file | FileCheck %s --check-prefix=BACK

// The example of the pass's description.

// REMARK: 'attend' became attention of all tokens
// CHECK-LABEL: func.func @attention
// CHECK-SAME: %[[X:[^ ]*]]: tensor<?x?x32xf32>
// CHECK: %[[Q:.*]] = ov.matmul %[[X]], {{.*}} -> tensor<?x?x32xf32>
// CHECK: ov.reshape %[[Q]], %{{.*}} {special_zero = true} : {{.*}} -> tensor<?x?x2x16xf32>
// CHECK: ov.softmax {{.*}} -> tensor<?x2x?x?xf32>
// CHECK: %[[ALL:.*]] = ov.reshape {{.*}} -> tensor<?x?x32xf32>
// CHECK: ov.gather %[[ALL]], {{.*}} -> tensor<?x32xf32>
func.func @attention(%x: tensor<?x?x32xf32>, %w: tensor<32x32xf32>) -> tensor<?x32xf32> {
  %first = ov.constant dense<0> : tensor<1xi64>
  %zero = ov.constant dense<0> : tensor<i64>
  %one = ov.constant dense<1> : tensor<i64>
  %heads = ov.constant dense<[0, 0, 2, 16]> : tensor<4xi64>
  %head = ov.constant dense<[0, 1, 2, 16]> : tensor<4xi64>
  %order = ov.constant dense<[0, 2, 1, 3]> : tensor<4xi64>
  %joined = ov.constant dense<[0, 1, 32]> : tensor<3xi64>
  %token = ov.gather %x, %first, %one {batch_dims = 0 : i64} : (tensor<?x?x32xf32>, tensor<1xi64>, tensor<i64>) -> tensor<?x1x32xf32>
  %q = ov.matmul %token, %w {transpose_a = false, transpose_b = false} : (tensor<?x1x32xf32>, tensor<32x32xf32>) -> tensor<?x1x32xf32>
  %q4 = ov.reshape %q, %head {special_zero = true} : (tensor<?x1x32xf32>, tensor<4xi64>) -> tensor<?x1x2x16xf32>
  %qt = ov.transpose %q4, %order : (tensor<?x1x2x16xf32>, tensor<4xi64>) -> tensor<?x2x1x16xf32>
  %k4 = ov.reshape %x, %heads {special_zero = true} : (tensor<?x?x32xf32>, tensor<4xi64>) -> tensor<?x?x2x16xf32>
  %kt = ov.transpose %k4, %order : (tensor<?x?x2x16xf32>, tensor<4xi64>) -> tensor<?x2x?x16xf32>
  %scores = ov.matmul %qt, %kt {transpose_a = false, transpose_b = true} : (tensor<?x2x1x16xf32>, tensor<?x2x?x16xf32>) -> tensor<?x2x1x?xf32>
  %weights = ov.softmax %scores {axis = -1 : i64} : (tensor<?x2x1x?xf32>) -> tensor<?x2x1x?xf32> loc("attend")
  %context = ov.matmul %weights, %kt {transpose_a = false, transpose_b = false} : (tensor<?x2x1x?xf32>, tensor<?x2x?x16xf32>) -> tensor<?x2x1x16xf32>
  %side = ov.transpose %context, %order : (tensor<?x2x1x16xf32>, tensor<4xi64>) -> tensor<?x1x2x16xf32>
  %flat = ov.reshape %side, %joined {special_zero = true} : (tensor<?x1x2x16xf32>, tensor<3xi64>) -> tensor<?x1x32xf32>
  %result = ov.gather %flat, %zero, %one {batch_dims = 0 : i64} : (tensor<?x1x32xf32>, tensor<i64>, tensor<i64>) -> tensor<?x32xf32>
  return %result : tensor<?x32xf32>
}

// -----

// A pooler that keeps the token's axis works on one token, and stays so.

// CHECK-LABEL: func.func @no_attention
// CHECK-NOT: -> tensor<?x?x32xf32>
// CHECK: ov.matmul {{.*}} -> tensor<?x1x32xf32>
func.func @no_attention(%x: tensor<?x?x32xf32>, %w: tensor<32x32xf32>) -> tensor<?x1x32xf32> {
  %first = ov.constant dense<0> : tensor<1xi64>
  %one = ov.constant dense<1> : tensor<i64>
  %token = ov.gather %x, %first, %one {batch_dims = 0 : i64} : (tensor<?x?x32xf32>, tensor<1xi64>, tensor<i64>) -> tensor<?x1x32xf32>
  %pooled = ov.matmul %token, %w {transpose_a = false, transpose_b = false} : (tensor<?x1x32xf32>, tensor<32x32xf32>) -> tensor<?x1x32xf32>
  return %pooled : tensor<?x1x32xf32>
}

// There and back again.

// BACK-LABEL: func.func @layer
// BACK-NOT: tensor<?x1x32xf32>
// BACK: ov.softmax {{.*}} -> tensor<?x2x?x?xf32>
// BACK: ov.matmul {{.*}} -> tensor<?x?x64xf32>
// BACK: %[[LAST:.*]] = ov.matmul {{.*}} -> tensor<?x?x32xf32>
// BACK: ov.gather %[[LAST]], {{.*}} -> tensor<?x32xf32>
