//===- Layers.h - layers become ops ------------------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the reader.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_IMPORTOPENVINO_LAYERS_H
#define LIB_CONVERSION_IMPORTOPENVINO_LAYERS_H

#include "XmlModel.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include "llvm/ADT/StringMap.h"

namespace bertmlir::importov {

/// The type of an output port by its precision and dimensions; null if it has none or one that the
/// dialect can't hold.
mlir::RankedTensorType getPortType(const XmlPort &port, mlir::MLIRContext *context);

/// Makes ops of layers, by the dialect's definitions of them.
class LayerBuilder {
public:
  explicit LayerBuilder(mlir::OpBuilder &builder);

  /// The op of a layer (not of a Parameter, Const or Result) on `operands`. Reports errors.
  mlir::FailureOr<mlir::Operation *> build(const XmlLayer &layer, mlir::ValueRange operands);

private:
  struct Definition {
    mlir::RegisteredOperationName name;
    int opset;
    llvm::ArrayRef<ov::XmlAttribute> attributes;
  };

  /// The definition that means what the layer means, or null.
  const Definition *find(const XmlLayer &layer) const;
  mlir::FailureOr<mlir::NamedAttrList>
  parseAttributes(const XmlLayer &layer, const Definition &definition, mlir::ValueRange operands);
  mlir::FailureOr<mlir::Operation *> buildKnown(const XmlLayer &layer, const Definition &definition,
                                                mlir::ValueRange operands);
  mlir::FailureOr<mlir::Operation *> buildUnknown(const XmlLayer &layer, mlir::ValueRange operands);

  mlir::OpBuilder &builder;
  /// By type in lower case: readers of the format take `SoftMax` and `Softmax` for the same.
  llvm::StringMap<Definition> definitions;
};

} // namespace bertmlir::importov

#endif // LIB_CONVERSION_IMPORTOPENVINO_LAYERS_H
