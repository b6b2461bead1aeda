//===- XmlModel.h - what the .xml says, checked ------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Private to the reader.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_IMPORTOPENVINO_XMLMODEL_H
#define LIB_CONVERSION_IMPORTOPENVINO_XMLMODEL_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace bertmlir::importov {

struct XmlPort {
  uint64_t id = 0;
  std::string precision;
  /// -1: open, or not a number; readers of the file infer shapes anew.
  llvm::SmallVector<int64_t> dims;
  /// Tensor names of an output port.
  llvm::SmallVector<std::string> names;
};

/// An output port, by position among the layers and among the layer's outputs.
struct XmlSource {
  size_t layer = 0;
  size_t output = 0;
};

struct XmlLayer {
  explicit XmlLayer(mlir::Location loc) : loc(loc) {}

  uint64_t id = 0;
  std::string name, type, version;
  std::vector<std::pair<std::string, std::string>> data;
  llvm::SmallVector<XmlPort> inputs, outputs;
  /// Where each input comes from.
  llvm::SmallVector<XmlSource> sources;
  mlir::Location loc;

  /// The value of an attribute of the `data` element.
  std::optional<llvm::StringRef> getData(llvm::StringRef attribute) const;

  /// An error at the layer's line that begins `layer 'NAME' (TYPE) `; go on with the verb.
  mlir::InFlightDiagnostic error() const;
};

struct XmlModel {
  std::string name;
  int version = 0;
  /// In the file's order.
  std::vector<XmlLayer> layers;
  /// Positions in `layers`, producers first; the file's order where that is one.
  std::vector<size_t> order;
};

/// Parses an IR and checks that its layers and edges make a graph without cycles in which every
/// input is connected. Reports errors at their line.
mlir::FailureOr<XmlModel> parseXmlModel(llvm::StringRef text, llvm::StringRef path,
                                        mlir::MLIRContext *context);

/// A list of integers, `1, 0, 1` or empty; none if it is anything else.
std::optional<llvm::SmallVector<int64_t>> parseInts(llvm::StringRef text);

} // namespace bertmlir::importov

#endif // LIB_CONVERSION_IMPORTOPENVINO_XMLMODEL_H
