//===- VariableValues.h - the variables' values in a checkpoint ------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_VARIABLEVALUES_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_VARIABLEVALUES_H

#include "TensorFlow.pb.h"

#include "bert/Conversion/ImportTensorFlowCheckpoint.h"
#include "bert/Dialect/TF/IR/TFOps.h"

namespace bertmlir {

/// Gives every variable of the graph its value in the checkpoint as an attribute, without reading
/// it, or the reason why it has none. `saver` says which of the graph's restore ops are the ones
/// that load this checkpoint.
void attachVariableValues(tf::GraphOp graph, const proto::SaverDef &saver, Checkpoint &checkpoint);

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_VARIABLEVALUES_H
