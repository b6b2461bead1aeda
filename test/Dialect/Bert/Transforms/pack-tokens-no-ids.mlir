// RUN: bert-opt %s --bert-pack-tokens | FileCheck %s

// Where neither ids nor an integer mask are at hand, the activations tell how many
// sequences there are, and how long they are.

// CHECK-LABEL: func.func @activations(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x24xf32>
// CHECK-DAG: %[[B:.*]] = tensor.dim %[[X]], %c0
// CHECK-DAG: %[[S:.*]] = tensor.dim %[[X]], %c1
// CHECK: %[[SHAPE:.*]] = tensor.empty(%[[B]], %[[S]]) : tensor<?x?xi32>
// CHECK: %[[TOKENS:.*]] = bert.pack_tokens all of %[[SHAPE]]
// CHECK: bert.attention %{{.*}} tokens %[[TOKENS]]
func.func @activations(%x: tensor<?x?x24xf32>) -> tensor<?x?x8xf32> {
  %0 = bert.attention %x {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}
