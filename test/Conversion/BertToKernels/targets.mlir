// RUN: bert-opt %s --convert-bert-to-kernels | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: bert-opt %s --convert-bert-to-kernels=vector-bits=256 | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: bert-opt %s --convert-bert-to-kernels=vector-bits=128 | FileCheck %s --check-prefixes=CHECK,QUARTER
// RUN: bert-opt %s --convert-bert-to-kernels=fma=false | FileCheck %s --check-prefix=PLAIN

// The block of sums that the inner loop carries: 6 rows by 4 vectors of AVX-512, by 2
// of the others. What is left of the rows has code of its own.

// CHECK-LABEL: func.func private @dense_64x128(
// CHECK: scf.parallel
// WIDE: scf.for {{.*}} iter_args({{([^,]*, ){23}[^,]*}}) -> ({{(vector<16xf32>(, )?){24}[)]}}
// HALF: scf.for {{.*}} iter_args({{([^,]*, ){11}[^,]*}}) -> ({{(vector<8xf32>(, )?){12}[)]}}
// QUARTER: scf.for {{.*}} iter_args({{([^,]*, ){11}[^,]*}}) -> ({{(vector<4xf32>(, )?){12}[)]}}
// CHECK: vector.fma
// CHECK-NOT: vector.maskedstore
// CHECK: scf.index_switch
// CHECK: case 5
// CHECK: return

// Without a fused multiply-add there is none, as it would be a call.
// PLAIN-NOT: fma
// PLAIN: arith.mulf
// PLAIN-NOT: fma
func.func @whole(%x: tensor<?x64xf32>) -> tensor<?x128xf32> {
  %w = bert.packed_weight "w" at 0 panels : tensor<64x128xf32>
  %0 = bert.dense %x, %w : (tensor<?x64xf32>, tensor<64x128xf32>) -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}
