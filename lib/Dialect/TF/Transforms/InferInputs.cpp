//===- InferInputs.cpp - inputs that nobody named ------------------------ ===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "bert/Dialect/TF/Transforms/Passes.h"

namespace bertmlir::tf {
#define GEN_PASS_DEF_TFINFERINPUTS
#include "bert/Dialect/TF/Transforms/Passes.h.inc"
} // namespace bertmlir::tf

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::tf;

namespace {

struct TFInferInputs : public tf::impl::TFInferInputsBase<TFInferInputs> {
  void runOnOperation() override {
    GraphOp graph = getOperation();
    Block &body = graph.getBody().front();
    llvm::DenseSet<Operation *> needed = collectNeeded(graph, /*upToSources=*/true);
    int64_t next = llvm::range_size(body.getOps<InputOp>());
    bool isAnyNamed = next > 0;
    SmallVector<NodeOp> nodes;
    for (NodeOp node : body.getOps<NodeOp>())
      if (needed.contains(node))
        nodes.push_back(node);
    OpBuilder builder(&getContext());
    for (NodeOp node : nodes) {
      if (isa<PlaceholderWithDefaultOp>(node) && node.getDataOperands().size() == 1) {
        auto shape = dyn_cast_or_null<DenseI64ArrayAttr>(getNodeAttr(node, "shape"));
        auto type = dyn_cast<RankedTensorType>(node.getDataOperands()[0].getType());
        bool isScalar = (shape && shape.empty()) || (type && type.getRank() == 0);
        if (isScalar || isAnyNamed) {
          replaceData(node, node.getDataOperands());
          if (!isScalar)
            emitRemark(node->getLoc()) << "'" << node.getNodeName() << "' takes its default, since "
                                       << "it is not named among the inputs";
          continue;
        }
      } else if (!isSource(node) && !isa<PlaceholderWithDefaultOp>(node)) {
        continue;
      }
      builder.setInsertionPoint(node);
      for (OpResult result : node.getDataResults()) {
        if (result.use_empty())
          continue;
        std::string full = getTensorName(result);
        bool isOnly = node.getDataResults().size() == 1;
        std::string name = getTensorName(result, /*shortSpelling=*/isOnly);
        SmallVector<StringRef> spellings = {name};
        if (full != name)
          spellings.push_back(full);
        auto input =
            InputOp::create(builder, node->getLoc(), result.getType(), name,
                            builder.getStrArrayAttr(spellings), next++, DenseI64ArrayAttr());
        result.replaceAllUsesWith(input.getOutput());
        emitRemark(node->getLoc()) << "input '" << name << "' was chosen, since it is not named";
      }
    }
  }
};

} // namespace
