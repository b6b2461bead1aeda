//===- SpecializeInputs.cpp - cuts the graph at its inputs ----------------- ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"
#include "bert/Support/ElementTypes.h"
#include "bert/Support/InputSpec.h"

#include "llvm/ADT/StringExtras.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFSPECIALIZEINPUTS
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

// A float input for an index: which node needs the integer. Looks through nodes
// that only move values.
static NodeOp findIndexUser(Value value) {
  SmallVector<Value> worklist = {value};
  llvm::DenseSet<Value> seen = {value};
  while (!worklist.empty()) {
    Value current = worklist.pop_back_val();
    for (OpOperand &use : current.getUses()) {
      auto user = dyn_cast<NodeOp>(use.getOwner());
      if (!user)
        continue;
      bool isIndex = (isa<GatherOp, GatherV2Op, ResourceGatherOp, GatherNdOp>(user) &&
                      use.getOperandNumber() == 1) ||
                     (isa<OneHotOp>(user) && use.getOperandNumber() == 0);
      if (isIndex)
        return user;
      if (isPassThrough(user) || isa<ReshapeOp, ExpandDimsOp, SqueezeOp, TransposeOp, PackOp,
                                     ConcatV2Op, SliceOp, StridedSliceOp, TileOp>(user))
        for (Value result : user.getDataResults())
          if (seen.insert(result).second)
            worklist.push_back(result);
    }
  }
  return {};
}

// What a user may have meant to name: the ports through which examples come in.
static SmallVector<Value> findSources(GraphOp graph) {
  SmallVector<Value> sources;
  for (Operation &op : graph.getBody().front())
    if (isSource(&op) || isa<PlaceholderWithDefaultOp>(op))
      for (Value result : cast<NodeOp>(op).getDataResults())
        if (!isBookkeepingName(cast<NodeOp>(op).getNodeName()))
          sources.push_back(result);
  return sources;
}

static Type withoutReference(Type elementType) {
  auto reference = dyn_cast<RefType>(elementType);
  return reference ? reference.getElementType() : elementType;
}

namespace {

struct TFSpecializeInputs : public tf::impl::TFSpecializeInputsBase<TFSpecializeInputs> {
  using Base::Base;

  void runOnOperation() override {
    GraphOp graph = getOperation();
    llvm::Expected<SmallVector<InputSpec>> specs = parseInputSpecs(inputs);
    if (!specs) {
      emitError(graph.getLoc()) << "in the list of inputs: " << llvm::toString(specs.takeError());
      return signalPassFailure();
    }
    NodeIndex index(graph);
    llvm::DenseSet<Value> cut;
    int64_t next = 0;
    for (const InputSpec &spec : *specs) {
      FailureOr<Value> value = findPort(index, spec);
      if (failed(value))
        return signalPassFailure();
      if (!cut.insert(*value).second) {
        emitError(graph.getLoc()) << "'" << spec.node << "' is named twice among the inputs";
        return signalPassFailure();
      }
      if (failed(specialize(*value, spec, next)))
        return signalPassFailure();
    }
  }

  FailureOr<Value> findPort(const NodeIndex &index, const InputSpec &spec) {
    NodeOp node = index.lookup(spec.node);
    if (!node)
      return emitError(getOperation().getLoc())
             << "no node is called '" << spec.node << "'"
             << index.suggest(spec.node, findSources(getOperation()));
    if (spec.inputPort) {
      if (*spec.inputPort >= node.getDataOperands().size())
        return emitNodeError(node) << "has " << node.getDataOperands().size()
                                   << " inputs; there is no input " << *spec.inputPort;
      return Value(node.getDataOperands()[*spec.inputPort]);
    }
    unsigned port = spec.outputPort.value_or(0);
    if (port >= node.getDataResults().size())
      return emitNodeError(node) << "has " << node.getDataResults().size()
                                 << " outputs; there is no output " << port;
    return Value(node.getDataResults()[port]);
  }

  LogicalResult specialize(Value value, const InputSpec &spec, int64_t &next) {
    auto node = cast<NodeOp>(value.getDefiningOp());
    Type ownElement = withoutReference(getElementTypeOrSelf(value.getType()));
    Type element = ownElement;
    if (!spec.type.empty()) {
      element = parseElementType(spec.type, &getContext());
      if (!element)
        return emitNodeError(node) << "can't have the element type '" << spec.type
                                   << "'; the types are " << kElementTypeNames;
    }
    if (isa<UnknownType>(ownElement))
      ownElement = element;
    if (isa<FloatType>(element) && isa<IntegerType>(ownElement))
      if (NodeOp user = findIndexUser(value))
        return emitNodeError(node)
               << "is asked for as " << spec.type << ", but node '" << user.getNodeName() << "' ("
               << user.getOpName() << ") needs it as an integer index; ask for {i32}, or leave "
               << "the type out to keep " << stringifyElementType(ownElement);

    SmallVector<DimBounds> bounds, requested;
    FailureOr<TensorType> type = makeType(value, node, spec, element, bounds, requested);
    if (failed(type))
      return failure();
    OpBuilder builder(node);
    Value replacement;
    if (spec.value) {
      FailureOr<Value> constant = makeConstant(builder, node, value, spec, *type);
      if (failed(constant))
        return failure();
      replacement = *constant;
    } else {
      replacement = makeInput(builder, node, value, spec, *type, bounds, next++);
      if (!requested.empty())
        replacement.getDefiningOp()->setAttr(kRequestedBoundsAttr,
                                             builder.getDenseI64ArrayAttr(flatten(requested)));
    }
    if (element != ownElement)
      replacement = makeCast(builder, node, replacement, ownElement);
    value.replaceUsesWithIf(replacement, [&](OpOperand &use) {
      // At an input port only that port is cut.
      if (!spec.inputPort)
        return true;
      auto user = dyn_cast<NodeOp>(use.getOwner());
      return user && user.getNodeName() == spec.node && use.getOperandNumber() == *spec.inputPort;
    });
    return success();
  }

  // The asked-for shape over the one that the graph states.
  // Where they contradict each other and a later pass may reshape, the graph's stays and the
  // asked-for one is handed on as `requested`.
  FailureOr<TensorType> makeType(Value value, NodeOp node, const InputSpec &spec, Type element,
                                 SmallVector<DimBounds> &bounds,
                                 SmallVector<DimBounds> &requested) {
    auto own = dyn_cast<RankedTensorType>(value.getType());
    if (!spec.shape) {
      if (!own)
        return TensorType(UnrankedTensorType::get(element));
      return TensorType(RankedTensorType::get(own.getShape(), element));
    }
    bounds = *spec.shape;
    SmallVector<int64_t> shape;
    for (DimBounds &dim : bounds)
      shape.push_back(dim.isFixed() ? dim.low : ShapedType::kDynamic);
    if (own) {
      if (own.getRank() != static_cast<int64_t>(shape.size()))
        return emitNodeError(node) << "has " << own.getRank() << " dimensions; the asked-for shape "
                                   << "has " << shape.size();
      for (auto [axis, dim] : llvm::enumerate(own.getShape())) {
        if (ShapedType::isDynamic(dim))
          continue;
        const DimBounds &asked = bounds[axis];
        bool isWithin = dim >= asked.low && (asked.high == -1 || dim <= asked.high);
        if (allowReshape && !spec.value ? !(asked == DimBounds{dim, dim}) : !isWithin) {
          if (allowReshape && !spec.value) {
            requested = bounds;
            bounds.clear();
            return TensorType(RankedTensorType::get(own.getShape(), element));
          }
          return emitNodeError(node)
                 << "has " << dim << " built in as dimension " << axis
                 << ", which contradicts the asked-for shape; ask for " << dim << " there";
        }
        // A fixed size is within the asked-for range; it is the graph's.
        shape[axis] = dim;
        bounds[axis] = {dim, dim};
      }
    }
    return TensorType(RankedTensorType::get(shape, element));
  }

  static SmallVector<int64_t> flatten(ArrayRef<DimBounds> bounds) {
    SmallVector<int64_t> flat;
    for (const DimBounds &dim : bounds)
      flat.append({dim.low, dim.high});
    return flat;
  }

  Value makeInput(OpBuilder &builder, NodeOp node, Value value, const InputSpec &spec,
                  TensorType type, ArrayRef<DimBounds> bounds, int64_t index) {
    bool isOnly = node.getDataResults().size() == 1;
    SmallVector<std::string> spellings;
    if (spec.inputPort)
      spellings.push_back(std::to_string(*spec.inputPort) + ":" + spec.node);
    else {
      std::string full = getTensorName(value);
      if (isOnly || (!spec.outputPort && spec.node != full))
        spellings.push_back(node.getNodeName().str());
      spellings.push_back(full);
    }
    SmallVector<StringRef> names(spellings.begin(), spellings.end());
    DenseI64ArrayAttr boundsAttr;
    if (llvm::any_of(
            bounds, [](const DimBounds &dim) { return !dim.isFixed() && !(dim == DimBounds()); })) {
      boundsAttr = builder.getDenseI64ArrayAttr(flatten(bounds));
    }
    return InputOp::create(builder, node->getLoc(), type, names.front(),
                           builder.getStrArrayAttr(names), index, boundsAttr);
  }

  // One element fills the shape; else there are as many as the shape has.
  FailureOr<Value> makeConstant(OpBuilder &builder, NodeOp node, Value value, const InputSpec &spec,
                                TensorType type) {
    SmallVector<Attribute> elements;
    for (StringRef text : *spec.value) {
      Attribute element = parseElement(text, type.getElementType());
      if (!element)
        return emitNodeError(node)
               << "can't have the value '" << text << "' as " << type.getElementType();
      elements.push_back(element);
    }
    auto ranked = dyn_cast<RankedTensorType>(type);
    if (!ranked && elements.size() == 1)
      ranked = RankedTensorType::get({}, type.getElementType());
    else if (!ranked)
      ranked =
          RankedTensorType::get({static_cast<int64_t>(elements.size())}, type.getElementType());
    if (!ranked.hasStaticShape())
      return emitNodeError(node) << "needs a fixed shape to become a constant; give it, as in '"
                                 << spec.node << "[1,128]->0'";
    int64_t count = 1;
    for (int64_t dim : ranked.getShape())
      if (llvm::MulOverflow(count, dim, count) || count > (int64_t(1) << 28))
        return emitNodeError(node) << "is too large to become a constant";
    if (elements.size() != 1 && static_cast<int64_t>(elements.size()) != count)
      return emitNodeError(node) << "takes " << count << " values, or one for all of them; "
                                 << elements.size() << " are given";
    auto dense = DenseElementsAttr::get(ranked, elements);
    NamedAttribute attrs[] = {
        {builder.getStringAttr("dtype"), TypeAttr::get(ranked.getElementType())},
        {builder.getStringAttr("value"), dense}};
    Operation *constant =
        createNode(builder, node->getLoc(), "Const", (node.getNodeName() + "/frozen").str(), "",
                   builder.getDictionaryAttr(attrs), TypeRange(ranked));
    return Value(constant->getResult(0));
  }

  Value makeCast(OpBuilder &builder, NodeOp node, Value value, Type element) {
    Type type = UnrankedTensorType::get(element);
    if (auto ranked = dyn_cast<RankedTensorType>(value.getType()))
      type = RankedTensorType::get(ranked.getShape(), element);
    NamedAttribute attrs[] = {
        {builder.getStringAttr("DstT"), TypeAttr::get(element)},
        {builder.getStringAttr("SrcT"), TypeAttr::get(getElementTypeOrSelf(value.getType()))}};
    Operation *cast =
        createNode(builder, node->getLoc(), "Cast", (node.getNodeName() + "/cast").str(), "",
                   builder.getDictionaryAttr(attrs), TypeRange(type));
    cast->setOperands(value);
    return cast->getResult(0);
  }
};

} // namespace
