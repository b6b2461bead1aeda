//===- NodeTypes.cpp - what a node's outputs are ---------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "NodeTypes.h"

#include "Attributes.h"
#include "TensorTypes.h"

#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace bertmlir;

// Guards against hostile counts; real ops have a few hundred (RestoreV2).
static constexpr int64_t kMaxResults = 1 << 16;

NodeTypes::NodeTypes(const FileGraph &graph, MLIRContext *context)
    : context(context), producer(graph.producer) {
  for (const proto::OpDef &op : graph.meta.meta_info_def().stripped_op_list().op())
    definitions.try_emplace(op.name(), &op);
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<Type>>
NodeTypes::inferFromDefinition(const proto::OpDef &op, DictionaryAttr attrs, std::string &reason) {
  // Attributes with their default value are left out of some files.
  auto lookup = [&](const std::string &name) -> Attribute {
    if (Attribute attr = attrs.get(name))
      return attr;
    for (const proto::OpDef::AttrDef &def : op.attr())
      if (def.name() == name && def.has_default_value()) {
        proto::AttrValue value = def.default_value();
        std::string ignored;
        return AttributeConverter(context, ignored).convert(value, name);
      }
    return {};
  };
  SmallVector<Type> types;
  for (const proto::OpDef::ArgDef &arg : op.output_arg()) {
    if (!arg.type_list_attr().empty()) {
      auto list = dyn_cast_or_null<ArrayAttr>(lookup(arg.type_list_attr()));
      if (!list || !llvm::all_of(list, llvm::IsaPred<TypeAttr>)) {
        reason = "has no list of types '" + arg.type_list_attr() + "'";
        return failure();
      }
      for (auto type : list.getAsRange<TypeAttr>())
        types.push_back(type.getValue());
      continue;
    }
    int64_t count = 1;
    if (!arg.number_attr().empty()) {
      auto number = dyn_cast_or_null<IntegerAttr>(lookup(arg.number_attr()));
      if (!number || number.getInt() < 0 || number.getInt() > kMaxResults) {
        reason = "has no usable count '" + arg.number_attr() + "'";
        return failure();
      }
      count = number.getInt();
    }
    Type type = getElementType(context, arg.type());
    if (!arg.type_attr().empty()) {
      auto attr = dyn_cast_or_null<TypeAttr>(lookup(arg.type_attr()));
      if (!attr) {
        reason = "has no type attribute '" + arg.type_attr() + "'";
        return failure();
      }
      type = attr.getValue();
    }
    if (arg.is_ref() && !isa<tf::RefType>(type))
      type = tf::RefType::get(context, type);
    types.append(count, type);
    if (types.size() > kMaxResults) {
      reason = "has too many outputs";
      return failure();
    }
  }
  return types;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

// A shape attribute as a tensor type; it was checked when it was converted.
static Type getShapedType(Attribute shape, Type elementType) {
  auto dims = dyn_cast_or_null<DenseI64ArrayAttr>(shape);
  if (!dims)
    return UnrankedTensorType::get(elementType);
  FileShape fileShape;
  fileShape.dims.assign(dims.asArrayRef().begin(), dims.asArrayRef().end());
  return getTensorType(fileShape, elementType);
}

// Sources state their shapes. All others are found out from their inputs later,
// when those are known.
static Type getResultType(StringRef op, DictionaryAttr attrs, unsigned port, Type elementType,
                          int producer) {
  if (op == "Const")
    if (auto value = dyn_cast_or_null<ElementsAttr>(attrs.get("value")))
      if (value.getElementType() == elementType)
        return RankedTensorType::get(value.getShapedType().getShape(), elementType);
  if (op == "Placeholder") {
    // Before that version a missing shape could not be told from a scalar's.
    auto shape = dyn_cast_or_null<DenseI64ArrayAttr>(attrs.get("shape"));
    if (shape && (shape.size() > 0 || producer > 21))
      return getShapedType(shape, elementType);
  }
  if (op == "PlaceholderV2" || op == "PlaceholderWithDefault" || op == "VariableV2" ||
      op == "Variable")
    return getShapedType(attrs.get("shape"), elementType);
  if (op == "VarHandleOp")
    return RankedTensorType::get({}, elementType);
  if (op == "IteratorGetNext")
    if (auto shapes = dyn_cast_or_null<ArrayAttr>(attrs.get("output_shapes")))
      if (port < shapes.size())
        return getShapedType(shapes[port], elementType);
  if (op == "ParseExample" || op == "ParseExampleV2" || op == "ParseSingleExample") {
    // Behind three outputs for each sparse feature; a batch of examples in front.
    auto sparse =
        dyn_cast_or_null<IntegerAttr>(attrs.get(op == "ParseExample" ? "Nsparse" : "num_sparse"));
    auto shapes = dyn_cast_or_null<ArrayAttr>(attrs.get("dense_shapes"));
    uint64_t first = sparse && sparse.getInt() < (1 << 16) ? 3 * sparse.getInt() : 0;
    if (shapes && port >= first && port - first < shapes.size()) {
      auto dims = dyn_cast<DenseI64ArrayAttr>(shapes[port - first]);
      SmallVector<int64_t> shape(op == "ParseSingleExample" ? 0 : 1, -1);
      if (dims) {
        llvm::append_range(shape, dims.asArrayRef());
        return getShapedType(DenseI64ArrayAttr::get(attrs.getContext(), shape), elementType);
      }
    }
  }
  return UnrankedTensorType::get(elementType);
}

FailureOr<SmallVector<Type>> NodeTypes::infer(const proto::NodeDef &node, DictionaryAttr attrs,
                                              unsigned portsUsed, std::string &reason) {
  FailureOr<SmallVector<Type>> types = failure();
  std::optional<RegisteredOperationName> registered = tf::lookupNodeOp(context, node.op());
  auto definition = definitions.find(node.op());
  if (registered) {
    StringRef spec = registered->getInterface<tf::NodeOp>()->getOutputSpec();
    types = tf::inferElementTypes(spec, attrs, reason);
    if (failed(types))
      reason = "can't be typed: " + reason;
  }
  if (failed(types) && definition != definitions.end())
    types = inferFromDefinition(*definition->second, attrs, reason);
  if (failed(types) && (registered || definition != definitions.end()))
    return failure();
  if (failed(types))
    types = SmallVector<Type>(portsUsed, tf::UnknownType::get(context));
  for (auto [port, type] : llvm::enumerate(*types))
    type = getResultType(node.op(), attrs, port, type, producer);
  return types;
}
