//===- PrintAxes.cpp - shows the axis labels of a model -------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisAnalysis.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVPRINTAXES
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

namespace {

struct OVPrintAxes : public ov::impl::OVPrintAxesBase<OVPrintAxes> {
  using Base::Base;

  void runOnOperation() override {
    axes::AxisAnalysis analysis(getOperation(), {batch, sequence, prefixTables});
    if (!analysis.run()) {
      Operation *culprit = analysis.getCulprit();
      emitError(culprit ? culprit->getLoc() : getOperation().getLoc()) << analysis.getReason();
      return signalPassFailure();
    }
    for (Operation &op : getOperation().getBody().front()) {
      for (Value result : op.getResults()) {
        const axes::Label *label = analysis.lookup(result);
        if (!label)
          continue;
        std::string text = getLayerName(op.getLoc()).str() + " [";
        llvm::raw_string_ostream stream(text);
        llvm::interleave(
            label->dims, stream,
            [&](const axes::Dim &dim) { stream << analysis.getSolver().describe(dim); }, ", ");
        emitRemark(op.getLoc()) << text << "]";
      }
    }
  }
};

} // namespace
