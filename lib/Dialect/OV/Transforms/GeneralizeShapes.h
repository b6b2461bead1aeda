//===- GeneralizeShapes.h - any batch size, any sequence length --------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_OV_TRANSFORMS_GENERALIZESHAPES_H
#define LIB_DIALECT_OV_TRANSFORMS_GENERALIZESHAPES_H

#include "AxisAnalysis.h"

namespace bertmlir::ov {

/// What ov-generalize-shapes does to one model. Fails with an error, the model unchanged, where a
/// literal's meaning can't be justified.
mlir::LogicalResult generalizeShapes(mlir::func::FuncOp model, axes::AnalysisOptions options);

} // namespace bertmlir::ov

#endif // LIB_DIALECT_OV_TRANSFORMS_GENERALIZESHAPES_H
