// RUN: bert-opt %s --plan-arena --split-input-file --verify-diagnostics

func.func @returned(%n: memref<index>) -> memref<?xf32> {
  %size = memref.load %n[] : memref<index>
  // expected-error @below {{is returned, and its size depends on the values of the inputs; give the model static shapes}}
  %buffer = memref.alloc(%size) : memref<?xf32>
  return %buffer : memref<?xf32>
}

// -----

func.func @parallel(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    // expected-error @below {{lies in a parallel loop, whose iterations can't share a place}}
    %buffer = memref.alloc() : memref<4xf32>
    %v = memref.load %buffer[%c0] : memref<4xf32>
    memref.store %v, %buffer[%c1] : memref<4xf32>
  }
  return
}

// -----

func.func @loop_size(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    // expected-error @below {{has a size that a loop computes}}
    %buffer = memref.alloc(%i) : memref<?xf32>
    %v = memref.load %buffer[%c0] : memref<?xf32>
    memref.store %v, %buffer[%c1] : memref<?xf32>
  }
  return
}

// -----

func.func @layout() {
  // expected-error @below {{has a layout that can't be placed in an arena}}
  %buffer = memref.alloc() : memref<4x4xf32, strided<[8, 1]>>
  return
}

// -----

// expected-error @below {{there is a function 'twice_arena_bytes' already}}
func.func @twice() {
  return
}
func.func private @twice_arena_bytes()

// -----

func.func @huge(%x: memref<4xf32>, %y: memref<?xf32>) -> memref<4xf32> {
  %c0 = arith.constant 0 : index
  %n = memref.dim %y, %c0 : memref<?xf32>
  %huge = arith.constant -9223372036854775808 : index
  %size = arith.muli %huge, %n : index
  // expected-error @below {{has a size that no memory has}}
  %0 = memref.alloc(%size) : memref<4x?xf32>
  %v = memref.load %x[%c0] : memref<4xf32>
  memref.store %v, %0[%c0, %c0] : memref<4x?xf32>
  return %x : memref<4xf32>
}
