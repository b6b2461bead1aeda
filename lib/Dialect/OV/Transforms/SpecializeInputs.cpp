//===- SpecializeInputs.cpp - a model's inputs as the user asks for them ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Support/InputSpec.h"
#include "bert/Support/NearMiss.h"

#include "llvm/ADT/BitVector.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVSPECIALIZEINPUTS
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

// An input whose elements are indices: nothing else can be asked for than an integer.
static Operation *findIndexUser(Value value) {
  SmallVector<Value> worklist = {value};
  llvm::DenseSet<Value> seen = {value};
  while (!worklist.empty()) {
    Value current = worklist.pop_back_val();
    for (OpOperand &use : current.getUses()) {
      Operation *user = use.getOwner();
      if ((isa<GatherOp, GatherNDOp>(user) && use.getOperandNumber() == 1) ||
          (isa<OneHotOp>(user) && use.getOperandNumber() == 0))
        return user;
      bool movesIntegers =
          isa<ReshapeOp, SqueezeOp, UnsqueezeOp, TransposeOp>(user) ||
          (isa<ConvertOp>(user) && isa<IntegerType>(cast<ConvertOp>(user).getDestinationType()));
      if (movesIntegers && use.getOperandNumber() == 0 && seen.insert(user->getResult(0)).second)
        worklist.push_back(user->getResult(0));
    }
  }
  return nullptr;
}

namespace {

struct OVSpecializeInputs : public ov::impl::OVSpecializeInputsBase<OVSpecializeInputs> {
  using Base::Base;

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    llvm::Expected<SmallVector<InputSpec>> specs = parseInputSpecs(inputs);
    if (!specs) {
      emitError(getOperation().getLoc())
          << "in the list of inputs: " << llvm::toString(specs.takeError());
      return signalPassFailure();
    }
    SmallVector<unsigned> order;
    llvm::BitVector frozen(getOperation().getNumArguments());
    for (const InputSpec &spec : *specs) {
      FailureOr<unsigned> number = find(spec);
      if (failed(number))
        return signalPassFailure();
      if (llvm::is_contained(order, *number) || frozen[*number]) {
        emitError(getOperation().getLoc()) << "'" << spec.node << "' is named twice";
        return signalPassFailure();
      }
      if (spec.value)
        frozen.set(*number);
      else
        order.push_back(*number);
      if (failed(specialize(*number, spec)))
        return signalPassFailure();
    }
    if (!specs->empty())
      reorder(order, frozen);
  }

  StringRef nameOf(unsigned number) {
    auto name = getOperation().getArgAttrOfType<StringAttr>(number, kNameAttr);
    return name ? name.getValue() : StringRef();
  }

  // By layer or tensor name, with or without `:0`.
  bool isCalled(unsigned number, const InputSpec &spec) {
    std::string full = spec.node + ":" + std::to_string(spec.outputPort.value_or(0));
    auto matches = [&](StringRef name) {
      return name == full || (spec.outputPort.value_or(0) == 0 && name == spec.node);
    };
    return llvm::any_of(getSpellings(getOperation().getArgAttrDict(number)), matches);
  }

  FailureOr<unsigned> find(const InputSpec &spec) {
    func::FuncOp model = getOperation();
    for (unsigned number = 0; number < model.getNumArguments(); ++number)
      if (!spec.inputPort && isCalled(number, spec))
        return number;
    SmallVector<StringRef> names;
    for (unsigned number = 0; number < model.getNumArguments(); ++number)
      names.push_back(nameOf(number));
    InFlightDiagnostic diagnostic = emitError(model.getLoc());
    diagnostic << "the model has no input '" << spec.node << "'" << suggestNames(spec.node, names)
               << "; its inputs are ";
    llvm::interleave(
        names, [&](StringRef name) { diagnostic << "'" << name << "'"; },
        [&] { diagnostic << ", "; });
    diagnostic << " (only a TensorFlow graph can be cut elsewhere)";
    return failure();
  }

  LogicalResult specialize(unsigned number, const InputSpec &spec) {
    func::FuncOp model = getOperation();
    BlockArgument argument = model.getArgument(number);
    auto own = cast<RankedTensorType>(argument.getType());
    Type element = own.getElementType();
    if (!spec.type.empty()) {
      element = parseElementType(spec.type, &getContext());
      if (!element)
        return emitError(argument.getLoc())
               << "input '" << spec.node << "' can't have the element type '" << spec.type
               << "'; the types are " << kElementTypeNames;
    }
    if (isa<FloatType>(element) && isa<IntegerType>(own.getElementType()))
      if (Operation *user = findIndexUser(argument))
        return emitError(argument.getLoc())
               << "input '" << spec.node << "' is asked for as " << spec.type << ", but '"
               << getLayerName(user->getLoc()) << "' needs it as an integer index; ask for {i32}, "
               << "or leave the type out to keep " << stringifyElementType(own.getElementType());
    if (spec.shape && static_cast<int64_t>(spec.shape->size()) != own.getRank())
      return emitError(argument.getLoc())
             << "input '" << spec.node << "' has " << own.getRank()
             << " dimensions; the asked-for shape has " << spec.shape->size();

    OpBuilder builder = OpBuilder::atBlockBegin(argument.getOwner());
    if (spec.value)
      return freeze(builder, argument, spec, element);
    if (spec.shape) {
      SmallVector<int64_t> bounds;
      for (const DimBounds &dim : *spec.shape)
        bounds.append({dim.low, dim.high});
      model.setArgAttr(number, kRequestedBoundsAttr, builder.getDenseI64ArrayAttr(bounds));
    }
    if (element != own.getElementType()) {
      argument.setType(own.clone(element));
      auto cast = ConvertOp::create(builder, argument.getLoc(), argument, own.getElementType());
      argument.replaceAllUsesExcept(cast.getOutput(), cast);
    }
    return success();
  }

  // One element fills the shape; else there are as many as the shape has.
  LogicalResult freeze(OpBuilder &builder, BlockArgument argument, const InputSpec &spec,
                       Type element) {
    auto own = cast<RankedTensorType>(argument.getType());
    SmallVector<int64_t> shape(own.getShape());
    if (spec.shape)
      for (auto [dim, asked] : llvm::zip_equal(shape, *spec.shape)) {
        if (!ShapedType::isDynamic(dim) && !(asked == DimBounds{dim, dim}))
          return emitError(argument.getLoc())
                 << "input '" << spec.node << "' has " << dim
                 << " built in where the asked-for shape of its value has another size";
        dim = asked.isFixed() ? asked.low : ShapedType::kDynamic;
      }
    std::optional<int64_t> count = 1;
    for (int64_t dim : shape)
      if (ShapedType::isDynamic(dim) || llvm::MulOverflow(*count, dim, *count) ||
          *count > (int64_t(1) << 28))
        return emitError(argument.getLoc())
               << "input '" << spec.node << "' needs a fixed, small shape to become a constant; "
               << "give it, as in '" << spec.node << "[1,128]->0'";
    SmallVector<Attribute> elements;
    for (StringRef text : *spec.value) {
      elements.push_back(parseElement(text, element));
      if (!elements.back())
        return emitError(argument.getLoc()) << "input '" << spec.node << "' can't have the value '"
                                            << text << "' as " << stringifyElementType(element);
    }
    if (elements.size() != 1 && static_cast<int64_t>(elements.size()) != *count)
      return emitError(argument.getLoc())
             << "input '" << spec.node << "' takes " << *count << " values, or one for all of "
             << "them; " << elements.size() << " are given";
    Value constant =
        ConstantOp::create(builder, argument.getLoc(),
                           DenseElementsAttr::get(RankedTensorType::get(shape, element), elements));
    if (element != own.getElementType())
      constant = ConvertOp::create(builder, argument.getLoc(), constant, own.getElementType());
    argument.replaceAllUsesWith(constant);
    return success();
  }

  // Those that are named first, in their order; the others behind them as they were.
  void reorder(ArrayRef<unsigned> order, const llvm::BitVector &frozen) {
    func::FuncOp model = getOperation();
    Block &body = model.getBody().front();
    unsigned count = model.getNumArguments();
    SmallVector<unsigned> from(order);
    for (unsigned number = 0; number < count; ++number)
      if (!frozen[number] && !llvm::is_contained(order, number))
        from.push_back(number);
    SmallVector<DictionaryAttr> attributes;
    for (unsigned number : from) {
      BlockArgument old = body.getArgument(number);
      old.replaceAllUsesWith(body.addArgument(old.getType(), old.getLoc()));
      attributes.push_back(model.getArgAttrDict(number));
      if (!attributes.back())
        attributes.back() = DictionaryAttr::get(&getContext());
    }
    body.eraseArguments(0, count);
    model.setType(
        FunctionType::get(&getContext(), body.getArgumentTypes(), model.getResultTypes()));
    model.setAllArgAttrs(attributes);
  }
};

} // namespace
