//===- Passes.td - passes on the ov dialect --------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_PASSES_TD
#define BERT_DIALECT_OV_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Normal form
//===----------------------------------------------------------------------===//

def OVNormalize : Pass<"ov-normalize", "::mlir::func::FuncOp"> {
  let summary = "Brings the spellings of all producers to one form";
  let description = [{
    Later passes match this form only:

    - Tokens are [batch, sequence, hidden]. A Reshape that flattens them moves down
      past look-ups, products with a matrix, and whatever else works token by token,
      until it meets the one that undoes it.
    - Chains of Reshape, Squeeze and Unsqueeze are one op: none where the shape is
      the same, Unsqueeze or Squeeze where only ones come and go, else a Reshape, to
      constants where they can say it (0 copies an open dimension).
    - Chains of Transpose are one op; a Transpose of the last two dimensions is a flag
      of the MatMul that reads it, and keys are transposed as queries are.
    - A StridedSlice by steps of 1 is a Slice of the axes that are cut and a Gather of
      those that are picked.
    - Target shapes, limits and counts read the dimension that they stand for: a
      constant, or Gather(ShapeOf).
    - Constants and weights stand on the right of ops that commute; a division by a
      constant is a product; the last axis is -1; leading dimensions of size 1 that
      broadcasting supplies are left out.

    Open dimensions are followed by name. Where the graph itself joins dimensions of
    two inputs at the same place (by an element-wise op, or by a Reshape to the
    other's dimension), they are taken for equal: BERT's inputs are all
    [batch, sequence].

    Example: test/Dialect/OV/Transforms/normalize.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVVerifyNormalForm : Pass<"ov-verify-normal-form", "::mlir::func::FuncOp"> {
  let summary = "Checks what ov-normalize promises";
  let description = [{
    An error names the first op that breaks the normal form, and what about it.

    Example: test/Dialect/OV/Transforms/verify-normal-form.mlir.
  }];
}

//===----------------------------------------------------------------------===//
// Fusions
//===----------------------------------------------------------------------===//

def OVFuseGelu : Pass<"ov-fuse-gelu", "::mlir::func::FuncOp"> {
  let summary = "Fuses the error function's and tanh's spelling of GELU";
  let description = [{
    `0.5 x (1 + erf(x / sqrt(2)))` becomes Gelu with mode ERF,
    `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))` Gelu with mode TANH, in
    whatever order and with whatever splitting of the factors it is written. Constants
    may differ from these by a relative 1e-5.

    Remarks say what fused, and for each Erf, and each Tanh of a cubic, why not.

    Example: test/Dialect/OV/Transforms/fuse-gelu.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVFuseLayerNorm : Pass<"ov-fuse-layer-norm", "::mlir::func::FuncOp"> {
  let summary = "Fuses layer normalisation to MVN, Multiply and Add";
  let description = [{
    A value that is centred on its mean and divided by its standard deviation over
    the same axes becomes MVN; the scale and the shift become a Multiply and an Add
    behind it. Recognised are

    - the variance as mean of SquaredDifference, of d * d, or of d^2,
    - its root as Power -0.5, as reciprocal of Sqrt or Power 0.5, and as divisor,
    - the scale before, behind or inside the reciprocal, and
    - `x k + (shift - mean k)`, which is how tf.nn.batch_normalization writes it.

    A statistic that something else reads too keeps the whole as it is. Remarks say
    what fused, and for each root of a variance why not.

    Example: test/Dialect/OV/Transforms/fuse-layer-norm.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVFuseSwish : Pass<"ov-fuse-swish", "::mlir::func::FuncOp"> {
  let summary = "Fuses x * sigmoid(beta x) to Swish";
  let description = [{
    Without a factor, or with one that is the same for all elements. A Sigmoid that
    gates another value, or that something else reads too, stays. Remarks say what
    fused, and for each Sigmoid why not.

    Example: test/Dialect/OV/Transforms/fuse-swish.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVDecomposeEinsum : Pass<"ov-decompose-einsum", "::mlir::func::FuncOp"> {
  let summary = "Turns Einsum into MatMul, with Reshape and Transpose around it";
  let description = [{
    `BFH,HND->BFND` is a product with a matrix [H, N x D], `BFNH,NHD->BFD` one with
    [N x H, D], and `BTNH,BFNH->BNFT` a product of matrices for each B and N. What
    looks for dense layers and attention finds them then. A bias of the shape [N, D]
    is added before the columns are cut apart. Equations that sum a single operand, or
    need their operands' letters in another order, stay.

    Example: test/Dialect/OV/Transforms/decompose-einsum.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVDecomposeAttention : Pass<"ov-decompose-attention", "::mlir::func::FuncOp"> {
  let summary = "Turns ScaledDotProductAttention into MatMul, SoftMax, MatMul";
  let description = [{
    Newer converters write attention as one layer. Its parts are the normal form: all
    that looks for attention finds them, and runtimes of any age have them;
    ov-fuse-attention writes the layer again where the runtime has it. A mask that lost
    its leading axes of 1 (one of which was the batch) gets them back, which the sum
    would do anyway. A causal attention stays.

    Example: test/Dialect/OV/Transforms/decompose-attention.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVFuseOneHotEmbedding : Pass<"ov-fuse-one-hot-embedding", "::mlir::func::FuncOp"> {
  let summary = "Turns the product of one-hot rows with a table into a look-up";
  let description = [{
    MatMul(OneHot(ids, rows, 1, 0), table) becomes Gather(table, ids). They agree for
    ids within the table. For others the product gives a row of zeros, while the
    look-up is only defined within the table: such ids are a caller's mistake, which
    TensorFlow's own look-up of the words refuses too.

    Example: test/Dialect/OV/Transforms/fuse-one-hot-embedding.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVSimplifyMask : Pass<"ov-simplify-mask", "::mlir::func::FuncOp"> {
  let summary = "Removes the all-ones factor of attention masks";
  let description = [{
    A product with ones that only repeats the mask [batch, 1, sequence] for each query
    goes, if every use repeats it anyway: if each way from the product ends in an
    element-wise op whose other operand has the repeated dimension. The ones may be a
    constant or, with open dimensions, a Broadcast of 1. The sum with a mask of zeros,
    which is what a model without a mask computes, goes too.

    Example: test/Dialect/OV/Transforms/simplify-mask.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVSinkTokenSlice : Pass<"ov-sink-token-slice", "::mlir::func::FuncOp"> {
  let summary = "Computes the last layer for the one token that is read";
  let description = [{
    The pooler reads the first token of the last layer. Of that layer's feed-forward,
    its normalisations, its output projection and its query one token is enough then;
    its key and value still need all tokens. The pass moves the op that picks one
    index along one axis (Gather, or a Slice of size 1) up through whatever computes
    that index from the same index of its operands: element-wise ops, products by
    their rows, normalisation and softmax of other axes, transposes, reshapes that
    keep the axis, attention by its queries.

    A value is only computed for one index if all that reads it agrees on that; a
    sequence that is an output stays whole, and with it what it is made from. With
    an open dimension only index 0 is known to exist. Nothing happens where no
    product would become smaller. A remark says for each pick what came of it.

    Example: test/Dialect/OV/Transforms/sink-token-slice.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVTransposeWeights : Pass<"ov-transpose-weights", "::mlir::func::FuncOp"> {
  let summary = "Stores the weights of dense layers as [out, in]";
  let description = [{
    A MatMul whose right side is a weight of rank 2, or is computed from weights alone
    (WeightExpression.h), reads it transposed: `transpose_b` and a Transpose that the
    writer of the IR absorbs. OpenVINO's CPU plugin multiplies by such weights; given
    [in, out] it keeps a Transpose for each layer and runs it whenever it loads the
    model. The answers are the same.

    A weight that is read in another way too (a table that is looked up as well) stays,
    since it would be stored twice; a remark says so.

    Example: test/Dialect/OV/Transforms/transpose-weights.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVWidenTokenSlice : Pass<"ov-widen-token-slice", "::mlir::func::FuncOp"> {
  let summary = "Undoes ov-sink-token-slice";
  let description = [{
    An attention whose query is one token of the sequence, and what belongs to it,
    becomes attention of all tokens again, and the token is picked behind it. For
    native code, which recognises whole layers and moves the choice itself; models
    that were written for OpenVINO have it moved already.

    Example: test/Dialect/OV/Transforms/widen-token-slice.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

//===----------------------------------------------------------------------===//
// What a runtime can read
//===----------------------------------------------------------------------===//

def OVFuseAttention : Pass<"ov-fuse-attention", "::mlir::func::FuncOp"> {
  let summary = "Writes attention as the one layer that newer runtimes have for it";
  let description = [{
    MatMul(SoftMax(MatMul(query, key^T) * scale + mask), value) of rank 4 becomes
    ScaledDotProductAttention. It stays where the scores or the probabilities are
    read by something else too.

    Remarks say what fused, and for each SoftMax why not.

    Example: test/Dialect/OV/Transforms/fuse-attention.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVLimitOpset : Pass<"ov-limit-opset", "::mlir::func::FuncOp"> {
  let summary = "Spells layers with the operation sets that an older runtime has";
  let description = [{
    A layer of a newer set becomes an older revision that means the same (as
    `ov.layer`), or is computed from layers of older sets: MVN from means, Gelu from
    Tanh or Erf, Slice as StridedSlice. What has no such form is an error; all are
    reported.

    It runs last: what it writes is not in normal form.

    Example: test/Dialect/OV/Transforms/limit-opset.mlir.
  }];
  let options = [
    Option<"opset", "opset", "int64_t", "8", "The newest operation set to use">,
  ];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

//===----------------------------------------------------------------------===//
// Clean-up
//===----------------------------------------------------------------------===//

def OVFoldStaticShapes : Pass<"ov-fold-static-shapes", "::mlir::func::FuncOp"> {
  let summary = "Folds shape arithmetic where the shapes are known";
  let description = [{
    Integers of rank 0 and 1 that follow from static dimensions and constants become
    `ov.constant`, and so does what is computed from uniform constants only (an
    all-ones tensor of known shape, `sqrt(2)`). Arithmetic on an open dimension stays.
    `ov.weight`s are never read, and no constant with differing floats is made.

    Example: test/Dialect/OV/Transforms/fold-static-shapes.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVRemoveNoOps : Pass<"ov-remove-no-ops", "::mlir::func::FuncOp"> {
  let summary = "Removes ops that pass their input on";
  let description = [{
    Converts to the own type, Reshapes and Broadcasts to the own shape, Transposes to
    the own order, Slices of the whole, sums with 0, products with 1, and the like.
    With open dimensions only where the op can't change them.

    Example: test/Dialect/OV/Transforms/remove-no-ops.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

def OVGeneralizeShapes : Pass<"ov-generalize-shapes", "::mlir::func::FuncOp"> {
  let summary = "Makes a model that was built for one batch and sequence length take any";
  let description = [{
    Labels the axes of every tensor from the inputs on (see
    docs/shape-generalization.md) and rewrites the literals whose meaning contains
    the batch or the sequence: targets of Reshape and Broadcast, repeats, ends of
    slices, limits of ranges, uniform constants. All other literals stay as they
    are. No literal is understood by its value.

    The sequence's upper limit is the number of rows of the table whose first rows
    follow the sequence (position embeddings); it becomes `ov.bounds` of the inputs.
    A model built for sequence length 1 becomes free in the batch only.

    Where a meaning can't be justified the model stays as it was and the pass fails
    with the op and the reason. What is assumed, and can't be seen in a graph, is
    remarked once: inputs are [batch, sequence]; a reshape keeps the row-major order
    of its axes; examples of a batch are independent; the first rows of a table that
    meet the sequence are its positions.

    With `prefix-tables`, a constant that varies along an axis which meets the
    sequence is read as the first rows of a table (other converters cut the position
    table); the sequence can then be shorter, not longer.

    It must run before anything folds weights or shapes.

    Example: test/Dialect/OV/Transforms/generalize-shapes.mlir.
  }];
  let options = [
    Option<"batch", "batch", "bool", "true", "Free the batch">,
    Option<"sequence", "sequence", "bool", "true", "Free the sequence length">,
    Option<"prefixTables", "prefix-tables", "bool", "false",
           "Read constants that vary along the sequence as the first rows of a table">,
  ];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVSelectOutputs : Pass<"ov-select-outputs", "::mlir::func::FuncOp"> {
  let summary = "Keeps the outputs that the user asks for";
  let description = [{
    Each of `outputs` is an output of the model, by its name or one of its tensors'
    names, or a layer on the way (`layer:1` for its second output), with or without
    `:0`. What they don't need goes. A name that is neither is an error which says
    what is spelled alike.

    Example: test/Dialect/OV/Transforms/select-outputs.mlir.
  }];
  let options = [
    ListOption<"outputs", "outputs", "std::string",
               "Outputs or layers, in order; none: the model's own">,
  ];
}

def OVSpecializeInputs : Pass<"ov-specialize-inputs", "::mlir::func::FuncOp"> {
  let summary = "Gives inputs the types and values that the user asks for";
  let description = [{
    Model Optimizer's grammar (as of tf-specialize-inputs) on a model whose inputs are
    what they are: an item names an input by its layer or tensor name, with or without
    `:0`. A type becomes the input's, and a Convert gives the model its own; a float
    type for an index is an error. A value makes a constant of the input. A shape goes
    along as `ov.requested_bounds`, for ov-set-input-shapes to bring about. The inputs
    that are named come first, in their order.

    Example: test/Dialect/OV/Transforms/specialize-inputs.mlir.
  }];
  let options = [
    Option<"inputs", "inputs", "std::string", "", "Inputs, in Model Optimizer's grammar">,
  ];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVSetInputShapes : Pass<"ov-set-input-shapes", "::mlir::func::FuncOp"> {
  let summary = "Gives the inputs the shapes that the user asks for";
  let description = [{
    An argument's `ov.requested_bounds`, or `batch` for the first dimension of every
    input, becomes its shape, and all types are computed anew. Where an asked-for
    size contradicts one that the model was built for, the model is made reshapeable
    first, as by ov-generalize-shapes. A size beyond what the model can take is an
    error that says what it can.

    Example: test/Dialect/OV/Transforms/set-input-shapes.mlir.
  }];
  let options = [
    Option<"batch", "batch", "int64_t", "0", "First dimension of every input; 0: as it is">,
    Option<"prefixTables", "prefix-tables", "bool", "false",
           "Read constants that vary along the sequence as the first rows of a table">,
  ];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVDescribeInterface : Pass<"ov-describe-interface", "::mlir::func::FuncOp"> {
  let summary = "Says what a model's inputs are for, and what its shapes depend on";
  let description = [{
    What a caller of native code has to know, as attributes that later passes leave
    alone:

    - `ov.dims` of each argument and result: its dimensions, -1 for the batch, -2 for
      the sequence length, -3 for any other open one. Batch and sequence are the
      first two dimensions of the ids; where there are none, of the first input.
    - `ov.role` of an argument: `ids` (looks rows up in the largest table), `types`
      (in the smallest of several), `mask` (reaches a softmax by nothing but
      element-wise ops).
    - `ov.limit` of an argument: it looks rows up in tables that have at least so many.

    Example: test/Dialect/OV/Transforms/describe-interface.mlir.
  }];
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}

def OVPrintAxes : Pass<"ov-print-axes", "::mlir::func::FuncOp"> {
  let summary = "Prints the axis labels that ov-generalize-shapes finds, as remarks";
  let description = [{
    One remark per op: the dimensions of its results as products of `b`, `s` and
    numbers. For looking at models and for tests.

    Example: test/Dialect/OV/Transforms/print-axes.mlir.
  }];
  let options = [
    Option<"batch", "batch", "bool", "true", "Free the batch">,
    Option<"sequence", "sequence", "bool", "true", "Free the sequence length">,
    Option<"prefixTables", "prefix-tables", "bool", "false",
           "Read constants that vary along the sequence as the first rows of a table">,
  ];
}

#endif // BERT_DIALECT_OV_TRANSFORMS_PASSES_TD
