//===- TFNode.cpp - the one layout and spelling of all TensorFlow nodes ----===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Parsing, printing and checking of nodes, and access to their attributes.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/TF/IR/TFOps.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

OperandRange tf::detail::dataOperands(Operation *op) {
  unsigned count = 0;
  for (Value operand : op->getOperands()) {
    if (isa<ControlType>(operand.getType()))
      break;
    ++count;
  }
  return op->getOperands().take_front(count);
}

LogicalResult tf::detail::verifyNode(Operation *op) {
  OperandRange data = dataOperands(op);
  for (Value operand : op->getOperands().drop_front(data.size()))
    if (!isa<ControlType>(operand.getType()))
      return op->emitOpError("has a data operand after a control operand");
  for (Value operand : data)
    if (!isa<TensorType>(operand.getType()))
      return op->emitOpError("data operands must be tensors, found ") << operand.getType();
  if (op->getNumResults() == 0 ||
      !isa<ControlType>(op->getResult(op->getNumResults() - 1).getType()))
    return op->emitOpError("the last result must be of type !tf.control");
  for (Value result : op->getResults().drop_back())
    if (!isa<TensorType>(result.getType()))
      return op->emitOpError("data results must be tensors, found ") << result.getType();
  int expected = cast<NodeOp>(op).getNumInputs();
  if (expected >= 0 && data.size() != static_cast<size_t>(expected))
    return op->emitOpError("takes ") << expected << " data operands, found " << data.size();
  return success();
}

int GenericOp::getNumInputs() { return -1; }
StringRef GenericOp::getOutputSpec() { return ""; }
StringRef GenericOp::getOpName() { return getOp(); }

void GraphOp::build(OpBuilder &builder, OperationState &state) {
  state.addRegion()->emplaceBlock();
}

//===----------------------------------------------------------------------===//
// Spelling
//===----------------------------------------------------------------------===//

// ("Op")? "name" ( `(` operands `)` ) (`[` controls `]`)? (`device` "d")? {attrs} (`and` {..})?
//   `:` (types) -> types
ParseResult tf::detail::parseNode(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  StringAttr first, second;
  if (parser.parseAttribute(first))
    return failure();
  if (result.name.getStringRef() == GenericOp::getOperationName()) {
    if (parser.parseAttribute(second))
      return failure();
    result.addAttribute("op", first);
    first = second;
  }
  result.addAttribute("name", first);

  SmallVector<OpAsmParser::UnresolvedOperand> data, controls;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOperandList(data, OpAsmParser::Delimiter::Paren) ||
      parser.parseOperandList(controls, OpAsmParser::Delimiter::OptionalSquare))
    return failure();

  if (succeeded(parser.parseOptionalKeyword("device"))) {
    StringAttr device;
    if (parser.parseAttribute(device))
      return failure();
    result.addAttribute("device", device);
  }

  NamedAttrList attrs;
  if (parser.parseOptionalAttrDict(attrs))
    return failure();
  result.addAttribute("attrs", attrs.getDictionary(builder.getContext()));
  if (succeeded(parser.parseOptionalKeyword("with"))) {
    NamedAttrList more;
    if (parser.parseOptionalAttrDict(more))
      return failure();
    for (NamedAttribute attr : more)
      result.addAttribute(attr.getName(), attr.getValue());
  }

  FunctionType type;
  if (parser.parseColonType(type))
    return failure();
  Type control = ControlType::get(builder.getContext());
  SmallVector<Type> controlTypes(controls.size(), control);
  if (parser.resolveOperands(data, type.getInputs(), loc, result.operands) ||
      parser.resolveOperands(controls, controlTypes, loc, result.operands))
    return failure();
  result.addTypes(type.getResults());
  result.addTypes(control);
  return success();
}

void tf::detail::printNode(OpAsmPrinter &printer, Operation *op) {
  auto node = cast<NodeOp>(op);
  printer << ' ';
  if (isa<GenericOp>(op)) {
    printer.printAttribute(op->getAttr("op"));
    printer << ' ';
  }
  printer.printAttribute(op->getAttr("name"));
  printer << '(' << node.getDataOperands() << ')';
  if (!node.getControlOperands().empty())
    printer << '[' << node.getControlOperands() << ']';
  if (Attribute device = op->getAttr("device"))
    printer << " device " << device;
  if (!node.getNodeAttrs().empty())
    printer << ' ' << node.getNodeAttrs();
  SmallVector<NamedAttribute> more;
  for (NamedAttribute attr : op->getAttrs())
    if (!llvm::is_contained({"op", "name", "device", "attrs"}, attr.getName().getValue()))
      more.push_back(attr);
  if (!more.empty())
    printer << " with " << DictionaryAttr::get(op->getContext(), more);
  printer << " : ";
  printer.printFunctionalType(node.getDataOperands().getTypes(), node.getDataResults().getTypes());
}

ParseResult GenericOp::parse(OpAsmParser &parser, OperationState &result) {
  return tf::detail::parseNode(parser, result);
}
void GenericOp::print(OpAsmPrinter &printer) { tf::detail::printNode(printer, getOperation()); }

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

Attribute bertmlir::tf::getNodeAttr(NodeOp node, StringRef name) {
  return node.getNodeAttrs().get(name);
}

bool bertmlir::tf::getBoolAttr(NodeOp node, StringRef name, bool defaultValue) {
  auto attr = dyn_cast_or_null<BoolAttr>(getNodeAttr(node, name));
  return attr ? attr.getValue() : defaultValue;
}

int64_t bertmlir::tf::getIntAttr(NodeOp node, StringRef name, int64_t defaultValue) {
  auto attr = dyn_cast_or_null<IntegerAttr>(getNodeAttr(node, name));
  return attr && attr.getType().isInteger(64) ? attr.getInt() : defaultValue;
}

double bertmlir::tf::getFloatAttr(NodeOp node, StringRef name, double defaultValue) {
  auto attr = dyn_cast_or_null<FloatAttr>(getNodeAttr(node, name));
  return attr ? attr.getValueAsDouble() : defaultValue;
}

StringRef bertmlir::tf::getStringAttr(NodeOp node, StringRef name, StringRef defaultValue) {
  auto attr = dyn_cast_or_null<StringAttr>(getNodeAttr(node, name));
  return attr ? attr.getValue() : defaultValue;
}

Type bertmlir::tf::getTypeAttr(NodeOp node, StringRef name) {
  auto attr = dyn_cast_or_null<TypeAttr>(getNodeAttr(node, name));
  return attr ? attr.getValue() : Type();
}

//===----------------------------------------------------------------------===//
// Result types
//===----------------------------------------------------------------------===//

// The type that one term names: `T`, `=i1`, `=i32`, `=f32`, `=resource`, `=ref(T)`.
static Type lookupTermType(StringRef term, DictionaryAttr attrs) {
  MLIRContext *context = attrs.getContext();
  if (term.consume_front("=")) {
    if (term == "i1")
      return IntegerType::get(context, 1);
    if (term == "i32")
      return IntegerType::get(context, 32);
    if (term == "i64")
      return IntegerType::get(context, 64);
    if (term == "f32")
      return Float32Type::get(context);
    if (term == "resource")
      return ResourceType::get(context);
    if (term.consume_front("ref(") && term.consume_back(")")) {
      Type type = lookupTermType(term, attrs);
      return type ? RefType::get(context, type) : Type();
    }
    return Type();
  }
  if (auto attr = dyn_cast_or_null<TypeAttr>(attrs.get(term)))
    return attr.getValue();
  // TensorFlow leaves attributes with their default value out of stripped
  // graphs; these defaults matter to results.
  if (term == "out_type" || term == "Tidx")
    return IntegerType::get(context, 32);
  if (term == "output_type")
    return IntegerType::get(context, 64);
  return Type();
}

FailureOr<SmallVector<Type>>
bertmlir::tf::inferElementTypes(StringRef outputSpec, DictionaryAttr attrs, std::string &reason) {
  // More results than any op of a real graph has; guards against hostile counts.
  constexpr int64_t maxResults = 1 << 16;
  SmallVector<Type> types;
  SmallVector<StringRef> terms;
  outputSpec.split(terms, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef term : terms) {
    if (term.consume_front("@")) {
      auto list = dyn_cast_or_null<ArrayAttr>(attrs.get(term));
      if (!list) {
        reason = ("the list of types '" + term + "' is missing").str();
        return failure();
      }
      for (Attribute element : list) {
        auto type = dyn_cast<TypeAttr>(element);
        if (!type) {
          reason = ("the list '" + term + "' holds something that is not a type").str();
          return failure();
        }
        types.push_back(type.getValue());
      }
      continue;
    }
    int64_t count = 1;
    if (term.contains('*')) {
      auto [countName, typeName] = term.split('*');
      auto attr = dyn_cast_or_null<IntegerAttr>(attrs.get(countName));
      if (!attr || !attr.getType().isInteger(64) || attr.getInt() < 0 ||
          attr.getInt() > maxResults) {
        reason = ("the count '" + countName + "' is missing or out of range").str();
        return failure();
      }
      count = attr.getInt();
      term = typeName;
    }
    Type type = lookupTermType(term, attrs);
    if (!type) {
      reason = ("the type attribute '" + term + "' is missing").str();
      return failure();
    }
    types.append(count, type);
  }
  return types;
}

//===----------------------------------------------------------------------===//
// Names and creation
//===----------------------------------------------------------------------===//

std::string bertmlir::tf::getTensorName(Value value, bool shortSpelling) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return "";
  if (auto input = dyn_cast<InputOp>(result.getOwner()))
    return input.getName().str();
  auto node = dyn_cast<NodeOp>(result.getOwner());
  if (!node)
    return "";
  if (shortSpelling && result.getResultNumber() == 0)
    return node.getNodeName().str();
  return (node.getNodeName() + ":" + llvm::Twine(result.getResultNumber())).str();
}

std::optional<RegisteredOperationName> bertmlir::tf::lookupNodeOp(MLIRContext *context,
                                                                  StringRef opName) {
  std::optional<RegisteredOperationName> name =
      RegisteredOperationName::lookup(("tf." + opName).str(), context);
  if (name && name->hasInterface<NodeOp>() && name->getStringRef() != GenericOp::getOperationName())
    return name;
  return std::nullopt;
}

Operation *bertmlir::tf::createNode(OpBuilder &builder, Location loc, StringRef opName,
                                    StringRef nodeName, StringRef device, DictionaryAttr attrs,
                                    TypeRange resultTypes) {
  MLIRContext *context = builder.getContext();
  std::optional<RegisteredOperationName> registered = lookupNodeOp(context, opName);
  OperationState state(loc, registered ? registered->getStringRef()
                                       : StringRef(GenericOp::getOperationName()));
  if (!registered)
    state.addAttribute("op", builder.getStringAttr(opName));
  state.addAttribute("name", builder.getStringAttr(nodeName));
  if (!device.empty())
    state.addAttribute("device", builder.getStringAttr(device));
  state.addAttribute("attrs", attrs);
  state.addTypes(resultTypes);
  state.addTypes(ControlType::get(context));
  return builder.create(state);
}
