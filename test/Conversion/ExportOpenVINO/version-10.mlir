// RUN: rm -rf %t && split-file %s %t
// RUN: bert-translate --export-ir --ir-version=10 %t/boolean.mlir -o %t/m.xml
// RUN: FileCheck %s < %t/m.xml

// Version 10 has no rt_info; a boolean takes a byte.

// CHECK: version="10">
// CHECK: <data element_type="boolean" shape="3" offset="0" size="3"/>
// CHECK: precision="BOOL"
// CHECK-NOT: rt_info
// An input that is an output, too, and a tensor that is two outputs, each go through a layer of
// their own: runtimes give the outputs of version 10 the names of their layers.

// RUN: bert-translate --export-ir --ir-version=10 %t/shared.mlir -o %t/m.xml
// RUN: FileCheck %s --check-prefix=TEN < %t/m.xml
// RUN: bert-translate --export-ir --ir-version=11 %t/shared.mlir -o %t/m.xml
// RUN: FileCheck %s --check-prefix=ELEVEN < %t/m.xml

// TEN: <layer id="0" name="x" type="Parameter"
// TEN: <layer id="1" name="y" type="ReLU"
// TEN: <layer id="2" name="copy" type="Convert"
// TEN-NEXT: <data destination_type="f32"/>
// TEN: <layer id="3" {{.*}} type="Result"
// TEN: <layer id="4" {{.*}} type="Result"
// TEN: <layer id="5" name="copy_1" type="Convert"
// TEN: <layer id="6" {{.*}} type="Result"
// TEN-DAG: <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
// TEN-DAG: <edge from-layer="2" from-port="1" to-layer="3" to-port="0"/>
// TEN-DAG: <edge from-layer="5" from-port="1" to-layer="6" to-port="0"/>
// ELEVEN-NOT: type="Convert"
//--- boolean.mlir
func.func @model(%x: tensor<3xi1> {ov.name = "x"}) -> (tensor<3xi1> {ov.name = "y"}) {
  %c = ov.constant dense<[true, false, true]> : tensor<3xi1>
  %y = ov.logical_and %x, %c : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  return %y : tensor<3xi1>
}
//--- shared.mlir
func.func @model(%x: tensor<3xf32> {ov.name = "x", ov.names = ["x"]}) -> (tensor<3xf32> {ov.name = "x", ov.names = ["x"]}, tensor<3xf32> {ov.name = "y", ov.names = ["y"]}, tensor<3xf32> {ov.name = "y:0", ov.names = ["y:0"]}) {
  %y = ov.relu %x : (tensor<3xf32>) -> tensor<3xf32> loc("y")
  return %x, %y, %y : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}
