// RUN: bert-opt %s | bert-opt | FileCheck %s
// RUN: bert-opt %s --mlir-print-op-generic | bert-opt | FileCheck %s
// RUN: bert-opt %s --emit-bytecode | bert-opt | FileCheck %s

// A graph region: nodes may use what is defined later, cycles are allowed, and an
// unknown op keeps its name and attributes.

// CHECK-LABEL: tf.graph
// CHECK: %[[X:.*]]:2 = tf.Placeholder "Placeholder"() {dtype = i32, shape = array<i64: 1, 16>} : () -> tensor<1x16xi32>
// CHECK: tf.MatMul "dense/MatMul"(%[[A:.*]]#0, %[[A]]#0)[%[[X]]#1] device "/cpu:0" {T = f32, name = "an attribute", transpose_a = false}
// CHECK-SAME: : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
// CHECK: %[[A]]:3 = tf.Merge
// CHECK: tf.node "SaveV2" "save/SaveV2"(%[[X]]#0) {dtypes = [f32, !tf.string]} : (tensor<1x16xi32>) -> ()
// CHECK: tf.VariableV2 "v"() {dtype = f32} with {tf.checkpoint_crc32c = 7 : i32} : () -> tensor<4x!tf.ref<f32>>
tf.graph attributes {source = "graph.pb"} {
  %x, %xc = tf.Placeholder "Placeholder"() {dtype = i32, shape = array<i64: 1, 16>} : () -> tensor<1x16xi32>
  %m, %mc = tf.MatMul "dense/MatMul"(%a, %a)[%xc] device "/cpu:0" {T = f32, transpose_a = false, name = "an attribute"} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %a, %index, %ac = tf.Merge "merge"(%m) {T = f32} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi32>)
  %sc = tf.node "SaveV2" "save/SaveV2"(%x) {dtypes = [f32, !tf.string]} : (tensor<1x16xi32>) -> ()
  %v, %vc = tf.VariableV2 "v"() {dtype = f32} with {tf.checkpoint_crc32c = 7 : i32} : () -> tensor<4x!tf.ref<f32>>
}
