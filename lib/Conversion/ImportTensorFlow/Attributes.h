//===- Attributes.h - TensorFlow's attribute values in MLIR ----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_LIB_CONVERSION_IMPORTTENSORFLOW_ATTRIBUTES_H
#define BERT_LIB_CONVERSION_IMPORTTENSORFLOW_ATTRIBUTES_H

#include "GraphReader.h"

#include "bert/Support/ResourceBlob.h"

#include "mlir/IR/BuiltinAttributes.h"

namespace bertmlir {

/// Converts attribute values. What can't be converted gives a null attribute and a reason, in words
/// that follow "the attribute 'x' ".
class AttributeConverter {
public:
  AttributeConverter(mlir::MLIRContext *context, std::string &reason)
      : context(context), reason(reason) {}

  /// All attributes of a node. Takes the contents of large tensors out of `node`, and names the
  /// resources it makes after it. `_output_shapes` is dropped: it is what some version of
  /// TensorFlow inferred before the graph was edited, and is wrong in known files.
  mlir::DictionaryAttr convertAll(FileNode &node, const std::shared_ptr<MappedFile> &file);

  /// `content`, if not null, stands for the tensor's own.
  mlir::Attribute convert(proto::AttrValue &value, llvm::StringRef resourceName,
                          const SharedBytes &content = {});

  /// A tensor as elements: dense, or a resource if it is large and its bytes can stay where they
  /// are. Strings become dense strings of `!tf.string`. A tensor of a type without a spelling of
  /// its elements becomes a dictionary of its `dtype` and `shape`.
  mlir::Attribute convertTensor(proto::TensorProto &tensor, llvm::StringRef resourceName,
                                const SharedBytes &content = {});

private:
  mlir::Attribute convertShape(const proto::TensorShapeProto &shape);
  mlir::Attribute convertList(proto::AttrValue::ListValue &list, llvm::StringRef resourceName);
  mlir::Attribute convertFunction(proto::NameAttrList &function, llvm::StringRef resourceName);
  mlir::Attribute convertStrings(const proto::TensorProto &tensor, mlir::RankedTensorType type);
  mlir::Attribute convertContent(const SharedBytes &content, mlir::RankedTensorType type,
                                 llvm::StringRef resourceName);
  mlir::Attribute convertValues(const proto::TensorProto &tensor, mlir::RankedTensorType type,
                                llvm::StringRef resourceName);
  mlir::Attribute fail(std::string text) {
    reason = std::move(text);
    return {};
  }

  mlir::MLIRContext *context;
  std::string &reason;
  /// Lists and functions nest in files; real ones once or twice.
  unsigned depth = 0;
};

} // namespace bertmlir

#endif // BERT_LIB_CONVERSION_IMPORTTENSORFLOW_ATTRIBUTES_H
