//===- Layers.cpp - layers become ops ---------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Generic over the dialect: an op's definition says how the file spells it. What
// is written out here is where an older revision is spelled differently, or means
// something else and so stays as it is (`ov.layer`).
// Source: OpenVINO's operation set specifications.
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::importov;

RankedTensorType importov::getPortType(const XmlPort &port, MLIRContext *context) {
  // FP32 is f32, BOOL is boolean; all other names differ in case only.
  std::string name = StringRef(port.precision).lower();
  if (name == "bool")
    name = "boolean";
  else if (StringRef(name).starts_with("fp"))
    name.erase(1, 1);
  Type elementType = parseElementType(name, context);
  if (!elementType)
    return {};
  SmallVector<int64_t> shape;
  for (int64_t dim : port.dims)
    shape.push_back(dim < 0 ? ShapedType::kDynamic : dim);
  return RankedTensorType::get(shape, elementType);
}

//===----------------------------------------------------------------------===//
// Revisions
//===----------------------------------------------------------------------===//

// The number of `opset8`; none for an extension's own set.
static std::optional<int> getOpset(StringRef version) {
  int number = 0;
  if (!version.consume_front("opset") || version.getAsInteger(10, number) || number < 1)
    return std::nullopt;
  return number;
}

// Whether a layer of that operation set means something that our op does not.
static bool isAnotherOp(const XmlLayer &layer, int opset) {
  StringRef type = layer.type;
  // The first two are without axes: they normalise over a fixed set.
  if (type == "MVN")
    return opset < 6;
  // Joins several batch dimensions into one.
  if (type == "GatherND")
    return opset < 8 && layer.getData("batch_dims").value_or("0").trim() > StringRef("1");
  if (type == "OneHot")
    return opset >= 16 && !layer.getData("negative_indices_mode")
                               .value_or("ignore_negative")
                               .equals_insensitive("ignore_negative");
  if (type == "Squeeze")
    return opset >= 15 &&
           !layer.getData("allow_axis_skip").value_or("false").equals_insensitive("false");
  return false;
}

// What a missing attribute means where an older revision does not have it.
static std::optional<StringRef> getImplied(StringRef type, StringRef attribute) {
  if (type == "ShapeOf" && attribute == "output_type")
    return StringRef("i64");
  if (type == "TopK" && attribute == "index_element_type")
    return StringRef("i32");
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

LayerBuilder::LayerBuilder(OpBuilder &builder) : builder(builder) {
  StringRef dialect = ov::OVDialect::getDialectNamespace();
  for (RegisteredOperationName name :
       builder.getContext()->getRegisteredOperationsByDialect(dialect)) {
    auto *layer = name.getInterface<ov::LayerOp>();
    if (!layer)
      continue;
    definitions.insert({layer->getIRType().lower(),
                        Definition{name, layer->getOpset(), layer->getXmlAttributes()}});
  }
}

const LayerBuilder::Definition *LayerBuilder::find(const XmlLayer &layer) const {
  std::optional<int> opset = getOpset(layer.version);
  auto it = definitions.find(StringRef(layer.type).lower());
  if (!opset || it == definitions.end() || isAnotherOp(layer, *opset))
    return nullptr;
  return &it->second;
}

// Only the first of several messages; none reaches the user from here.
static std::string captureError(MLIRContext *context, llvm::function_ref<LogicalResult()> run) {
  std::string message;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (message.empty())
      message = diagnostic.str();
    return success();
  });
  if (succeeded(run()))
    return "";
  return message.empty() ? "is not valid" : message;
}

// Inference takes the number of operands for granted.
static bool takesOperands(RegisteredOperationName name, size_t count) {
  if (name.hasTrait<OpTrait::OneOperand>())
    return count == 1;
  if (name.hasTrait<OpTrait::NOperands<2>::Impl>())
    return count == 2;
  if (name.hasTrait<OpTrait::NOperands<3>::Impl>())
    return count == 3;
  if (name.hasTrait<OpTrait::NOperands<4>::Impl>())
    return count == 4;
  if (name.hasTrait<OpTrait::NOperands<5>::Impl>())
    return count == 5;
  if (name.hasTrait<OpTrait::AtLeastNOperands<1>::Impl>())
    return count >= 1;
  if (name.hasTrait<OpTrait::AtLeastNOperands<2>::Impl>())
    return count >= 2;
  if (name.hasTrait<OpTrait::AtLeastNOperands<3>::Impl>())
    return count >= 3;
  if (name.hasTrait<OpTrait::AtLeastNOperands<4>::Impl>())
    return count >= 4;
  return name.hasTrait<OpTrait::VariadicOperands>();
}

static std::optional<bool> parseBool(StringRef text) {
  if (text.equals_insensitive("true") || text == "1")
    return true;
  if (text.equals_insensitive("false") || text == "0")
    return false;
  return std::nullopt;
}

// Null if the text does not fit the kind.
static Attribute parseAttribute(OpBuilder &builder, ov::XmlKind kind, StringRef text) {
  switch (kind) {
  case ov::XmlKind::Bool: {
    std::optional<bool> value = parseBool(text);
    return value ? builder.getBoolAttr(*value) : Attribute();
  }
  case ov::XmlKind::Int: {
    int64_t value = 0;
    return text.getAsInteger(10, value) ? Attribute() : builder.getI64IntegerAttr(value);
  }
  case ov::XmlKind::Float: {
    double value = 0;
    return text.getAsDouble(value) ? Attribute() : builder.getF64FloatAttr(value);
  }
  case ov::XmlKind::Ints: {
    std::optional<SmallVector<int64_t>> values = parseInts(text);
    return values ? builder.getDenseI64ArrayAttr(*values) : Attribute();
  }
  case ov::XmlKind::ElementType: {
    Type type = parseElementType(text, builder.getContext());
    return type ? TypeAttr::get(type) : Attribute();
  }
  case ov::XmlKind::String:
    return builder.getStringAttr(text);
  }
  return {};
}

FailureOr<NamedAttrList> LayerBuilder::parseAttributes(const XmlLayer &layer,
                                                       const Definition &definition,
                                                       ValueRange operands) {
  NamedAttrList attributes;
  for (const ov::XmlAttribute &attribute : definition.attributes) {
    std::optional<StringRef> text = layer.getData(attribute.name);
    if (!text)
      text = getImplied(layer.type, attribute.name);
    // The first revision computed in its operands' type.
    if (!text && layer.type == "Range" && attribute.name == "output_type" && !operands.empty())
      text = stringifyElementType(getElementTypeOrSelf(operands.front().getType()));
    if (!text && attribute.absent != "!")
      text = attribute.absent;
    if (!text)
      return layer.error() << "has no attribute '" << attribute.name << "'";

    Attribute value = parseAttribute(builder, attribute.kind, text->trim());
    if (!value)
      return layer.error() << "has the attribute " << attribute.name << "=\"" << *text
                           << "\", which can't be read";
    attributes.set(attribute.name, value);
    if (attribute.kind != ov::XmlKind::String)
      continue;
    // Files spell choices in any case, ops in one.
    auto isValid = [&] {
      return captureError(builder.getContext(),
                          [&] {
                            return definition.name.verifyInherentAttrs(
                                attributes, [&] { return emitError(layer.loc); });
                          })
          .empty();
    };
    for (const std::string &spelling : {text->trim().str(), text->upper(), text->lower()}) {
      attributes.set(attribute.name, builder.getStringAttr(spelling));
      if (isValid())
        break;
    }
    if (!isValid())
      return layer.error() << "has the attribute " << attribute.name << "=\"" << *text
                           << "\", which is not supported";
  }
  return attributes;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

FailureOr<Operation *> LayerBuilder::buildKnown(const XmlLayer &layer, const Definition &definition,
                                                ValueRange operands) {
  if (!takesOperands(definition.name, operands.size()))
    return layer.error() << "can't have " << operands.size() << " inputs";
  FailureOr<NamedAttrList> attributes = parseAttributes(layer, definition, operands);
  if (failed(attributes))
    return failure();
  MLIRContext *context = builder.getContext();
  OperationState state(layer.loc, definition.name);
  state.addOperands(operands);
  state.addAttributes(attributes->getAttrs());
  // Placeholders: an op can only be asked for its types once it exists.
  for (size_t index = 0; index < layer.outputs.size(); ++index)
    state.addTypes(UnrankedTensorType::get(builder.getF32Type()));
  Operation *op = builder.create(state);

  std::string message = captureError(context, [&]() -> LogicalResult {
    SmallVector<Type> types;
    auto infer = cast<InferTypeOpInterface>(op);
    if (failed(infer.inferReturnTypes(context, op->getLoc(), op->getOperands(),
                                      op->getDiscardableAttrDictionary(),
                                      op->getPropertiesStorage(), op->getRegions(), types)))
      return failure();
    if (types.size() == op->getNumResults())
      for (auto [result, type, port] : llvm::zip_equal(op->getResults(), types, layer.outputs)) {
        // A rank that depends on values: the file's word is the best there is.
        auto stated = getPortType(port, context);
        bool isRanked = isa<RankedTensorType>(type);
        result.setType(isRanked || !stated ? type : stated.clone(getElementTypeOrSelf(type)));
      }
    return op->getName().verifyInvariants(op);
  });
  if (message.empty())
    return op;
  op->erase();
  // "'ov.matmul' op can't multiply ...": the file calls it otherwise.
  StringRef reason = message;
  if (size_t at = reason.find("' op "); reason.starts_with("'ov.") && at != StringRef::npos)
    reason = reason.drop_front(at + 5);
  return layer.error() << reason;
}

FailureOr<Operation *> LayerBuilder::buildUnknown(const XmlLayer &layer, ValueRange operands) {
  SmallVector<Type> types;
  for (const XmlPort &port : layer.outputs) {
    RankedTensorType type = getPortType(port, builder.getContext());
    if (!type)
      return layer.error() << "has the precision '" << port.precision << "' at output port "
                           << port.id << ", which can't be read";
    types.push_back(type);
  }
  NamedAttrList data;
  for (auto &[name, value] : layer.data)
    data.set(name, builder.getStringAttr(value));
  return ov::GenericLayerOp::create(
             builder, layer.loc, types, operands, builder.getStringAttr(layer.type),
             builder.getStringAttr(layer.version), data.getDictionary(builder.getContext()))
      .getOperation();
}

FailureOr<Operation *> LayerBuilder::build(const XmlLayer &layer, ValueRange operands) {
  if (const Definition *definition = find(layer))
    return buildKnown(layer, *definition, operands);
  return buildUnknown(layer, operands);
}
