// RUN: bert-opt %s --convert-ov-to-bert --split-input-file | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-bert --split-input-file --remarks-filter=convert-ov-to-bert 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Without scale and shift they are 1 and 0.
// REMARK: Function=bare | Remark="{{.*}} became layer normalisation"
// CHECK-LABEL: func.func @bare
func.func @bare(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-DAG: %[[ONE:.*]] = ov.constant dense<1.000000e+00> : tensor<8xf32>
  // CHECK-DAG: %[[ZERO:.*]] = ov.constant dense<0.000000e+00> : tensor<8xf32>
  // CHECK: bert.add_layer_norm %arg0 norm %[[ONE]], %[[ZERO]] {epsilon = 9.99999974E-6 : f32}
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.mvn %x, %last {eps = 1.0e-5 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x8xf32>, tensor<1xi64>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// Open dimensions that nothing says to be equal: one of them may be 1 and repeat.
// CHECK-LABEL: func.func @may_repeat
func.func @may_repeat(%x: tensor<?x?x8xf32>, %y: tensor<1x?x8xf32>, %z: tensor<?xi32>) -> tensor<?x?x8xf32> {
  // CHECK: %[[S:.*]] = ov.add
  // CHECK: bert.add_layer_norm %[[S]] norm
  %last = ov.constant dense<-1> : tensor<1xi64>
  %s = ov.add %x, %y : (tensor<?x?x8xf32>, tensor<1x?x8xf32>) -> tensor<?x?x8xf32>
  %0 = ov.mvn %s, %last {eps = 1.0e-5 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}

// -----

// The sum has another reader, as where each layer normalises its input.
// CHECK-LABEL: func.func @sum_used
func.func @sum_used(%x: tensor<?x?x8xf32>, %y: tensor<?x?x8xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x8xf32>) {
  // CHECK: %[[S:.*]] = ov.add
  // CHECK: %[[N:.*]] = bert.add_layer_norm %[[S]] norm
  // CHECK: return %[[S]], %[[N]]
  %last = ov.constant dense<-1> : tensor<1xi64>
  %s = ov.add %x, %y : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %0 = ov.mvn %s, %last {eps = 1.0e-5 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  return %s, %0 : tensor<?x?x8xf32>, tensor<?x?x8xf32>
}

// -----

// REMARK: Function=other_axis | Reason="{{.*}}: it normalises along other axes than the last one"
// CHECK-LABEL: func.func @other_axis
func.func @other_axis(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: bert.add_layer_norm
  // CHECK: ov.mvn
  %first = ov.constant dense<-2> : tensor<1xi64>
  %0 = ov.mvn %x, %first {eps = 1.0e-5 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x8xf32>, tensor<1xi64>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// REMARK: Function=outside_root | Reason="{{.*}}: its epsilon is not inside the root of the variance"
// CHECK-LABEL: func.func @outside_root
func.func @outside_root(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: bert.add_layer_norm
  // CHECK: ov.mvn
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.mvn %x, %last {eps = 1.0e-5 : f64, eps_mode = "OUTSIDE_SQRT", normalize_variance = true} : (tensor<?x8xf32>, tensor<1xi64>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
