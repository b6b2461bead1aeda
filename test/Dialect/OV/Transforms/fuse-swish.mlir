// RUN: bert-opt --ov-fuse-swish --split-input-file --mlir-print-debuginfo %s | FileCheck %s
// RUN: bert-opt --ov-fuse-swish --split-input-file --remarks-filter=ov-fuse-swish %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The example of the pass's description. The layer has the names of what it was made of.

// REMARK: [Passed]{{.*}}Function=swish {{.*}}Swish
// CHECK-LABEL: func.func @swish
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>
// CHECK-NEXT: %[[Y:.*]] = ov.swish %[[X]] : (tensor<?x8xf32>) -> tensor<?x8xf32> loc(#[[$FUSED:.*]])
// CHECK-NEXT: return %[[Y]]
// CHECK-DAG: #[[SIGMOID:.*]] = loc("gate")
// CHECK-DAG: #[[PRODUCT:.*]] = loc("act")
// CHECK: #[[$FUSED]] = loc(fused[#[[SIGMOID]], #[[PRODUCT]]])
func.func @swish(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = ov.sigmoid %x : (tensor<?x8xf32>) -> tensor<?x8xf32> loc("gate")
  %1 = ov.multiply %x, %0 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32> loc("act")
  return %1 : tensor<?x8xf32>
}

// -----

// With a factor, as an approximation of GELU has it; operands the other way round.

// REMARK: [Passed]{{.*}}Function=scaled {{.*}}Swish
// CHECK-LABEL: func.func @scaled
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>
// CHECK-NEXT: %[[BETA:.*]] = ov.constant dense<1.702000e+00> : tensor<f32>
// CHECK-NEXT: ov.swish %[[X]], %[[BETA]] : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
// CHECK-NOT: ov.sigmoid
func.func @scaled(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %beta = ov.constant dense<1.702> : tensor<1xf32>
  %0 = ov.multiply %beta, %x : (tensor<1xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = ov.sigmoid %0 : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %2 = ov.multiply %1, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}

// -----

// A gate on another value is no Swish.

// REMARK: [Missed]{{.*}}Function=gate {{.*}}its argument is not what it is multiplied with
// CHECK-LABEL: func.func @gate
// CHECK-NOT: ov.swish
// CHECK: ov.sigmoid
func.func @gate(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = ov.sigmoid %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = ov.multiply %y, %0 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// -----

// Somebody else reads the probabilities.

// REMARK: [Missed]{{.*}}Function=read_twice {{.*}}its value is not read by one product only
// CHECK-LABEL: func.func @read_twice
// CHECK-NOT: ov.swish
// CHECK: ov.multiply
func.func @read_twice(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %0 = ov.sigmoid %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = ov.multiply %x, %0 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  return %0, %1 : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

// A factor that makes the product larger than x is no scalar.

// REMARK: [Missed]{{.*}}Function=grows {{.*}}the product has another shape
// CHECK-LABEL: func.func @grows
// CHECK-NOT: ov.swish
// CHECK: ov.sigmoid
func.func @grows(%x: tensor<8xf32>) -> tensor<2x8xf32> {
  %beta = ov.constant dense<1.702> : tensor<2x1xf32>
  %0 = ov.multiply %x, %beta : (tensor<8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
  %1 = ov.sigmoid %0 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = ov.multiply %x, %1 : (tensor<8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}
