// RUN: bert-opt %s --plan-arena --canonicalize --cse --split-input-file | FileCheck %s

// Three buffers of one class; the first is dead when the third is made, so they share.
// What is returned lives to the end.

// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:[^:]*]]: memref<?x?xf32> {ov.name = "x"}, %{{[^:]*}}: memref<?xi8> {bert.weights}, %[[ARENA:[^:]*]]: memref<?xi8> {bert.arena}
// CHECK-SAME: attributes {llvm.emit_c_interface}
func.func @main(%x: memref<?x?xf32> {ov.name = "x"}) -> memref<?x?x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %v = arith.constant 1.0 : f32
  // 16 floats, 64 bytes for each position.
  // CHECK-DAG: %[[C64:.*]] = arith.constant 64 : index
  // CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
  // CHECK-DAG: %[[B:.*]] = memref.dim %[[X]], %[[C0]]
  // CHECK-DAG: %[[S:.*]] = memref.dim %[[X]], %[[C1]]
  // CHECK: %[[T:.*]] = arith.muli %[[B]], %[[S]]
  %b = memref.dim %x, %c0 : memref<?x?xf32>
  %s = memref.dim %x, %c1 : memref<?x?xf32>
  // CHECK: %[[FIRST:.*]] = memref.view %[[ARENA]][%[[C0]]][%[[B]], %[[S]]] : memref<?xi8> to memref<?x?x16xf32>
  %first = memref.alloc(%b, %s) : memref<?x?x16xf32>
  // CHECK: %[[AT:.*]] = arith.muli %[[T]], %[[C64]]
  // CHECK: %[[SECOND:.*]] = memref.view %[[ARENA]][%[[AT]]][%[[B]], %[[S]]]
  %second = memref.alloc(%b, %s) : memref<?x?x16xf32>
  // CHECK: memref.copy %[[FIRST]], %[[SECOND]]
  memref.copy %first, %second : memref<?x?x16xf32> to memref<?x?x16xf32>
  %third = memref.alloc(%b, %s) : memref<?x?x16xf32>
  // CHECK-NOT: memref.view
  // CHECK: memref.copy %[[SECOND]], %[[FIRST]]
  memref.copy %second, %third : memref<?x?x16xf32> to memref<?x?x16xf32>
  // CHECK: return %[[FIRST]]
  return %third : memref<?x?x16xf32>
}

// CHECK-LABEL: func.func @main_arena_bytes(
// CHECK-SAME: %[[X:.*]]: memref<?x?xf32>) -> index attributes {llvm.emit_c_interface}
// CHECK-DAG: %[[C128:.*]] = arith.constant 128 : index
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[B:.*]] = memref.dim %[[X]], %[[C0]]
// CHECK-DAG: %[[S:.*]] = memref.dim %[[X]], %[[C1]]
// CHECK: %[[TOKENS:.*]] = arith.muli %[[B]], %[[S]]
// CHECK: %[[BYTES:.*]] = arith.muli %[[TOKENS]], %[[C128]]
// CHECK: return %[[BYTES]]

// -----

// A view keeps its buffer alive: the second buffer can't have its place.

// CHECK-LABEL: func.func @views(
// CHECK-DAG: %[[C64:.*]] = arith.constant 64 : index
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK: memref.view %{{.*}}[%[[C0]]][] : memref<?xi8> to memref<4x4xf32>
// CHECK: memref.view %{{.*}}[%[[C64]]][] : memref<?xi8> to memref<16xf32>
func.func @views(%x: memref<16xf32>) -> memref<16xf32> {
  %first = memref.alloc() : memref<4x4xf32>
  %flat = memref.collapse_shape %first [[0, 1]] : memref<4x4xf32> into memref<16xf32>
  %second = memref.alloc() : memref<16xf32>
  memref.copy %x, %second : memref<16xf32> to memref<16xf32>
  memref.copy %flat, %second : memref<16xf32> to memref<16xf32>
  return %second : memref<16xf32>
}
// CHECK-LABEL: func.func @views_arena_bytes(
// CHECK: %[[BYTES:.*]] = arith.constant 128 : index
// CHECK: return %[[BYTES]]

// -----

// The tokens' number is known only where the runtime has counted them: what comes
// before has its place before, and the size is that without padding. An address keeps
// a buffer alive up to the call that gets it.

func.func private @bert_pack_tokens(i64, i64, i64, i64, i64, f32, i64, i64, i64, i64, i64, i64) -> i64

// CHECK-LABEL: func.func @tokens(
func.func @tokens(%ids: memref<?x?xi32>) -> memref<?x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i64
  %masked = arith.constant -1.0e4 : f32
  %b = memref.dim %ids, %c0 : memref<?x?xi32>
  %s = memref.dim %ids, %c1 : memref<?x?xi32>
  %n = arith.muli %b, %s : index
  // CHECK: memref.view %[[ARENA:.*]][%c0][%[[N:.*]]] : memref<?xi8> to memref<?xi32>
  %position = memref.alloc(%n) : memref<?xi32>
  %index = memref.extract_aligned_pointer_as_index %position : memref<?xi32> -> index
  %address = arith.index_cast %index : index to i64
  // CHECK: %[[SECOND:.*]] = arith.muli %[[N]], %c64
  // CHECK: memref.view %[[ARENA]][%[[SECOND]]][%[[N]]] : memref<?xi8> to memref<?xi32>
  %other = memref.alloc(%n) : memref<?xi32>
  %otherIndex = memref.extract_aligned_pointer_as_index %other : memref<?xi32> -> index
  %otherAddress = arith.index_cast %otherIndex : index to i64
  %b64 = arith.index_cast %b : index to i64
  %s64 = arith.index_cast %s : index to i64
  // CHECK: %[[COUNT:.*]] = call @bert_pack_tokens
  // CHECK: %[[T:.*]] = arith.index_cast %[[COUNT]] : i64 to index
  %count = call @bert_pack_tokens(%b64, %s64, %zero, %zero, %zero, %masked, %address, %otherAddress, %zero, %zero, %zero, %zero)
      : (i64, i64, i64, i64, i64, f32, i64, i64, i64, i64, i64, i64) -> i64
  %t = arith.index_cast %count : i64 to index
  // CHECK: memref.view %[[ARENA]][%{{.*}}][%[[T]]] : memref<?xi8> to memref<?x16xf32>
  %result = memref.alloc(%t) : memref<?x16xf32>
  return %result : memref<?x16xf32>
}
// CHECK-LABEL: func.func @tokens_arena_bytes(
// CHECK-NOT: call
// CHECK: return

// -----

// A size that the inputs' values decide is allocated, and freed behind its last use.

// CHECK-LABEL: func.func @data(
func.func @data(%n: memref<index>, %out: memref<f32>) -> memref<2xf32> {
  // CHECK: %[[SIZE:.*]] = memref.load
  %size = memref.load %n[] : memref<index>
  // CHECK: %[[BUFFER:.*]] = memref.alloc(%[[SIZE]])
  %buffer = memref.alloc(%size) : memref<?xf32>
  %c0 = arith.constant 0 : index
  // CHECK: memref.load %[[BUFFER]]
  %v = memref.load %buffer[%c0] : memref<?xf32>
  // CHECK-NEXT: memref.dealloc %[[BUFFER]]
  memref.store %v, %out[] : memref<f32>
  %result = memref.alloc() : memref<2xf32>
  return %result : memref<2xf32>
}

// -----

// Each of several such buffers is freed behind its own last use.

// CHECK-LABEL: func.func @several(
func.func @several(%n: memref<index>) -> memref<2xf32> {
  // CHECK: %[[A:.*]] = memref.alloc(
  // CHECK: %[[B:.*]] = memref.alloc(
  // CHECK: memref.load %[[A]]
  // CHECK-NEXT: memref.dealloc %[[A]]
  // CHECK: memref.load %[[B]]
  // CHECK-NEXT: memref.dealloc %[[B]]
  // CHECK: %[[C:.*]] = memref.alloc(
  // CHECK: memref.load %[[C]]
  // CHECK-NEXT: memref.dealloc %[[C]]
  %c0 = arith.constant 0 : index
  %size = memref.load %n[] : memref<index>
  %a = memref.alloc(%size) : memref<?xf32>
  %b = memref.alloc(%size) : memref<?xf32>
  %v = memref.load %a[%c0] : memref<?xf32>
  %w = memref.load %b[%c0] : memref<?xf32>
  %c = memref.alloc(%size) : memref<?xf32>
  %x = memref.load %c[%c0] : memref<?xf32>
  %result = memref.alloc() : memref<2xf32>
  memref.store %v, %result[%c0] : memref<2xf32>
  memref.store %w, %result[%c0] : memref<2xf32>
  memref.store %x, %result[%c0] : memref<2xf32>
  return %result : memref<2xf32>
}

// -----

// Sizes of views are known by what the views were made from.

// CHECK-LABEL: func.func @views(
// CHECK-NOT: memref.alloc
// CHECK: return
func.func @views(%x: memref<?x?xf32>) -> memref<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = memref.dim %x, %c0 : memref<?x?xf32>
  %s = memref.dim %x, %c1 : memref<?x?xf32>
  %both = memref.alloc(%b, %s) : memref<2x?x?xf32>
  %part = memref.subview %both[1, 0, 0] [1, %b, %s] [1, 1, 1] : memref<2x?x?xf32> to memref<1x?x?xf32, strided<[?, ?, 1], offset: ?>>
  %flat = memref.collapse_shape %part [[0, 1], [2]] : memref<1x?x?xf32, strided<[?, ?, 1], offset: ?>> into memref<?x?xf32, strided<[?, 1], offset: ?>>
  %d0 = memref.dim %flat, %c0 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  %d1 = memref.dim %flat, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  %copy = memref.alloc(%d0, %d1) : memref<?x?xf32>
  memref.copy %flat, %copy : memref<?x?xf32, strided<[?, 1], offset: ?>> to memref<?x?xf32>
  return %copy : memref<?x?xf32>
}
