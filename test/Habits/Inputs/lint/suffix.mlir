// RUN: bert-opt %s | FileCheck %s
// CHECK: x
// CHECK-NXT: y
