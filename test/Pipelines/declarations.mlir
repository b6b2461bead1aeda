// RUN: bert-opt %s --ov-to-bert | FileCheck %s
// RUN: bert-opt %s --ir-to-openvino="dynamic target=2022.1" | FileCheck %s
// RUN: bert-opt %s --openvino-to-llvm | FileCheck %s --check-prefix=LLVM

// Functions that are only declared go through every pass.
// CHECK: func.func private @elsewhere() -> i64
// LLVM: llvm.func @elsewhere() -> i64
func.func private @elsewhere() -> i64

func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = ov.add %x, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
