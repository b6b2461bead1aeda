// A model in the last form before LLVM (docs/native-code.md), written by hand: looks
// rows up in a table of four and sums them over the sequence, as far as the mask
// shows them.

memref.global "private" constant @table : memref<4x2xf32> =
  dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]>

func.func @main_arena_bytes(%ids: memref<?x?xi32>, %mask: memref<?x?xi32>) -> index attributes {llvm.emit_c_interface} {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %b = memref.dim %ids, %c0 : memref<?x?xi32>
  %bytes = arith.muli %b, %c8 : index
  return %bytes : index
}

func.func @main(%ids: memref<?x?xi32> {ov.name = "ids", ov.dims = array<i64: -1, -2>, ov.role = "ids", ov.limit = 4 : i64, ov.bounds = array<i64: 1, -1, 1, 16>},
                %mask: memref<?x?xi32> {ov.name = "mask:0", ov.dims = array<i64: -1, -2>, ov.role = "mask"},
                %weights: memref<?xi8>, %arena: memref<?xi8>)
    -> (memref<?x2xf32> {ov.name = "sums", ov.dims = array<i64: -1, 2>}) attributes {llvm.emit_c_interface} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %table = memref.get_global @table : memref<4x2xf32>
  %b = memref.dim %ids, %c0 : memref<?x?xi32>
  %s = memref.dim %ids, %c1 : memref<?x?xi32>
  %sums = memref.view %arena[%c0][%b] : memref<?xi8> to memref<?x2xf32>
  scf.for %i = %c0 to %b step %c1 {
    scf.for %c = %c0 to %c2 step %c1 {
      %sum = scf.for %j = %c0 to %s step %c1 iter_args(%so_far = %zero) -> f32 {
        %id = memref.load %ids[%i, %j] : memref<?x?xi32>
        %row = arith.index_cast %id : i32 to index
        %value = memref.load %table[%row, %c] : memref<4x2xf32>
        %bit = memref.load %mask[%i, %j] : memref<?x?xi32>
        %factor = arith.sitofp %bit : i32 to f32
        %next = math.fma %value, %factor, %so_far : f32
        scf.yield %next : f32
      }
      memref.store %sum, %sums[%i, %c] : memref<?x2xf32>
    }
  }
  return %sums : memref<?x2xf32>
}
