//===- OVBase.td - the ov dialect and its op classes ----------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVBASE_TD
#define BERT_DIALECT_OV_IR_OVBASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "bert/Dialect/OV/IR/OVInterfaces.td"

def OV_Dialect : Dialect {
  let name = "ov";
  let cppNamespace = "::bertmlir::ov";
  let summary = "OpenVINO's operation sets";
  let description = [{
    The hub of the compiler. A model is one `func.func`: its arguments are the
    Parameters in file order, its results the Results. Arguments and results carry

    - `ov.name`: the layer's name,
    - `ov.names`: the tensor names under which the runtime offers it,
    - `ov.bounds` (arguments): lower and upper limit of each dimension, flattened;
      -1 as upper limit: none.

    There is one op per op *revision*; older revisions that mean the same are
    upgraded on reading. Attributes are spelled as in the XML. Shape arithmetic is
    ordinary ops on i32 or i64 tensors. Every op computes the types of its results.

    `ov.constant` holds shapes, axes, scalars and uniform literals: folders see it.
    `ov.weight` holds trained values: no folder reads it, its bytes usually lie in
    a mapped file.
  }];
  let hasConstantMaterializer = 1;
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

//===----------------------------------------------------------------------===//
// Attributes, as the XML spells them
//===----------------------------------------------------------------------===//

// One attribute of a layer's `data` element. `kind` is an ov::XmlKind; `absent`
// is the value that a missing attribute stands for ("!" : it may not be missing).
class OV_Xml<string attrName, string attrKind, string absentValue, Attr attribute> {
  string name = attrName;
  string kind = attrKind;
  string absent = absentValue;
  Attr attr = attribute;
}

class OV_Bool<string name, string absent = "false">
  : OV_Xml<name, "Bool", absent, BoolAttr>;
class OV_Int<string name, string absent = "!"> : OV_Xml<name, "Int", absent, I64Attr>;
class OV_Float<string name, string absent = "!"> : OV_Xml<name, "Float", absent, F64Attr>;
class OV_Ints<string name, string absent = ""> : OV_Xml<name, "Ints", absent, DenseI64ArrayAttr>;
class OV_ElementType<string name> : OV_Xml<name, "ElementType", "!", TypeAttr>;

// A string out of a short list. The reader accepts any case; ops hold the case
// written here.
class OV_Choice<string name, list<string> choices, string absent = "!">
  : OV_Xml<name, "String", absent,
      ConfinedAttr<StrAttr, [AttrConstraint<
        CPred<!interleave(!foreach(c, choices,
          "::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"" # c # "\""), " || ")>,
        "one of " # !interleave(choices, ", ")>]>>;

def OV_AutoBroadcast : OV_Xml<"auto_broadcast", "String", "numpy",
  DefaultValuedAttr<ConfinedAttr<StrAttr, [AttrConstraint<
    CPred<"::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"numpy\" || "
          "::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"none\"">,
    "one of numpy, none">]>, "\"numpy\"">>;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def OV_Tensor : TensorOf<[AnyFloat, AnyInteger]>;
def OV_FloatTensor : TensorOf<[AnyFloat]>;
def OV_BoolTensor : TensorOf<[I1]>;
def OV_IndexTensor : TensorOf<[AnyInteger]>;

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

// A layer. `irType` and `opset` are the XML's `type` and `version`; `inputs` the
// operands; `xml` the attributes.
class OV_Op<string mnemonic, string irType, int opset, dag inputs, list<OV_Xml> xml,
            list<Trait> traits = []>
    : Op<OV_Dialect, mnemonic, !listconcat(traits, [
        Pure, DeclareOpInterfaceMethods<OV_LayerOp>,
        InferTypeOpAdaptorWithIsCompatible])> {
  let arguments = !con(inputs, !dag(ins, !foreach(x, xml, x.attr), !foreach(x, xml, x.name)));
  let results = (outs OV_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::llvm::StringRef $cppClass::getIRType() { return "}] # irType # [{"; }
    int $cppClass::getOpset() { return }] # opset # [{; }
    ::llvm::ArrayRef<::bertmlir::ov::XmlAttribute> $cppClass::getXmlAttributes() {
      static const ::bertmlir::ov::XmlAttribute table[] = {}]
      # !interleave(!foreach(x, xml,
          "{\"" # x.name # "\", ::bertmlir::ov::XmlKind::" # x.kind # ", \"" # x.absent # "\"}, "), "")
      # [{{"", ::bertmlir::ov::XmlKind::String, ""}};
      return ::llvm::ArrayRef(table).drop_back();
    }
    ::mlir::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location,
        Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      ::bertmlir::ov::detail::inferLeniently(adaptor, types, context);
      return ::mlir::success();
    }
    ::mlir::LogicalResult $cppClass::verify() {
      return ::bertmlir::ov::detail::verifyTypes(Adaptor(*this), getOperation());
    }
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual) {
      return ::bertmlir::ov::detail::areCompatible(inferred, actual);
    }
  }];
}

// The traits by which passes know elementwise ops: see OVOps.h.
class OV_Trait<string name> : NativeOpTrait<name> {
  let cppNamespace = "::bertmlir::ov";
}
def OV_UnaryElementwise : OV_Trait<"UnaryElementwise">;
def OV_BinaryElementwise : OV_Trait<"BinaryElementwise">;

// y = f(x), same shape, same element type.
class OV_Unary<string mnemonic, string irType, Type operand = OV_Tensor, int opset = 1,
               list<OV_Xml> xml = []>
    : OV_Op<mnemonic, irType, opset, (ins operand:$input), xml, [OV_UnaryElementwise]> {
  let summary = "element-wise " # irType;
}

// y = f(a, b), broadcast as numpy does, both operands of one element type.
class OV_Binary<string mnemonic, string irType, list<Trait> traits = [],
                list<OV_Xml> more = []>
    : OV_Op<mnemonic, irType, 1, (ins OV_Tensor:$lhs, OV_Tensor:$rhs),
            !listconcat([OV_AutoBroadcast], more), !listconcat(traits, [OV_BinaryElementwise])> {
  let summary = "element-wise " # irType # ", with broadcasting";
}

// As OV_Binary, with a boolean result.
class OV_Compare<string mnemonic, string irType, list<Trait> traits = []>
    : OV_Binary<mnemonic, irType, traits>;

// Reduces `input` over `axes` (a constant or computed index tensor).
class OV_Reduce<string mnemonic, string irType>
    : OV_Op<mnemonic, irType, 1, (ins OV_Tensor:$input, OV_IndexTensor:$axes),
            [OV_Bool<"keep_dims">]> {
  let summary = irType # " over some axes";
}

#endif // BERT_DIALECT_OV_IR_OVBASE_TD
