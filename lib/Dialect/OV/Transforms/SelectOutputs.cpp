//===- SelectOutputs.cpp - a model's outputs as the user asks for them ------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/IR/OVOps.h"
#include "bert/Dialect/OV/Transforms/Fusion.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Support/NearMiss.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVSELECTOUTPUTS
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

namespace {

// `layer:1`: that output of the layer. Layer names may hold colons of their own.
struct Port {
  StringRef layer;
  unsigned number = 0;

  explicit Port(StringRef text) : layer(text) {
    auto [head, tail] = text.rsplit(':');
    if (!tail.empty() && !tail.getAsInteger(10, number))
      layer = head;
  }
};

struct OVSelectOutputs : public ov::impl::OVSelectOutputsBase<OVSelectOutputs> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp model = getOperation();
    if (outputs.empty() || model.isExternal())
      return;
    auto results = cast<func::ReturnOp>(model.getBody().front().getTerminator());
    SmallVector<Value> values;
    SmallVector<DictionaryAttr> attributes;
    for (const std::string &output : outputs)
      if (failed(select(results, output, values, attributes)))
        return signalPassFailure();
    results->setOperands(values);
    model.setType(
        FunctionType::get(&getContext(), model.getArgumentTypes(), results.getOperandTypes()));
    model.setAllResultAttrs(attributes);
    eraseDeadOps(model);
  }

  LogicalResult select(func::ReturnOp results, StringRef output, SmallVectorImpl<Value> &values,
                       SmallVectorImpl<DictionaryAttr> &attributes) {
    func::FuncOp model = getOperation();
    auto isCalled = [&](StringRef name) { return name == output || name == (output + ":0").str(); };
    SmallVector<StringRef> candidates;
    for (unsigned number = 0; number < model.getNumResults(); ++number) {
      auto name = model.getResultAttrOfType<StringAttr>(number, kNameAttr);
      if (llvm::any_of(getSpellings(model.getResultAttrDict(number)), isCalled)) {
        values.push_back(results.getOperand(number));
        attributes.push_back(model.getResultAttrDict(number));
        return success();
      }
      if (name)
        candidates.push_back(name.getValue());
    }

    // A layer on the way to the outputs.
    Port port(output);
    for (Operation &op : model.getBody().front().without_terminator()) {
      StringRef name = getLayerName(op.getLoc());
      if (isa<ConstantOp, WeightOp>(op) || name.empty())
        continue;
      candidates.push_back(name);
      bool isWhole = isCalled(name);
      if (!isWhole && name != port.layer)
        continue;
      unsigned number = isWhole ? 0 : port.number;
      if (number >= op.getNumResults())
        return emitError(op.getLoc()) << "layer '" << name << "' has " << op.getNumResults()
                                      << " outputs; there is no output " << number;
      Builder builder(&getContext());
      std::string full = (name + ":" + Twine(number)).str();
      SmallVector<StringRef> names = {full};
      if (number == 0)
        names.push_back(name);
      NamedAttribute list[] = {{builder.getStringAttr(kNameAttr), builder.getStringAttr(output)},
                               {builder.getStringAttr(kNamesAttr), builder.getStrArrayAttr(names)}};
      values.push_back(op.getResult(number));
      attributes.push_back(builder.getDictionaryAttr(list));
      return success();
    }
    return emitError(model.getLoc()) << "the model has no output or layer '" << output << "'"
                                     << suggestNames(output, candidates);
  }
};

} // namespace
