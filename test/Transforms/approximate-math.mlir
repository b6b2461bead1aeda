// RUN: bert-opt %s --approximate-math | FileCheck %s
// RUN: bert-opt %s --approximate-math=fma=false | FileCheck %s --check-prefix=PLAIN

// CHECK-LABEL: func.func @vectors
// PLAIN-LABEL: func.func @vectors
func.func @vectors(%x: vector<16xf32>) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>) {
  // CHECK-NOT: math.{{exp|tanh|erf}}
  // CHECK: math.fma {{.*}} : vector<16xf32>
  // CHECK-NOT: math.{{exp|tanh|erf}}
  // PLAIN-NOT: math.{{exp|tanh|erf|fma}}
  %0 = math.exp %x : vector<16xf32>
  %1 = math.tanh %x : vector<16xf32>
  %2 = math.erf %x : vector<16xf32>
  // CHECK: return
  // PLAIN: return
  return %0, %1, %2 : vector<16xf32>, vector<16xf32>, vector<16xf32>
}

// What there is an instruction for stays.
// CHECK-LABEL: func.func @root
func.func @root(%x: vector<8xf32>) -> vector<8xf32> {
  // CHECK: math.sqrt
  %0 = math.sqrt %x : vector<8xf32>
  return %0 : vector<8xf32>
}
