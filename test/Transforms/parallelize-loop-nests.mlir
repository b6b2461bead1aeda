// RUN: bert-opt %s --pass-pipeline="builtin.module(func.func(parallelize-loop-nests))" | FileCheck %s

#all = affine_map<(b, s, w) -> (b, s, w)>
#row = affine_map<(b, s, w) -> (b, s)>

// Batch and sequence are one loop, columns stay inside.
// CHECK-LABEL: func.func @elements
// CHECK-SAME: %[[X:[^:]*]]: memref<?x?x?xf32>
func.func @elements(%x: memref<?x?x?xf32>, %y: memref<?x?x?xf32>) {
  // CHECK-DAG: %[[B:.*]] = memref.dim %[[X]], %c0
  // CHECK-DAG: %[[S:.*]] = memref.dim %[[X]], %c1
  // CHECK-DAG: %[[W:.*]] = memref.dim %[[X]], %c2
  // CHECK: %[[MORE:.*]] = arith.muli {{.*}}%[[B]]
  // CHECK: %[[ROWS:.*]] = arith.muli %[[MORE]], %[[S]]
  // CHECK: %[[COLUMNS:.*]] = arith.muli {{.*}}%[[W]]
  // CHECK: scf.parallel (%{{.*}}, %{{.*}}) = {{.*}} to (%[[ROWS]], %[[COLUMNS]])
  // CHECK: memref.load
  // CHECK: arith.negf
  // CHECK: memref.store
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : memref<?x?x?xf32>) outs(%y : memref<?x?x?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  }
  return
}

// Threads share rows; the sum of one goes on in its order.
// CHECK-LABEL: func.func @sums
func.func @sums(%x: memref<?x?x?xf32>, %y: memref<?x?xf32>) {
  // CHECK: scf.parallel (%{{[^,]*}}) =
  // CHECK: scf.for
  // CHECK: arith.addf
  linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : memref<?x?x?xf32>) outs(%y : memref<?x?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  }
  return
}

// Nothing to share, too small, and a sum into one place.
// CHECK-LABEL: func.func @stay
// CHECK-NOT: scf.parallel
func.func @stay(%x: memref<?xf32>, %small: memref<4x8xf32>, %m: memref<?x?xf32>, %one: memref<f32>) {
  // CHECK: linalg.fill
  // CHECK: linalg.fill
  // CHECK: linalg.generic
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%x : memref<?xf32>)
  linalg.fill ins(%zero : f32) outs(%small : memref<4x8xf32>)
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>], iterator_types = ["reduction", "reduction"]}
      ins(%m : memref<?x?xf32>) outs(%one : memref<f32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  }
  return
}
