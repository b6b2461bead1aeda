//===- OVTarget.cpp - what a release of the runtime can read ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Pipelines/OVTarget.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace bertmlir;

namespace {

// A pipeline is built without diagnostics, so it is one of its passes that fails.
struct RefuseTarget : public PassWrapper<RefuseTarget, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RefuseTarget)

  RefuseTarget(StringRef target, StringRef pipeline)
      : target(target.str()), pipeline(pipeline.str()) {}
  StringRef getName() const override { return "RefuseTarget"; }

  void runOnOperation() override {
    emitError(UnknownLoc::get(&getContext()))
        << pipeline << ": target '" << target
        << "' is no release of OpenVINO; write one from 2020.1 on, as in 2024.6";
    signalPassFailure();
  }

  std::string target, pipeline;
};

} // namespace

std::optional<OpenVINORelease> OpenVINORelease::parse(StringRef text) {
  OpenVINORelease release;
  auto [year, rest] = text.trim().split('.');
  auto [number, patch] = rest.split('.');
  if (year.getAsInteger(10, release.year) || number.getAsInteger(10, release.number))
    return std::nullopt;
  bool isPatch = llvm::all_of(patch, [](char c) { return llvm::isDigit(c); });
  if (!isPatch || release.year < 2020 || release.year > 9999 || release.number < 0 ||
      release < OpenVINORelease{2020, 1})
    return std::nullopt;
  return release;
}

int OpenVINORelease::getOpset() const {
  struct Since {
    OpenVINORelease release;
    int opset;
  };
  static const Since table[] = {{{2020, 1}, 1},  {{2020, 2}, 2},  {{2020, 4}, 3},  {{2021, 1}, 4},
                                {{2021, 2}, 5},  {{2021, 3}, 6},  {{2021, 4}, 7},  {{2022, 1}, 8},
                                {{2022, 2}, 9},  {{2022, 3}, 10}, {{2023, 0}, 11}, {{2023, 1}, 12},
                                {{2023, 2}, 13}, {{2024, 0}, 14}, {{2024, 5}, 15}, {{2025, 0}, 16}};
  int opset = 1;
  for (const Since &since : table)
    if (!(*this < since.release))
      opset = since.opset;
  return opset;
}

void bertmlir::buildOVTargetPipeline(OpPassManager &pm, OpenVINORelease release) {
  OpPassManager &model = pm.nest<func::FuncOp>();
  if (release.hasFusedAttention())
    model.addPass(ov::createOVFuseAttention());

  // Behind all that looks for dense layers: their normal form is TensorFlow's.
  model.addPass(ov::createOVTransposeWeights());

  // Last: its layers are in no normal form.
  ov::OVLimitOpsetOptions limit;
  limit.opset = release.getOpset();
  model.addPass(ov::createOVLimitOpset(limit));
}

void bertmlir::buildOVTargetPipeline(OpPassManager &pm, StringRef target, StringRef pipeline) {
  if (target.empty())
    return;
  if (std::optional<OpenVINORelease> release = OpenVINORelease::parse(target))
    buildOVTargetPipeline(pm, *release);
  else
    pm.addPass(std::make_unique<RefuseTarget>(target, pipeline));
}
