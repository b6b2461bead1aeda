// RUN: rm -rf %t && mkdir -p %t
// RUN: bert-translate --export-ir %s -o %t/one.xml
// RUN: bert-translate --import-ir %t/one.xml --emit-bytecode -o %t/one.mlirbc
// RUN: bert-translate --export-ir %t/one.mlirbc -o %t/two.xml
// RUN: cmp %t/one.xml %t/two.xml && cmp %t/one.bin %t/two.bin
// RUN: bert-translate --export-ir --ir-version=10 %s -o %t/ten.xml
// RUN: bert-translate --import-ir %t/ten.xml --emit-bytecode -o %t/ten.mlirbc
// RUN: bert-translate --export-ir --ir-version=10 %t/ten.mlirbc -o %t/again.xml
// RUN: cmp %t/ten.xml %t/again.xml && cmp %t/ten.bin %t/again.bin
// RUN: bert-translate --export-ir --compress-to-fp16 %s -o %t/half.xml
// RUN: bert-translate --import-ir %t/half.xml --emit-bytecode -o %t/half.mlirbc
// RUN: bert-translate --export-ir %t/half.mlirbc -o %t/same.xml
// RUN: cmp %t/half.xml %t/same.xml && cmp %t/half.bin %t/same.bin
// RUN: bert-translate --import-ir %t/one.xml | FileCheck %s

// What we write and read again is what we wrote, byte for byte: names, bounds, types, constants
// that share bytes, attributes, a layer that the dialect does not know.

// CHECK: func.func @model(%arg0: tensor<?x?x4xf32> {ov.bounds = array<i64: 0, -1, 1, 8, 4, 4>, ov.name = "x", ov.names = ["x", "x:0", "a,b"]}
// CHECK-SAME: %arg1: tensor<2xi1> {ov.name = "flags", ov.names = ["flags"]}
// CHECK-SAME: -> (tensor<?x?x4xf32> {ov.name = "y", ov.names = ["y", "y:0"]}, tensor<3x4xf32> {ov.name = "rows", ov.names = ["rows"]
// CHECK-DAG: ov.constant dense<-1> : tensor<1xi64>
// CHECK-DAG: ov.constant dense<[true, false]> : tensor<2xi1>
// CHECK-DAG: ov.constant dense<5.000000e-01> : tensor<f32>
// CHECK-DAG: ov.constant dense<> : tensor<0xi64>
// CHECK-DAG: ov.weight "gamma" dense_resource<gamma> : tensor<4xf32>
// CHECK: ov.mvn %{{.*}} {eps = {{.*}}E-13 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true}
// CHECK: ov.layer "opset1" "Sinh"(%{{.*}}) {}
func.func @model(%x: tensor<?x?x4xf32> {ov.name = "x", ov.names = ["x", "x:0", "a,b"], ov.bounds = array<i64: 1, -1, 1, 8, 4, 4>}, %flags: tensor<2xi1> {ov.name = "flags", ov.names = ["flags"]}) -> (tensor<?x?x4xf32> {ov.name = "y", ov.names = ["y", "y:0"]}, tensor<3x4xf32> {ov.names = ["rows"]}, tensor<2xi1> {ov.names = ["both"]}) {
  %axes = ov.constant dense<-1> : tensor<1xi64> loc("axes")
  %bools = ov.constant dense<[true, false]> : tensor<2xi1> loc("bools")
  %half = ov.constant dense<0.5> : tensor<f32> loc("half")
  %none = ov.constant dense<> : tensor<0xi64> loc("none")
  %gamma = ov.weight "gamma" dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %beta = ov.weight "same bytes" dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %table = ov.weight "table" dense<[[1.0, 2.0, 3.0, 4.0], [0.5, 0.5, 0.5, 0.5], [9.0, 8.0, 7.0, 6.0]]> : tensor<3x4xf32>
  %n = ov.mvn %x, %axes {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x4xf32>, tensor<1xi64>) -> tensor<?x?x4xf32> loc("norm")
  %s = ov.multiply %n, %gamma : (tensor<?x?x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("scale")
  %h = ov.multiply %s, %half : (tensor<?x?x4xf32>, tensor<f32>) -> tensor<?x?x4xf32> loc("half/mul")
  %u = ov.unsqueeze %h, %none : (tensor<?x?x4xf32>, tensor<0xi64>) -> tensor<?x?x4xf32> loc("nothing")
  %l = ov.layer "opset1" "Sinh" (%u) {} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("sinh")
  %y = ov.add %l, %beta : (tensor<?x?x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("a <b> & \22c\22")
  %f = ov.logical_and %flags, %bools : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1> loc("and")
  return %y, %table, %f : tensor<?x?x4xf32>, tensor<3x4xf32>, tensor<2xi1>
}
