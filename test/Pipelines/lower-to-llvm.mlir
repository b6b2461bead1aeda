// RUN: bert-opt %s --bert-lower-to-llvm | FileCheck %s

// Nothing but the LLVM dialect is left. A vector's multiply-add is one instruction, a function without any goes to libm.

// CHECK-LABEL: llvm.func @main(
// CHECK-NOT: {{(scf|memref|vector|arith|math)\.}}
// CHECK: llvm.intr.fmuladd
// CHECK: llvm.call @erff
// CHECK-NOT: {{(scf|memref|vector|arith|math)\.}}
func.func @main(%x: memref<?xf32>, %weights: memref<?xi8>) attributes {llvm.emit_c_interface} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %w = memref.view %weights[%c16][%n] : memref<?xi8> to memref<?xf32>
  scf.for %i = %c0 to %n step %c16 {
    %a = vector.load %x[%i] : memref<?xf32>, vector<16xf32>
    %b = vector.load %w[%i] : memref<?xf32>, vector<16xf32>
    %c = vector.fma %a, %b, %a : vector<16xf32>
    vector.store %c, %x[%i] : memref<?xf32>, vector<16xf32>
  }
  %first = memref.load %x[%c0] : memref<?xf32>
  %erf = math.erf %first : f32
  memref.store %erf, %x[%c0] : memref<?xf32>
  return
}
