//===- TFInterfaces.td - what every TensorFlow node offers ----*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// All node ops of the tf dialect have one layout, so one interface serves the
// importer, the passes and the conversion alike.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_IR_TFINTERFACES_TD
#define BERT_DIALECT_TF_IR_TFINTERFACES_TD

include "mlir/IR/OpBase.td"

def TF_NodeOp : OpInterface<"NodeOp"> {
  let cppNamespace = "::bertmlir::tf";
  let description = [{
    A node of a TensorFlow graph. Operands are the data operands followed by the
    control operands (type `!tf.control`); results are the data results followed
    by one control result.
  }];
  let methods = [
    StaticInterfaceMethod<
      "How many data operands the op takes: a number, or -1 where the count varies.",
      "int", "getNumInputs", (ins)>,
    StaticInterfaceMethod<[{
      The element types of the data results, as a space separated list of terms.
      `T`: the type attribute T. `=i1`: this builtin type. `N*T`: as many as the
      integer attribute N says. `@Ts`: the list attribute Ts.
      }], "::llvm::StringRef", "getOutputSpec", (ins)>,
    InterfaceMethod<"TensorFlow's name of the op, such as `MatMul`.",
      "::llvm::StringRef", "getOpName", (ins)>,
    InterfaceMethod<"TensorFlow's name of the node, such as `bert/pooler/dense/Tanh`.",
      "::llvm::StringRef", "getNodeName", (ins), [{}], [{
        return $_op->template getAttrOfType<::mlir::StringAttr>("name").getValue();
      }]>,
    InterfaceMethod<"TensorFlow's attributes, unchanged.",
      "::mlir::DictionaryAttr", "getNodeAttrs", (ins), [{}], [{
        return $_op->template getAttrOfType<::mlir::DictionaryAttr>("attrs");
      }]>,
    InterfaceMethod<"The data operands.",
      "::mlir::OperandRange", "getDataOperands", (ins), [{}], [{
        return ::bertmlir::tf::detail::dataOperands($_op);
      }]>,
    InterfaceMethod<"The control operands: nodes that must have run before.",
      "::mlir::OperandRange", "getControlOperands", (ins), [{}], [{
        return $_op->getOperands().drop_front(
            ::bertmlir::tf::detail::dataOperands($_op).size());
      }]>,
    InterfaceMethod<"The data results: TensorFlow's output ports 0, 1, ...",
      "::mlir::ResultRange", "getDataResults", (ins), [{}], [{
        return $_op->getResults().drop_back();
      }]>,
    InterfaceMethod<"The control result.",
      "::mlir::OpResult", "getControlResult", (ins), [{}], [{
        return $_op->getResult($_op->getNumResults() - 1);
      }]>,
  ];
  let verify = "return ::bertmlir::tf::detail::verifyNode($_op);";
}

#endif // BERT_DIALECT_TF_IR_TFINTERFACES_TD
