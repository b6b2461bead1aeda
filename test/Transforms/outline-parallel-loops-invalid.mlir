// RUN: bert-opt %s --outline-parallel-loops --verify-diagnostics

func.func @tensor(%x: tensor<?xf32>, %buffer: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @+1 {{uses a value of type 'tensor<?xf32>', which can't be handed to other threads}}
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %v = tensor.extract %x[%i] : tensor<?xf32>
    memref.store %v, %buffer[%i] : memref<?xf32>
  }
  return
}
