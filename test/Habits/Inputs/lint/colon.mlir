// RUN: bert-opt %s | FileCheck %s
// CHECK-NEXT return
// CHECK: return
// CHECK return
