//===- OVMovementOps.td - shapes, look-up and movement --------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVMOVEMENTOPS_TD
#define BERT_DIALECT_OV_IR_OVMOVEMENTOPS_TD

include "bert/Dialect/OV/IR/OVBase.td"

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

def OV_ShapeOfOp : OV_Op<"shape_of", "ShapeOf", 3, (ins OV_Tensor:$input),
    [OV_ElementType<"output_type">]> {
  let summary = "the dimensions of a tensor";
}
def OV_ReshapeOp : OV_Op<"reshape", "Reshape", 1, (ins OV_Tensor:$input, OV_IndexTensor:$shape),
    [OV_Bool<"special_zero">]> {
  let summary = "the same elements in another shape";
  let description = [{
    One entry of `shape` may be -1: computed from the others. With `special_zero`
    an entry 0 copies the input's dimension at that place.
  }];
}
def OV_SqueezeOp : OV_Op<"squeeze", "Squeeze", 1,
    (ins OV_Tensor:$input, Optional<OV_IndexTensor>:$axes), []> {
  let summary = "removes dimensions of size 1";
}
def OV_UnsqueezeOp : OV_Op<"unsqueeze", "Unsqueeze", 1,
    (ins OV_Tensor:$input, OV_IndexTensor:$axes), []> {
  let summary = "inserts dimensions of size 1";
}
def OV_TransposeOp : OV_Op<"transpose", "Transpose", 1,
    (ins OV_Tensor:$input, OV_IndexTensor:$order), []> {
  let summary = "permutes dimensions";
}
def OV_BroadcastOp : OV_Op<"broadcast", "Broadcast", 3,
    (ins OV_Tensor:$input, OV_IndexTensor:$target_shape, Optional<OV_IndexTensor>:$axes_mapping),
    [OV_Choice<"mode", ["numpy", "explicit", "bidirectional"], "numpy">]> {
  let summary = "repeats along dimensions of size 1";
}
def OV_TileOp : OV_Op<"tile", "Tile", 1, (ins OV_Tensor:$input, OV_IndexTensor:$repeats), []> {
  let summary = "repeats along each dimension";
}
def OV_RangeOp : OV_Op<"range", "Range", 4,
    (ins OV_Tensor:$start, OV_Tensor:$stop, OV_Tensor:$step), [OV_ElementType<"output_type">]> {
  let summary = "start, start + step, ... up to but without stop";
}

//===----------------------------------------------------------------------===//
// Look-up
//===----------------------------------------------------------------------===//

def OV_GatherOp : OV_Op<"gather", "Gather", 8,
    (ins OV_Tensor:$input, OV_IndexTensor:$indices, OV_IndexTensor:$axis),
    [OV_Int<"batch_dims", "0">]> {
  let summary = "slices of a tensor along one axis, by index";
}
def OV_GatherNDOp : OV_Op<"gather_nd", "GatherND", 8,
    (ins OV_Tensor:$input, OV_IndexTensor:$indices), [OV_Int<"batch_dims", "0">]> {
  let summary = "slices of a tensor by index tuples";
}
def OV_OneHotOp : OV_Op<"one_hot", "OneHot", 1,
    (ins OV_IndexTensor:$indices, OV_IndexTensor:$depth, OV_Tensor:$on_value,
         OV_Tensor:$off_value),
    [OV_Int<"axis">]> {
  let summary = "on_value where the new axis equals the index, off_value elsewhere";
}

//===----------------------------------------------------------------------===//
// Cutting and joining
//===----------------------------------------------------------------------===//

def OV_ConcatOp : OV_Op<"concat", "Concat", 1, (ins Variadic<OV_Tensor>:$inputs),
    [OV_Int<"axis">]> {
  let summary = "joins tensors along one axis";
}
def OV_SplitOp : OV_Op<"split", "Split", 1, (ins OV_Tensor:$input, OV_IndexTensor:$axis),
    [OV_Int<"num_splits">]> {
  let summary = "cuts a tensor into equal parts along one axis";
  let results = (outs Variadic<OV_Tensor>:$outputs);
}
def OV_VariadicSplitOp : OV_Op<"variadic_split", "VariadicSplit", 1,
    (ins OV_Tensor:$input, OV_IndexTensor:$axis, OV_IndexTensor:$split_lengths), []> {
  let summary = "cuts a tensor into parts of given lengths along one axis";
  let results = (outs Variadic<OV_Tensor>:$outputs);
}
def OV_StridedSliceOp : OV_Op<"strided_slice", "StridedSlice", 1,
    (ins OV_Tensor:$input, OV_IndexTensor:$begin, OV_IndexTensor:$end,
         OV_IndexTensor:$strides),
    [OV_Ints<"begin_mask">, OV_Ints<"end_mask">, OV_Ints<"new_axis_mask">,
     OV_Ints<"shrink_axis_mask">, OV_Ints<"ellipsis_mask">]> {
  let summary = "Python's slicing; a mask entry of 1 means: ignore that begin or end";
}
def OV_SliceOp : OV_Op<"slice", "Slice", 8,
    (ins OV_Tensor:$input, OV_IndexTensor:$start, OV_IndexTensor:$stop, OV_IndexTensor:$step,
         Optional<OV_IndexTensor>:$axes), []> {
  let summary = "a part of a tensor along some axes";
  let description = [{
    Negative start and stop count from the end; both are clamped to the dimension.
  }];
}
def OV_TopKOp : OV_Op<"topk", "TopK", 11, (ins OV_Tensor:$input, OV_IndexTensor:$k),
    [OV_Int<"axis">, OV_Choice<"mode", ["max", "min"]>,
     OV_Choice<"sort", ["value", "index", "none"]>, OV_ElementType<"index_element_type">,
     OV_Bool<"stable">]> {
  let summary = "the k largest or smallest elements along one axis, and where they were";
  let results = (outs OV_Tensor:$values, OV_IndexTensor:$indices);
}

#endif // BERT_DIALECT_OV_IR_OVMOVEMENTOPS_TD
