//===- Functions.h - a graph's library functions ---------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_FUNCTIONS_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_FUNCTIONS_H

#include "GraphReader.h"

namespace bertmlir {

/// Puts the bodies of library functions in the place of the nodes that call them: PartitionedCall,
/// StatefulPartitionedCall, nodes whose op is a function's name, and If, whose results are then
/// chosen by Switch and Merge. A node `x` of the body of a function that node `f` calls is called
/// `f/x`; `f` itself stays, as Identity or IdentityN of the results, so that its name and its ports
/// can still be asked for. A call that can't be understood stays as it is.
void inlineFunctions(FileGraph &graph);

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_FUNCTIONS_H
