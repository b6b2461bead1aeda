// RUN: rm -rf %t && mkdir -p %t
// RUN: bert-translate --export-ir %s -o %t/m.xml
// RUN: FileCheck %s < %t/m.xml
// RUN: od -An -v -tf4 -w4 %t/m.bin | FileCheck %s --check-prefix=BIN
// RUN: bert-translate --export-ir %s -o %t/again.xml
// RUN: cmp %t/m.bin %t/again.bin && cmp %t/m.xml %t/again.xml

// A Parameter with names and bounds, constants stored once whatever their type, an op with
// attributes, a Result whose layer takes the name that no layer has.

// CHECK: <net name="model" version="11">
// CHECK: <layer id="0" name="x" type="Parameter" version="opset1">
// CHECK-NEXT: <data shape="?,1..8,4" element_type="f32"/>
// CHECK: <port id="0" precision="FP32" names="x,x:0,a\,b">
// CHECK-NEXT: <dim>-1</dim>
// CHECK-NEXT: <dim>-1</dim>
// CHECK-NEXT: <dim>4</dim>
// CHECK: <layer id="1" name="axes" type="Const" version="opset1">
// CHECK-NEXT: <data element_type="i64" shape="1" offset="0" size="8"/>
// CHECK: <layer id="2" name="gamma" type="Const" version="opset1">
// CHECK-NEXT: <data element_type="f32" shape="4" offset="8" size="16"/>
// CHECK: <layer id="3" name="same bytes" type="Const" version="opset1">
// CHECK-NEXT: <data element_type="f32" shape="4" offset="8" size="16"/>
// CHECK: <layer id="4" name="norm" type="MVN" version="opset6">
// CHECK-NEXT: <data eps="1e-12" normalize_variance="true" eps_mode="INSIDE_SQRT"/>
// CHECK-NEXT: <input>
// CHECK-NEXT: <port id="0" precision="FP32">
// CHECK: <port id="1" precision="I64">
// CHECK: <output>
// CHECK-NEXT: <port id="2" precision="FP32">
// CHECK: type="Multiply" version="opset1">
// CHECK-NEXT: <data auto_broadcast="numpy"/>
// CHECK: name="a &lt;b&gt; &amp; &quot;c&quot;" type="Add"
// CHECK: <port id="2" precision="FP32" names="y,y:0">
// CHECK: <layer id="7" name="y" type="Result" version="opset1">
// CHECK: <edge from-layer="0" from-port="0" to-layer="4" to-port="0"/>
// CHECK-NEXT: <edge from-layer="1" from-port="0" to-layer="4" to-port="1"/>
// CHECK-NEXT: <edge from-layer="4" from-port="2" to-layer="5" to-port="0"/>

// BIN: 1
// BIN-NEXT: 2
// BIN-NEXT: 3
// BIN-NEXT: 4
// BIN-NOT: {{[0-9]}}
func.func @model(%x: tensor<?x?x4xf32> {ov.name = "x", ov.names = ["x", "x:0", "a,b"], ov.bounds = array<i64: 1, -1, 1, 8, 4, 4>}) -> (tensor<?x?x4xf32> {ov.name = "y", ov.names = ["y", "y:0"]}) {
  %axes = ov.constant dense<-1> : tensor<1xi64> loc("axes")
  %gamma = ov.weight "gamma" dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %beta = ov.weight "same bytes" dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %n = ov.mvn %x, %axes {eps = 1.0e-12 : f64, eps_mode = "INSIDE_SQRT", normalize_variance = true} : (tensor<?x?x4xf32>, tensor<1xi64>) -> tensor<?x?x4xf32> loc("norm")
  %s = ov.multiply %n, %gamma : (tensor<?x?x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32>
  %y = ov.add %s, %beta : (tensor<?x?x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("a <b> & \22c\22")
  return %y : tensor<?x?x4xf32>
}
