// RUN: bert-opt %s --outline-loop-nests | FileCheck %s

// Two that are alike share a function; another constant is another function. What is
// known outside goes in as an argument, constants go along.

#identity = affine_map<(d0) -> (d0)>

// CHECK: func.func private @[[$SCALE:.*]](%[[X:.*]]: memref<?xf32>, %[[Y:.*]]: memref<?xf32>, %[[S:.*]]: f32) attributes {passthrough = ["noinline"]}
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[X]] : memref<?xf32>) outs(%[[Y]] : memref<?xf32>)
// CHECK: arith.mulf %{{.*}}, %[[S]]
// CHECK: func.func private @[[$FILL:.*]](%[[Z:.*]]: memref<?xf32>)
// CHECK: %[[ONE:.*]] = arith.constant 1.0
// CHECK: linalg.fill ins(%[[ONE]] : f32) outs(%[[Z]] : memref<?xf32>)
// CHECK-NOT: func.func private
// CHECK-LABEL: func.func @model(
// CHECK-SAME: %[[A:.*]]: memref<?xf32>, %[[B:.*]]: memref<?xf32>, %[[C:.*]]: f32, %[[D:.*]]: f32
func.func @model(%a: memref<?xf32>, %b: memref<?xf32>, %c: f32, %d: f32) {
  // CHECK: call @[[$SCALE]](%[[A]], %[[B]], %[[C]])
  linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel"]}
      ins(%a : memref<?xf32>) outs(%b : memref<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.mulf %in, %c : f32
    linalg.yield %0 : f32
  }
  // CHECK: call @[[$SCALE]](%[[B]], %[[A]], %[[D]])
  linalg.generic {indexing_maps = [#identity, #identity], iterator_types = ["parallel"]}
      ins(%b : memref<?xf32>) outs(%a : memref<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.mulf %in, %d : f32
    linalg.yield %0 : f32
  }
  %one = arith.constant 1.0 : f32
  // CHECK: call @[[$FILL]](%[[A]])
  linalg.fill ins(%one : f32) outs(%a : memref<?xf32>)
  // CHECK: call @[[$FILL]](%[[B]])
  linalg.fill ins(%one : f32) outs(%b : memref<?xf32>)
  // CHECK-NOT: linalg.
  // CHECK: return
  return
}
