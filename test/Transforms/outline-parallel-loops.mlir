// RUN: bert-opt %s --outline-parallel-loops --split-input-file | FileCheck %s

// The body: it reads the context, then runs the iterations that it is given.
// CHECK-LABEL: func.func private @fill_parallel
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: llvm.getelementptr %[[CONTEXT]][0, 0]
// CHECK: %[[B:.*]] = arith.index_cast %[[BEGIN]]
// CHECK: %[[E:.*]] = arith.index_cast %[[END]]
// CHECK: scf.for %[[I:.*]] = %[[B]] to %[[E]]
// CHECK: %[[OFFSET:.*]] = arith.muli %[[I]], %{{.*}}
// CHECK: %[[AT:.*]] = arith.addi %{{.*}}, %[[OFFSET]]
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[AT]]]

// CHECK: func.func private @bert_parallel_for(i64, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: func.func @fill
func.func @fill(%buffer: memref<?xf32>, %value: f32, %end: index) {
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  // CHECK: %[[SLOT:.*]] = llvm.alloca {{.*}} x !llvm.struct<
  // CHECK-COUNT-3: llvm.store
  // CHECK: %[[COUNT:.*]] = arith.ceildivsi
  // CHECK: %[[BODY:.*]] = constant @fill_parallel
  // CHECK: %[[POINTER:.*]] = builtin.unrealized_conversion_cast %[[BODY]]
  // CHECK: call @bert_parallel_for(%{{.*}}, %[[POINTER]], %[[SLOT]])
  // CHECK-NOT: scf.parallel
  scf.parallel (%i) = (%c2) to (%end) step (%c3) {
    memref.store %value, %buffer[%i] : memref<?xf32>
  }
  return
}

// -----

// Of two dimensions the first is shared; a loop inside is one thread's.
// CHECK-LABEL: func.func private @nested_parallel
// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.parallel
// CHECK-LABEL: func.func @nested
// CHECK-NOT: scf.parallel
func.func @nested(%buffer: memref<?x?x?xf32>, %value: f32, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %n) step (%c1, %c1) {
    scf.parallel (%k) = (%c0) to (%n) step (%c1) {
      memref.store %value, %buffer[%i, %j, %k] : memref<?x?x?xf32>
    }
  }
  return
}

// -----

// A sum of all iterations can't be cut without changing the order of additions.
// CHECK-LABEL: func.func @reduction
// CHECK: scf.parallel
func.func @reduction(%buffer: memref<?xf32>, %n: index) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%zero) -> f32 {
    %x = memref.load %buffer[%i] : memref<?xf32>
    scf.reduce(%x : f32) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      scf.reduce.return %s : f32
    }
  }
  return %sum : f32
}
