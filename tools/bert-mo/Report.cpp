//===- Report.cpp - what --dry_run prints ----------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/Pass/PassInstrumentation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"

#include <map>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::mo;

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

static std::string describeShape(ArrayRef<int64_t> shape, ArrayRef<int64_t> bounds = {}) {
  std::string text = "[";
  for (auto [axis, dim] : llvm::enumerate(shape)) {
    text += axis ? "," : "";
    if (!ShapedType::isDynamic(dim))
      text += std::to_string(dim);
    else if (bounds.size() <= 2 * axis + 1 || bounds[2 * axis + 1] == -1)
      text += "?";
    else
      text += std::to_string(std::max<int64_t>(1, bounds[2 * axis])) + ".." +
              std::to_string(bounds[2 * axis + 1]);
  }
  return text + "]";
}

static std::string describeElement(Type type) {
  StringRef name = stringifyElementType(getElementTypeOrSelf(type));
  return name.empty() ? "unknown type" : name.str();
}

static std::string describeType(Type type, ArrayRef<int64_t> bounds = {}) {
  std::string text = describeElement(type);
  if (auto ranked = dyn_cast<RankedTensorType>(type))
    return text + " " + describeShape(ranked.getShape(), bounds);
  return text + " of unknown rank";
}

static ArrayRef<int64_t> argumentBounds(func::FuncOp model, unsigned number) {
  auto bounds = model.getArgAttrOfType<DenseI64ArrayAttr>(number, ov::kBoundsAttr);
  return bounds ? bounds.asArrayRef() : ArrayRef<int64_t>();
}

static void addPorts(func::FuncOp model, ModelFacts &facts) {
  facts.inputs.clear();
  facts.outputs.clear();
  for (unsigned i = 0; i < model.getNumArguments(); ++i) {
    auto name = model.getArgAttrOfType<StringAttr>(i, ov::kNameAttr);
    facts.inputs.push_back({name ? name.str() : "",
                            describeType(model.getArgumentTypes()[i], argumentBounds(model, i)),
                            ""});
  }
  for (unsigned i = 0; i < model.getNumResults(); ++i) {
    auto name = model.getResultAttrOfType<StringAttr>(i, ov::kNameAttr);
    facts.outputs.push_back({name ? name.str() : "", describeType(model.getResultTypes()[i]), ""});
  }
}

// Tries on a copy whether the built-in sizes can be freed, and to what.
static void tryToFree(func::FuncOp model, ModelFacts &facts, bool isIR) {
  bool isOpen = llvm::all_of(model.getArgumentTypes(), [](Type type) {
    auto ranked = cast<RankedTensorType>(type);
    return llvm::all_of(ranked.getShape(), ShapedType::isDynamic);
  });
  if (isOpen)
    return;
  OwningOpRef<ModuleOp> copy = ModuleOp::create(model.getLoc());
  auto function = cast<func::FuncOp>(model->clone());
  copy->push_back(function);
  std::string problem;
  ScopedDiagnosticHandler handler(model.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error && problem.empty())
      problem = diagnostic.str();
    return success();
  });
  PassManager pm(model.getContext());
  ov::OVGeneralizeShapesOptions options;
  options.prefixTables = isIR;
  if (isIR)
    pm.addNestedPass<func::FuncOp>(ov::createOVDecomposeAttention());
  pm.addNestedPass<func::FuncOp>(ov::createOVGeneralizeShapes(options));
  if (failed(pm.run(*copy))) {
    facts.whyNotFree = problem.empty() ? "it is not understood" : problem;
    return;
  }
  for (auto [i, port] : llvm::enumerate(facts.inputs)) {
    auto type = cast<RankedTensorType>(function.getArgumentTypes()[i]);
    if (type != model.getArgumentTypes()[i])
      port.freed = describeShape(type.getShape(), argumentBounds(function, i));
  }
}

namespace {

// The graph's own inputs and outputs are known when they are chosen, their shapes
// after the conversion; later passes may change them as the command line asks.
class Observer : public PassInstrumentation {
public:
  explicit Observer(ModelFacts &facts) : facts(facts) {}

  void runAfterPass(Pass *pass, Operation *op) override {
    if (auto graph = dyn_cast<tf::GraphOp>(op); graph && pass->getArgument() == "tf-infer-inputs")
      addGraph(graph);
    // A model that is no TensorFlow graph has its inputs and outputs from there on.
    bool isIR = pass->getArgument() == "ov-specialize-inputs";
    if (pass->getArgument() != "convert-tf-to-ov" && !isIR)
      return;
    op->walk([&](func::FuncOp model) {
      addPorts(model, facts);
      tryToFree(model, facts, isIR);
    });
    facts.isConverted = true;
  }

private:
  void addGraph(tf::GraphOp graph) {
    facts.source = graph.getSource().value_or("").str();
    facts.checkpoint = graph.getCheckpoint().value_or("").str();
    Block &body = graph.getBody().front();
    for (tf::InputOp input : body.getOps<tf::InputOp>())
      facts.inputs.push_back({input.getName().str(), describeType(input.getType()), ""});
    for (tf::OutputOp output : body.getOps<tf::OutputOp>())
      facts.outputs.push_back(
          {output.getName().str(), describeType(output.getValue().getType()), ""});
  }

  ModelFacts &facts;
};

} // namespace

void mo::observe(PassManager &pm, ModelFacts &facts) {
  pm.addInstrumentation(std::make_unique<Observer>(facts));
}

//===----------------------------------------------------------------------===//
// The dry run
//===----------------------------------------------------------------------===//

static void printPorts(llvm::raw_ostream &os, StringRef title, ArrayRef<Port> ports) {
  size_t width = 0;
  for (const Port &port : ports)
    width = std::max(width, port.name.size());
  os << title << ":\n";
  for (const Port &port : ports) {
    os << "  " << llvm::left_justify(port.name, width) << "  " << port.type;
    if (!port.freed.empty())
      os << ", built in; --dynamic makes it " << port.freed;
    os << "\n";
  }
}

static std::string describeGelu(ModuleOp module, ArrayRef<driver::Remark> remarks) {
  std::map<std::string, int> counts;
  module.walk([&](Operation *op) {
    if (auto gelu = dyn_cast<ov::GeluOp>(op))
      ++counts[gelu.getApproximationMode() == "ERF" ? "erf" : "tanh"];
    else if (isa<ov::ReluOp>(op))
      ++counts["none, but ReLU"];
  });
  std::string text;
  for (auto &[name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " (" + std::to_string(count) + ")";
  size_t missed = llvm::count_if(remarks, [](const driver::Remark &remark) {
    return remark.pass == "ov-fuse-gelu" && !remark.isPassed;
  });
  if (missed)
    text += (text.empty() ? "" : ", ") + std::to_string(missed) +
            " not recognised (--explain says why)";
  return text.empty() ? "none" : text;
}

void mo::printDryRun(llvm::raw_ostream &os, const ModelFacts &facts, ModuleOp module,
                     ArrayRef<driver::Remark> remarks) {
  if (!facts.source.empty())
    os << "Model: " << facts.source << "\n";
  if (!facts.checkpoint.empty())
    os << "Checkpoint: " << facts.checkpoint << "\n";
  printPorts(os, "Inputs", facts.inputs);
  printPorts(os, "Outputs", facts.outputs);
  if (!facts.whyNotFree.empty())
    os << "Built-in sizes: they stay, since " << facts.whyNotFree << "\n";
  if (!module) {
    os << "It can't be converted as it is; the errors say why.\n";
    return;
  }

  ModelFacts finished;
  module.walk([&](func::FuncOp model) { addPorts(model, finished); });
  auto differs = [](const Port &own, const Port &written) { return own.type != written.type; };
  if (llvm::any_of(llvm::zip_equal(facts.inputs, finished.inputs),
                   [&](auto pair) { return std::apply(differs, pair); }))
    printPorts(os, "Inputs as they would be written", finished.inputs);

  std::map<StringRef, int> layers;
  int64_t weightBytes = 0, numWeights = 0;
  module.walk([&](Operation *op) {
    if (auto weight = dyn_cast<ov::WeightOp>(op)) {
      auto type = cast<ShapedType>(weight.getType());
      weightBytes += type.getNumElements() * type.getElementTypeBitWidth() / 8;
      ++numWeights;
    } else if (auto layer = dyn_cast<ov::LayerOp>(op)) {
      ++layers[layer.getIRType()];
    }
  });
  os << "GELU: " << describeGelu(module, remarks) << "\n";
  os << "Weights: " << numWeights << ", " << llvm::format("%.1f", weightBytes / 1e6)
     << " MB as they are\n";
  os << "Layers:";
  bool isFirst = true;
  for (auto &[type, count] : layers) {
    os << (isFirst ? " " : ", ") << type << " " << count;
    isFirst = false;
  }
  os << "\nUnsupported: nothing\nNothing was written.\n";
}
