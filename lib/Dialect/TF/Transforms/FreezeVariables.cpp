//===- FreezeVariables.cpp - variables become their trained values --------- ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"
#include "bert/Support/CRC32C.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"

#include "llvm/Support/Parallel.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFFREEZEVARIABLES
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

// Whether a variable's data has the CRC that the checkpoint states for it.
static bool isIntact(NodeOp variable, ElementsAttr value) {
  auto expected = variable->getAttrOfType<IntegerAttr>(kCheckpointCrcAttr);
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  return !expected || !blob ||
         hasMaskedCrc32c(blob->getData(),
                         static_cast<uint32_t>(expected.getValue().getZExtValue()));
}

static LogicalResult checkCrcs(ArrayRef<std::pair<NodeOp, ElementsAttr>> variables) {
  std::vector<char> intact(variables.size());
  // Not on the context's threads: the tools' contexts have none, one graph gives them no work.
  llvm::parallelFor(0, variables.size(), [&](size_t index) {
    auto [variable, value] = variables[index];
    intact[index] = isIntact(variable, value);
  });
  auto damaged = llvm::find(intact, false);
  if (damaged == intact.end())
    return success();
  NodeOp variable = variables[damaged - intact.begin()].first;
  return emitError(variable->getLoc())
         << "the checkpoint's data of variable '" << variable.getNodeName()
         << "' is damaged: its CRC is not the one that the index states; get the files again";
}

// What the graph assigns as initial value, if that is a constant.
static ElementsAttr findInitialValue(NodeOp variable) {
  for (Operation *user : variable.getDataResults()[0].getUsers()) {
    auto assign = dyn_cast<NodeOp>(user);
    if (!assign || (assign.getOpName() != "Assign" && assign.getOpName() != "AssignVariableOp") ||
        assign.getDataOperands().size() != 2 ||
        assign.getDataOperands()[0] != variable.getDataResults()[0])
      continue;
    NodeOp constant = getProducer(assign.getDataOperands()[1]);
    if (constant && isa<ConstOp>(constant))
      return dyn_cast_or_null<ElementsAttr>(getNodeAttr(constant, "value"));
  }
  return {};
}

static LogicalResult checkShape(NodeOp variable, ElementsAttr value) {
  auto declared = dyn_cast<RankedTensorType>(variable.getDataResults()[0].getType());
  if (auto shape = dyn_cast_or_null<DenseI64ArrayAttr>(getNodeAttr(variable, "shape"));
      shape && isa<VarHandleOp>(variable.getOperation()))
    declared = RankedTensorType::get(
        llvm::map_to_vector(shape.asArrayRef(),
                            [](int64_t dim) { return dim < 0 ? ShapedType::kDynamic : dim; }),
        Float32Type::get(variable.getContext()));
  auto found = cast<ShapedType>(value.getType());
  if (!declared || succeeded(verifyCompatibleShape(declared, found)))
    return success();
  InFlightDiagnostic diagnostic = emitError(variable->getLoc());
  diagnostic << "variable '" << variable.getNodeName() << "' has the shape [";
  llvm::interleave(declared.getShape(), diagnostic, ",");
  diagnostic << "] in the graph but [";
  llvm::interleave(found.getShape(), diagnostic, ",");
  return diagnostic << "] in the checkpoint; they are not of one model";
}

// A constant of a frozen graph is a variable if it is read as variables are.
static bool isReadAsVariable(ConstOp constant) {
  StringRef name = constant.getName();
  for (Operation *user : constant->getResult(0).getUsers()) {
    auto reader = dyn_cast<NodeOp>(user);
    if (!reader || !isPassThrough(user))
      continue;
    StringRef rest = reader.getNodeName();
    if (rest.consume_front(name) && (rest == "/read" || rest.starts_with("/Read")))
      return true;
  }
  return false;
}

namespace {

struct TFFreezeVariables : public tf::impl::TFFreezeVariablesBase<TFFreezeVariables> {
  void runOnOperation() override {
    GraphOp graph = getOperation();
    llvm::DenseSet<Operation *> needed = collectNeeded(graph);
    SmallVector<NodeOp> variables, missing;
    for (Operation &op : graph.getBody().front()) {
      if (!needed.contains(&op))
        continue;
      if (isa<VariableV2Op, VariableOp, VarHandleOp>(op))
        variables.push_back(cast<NodeOp>(op));
      else if (auto constant = dyn_cast<ConstOp>(op); constant && isReadAsVariable(constant))
        constant->setAttr(kVariableAttr, UnitAttr::get(&getContext()));
    }
    SmallVector<std::pair<NodeOp, ElementsAttr>> values;
    for (NodeOp variable : variables) {
      auto value = variable->getAttrOfType<ElementsAttr>(kCheckpointValueAttr);
      // With a checkpoint an initial value would hide that it lacks the variable.
      if (!value && !graph.getCheckpoint() && !variable->hasAttr(kCheckpointProblemAttr))
        value = findInitialValue(variable);
      if (!value) {
        missing.push_back(variable);
        continue;
      }
      if (failed(checkShape(variable, value)))
        return signalPassFailure();
      values.push_back({variable, value});
    }
    if (failed(checkCrcs(values)))
      return signalPassFailure();
    for (auto [variable, value] : values)
      freeze(variable, value);
    if (!missing.empty()) {
      reportMissing(missing);
      signalPassFailure();
    }
  }

  void freeze(NodeOp variable, ElementsAttr value) {
    OpBuilder builder(variable);
    NamedAttribute attrs[] = {
        {builder.getStringAttr("dtype"), TypeAttr::get(value.getElementType())},
        {builder.getStringAttr("value"), value}};
    Operation *constant =
        createNode(builder, variable->getLoc(), "Const", variable.getNodeName(), "",
                   builder.getDictionaryAttr(attrs), TypeRange(value.getType()));
    constant->setAttr(kVariableAttr, builder.getUnitAttr());
    replaceData(variable, constant->getResults().drop_back());
    variable.getControlResult().replaceAllUsesWith(constant->getResults().back());
    eraseAll(variable.getOperation());
  }

  void reportMissing(ArrayRef<NodeOp> missing) {
    constexpr size_t shown = 10;
    std::optional<StringRef> checkpoint = getOperation().getCheckpoint();
    InFlightDiagnostic diagnostic = emitError(getOperation().getLoc());
    if (checkpoint)
      diagnostic << "checkpoint '" << *checkpoint << "' lacks ";
    else
      diagnostic << "no checkpoint was given, and the graph lacks the values of ";
    diagnostic << missing.size() << (missing.size() == 1 ? " variable" : " variables")
               << " that the outputs need:";
    for (NodeOp variable : missing.take_front(shown))
      diagnostic << " '" << variable.getNodeName() << "'";
    if (missing.size() > shown)
      diagnostic << " and " << missing.size() - shown << " more";
    diagnostic << (checkpoint ? "; is it the checkpoint of this graph?"
                              : "; name the checkpoint that holds them");
    // Where one would have been found.
    StringRef source = getOperation().getSource().value_or("");
    if (!checkpoint && source.consume_back(".meta"))
      diagnostic << " (there is no '" << source << ".index' beside the graph)";
    for (NodeOp variable : missing.take_front(shown))
      if (auto problem = variable->getAttrOfType<StringAttr>(kCheckpointProblemAttr))
        diagnostic.attachNote(variable->getLoc())
            << "variable '" << variable.getNodeName() << "' " << problem.getValue();
  }
};

} // namespace
