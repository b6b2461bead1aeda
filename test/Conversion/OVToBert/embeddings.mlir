// RUN: bert-opt %s --convert-ov-to-bert --split-input-file | FileCheck %s
// RUN: bert-opt %s --convert-ov-to-bert --split-input-file --remarks-filter=convert-ov-to-bert 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Without token types; the positions are all rows of a table as long as the sequence.
// REMARK: Function=words_only | Remark="'norm' became embeddings"
// CHECK-LABEL: func.func @words_only
func.func @words_only(%ids: tensor<?x16xi32>) -> tensor<?x16x8xf32> {
  // CHECK-DAG: %[[W:.*]] = ov.weight "word"
  // CHECK-DAG: %[[P:.*]] = ov.weight "position"
  // CHECK: bert.embeddings %arg0 word %[[W]] position %[[P]] norm
  %word = ov.weight "word" dense_resource<word> : tensor<30x8xf32>
  %position = ov.weight "position" dense_resource<position> : tensor<16x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.gather %word, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x16xi32>, tensor<i64>) -> tensor<?x16x8xf32>
  %1 = ov.add %0, %position : (tensor<?x16x8xf32>, tensor<16x8xf32>) -> tensor<?x16x8xf32>
  %2 = ov.mvn %1, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x16x8xf32>, tensor<1xi64>) -> tensor<?x16x8xf32> loc("norm")
  return %2 : tensor<?x16x8xf32>
}

// -----

// A table of one row is added to every position; it is none of positions.
// REMARK: Function=one_row | Reason="{{.*}}: its tables may be repeated along the sequence"
// CHECK-LABEL: func.func @one_row
func.func @one_row(%ids: tensor<?x?xi32>) -> tensor<?x?x8xf32> {
  // CHECK-NOT: bert.embeddings
  // CHECK: bert.add_layer_norm
  %word = ov.weight "word" dense_resource<word> : tensor<30x8xf32>
  %row = ov.weight "row" dense_resource<row> : tensor<1x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.gather %word, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x?xi32>, tensor<i64>) -> tensor<?x?x8xf32>
  %1 = ov.add %0, %row : (tensor<?x?x8xf32>, tensor<1x8xf32>) -> tensor<?x?x8xf32>
  %2 = ov.mvn %1, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x8xf32>, tensor<1xi64>) -> tensor<?x?x8xf32>
  return %2 : tensor<?x?x8xf32>
}

// -----

// Positions that are computed from the input.
// REMARK: Function=computed | Reason="{{.*}}: beside its look-ups it adds something else than positions"
// CHECK-LABEL: func.func @computed
func.func @computed(%ids: tensor<?x16xi32>, %position: tensor<16x8xf32>) -> tensor<?x16x8xf32> {
  // CHECK-NOT: bert.embeddings
  // CHECK: bert.add_layer_norm
  %word = ov.weight "word" dense_resource<word> : tensor<30x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.gather %word, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x16xi32>, tensor<i64>) -> tensor<?x16x8xf32>
  %1 = ov.add %0, %position : (tensor<?x16x8xf32>, tensor<16x8xf32>) -> tensor<?x16x8xf32>
  %2 = ov.mvn %1, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x16x8xf32>, tensor<1xi64>) -> tensor<?x16x8xf32>
  return %2 : tensor<?x16x8xf32>
}

// -----

// The words' sum is an output too: it is computed, and so is what is made of it.
// CHECK-LABEL: func.func @sum_used
func.func @sum_used(%ids: tensor<?x16xi32>) -> (tensor<?x16x8xf32>, tensor<?x16x8xf32>) {
  // CHECK-NOT: bert.embeddings
  // CHECK: %[[S:.*]] = ov.add
  // CHECK: bert.add_layer_norm %[[S]] norm
  %word = ov.weight "word" dense_resource<word> : tensor<30x8xf32>
  %position = ov.weight "position" dense_resource<position> : tensor<16x8xf32>
  %zero = ov.constant dense<0> : tensor<i64>
  %last = ov.constant dense<-1> : tensor<1xi64>
  %0 = ov.gather %word, %ids, %zero {batch_dims = 0 : i64} : (tensor<30x8xf32>, tensor<?x16xi32>, tensor<i64>) -> tensor<?x16x8xf32>
  %1 = ov.add %0, %position : (tensor<?x16x8xf32>, tensor<16x8xf32>) -> tensor<?x16x8xf32>
  %2 = ov.mvn %1, %last {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x16x8xf32>, tensor<1xi64>) -> tensor<?x16x8xf32>
  return %1, %2 : tensor<?x16x8xf32>, tensor<?x16x8xf32>
}
