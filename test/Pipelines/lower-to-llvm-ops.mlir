// RUN: bert-opt %s --bert-lower-to-llvm --split-input-file | FileCheck %s

// For each step of the lowering what it is there for.

// A vector of two dimensions is written row by row: convert-vector-to-scf.

// CHECK-LABEL: llvm.func @rows(
// CHECK-NOT: vector.transfer_write
// CHECK: llvm.store %{{.*}} : vector<16xf32>, !llvm.ptr
// CHECK-NOT: vector.transfer_write
func.func @rows(%x: memref<?x16xf32>, %v: vector<4x16xf32>) {
  %c0 = arith.constant 0 : index
  vector.transfer_write %v, %x[%c0, %c0] {in_bounds = [true, true]} : vector<4x16xf32>, memref<?x16xf32>
  return
}

// -----

// A part of a buffer becomes an address: expand-strided-metadata, and lower-affine for the
// arithmetic that it writes.

// CHECK-LABEL: llvm.func @part(
// CHECK-NOT: {{memref|affine|builtin.unrealized}}
// CHECK: llvm.return
func.func @part(%x: memref<?x16xf32>, %i: index) -> f32 {
  %c0 = arith.constant 0 : index
  %part = memref.subview %x[%i, 4] [1, 8] [1, 1] : memref<?x16xf32> to memref<1x8xf32, strided<[16, 1], offset: ?>>
  %y = memref.load %part[%c0, %c0] : memref<1x8xf32, strided<[16, 1], offset: ?>>
  return %y : f32
}

// -----

// A maximum becomes a comparison and selections: arith-expand.

// CHECK-LABEL: llvm.func @maximum(
// CHECK-NOT: llvm.intr.maximum
// CHECK: llvm.fcmp
func.func @maximum(%x: f32, %y: f32) -> f32 {
  %z = arith.maximumf %x, %y : f32
  return %z : f32
}

// -----

// A root is one instruction, not a call: convert-math-to-llvm comes before libm's functions.

// CHECK-LABEL: llvm.func @root(
// CHECK: llvm.intr.sqrt
// CHECK-NOT: llvm.call
func.func @root(%x: f32) -> f32 {
  %y = math.sqrt %x : f32
  return %y : f32
}

// -----

// Vectors are transposed by shuffles: convert-vector-to-llvm.

// CHECK-LABEL: llvm.func @transpose(
// CHECK-NOT: vector.transpose
// CHECK: llvm.return
func.func @transpose(%v: vector<2x2xf32>) -> vector<2x2xf32> {
  %y = vector.transpose %v, [1, 0] : vector<2x2xf32> to vector<2x2xf32>
  return %y : vector<2x2xf32>
}

// -----

// What LLVM would find out itself is left out, as it reads less faster: a descriptor that is
// only taken apart again (canonicalize), and what is computed twice (cse).

// CHECK-LABEL: llvm.func @less(
// CHECK-NOT: llvm.insertvalue
// CHECK: llvm.call @kernel
// CHECK: llvm.add
// CHECK-NOT: llvm.add
// CHECK: llvm.return
func.func private @kernel(memref<?xf32>)
func.func @less(%weights: memref<?xi8>, %n: index, %m: index) -> index {
  %c16 = arith.constant 16 : index
  %x = memref.view %weights[%c16][%n] : memref<?xi8> to memref<?xf32>
  func.call @kernel(%x) : (memref<?xf32>) -> ()
  %0 = arith.addi %n, %m : index
  %1 = arith.addi %n, %m : index
  %2 = arith.muli %0, %1 : index
  return %2 : index
}

// -----

// Addresses that an earlier step has made, as memory that a later one reads: no casts are left.

// CHECK-LABEL: llvm.func @casts(
// CHECK-NOT: unrealized_conversion_cast
// CHECK: llvm.return
func.func @casts(%i: i64, %x: memref<4xf32>) -> f32 {
  %0 = builtin.unrealized_conversion_cast %i : i64 to index
  %1 = memref.load %x[%0] : memref<4xf32>
  return %1 : f32
}
