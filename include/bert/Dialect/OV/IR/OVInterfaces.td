//===- OVInterfaces.td - what writer and reader need of a layer -*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVINTERFACES_TD
#define BERT_DIALECT_OV_IR_OVINTERFACES_TD

include "mlir/IR/OpBase.td"

def OV_LayerOp : OpInterface<"LayerOp"> {
  let cppNamespace = "::bertmlir::ov";
  let description = [{
    An op that is one layer of an OpenVINO IR. What the XML calls it and how its
    attributes are spelled there comes from its definition, so that writer and
    reader are generic.
  }];
  let methods = [
    StaticInterfaceMethod<"The layer's `type`, such as `MatMul`.",
      "::llvm::StringRef", "getIRType", (ins)>,
    StaticInterfaceMethod<"The number of the operation set that last revised the op.",
      "int", "getOpset", (ins)>,
    StaticInterfaceMethod<[{
      The attributes of the layer's `data` element in the order of the definition.
      Each is an attribute of the op with the same name.
      }], "::llvm::ArrayRef<::bertmlir::ov::XmlAttribute>", "getXmlAttributes", (ins)>,
  ];
}

#endif // BERT_DIALECT_OV_IR_OVINTERFACES_TD
