//===- BertOps.td - what a BERT model means -------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_BERT_IR_BERTOPS_TD
#define BERT_DIALECT_BERT_IR_BERTOPS_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Bert_Dialect : Dialect {
  let name = "bert";
  let cppNamespace = "::bertmlir::bert";
  let summary = "the parts of a BERT model, for code generation";
  let description = [{
    What a model computes, without how: embeddings, dense layers with their
    activation, sums with layer normalisation, attention, the pooler. Activations
    are `[batch, sequence, width]` in f32, open in batch and sequence. Weights are
    operands; they come from `ov.weight`, and after `bert-pack-weights` from
    `bert.packed_weight`, which names a place in the weights file.

    Nothing here is exported to an IR; the dialect exists for native code.
  }];
  let useDefaultAttributePrinterParser = 1;
}

//===----------------------------------------------------------------------===//
// Attributes and types
//===----------------------------------------------------------------------===//

def Bert_Activation : I32EnumAttr<"Activation", "what follows a dense layer's sum", [
    I32EnumAttrCase<"None", 0, "none">,
    I32EnumAttrCase<"GeluErf", 1, "gelu_erf">,
    I32EnumAttrCase<"GeluTanh", 2, "gelu_tanh">,
    I32EnumAttrCase<"Relu", 3, "relu">,
    I32EnumAttrCase<"Tanh", 4, "tanh">]> {
  let cppNamespace = "::bertmlir::bert";
  let genSpecializedAttr = 0;
}
def Bert_ActivationAttr : EnumAttr<Bert_Dialect, Bert_Activation, "activation">;

def Bert_Layout : I32EnumAttr<"Layout", "how a packed weight lies in the weights file", [
    I32EnumAttrCase<"Rows", 0, "rows">,
    I32EnumAttrCase<"Panels", 1, "panels">]> {
  let description = [{
    - `rows`: row-major, each row padded with zeros to a multiple of 64 columns. Tables
      and vectors.
    - `panels`: `[columns / 64][rows][64]`, missing columns zero. One panel is what a
      dense layer's inner loop streams through. One packing for all f32 targets.
  }];
  let cppNamespace = "::bertmlir::bert";
  let genSpecializedAttr = 0;
}
def Bert_LayoutAttr : EnumAttr<Bert_Dialect, Bert_Layout, "layout">;

def Bert_Activations : RankedTensorOf<[F32]>;
def Bert_Matrix : 2DTensorOf<[F32]>;
def Bert_Vector : 1DTensorOf<[F32]>;
def Bert_Ids : 2DTensorOf<[I32, I64]>;
def Bert_Mask : 2DTensorOf<[I32, I64, F32]>;

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

class Bert_Op<string mnemonic, list<Trait> traits = []>
    : Op<Bert_Dialect, mnemonic, !listconcat([Pure], traits)>;

// An op that makes one activation out of others; its type follows from the operands.
class Bert_ComputeOp<string mnemonic, list<Trait> traits = []>
    : Bert_Op<mnemonic, !listconcat(traits, [InferTypeOpAdaptorWithIsCompatible])> {
  let results = (outs Bert_Activations:$output);
  let extraClassDefinition = [{
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual) {
      return ::bertmlir::bert::detail::areCompatible(inferred, actual);
    }
  }];
}

def Bert_EmbeddingsOp : Bert_ComputeOp<"embeddings", [AttrSizedOperandSegments]> {
  let summary = "layer_norm(word[ids] + position[s] + token_type[types])";
  let description = [{
    `ids` and `types` are [batch, sequence]; the tables are [rows, width]. Position s
    takes row s of the position table. Ids outside their table are the caller's
    mistake; a compiled model refuses them before it computes.
  }];
  let arguments = (ins Bert_Ids:$ids, Optional<Bert_Ids>:$types, Bert_Matrix:$word,
                       Bert_Matrix:$position, Optional<Bert_Matrix>:$token_type,
                       Bert_Vector:$gamma, Bert_Vector:$beta, F32Attr:$epsilon);
  let assemblyFormat = [{
    $ids (`types` $types^)? `word` $word `position` $position (`token_type` $token_type^)?
    `norm` $gamma `,` $beta attr-dict `:` functional-type(operands, results)
  }];
}

def Bert_DenseOp : Bert_ComputeOp<"dense"> {
  let summary = "activation(input x weight + bias)";
  let description = [{
    `input` is [..., rows], `weight` [rows, columns], `bias` [columns]. The sum over
    rows runs in one fixed order, whatever the batch, so that a row's result does not
    depend on its neighbours.
  }];
  let arguments = (ins Bert_Activations:$input, Bert_Matrix:$weight, Optional<Bert_Vector>:$bias,
                       DefaultValuedAttr<Bert_ActivationAttr,
                         "::bertmlir::bert::Activation::None">:$activation);
  let assemblyFormat = [{
    $input `,` $weight (`bias` $bias^)? (`then` $activation^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Bert_AddLayerNormOp : Bert_ComputeOp<"add_layer_norm"> {
  let summary = "layer_norm(input + residual) over the last dimension";
  let description = [{
    The variance is the mean of squared distances from the mean (two passes).
  }];
  let arguments = (ins Bert_Activations:$input, Optional<Bert_Activations>:$residual,
                       Bert_Vector:$gamma, Bert_Vector:$beta, F32Attr:$epsilon);
  let assemblyFormat = [{
    $input (`residual` $residual^)? `norm` $gamma `,` $beta attr-dict
    `:` functional-type(operands, results)
  }];
}

def Bert_AttentionOp : Bert_ComputeOp<"attention", [AttrSizedOperandSegments]> {
  let summary = "softmax(scale q k^T + (1 - mask) masked_value) v, per head";
  let description = [{
    `inputs` is either one tensor [batch, sequence, 3 * width] that holds q, k and v
    side by side, as one dense layer makes it, or three of [batch, sequence, width].
    Head h owns columns [h * size, (h + 1) * size), size = width / heads. `mask` is
    [batch, sequence], over keys: 1 for those to look at, 0 for those that get
    `masked_value` added to their score.
  }];
  let arguments = (ins Variadic<Bert_Activations>:$inputs, Optional<Bert_Mask>:$mask,
                       I64Attr:$heads, F32Attr:$scale,
                       DefaultValuedAttr<F32Attr, "-10000.0f">:$masked_value);
  let assemblyFormat = [{
    $inputs (`mask` $mask^)? attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    /// The width of q, of k and of v.
    int64_t getWidth();
  }];
  let hasVerifier = 1;
}

def Bert_PoolerOp : Bert_ComputeOp<"pooler"> {
  let summary = "tanh(first token x weight + bias)";
  let description = [{
    `input` is [batch, sequence, rows]; the result is [batch, columns].
  }];
  let arguments = (ins Bert_Activations:$input, Bert_Matrix:$weight, Optional<Bert_Vector>:$bias,
                       DefaultValuedAttr<Bert_ActivationAttr,
                         "::bertmlir::bert::Activation::Tanh">:$activation);
  let assemblyFormat = [{
    $input `,` $weight (`bias` $bias^)? (`then` $activation^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Bert_PackedWeightOp : Bert_Op<"packed_weight"> {
  let summary = "a weight at its place in the weights file";
  let description = [{
    `offset` counts bytes from the start of the file's data and is a multiple of 64. The
    type is that of the unpacked weight.
  }];
  let arguments = (ins StrAttr:$name, I64Attr:$offset, Bert_LayoutAttr:$layout);
  let results = (outs RankedTensorOf<[F32]>:$output);
  let assemblyFormat = "$name `at` $offset $layout attr-dict `:` type($output)";
  let hasVerifier = 1;
}

#endif // BERT_DIALECT_BERT_IR_BERTOPS_TD
