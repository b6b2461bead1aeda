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
    activation, sums with layer normalisation, attention. Nothing here is exported
    to an IR; the dialect exists for native code.

    A model goes through two forms. `convert-ov-to-bert` makes the *padded* form:
    activations are `[batch, sequence, width]`, open in batch and sequence, and
    attention reads the mask. `bert-pack-tokens` makes the *packed* form:
    `bert.pack_tokens` says once which positions are computed and which are keys,
    activations are `[tokens, width]` without padding, and `bert.unpack_tokens` puts
    them back in place at the end.

    Weights are operands; they come from `ov.weight`, and after `bert-pack-weights`
    from `bert.packed_weight`, which names a place in the weights file.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
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

def Bert_Positions : I32EnumAttr<"Positions", "which positions of a sequence are computed", [
    I32EnumAttrCase<"All", 0, "all">,
    I32EnumAttrCase<"Keys", 1, "keys">,
    I32EnumAttrCase<"KeysAndFirst", 2, "keys_and_first">]> {
  let description = [{
    - `all`: padding too, since an output shows it.
    - `keys`: those that the mask shows.
    - `keys_and_first`: those and position 0, which the pooler reads even where the
      padding is on the left.
  }];
  let cppNamespace = "::bertmlir::bert";
  let genSpecializedAttr = 0;
}
def Bert_PositionsAttr : EnumAttr<Bert_Dialect, Bert_Positions, "positions">;

def Bert_TokensType : TypeDef<Bert_Dialect, "Tokens"> {
  let mnemonic = "tokens";
  let summary = "which positions of a batch are computed, and which of them are keys";
  let description = [{
    For each sequence a range of token rows, for each token its position, for each
    sequence the token rows that are keys and what is added to their scores. Native
    code gets it from the runtime, which reads it off the mask.
  }];
}

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
  let summary = "layer_norm(word[ids] + token_type[types] + position[s])";
  let description = [{
    `ids` and `types` are [batch, sequence]; the tables are [rows, width]. Position s
    takes row s of the position table. Ids outside their table are the caller's
    mistake; a compiled model refuses them before it computes. With `tokens` the
    result is packed.
  }];
  let arguments = (ins Bert_Ids:$ids, Optional<Bert_Ids>:$types, Optional<Bert_TokensType>:$tokens,
                       Bert_Matrix:$word, Bert_Matrix:$position,
                       Optional<Bert_Matrix>:$token_type, Bert_Vector:$gamma, Bert_Vector:$beta,
                       F32Attr:$epsilon);
  let assemblyFormat = [{
    $ids (`types` $types^)? (`tokens` $tokens^)? `word` $word `position` $position
    (`token_type` $token_type^)? `norm` $gamma `,` $beta attr-dict
    `:` functional-type(operands, results)
  }];
}

def Bert_DenseOp : Bert_ComputeOp<"dense", [AttrSizedOperandSegments]> {
  let summary = "activation(input x weights + biases)";
  let description = [{
    `input` is [..., rows]. Several weights of shape [rows, columns] (`transposed`:
    [columns, rows]) stand side by side, as query, key and value do; so do their
    biases, one [columns] for each weight or none at all. The sum over rows runs in
    one fixed order, whatever the batch, so that a row's result does not depend on
    its neighbours.
  }];
  let arguments = (ins Bert_Activations:$input, Variadic<Bert_Matrix>:$weights,
                       Variadic<Bert_Vector>:$biases,
                       DefaultValuedAttr<Bert_ActivationAttr,
                         "::bertmlir::bert::Activation::None">:$activation,
                       UnitAttr:$transposed);
  let assemblyFormat = [{
    $input `,` $weights (`bias` $biases^)? (`then` $activation^)? attr-dict
    `:` functional-type(operands, results)
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
    `inputs` is one tensor of width 3 w that holds q, k and v side by side, as one
    dense layer makes it; or two, q of width w and k and v of width 2 w; or three of
    width w. Head h owns columns [h s, (h + 1) s), s = w / heads.

    In the padded form `mask` is [batch, sequence], over keys: 1 for those to look
    at, 0 for those that get `masked_value` added to their score. In the packed form
    `tokens` says which rows are a sequence's keys; where the input is two tensors, q
    has one row per sequence, that of its first token.
  }];
  let arguments = (ins Variadic<Bert_Activations>:$inputs, Optional<Bert_Mask>:$mask,
                       Optional<Bert_TokensType>:$tokens, I64Attr:$heads, F32Attr:$scale,
                       DefaultValuedAttr<F32Attr, "-10000.0f">:$masked_value);
  let assemblyFormat = [{
    $inputs (`mask` $mask^)? (`tokens` $tokens^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    /// The width of q, of k and of v.
    int64_t getWidth();
  }];
  let hasVerifier = 1;
}

def Bert_FirstTokenOp : Bert_ComputeOp<"first_token"> {
  let summary = "position 0 of each sequence";
  let description = [{
    [batch, sequence, width], or packed [tokens, width], becomes [batch, width]. With
    a dense layer behind it this is BERT's pooler.
  }];
  let arguments = (ins Bert_Activations:$input, Optional<Bert_TokensType>:$tokens);
  let assemblyFormat = [{
    $input (`tokens` $tokens^)? attr-dict `:` functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// Packed form
//===----------------------------------------------------------------------===//

def Bert_PackTokensOp : Bert_Op<"pack_tokens"> {
  let summary = "which positions are computed, and which are keys";
  let description = [{
    Without a mask all positions are both. A position is a key where the mask is not
    0, if `masked_value` is so low that exp of it is 0 in f32; a sequence with mask
    values other than 0 and 1, or without any key, has all its positions as keys and
    `(1 - mask) masked_value` added to their scores.
  }];
  let arguments = (ins Bert_Ids:$ids, Optional<Bert_Mask>:$mask, Bert_PositionsAttr:$positions,
                       DefaultValuedAttr<F32Attr, "-10000.0f">:$masked_value);
  let results = (outs Bert_TokensType:$tokens);
  let assemblyFormat = [{
    $positions `of` $ids (`mask` $mask^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Bert_UnpackTokensOp : Bert_Op<"unpack_tokens"> {
  let summary = "[tokens, width] back to [batch, sequence, width]";
  let description = [{
    Positions that were not computed are zero. With `column` the result is that one
    column: [batch, sequence].
  }];
  let arguments = (ins Bert_Activations:$input, Bert_TokensType:$tokens,
                       OptionalAttr<I64Attr>:$column);
  let results = (outs Bert_Activations:$output);
  let assemblyFormat = [{
    $input `tokens` $tokens (`column` $column^)? attr-dict `:` functional-type(operands, results)
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
