// RUN: rm -rf %t && mkdir -p %t
// RUN: bert-translate --export-ir --ir-version=10 %s -o %t/m.xml
// RUN: FileCheck %s < %t/m.xml

// Version 10 has no rt_info; a boolean takes a byte.

// CHECK: version="10">
// CHECK: <data element_type="boolean" shape="3" offset="0" size="3"/>
// CHECK: precision="BOOL"
// CHECK-NOT: rt_info
func.func @model(%x: tensor<3xi1> {ov.name = "x"}) -> (tensor<3xi1> {ov.name = "y"}) {
  %c = ov.constant dense<[true, false, true]> : tensor<3xi1>
  %y = ov.logical_and %x, %c : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  return %y : tensor<3xi1>
}
