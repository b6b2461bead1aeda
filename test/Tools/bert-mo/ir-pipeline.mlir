// On an OpenVINO IR bert-mo runs the pipeline of bert-opt, with the options that its flags stand for.

// RUN: rm -rf %t && mkdir %t && echo > %t/empty.mlir
// RUN: bert-translate --export-ir %s -o %t/m.xml
// RUN: bert-mo --input_model %t/m.xml --input "ids{i64}" --output layer --batch 3 --dynamic -o %t/out --dump-pass-pipeline > %t/info.txt 2> %t/mo.txt
// RUN: bert-opt --ir-to-openvino="inputs=ids{i64} outputs=layer batch=3 dynamic target=2022.1" --dump-pass-pipeline %t/empty.mlir 2>&1 > %t/out.mlir | grep -v "Pass Manager" > %t/opt.txt
// RUN: FileCheck %s --check-prefix=PIPELINE < %t/opt.txt
// RUN: diff -B %t/mo.txt %t/opt.txt
// RUN: FileCheck %s --check-prefix=INFO < %t/info.txt
// RUN: FileCheck %s --check-prefix=XML < %t/out/m.xml

// RUN: not bert-opt --ir-to-openvino=target=2019.3 %t/empty.mlir 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: error: ir-to-openvino: target '2019.3' is no release of OpenVINO; write one from 2020.1 on, as in 2024.6

// PIPELINE: builtin.module(
// PIPELINE: ov-select-outputs{outputs={layer}}
// PIPELINE: ov-specialize-inputs{inputs=ids{i64}}
// PIPELINE: ov-decompose-attention
// PIPELINE: ov-generalize-shapes{{.*}}prefix-tables=true
// PIPELINE: ov-set-input-shapes{batch=3 prefix-tables=true}
// PIPELINE: ov-verify-normal-form

// The file holds 4 rows of the position table: no more can be had.
// INFO: the sequence can have 1 to 4 tokens, as many as 'positions' has rows left: the converter that wrote the model has cut it to the built-in length
// INFO: [ SUCCESS ] Generated IR version 11 model.

// XML: name="ids" type="Parameter"
// XML-NEXT: shape="3,1..4"{{.*}}element_type="i64"

// Asked for more, and for what the table has.
// RUN: not bert-mo --input_model %t/m.xml --input "ids[2 5]" -o %t/out 2>&1 | FileCheck %s --check-prefix=LONG
// LONG: [ ERROR ]  {{.*}}m.xml: input 'ids' can't have the size 5 as dimension 1; it can have 1 to 4, as many as the position table 'positions' has rows
// RUN: bert-mo --input_model %t/m.xml --input "ids[7 3]" -o %t/out --silent
// RUN: FileCheck %s --check-prefix=ASKED < %t/out/m.xml
// ASKED: shape="7,3"

// Names that are not there; the shapes of --input_shape.
// RUN: not bert-mo --input_model %t/m.xml --input "idz[2 4]" -o %t/out 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: the model has no input 'idz'; did you mean 'ids'?
// RUN: bert-mo --input_model %t/m.xml --input ids --input_shape "[6,2]" -o %t/out --silent
// RUN: FileCheck %s --check-prefix=LIST < %t/out/m.xml
// LIST: shape="6,2"

// RUN: bert-mo --input_model %t/m.xml --dry-run | FileCheck %s --check-prefix=DRY
// DRY: Inputs:
// DRY-NEXT: ids{{ +}}i32 [2,4], built in; --dynamic makes it [?,1..4]
func.func @m(%ids: tensor<2x4xi32> {ov.name = "ids", ov.names = ["ids"]}) -> (tensor<2x4x3xf32> {ov.name = "out", ov.names = ["out"]}) {
  %axis = ov.constant dense<0> : tensor<i32>
  %table = ov.constant dense<1.0> : tensor<16x3xf32>
  %words = ov.gather %table, %ids, %axis {batch_dims = 0 : i64} : (tensor<16x3xf32>, tensor<2x4xi32>, tensor<i32>) -> tensor<2x4x3xf32>
  %positions = ov.weight "positions" dense_resource<positions> : tensor<4x3xf32>
  %sum = ov.add %words, %positions : (tensor<2x4x3xf32>, tensor<4x3xf32>) -> tensor<2x4x3xf32> loc("layer")
  %out = ov.tanh %sum : (tensor<2x4x3xf32>) -> tensor<2x4x3xf32> loc("out")
  return %out : tensor<2x4x3xf32>
}

{-#
  dialect_resources: {
    builtin: {
      positions: "0x040000000000803F0000004000004040000080400000A0400000C0400000E0400000004100001041000020410000304100004041"
    }
  }
#-}
