// RUN: bert-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// Numbers at the ends of what i64 holds: shapes are computed from them without an overflow.

// CHECK-LABEL: @step
func.func @step(%a: tensor<5xf32>) -> tensor<1xf32> {
  %zero = ov.constant dense<0> : tensor<1xi64>
  %five = ov.constant dense<5> : tensor<1xi64>
  %step = ov.constant dense<9223372036854775807> : tensor<1xi64>
  // CHECK: ov.slice {{.*}} -> tensor<1xf32>
  %0 = ov.slice %a, %zero, %five, %step : (tensor<5xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}

// -----

// Divided by -1, its span of -2^63 ended the process.
func.func @range() {
  %start = ov.constant dense<1> : tensor<i64>
  %stop = ov.constant dense<-9223372036854775807> : tensor<i64>
  %step = ov.constant dense<-1> : tensor<i64>
  // expected-error @below {{has the step 0 or limits out of range}}
  %0 = ov.range %start, %stop, %step {output_type = i64} : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return
}
