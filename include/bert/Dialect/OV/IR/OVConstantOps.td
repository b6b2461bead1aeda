//===- OVConstantOps.td - constants, weights, unknown layers --*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVCONSTANTOPS_TD
#define BERT_DIALECT_OV_IR_OVCONSTANTOPS_TD

include "bert/Dialect/OV/IR/OVBase.td"

def OV_ConstantOp : Op<OV_Dialect, "constant", [Pure, ConstantLike,
    AllTypesMatch<["value", "output"]>]> {
  let summary = "a shape, an axis, a scalar or a uniform literal";
  let description = [{
    A constant that folders may read. Trained values are `ov.weight`s.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs OV_Tensor:$output);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def OV_WeightOp : Op<OV_Dialect, "weight", [Pure, AllTypesMatch<["value", "output"]>]> {
  let summary = "a trained value";
  let description = [{
    A variable of the model, by name. Its bytes are usually a `dense_resource`
    that points into a mapped file; they may be absent while text without
    resources is looked at, and whoever needs the bytes says so. It is not
    ConstantLike on purpose: nothing folds it, so that a change to it stays an op
    and is evaluated tensor by tensor when the bytes are written.
  }];
  let arguments = (ins StrAttr:$name, ElementsAttr:$value);
  let results = (outs OV_Tensor:$output);
  let assemblyFormat = "$name attr-dict $value";
  let hasVerifier = 1;
}

def OV_GenericLayerOp : Op<OV_Dialect, "layer", [Pure]> {
  let summary = "a layer that this dialect has no op for";
  let description = [{
    Keeps an unknown layer's type, operation set and `data` attributes as the file
    spells them, so that any IR can be read, looked at and written back.
  }];
  let arguments = (ins Variadic<OV_Tensor>:$inputs, StrAttr:$type, StrAttr:$version,
                       DictionaryAttr:$data);
  let results = (outs Variadic<OV_Tensor>:$outputs);
  let assemblyFormat = [{
    $version $type `(` $inputs `)` $data attr-dict `:` functional-type($inputs, $outputs)
  }];
}

#endif // BERT_DIALECT_OV_IR_OVCONSTANTOPS_TD
