//===- TFBase.td - the tf dialect, its types and op classes ---*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_IR_TFBASE_TD
#define BERT_DIALECT_TF_IR_TFBASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "bert/Dialect/TF/IR/TFInterfaces.td"

def TF_Dialect : Dialect {
  let name = "tf";
  let cppNamespace = "::bertmlir::tf";
  let summary = "What TensorFlow 1.x said, unchanged";
  let description = [{
    A thin floor: one op per TensorFlow op that inference graphs of the BERT
    family hold, spelled as TensorFlow spells it, with TensorFlow's attributes
    unchanged in one dictionary. Any other op is a `tf.node`, so that every graph
    can be imported and looked at. The container is `tf.graph`, a graph region:
    TensorFlow graphs may hold cycles.

    All nodes are written alike: the node's name, the data operands in round
    brackets, the control operands in square ones, the attributes, the types of
    operands and of data results. Each node has one more result, the last, of type
    `!tf.control`, which stands for "this node has run".

    ```mlir
    %0:2 = tf.MatMul "bert/pooler/dense/MatMul"(%x, %w) {T = f32, transpose_a = false,
        transpose_b = false} : (tensor<*xf32>, tensor<32x32xf32>) -> tensor<*xf32>
    ```
  }];
  let useDefaultTypePrinterParser = 1;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

class TF_Type<string name, string typeMnemonic> : TypeDef<TF_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def TF_ControlType : TF_Type<"Control", "control"> {
  let summary = "a control edge: the producer has run";
}
def TF_StringType : TF_Type<"String", "string"> {
  let summary = "DT_STRING, as an element type";
}
def TF_ResourceType : TF_Type<"Resource", "resource"> {
  let summary = "DT_RESOURCE, as an element type";
}
def TF_VariantType : TF_Type<"Variant", "variant"> {
  let summary = "DT_VARIANT, as an element type";
}
def TF_UnknownType : TF_Type<"Unknown", "unknown"> {
  let summary = "an element type that the file does not state";
}
def TF_RefType : TF_Type<"Ref", "ref"> {
  let summary = "a reference to a mutable tensor of that element type (DT_FLOAT_REF, ...)";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}
def TF_OpaqueType : TF_Type<"Opaque", "dtype"> {
  let summary = "a DataType that MLIR has no type for, by its number in types.proto";
  let parameters = (ins "unsigned":$number);
  let assemblyFormat = "`<` $number `>`";
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

// A node that stands for one TensorFlow op. `inputs` is its number of data
// operands (-1: varies), `outputs` the spec of its data results' element types
// (NodeOp::getOutputSpec).
class TF_Node<string opName, int inputs, string outputs, list<Trait> traits = []>
    : Op<TF_Dialect, opName, !listconcat(traits, [
        DeclareOpInterfaceMethods<TF_NodeOp, ["getNumInputs", "getOutputSpec", "getOpName"]>])> {
  let arguments = (ins Variadic<AnyType>:$inputs, StrAttr:$name,
                       OptionalAttr<StrAttr>:$device, DictionaryAttr:$attrs);
  let results = (outs Variadic<AnyType>:$outputs);
  let hasCustomAssemblyFormat = 1;
  let extraClassDefinition = [{
    int $cppClass::getNumInputs() { return }] # inputs # [{; }
    ::llvm::StringRef $cppClass::getOutputSpec() { return "}] # outputs # [{"; }
    ::llvm::StringRef $cppClass::getOpName() { return "}] # opName # [{"; }
    ::mlir::ParseResult $cppClass::parse(::mlir::OpAsmParser &parser,
                                         ::mlir::OperationState &result) {
      return ::bertmlir::tf::detail::parseNode(parser, result);
    }
    void $cppClass::print(::mlir::OpAsmPrinter &printer) {
      ::bertmlir::tf::detail::printNode(printer, getOperation());
    }
  }];
}

#endif // BERT_DIALECT_TF_IR_TFBASE_TD
