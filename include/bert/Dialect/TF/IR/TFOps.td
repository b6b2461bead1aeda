//===- TFOps.td - the ops of the tf dialect --------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One line per TensorFlow op: its name, how many data operands it takes (-1: it
// varies), the element types of its results. The attributes are TensorFlow's.
// Source: TensorFlow's op definitions (tensorflow/core/ops).
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_TF_IR_TFOPS_TD
#define BERT_DIALECT_TF_IR_TFOPS_TD

include "bert/Dialect/TF/IR/TFBase.td"

//===----------------------------------------------------------------------===//
// The container, the cut contract, the generic node
//===----------------------------------------------------------------------===//

def TF_GraphOp : Op<TF_Dialect, "graph", !listconcat(GraphRegionNoTerminator.traits, [
    IsolatedFromAbove, NoRegionArguments, SingleBlock])> {
  let summary = "a TensorFlow graph";
  let description = [{
    Holds the nodes of one graph, in the file's order. It is a graph region: a
    node may use results of later ones, and cycles are allowed. `source` names the
    file it came from, `checkpoint` the checkpoint whose values its variables
    carry; both are for messages only. `signature_inputs` and `signature_outputs`
    are the tensor names that a SavedModel's signature or the file itself declares.
  }];
  let arguments = (ins OptionalAttr<StrAttr>:$source, OptionalAttr<StrAttr>:$checkpoint,
                       OptionalAttr<StrArrayAttr>:$signature_inputs,
                       OptionalAttr<StrArrayAttr>:$signature_outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins)>];
}

def TF_InputOp : Op<TF_Dialect, "input"> {
  let summary = "an input of the model that is being converted";
  let description = [{
    What `tf-specialize-inputs` puts in the place of a placeholder or of a port
    that the user cuts at. `index` is the position among the model's inputs, `name`
    the tensor as the user knows it (`Placeholder`, `IteratorGetNext:0`), `names`
    every spelling that the runtime shall accept. Where the range of an open
    dimension is known, `bounds` holds lower and upper limits (-1: none), flattened.
  }];
  let arguments = (ins StrAttr:$name, StrArrayAttr:$names, I64Attr:$index,
                       OptionalAttr<DenseI64ArrayAttr>:$bounds);
  let results = (outs AnyTensor:$output);
  let assemblyFormat = "$index $name `names` $names (`bounds` $bounds^)? attr-dict `:` type($output)";
}

def TF_OutputOp : Op<TF_Dialect, "output"> {
  let summary = "an output of the model that is being converted";
  let description = [{
    Made by `tf-prune-to-outputs`; everything that no `tf.output` needs goes.
  }];
  let arguments = (ins AnyTensor:$value, StrAttr:$name, StrArrayAttr:$names, I64Attr:$index);
  let assemblyFormat = "$index $name `names` $names `(` $value `)` attr-dict `:` type($value)";
}

def TF_GenericOp : Op<TF_Dialect, "node", [
    DeclareOpInterfaceMethods<TF_NodeOp, ["getNumInputs", "getOutputSpec", "getOpName"]>]> {
  let summary = "a node whose op has no definition of its own here";
  let description = [{
    Written as `tf.node "SaveV2" "save/SaveV2"(...)`: first the op, then the node.
  }];
  let arguments = (ins Variadic<AnyType>:$inputs, StrAttr:$op, StrAttr:$name,
                       OptionalAttr<StrAttr>:$device, DictionaryAttr:$attrs);
  let results = (outs Variadic<AnyType>:$outputs);
  let hasCustomAssemblyFormat = 1;
}

//===----------------------------------------------------------------------===//
// Sources: inputs, constants, variables
//===----------------------------------------------------------------------===//

def TF_PlaceholderOp : TF_Node<"Placeholder", 0, "dtype">;
def TF_PlaceholderV2Op : TF_Node<"PlaceholderV2", 0, "dtype">;
def TF_PlaceholderWithDefaultOp : TF_Node<"PlaceholderWithDefault", 1, "dtype">;
def TF_ConstOp : TF_Node<"Const", 0, "dtype">;
def TF_VariableV2Op : TF_Node<"VariableV2", 0, "=ref(dtype)">;
def TF_VariableOp : TF_Node<"Variable", 0, "=ref(dtype)">;
def TF_VarHandleOp : TF_Node<"VarHandleOp", 0, "=resource">;
def TF_ReadVariableOp : TF_Node<"ReadVariableOp", 1, "dtype">;
def TF_IteratorGetNextOp : TF_Node<"IteratorGetNext", 1, "@output_types">;
def TF_QueueDequeueV2Op : TF_Node<"QueueDequeueV2", 1, "@component_types">;
def TF_QueueDequeueManyV2Op : TF_Node<"QueueDequeueManyV2", 2, "@component_types">;
def TF_QueueDequeueUpToV2Op : TF_Node<"QueueDequeueUpToV2", 2, "@component_types">;
def TF_ParseExampleOp : TF_Node<"ParseExample", -1,
    "Nsparse*=i64 @sparse_types Nsparse*=i64 @Tdense">;
def TF_ParseExampleV2Op : TF_Node<"ParseExampleV2", -1,
    "num_sparse*=i64 @sparse_types num_sparse*=i64 @Tdense @ragged_value_types @ragged_split_types">;
def TF_ParseSingleExampleOp : TF_Node<"ParseSingleExample", -1,
    "num_sparse*=i64 @sparse_types num_sparse*=i64 @Tdense">;
def TF_IteratorOp : TF_Node<"Iterator", 0, "=resource">;
def TF_IteratorV2Op : TF_Node<"IteratorV2", 0, "=resource">;
def TF_OneShotIteratorOp : TF_Node<"OneShotIterator", 0, "=resource">;
def TF_RandomUniformOp : TF_Node<"RandomUniform", 1, "dtype">;

//===----------------------------------------------------------------------===//
// Pass through: no arithmetic
//===----------------------------------------------------------------------===//

def TF_IdentityOp : TF_Node<"Identity", 1, "T">;
def TF_IdentityNOp : TF_Node<"IdentityN", -1, "@T">;
def TF_SnapshotOp : TF_Node<"Snapshot", 1, "T">;
def TF_StopGradientOp : TF_Node<"StopGradient", 1, "T">;
def TF_PreventGradientOp : TF_Node<"PreventGradient", 1, "T">;
def TF_CheckNumericsOp : TF_Node<"CheckNumerics", 1, "T">;
def TF_EnsureShapeOp : TF_Node<"EnsureShape", 1, "T">;
def TF_PrintOp : TF_Node<"Print", -1, "T">;
def TF_NoOp : TF_Node<"NoOp", 0, "">;
def TF_AssertOp : TF_Node<"Assert", -1, "">;
def TF_SwitchOp : TF_Node<"Switch", 2, "T T">;
def TF_RefSwitchOp : TF_Node<"RefSwitch", 2, "=ref(T) =ref(T)">;
def TF_MergeOp : TF_Node<"Merge", -1, "T =i32">;

//===----------------------------------------------------------------------===//
// Element-wise arithmetic
//===----------------------------------------------------------------------===//

def TF_AddOp : TF_Node<"Add", 2, "T">;
def TF_AddV2Op : TF_Node<"AddV2", 2, "T">;
def TF_SubOp : TF_Node<"Sub", 2, "T">;
def TF_MulOp : TF_Node<"Mul", 2, "T">;
def TF_RealDivOp : TF_Node<"RealDiv", 2, "T">;
def TF_DivOp : TF_Node<"Div", 2, "T">;
def TF_FloorDivOp : TF_Node<"FloorDiv", 2, "T">;
def TF_FloorModOp : TF_Node<"FloorMod", 2, "T">;
def TF_DivNoNanOp : TF_Node<"DivNoNan", 2, "T">;
def TF_MaximumOp : TF_Node<"Maximum", 2, "T">;
def TF_MinimumOp : TF_Node<"Minimum", 2, "T">;
def TF_SquaredDifferenceOp : TF_Node<"SquaredDifference", 2, "T">;
def TF_PowOp : TF_Node<"Pow", 2, "T">;
def TF_BiasAddOp : TF_Node<"BiasAdd", 2, "T">;
def TF_BiasAddV1Op : TF_Node<"BiasAddV1", 2, "T">;
def TF_AddNOp : TF_Node<"AddN", -1, "T">;
def TF_ModOp : TF_Node<"Mod", 2, "T">;
def TF_TruncateDivOp : TF_Node<"TruncateDiv", 2, "T">;
def TF_TruncateModOp : TF_Node<"TruncateMod", 2, "T">;
def TF_ClipByValueOp : TF_Node<"ClipByValue", 3, "T">;
def TF_CumsumOp : TF_Node<"Cumsum", 2, "T">;
def TF_L2LossOp : TF_Node<"L2Loss", 1, "T">;
def TF_CastOp : TF_Node<"Cast", 1, "DstT">;
def TF_SqrtOp : TF_Node<"Sqrt", 1, "T">;
def TF_RsqrtOp : TF_Node<"Rsqrt", 1, "T">;
def TF_ReciprocalOp : TF_Node<"Reciprocal", 1, "T">;
def TF_InvOp : TF_Node<"Inv", 1, "T">;
def TF_SquareOp : TF_Node<"Square", 1, "T">;
def TF_NegOp : TF_Node<"Neg", 1, "T">;
def TF_AbsOp : TF_Node<"Abs", 1, "T">;
def TF_ExpOp : TF_Node<"Exp", 1, "T">;
def TF_LogOp : TF_Node<"Log", 1, "T">;
def TF_Log1pOp : TF_Node<"Log1p", 1, "T">;
def TF_ErfOp : TF_Node<"Erf", 1, "T">;
def TF_ErfcOp : TF_Node<"Erfc", 1, "T">;
def TF_TanhOp : TF_Node<"Tanh", 1, "T">;
def TF_SigmoidOp : TF_Node<"Sigmoid", 1, "T">;
def TF_ReluOp : TF_Node<"Relu", 1, "T">;
def TF_Relu6Op : TF_Node<"Relu6", 1, "T">;
def TF_SeluOp : TF_Node<"Selu", 1, "T">;
def TF_SoftsignOp : TF_Node<"Softsign", 1, "T">;
def TF_Expm1Op : TF_Node<"Expm1", 1, "T">;
def TF_EluOp : TF_Node<"Elu", 1, "T">;
def TF_CosOp : TF_Node<"Cos", 1, "T">;
def TF_SinOp : TF_Node<"Sin", 1, "T">;
def TF_SoftplusOp : TF_Node<"Softplus", 1, "T">;
def TF_LeakyReluOp : TF_Node<"LeakyRelu", 1, "T">;
def TF_FloorOp : TF_Node<"Floor", 1, "T">;
def TF_CeilOp : TF_Node<"Ceil", 1, "T">;
def TF_RoundOp : TF_Node<"Round", 1, "T">;
def TF_SignOp : TF_Node<"Sign", 1, "T">;
def TF_ZerosLikeOp : TF_Node<"ZerosLike", 1, "T">;
def TF_OnesLikeOp : TF_Node<"OnesLike", 1, "T">;

//===----------------------------------------------------------------------===//
// Comparison, logic, choice
//===----------------------------------------------------------------------===//

def TF_EqualOp : TF_Node<"Equal", 2, "=i1">;
def TF_NotEqualOp : TF_Node<"NotEqual", 2, "=i1">;
def TF_LessOp : TF_Node<"Less", 2, "=i1">;
def TF_LessEqualOp : TF_Node<"LessEqual", 2, "=i1">;
def TF_GreaterOp : TF_Node<"Greater", 2, "=i1">;
def TF_GreaterEqualOp : TF_Node<"GreaterEqual", 2, "=i1">;
def TF_LogicalAndOp : TF_Node<"LogicalAnd", 2, "=i1">;
def TF_LogicalOrOp : TF_Node<"LogicalOr", 2, "=i1">;
def TF_IsFiniteOp : TF_Node<"IsFinite", 1, "=i1">;
def TF_IsNanOp : TF_Node<"IsNan", 1, "=i1">;
def TF_LogicalXorOp : TF_Node<"LogicalXor", 2, "=i1">;
def TF_LogicalNotOp : TF_Node<"LogicalNot", 1, "=i1">;
def TF_SelectOp : TF_Node<"Select", 3, "T">;
def TF_SelectV2Op : TF_Node<"SelectV2", 3, "T">;

//===----------------------------------------------------------------------===//
// Linear algebra, reductions, normalisation
//===----------------------------------------------------------------------===//

def TF_MatMulOp : TF_Node<"MatMul", 2, "T">;
def TF_BatchMatMulOp : TF_Node<"BatchMatMul", 2, "T">;
def TF_BatchMatMulV2Op : TF_Node<"BatchMatMulV2", 2, "T">;
def TF_BatchMatMulV3Op : TF_Node<"BatchMatMulV3", 2, "Tout">;
def TF_FusedMatMulOp : TF_Node<"_FusedMatMul", -1, "T">;
def TF_FusedBatchMatMulV2Op : TF_Node<"_FusedBatchMatMulV2", -1, "T">;
def TF_DequantizeOp : TF_Node<"Dequantize", 3, "=f32">;
def TF_FakeQuantWithMinMaxArgsOp : TF_Node<"FakeQuantWithMinMaxArgs", 1, "=f32">;
def TF_FakeQuantWithMinMaxVarsOp : TF_Node<"FakeQuantWithMinMaxVars", 3, "=f32">;
def TF_Conv2DOp : TF_Node<"Conv2D", 2, "T">;
def TF_MaxPoolOp : TF_Node<"MaxPool", 1, "T">;
def TF_AvgPoolOp : TF_Node<"AvgPool", 1, "T">;
def TF_EinsumOp : TF_Node<"Einsum", -1, "T">;
def TF_FusedBatchNormOp : TF_Node<"FusedBatchNorm", 5, "T T T T T">;
def TF_FusedBatchNormV2Op : TF_Node<"FusedBatchNormV2", 5, "T U U U U">;
def TF_FusedBatchNormV3Op : TF_Node<"FusedBatchNormV3", 5, "T U U U U U">;
def TF_SoftmaxOp : TF_Node<"Softmax", 1, "T">;
def TF_LogSoftmaxOp : TF_Node<"LogSoftmax", 1, "T">;
def TF_MeanOp : TF_Node<"Mean", 2, "T">;
def TF_SumOp : TF_Node<"Sum", 2, "T">;
def TF_MaxOp : TF_Node<"Max", 2, "T">;
def TF_MinOp : TF_Node<"Min", 2, "T">;
def TF_ProdOp : TF_Node<"Prod", 2, "T">;
def TF_AllOp : TF_Node<"All", 2, "=i1">;
def TF_AnyOp : TF_Node<"Any", 2, "=i1">;
def TF_ArgMaxOp : TF_Node<"ArgMax", 2, "output_type">;
def TF_ArgMinOp : TF_Node<"ArgMin", 2, "output_type">;
def TF_TopKV2Op : TF_Node<"TopKV2", 2, "T =i32">;

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

def TF_GatherOp : TF_Node<"Gather", 2, "Tparams">;
def TF_GatherV2Op : TF_Node<"GatherV2", 3, "Tparams">;
def TF_GatherNdOp : TF_Node<"GatherNd", 2, "Tparams">;
def TF_ResourceGatherOp : TF_Node<"ResourceGather", 2, "dtype">;
def TF_OneHotOp : TF_Node<"OneHot", 4, "T">;

//===----------------------------------------------------------------------===//
// Shape and movement
//===----------------------------------------------------------------------===//

def TF_ShapeOp : TF_Node<"Shape", 1, "out_type">;
def TF_ShapeNOp : TF_Node<"ShapeN", -1, "N*out_type">;
def TF_SizeOp : TF_Node<"Size", 1, "out_type">;
def TF_RankOp : TF_Node<"Rank", 1, "=i32">;
def TF_ReshapeOp : TF_Node<"Reshape", 2, "T">;
def TF_TransposeOp : TF_Node<"Transpose", 2, "T">;
def TF_ExpandDimsOp : TF_Node<"ExpandDims", 2, "T">;
def TF_SqueezeOp : TF_Node<"Squeeze", 1, "T">;
def TF_PadOp : TF_Node<"Pad", 2, "T">;
def TF_PadV2Op : TF_Node<"PadV2", 3, "T">;
def TF_MatrixBandPartOp : TF_Node<"MatrixBandPart", 3, "T">;
def TF_PackOp : TF_Node<"Pack", -1, "T">;
def TF_UnpackOp : TF_Node<"Unpack", 1, "num*T">;
def TF_ConcatOp : TF_Node<"Concat", -1, "T">;
def TF_ConcatV2Op : TF_Node<"ConcatV2", -1, "T">;
def TF_SplitOp : TF_Node<"Split", 2, "num_split*T">;
def TF_SplitVOp : TF_Node<"SplitV", 3, "num_split*T">;
def TF_SliceOp : TF_Node<"Slice", 3, "T">;
def TF_StridedSliceOp : TF_Node<"StridedSlice", 4, "T">;
def TF_FillOp : TF_Node<"Fill", 2, "T">;
def TF_RangeOp : TF_Node<"Range", 3, "Tidx">;
def TF_TileOp : TF_Node<"Tile", 2, "T">;
def TF_BroadcastToOp : TF_Node<"BroadcastTo", 2, "T">;

#endif // BERT_DIALECT_TF_IR_TFOPS_TD
