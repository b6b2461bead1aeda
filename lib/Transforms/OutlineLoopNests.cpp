//===- OutlineLoopNests.cpp - loop nests that are alike become one function ----------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The layers of a model do the same to other buffers. As functions, their loops are
// compiled once, and LLVM's optimiser, whose time grows faster than a function,
// never sees a whole model in one.
//
//===----------------------------------------------------------------------===//

#include "bert/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/StringMap.h"

namespace bertmlir {
#define GEN_PASS_DEF_OUTLINELOOPNESTS
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;

namespace {

struct OutlineLoopNests : public bertmlir::impl::OutlineLoopNestsBase<OutlineLoopNests> {
  using OutlineLoopNestsBase::OutlineLoopNestsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<linalg::LinalgOp> nests;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isPrivate() && !function.isExternal())
        for (auto nest : function.getBody().front().getOps<linalg::LinalgOp>())
          if (nest.hasPureBufferSemantics())
            nests.push_back(nest);
    for (linalg::LinalgOp nest : nests)
      outline(nest, symbols);
  }

private:
  void outline(linalg::LinalgOp nest, SymbolTable &symbols);

  /// By their text without the name.
  llvm::StringMap<func::FuncOp> known;
};

} // namespace

void OutlineLoopNests::outline(linalg::LinalgOp nest, SymbolTable &symbols) {
  // What the nest reads: its operands, and what its body takes from around it.
  llvm::SetVector<Value> used(nest->getOperands().begin(), nest->getOperands().end());
  getUsedValuesDefinedAbove(nest->getRegions(), used);
  SmallVector<Value> arguments;
  SmallVector<Operation *> constants;
  for (Value value : used) {
    if (matchPattern(value, m_Constant()) && !isa<MemRefType>(value.getType()))
      constants.push_back(value.getDefiningOp());
    else
      arguments.push_back(value);
  }

  OpBuilder builder(&getContext());
  auto type = builder.getFunctionType(ValueRange(arguments).getTypes(), {});
  auto function = func::FuncOp::create(nest.getLoc(), "loops", type);
  function.setPrivate();
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  IRMapping mapping;
  mapping.map(arguments, body->getArguments());
  for (Operation *constant : constants)
    builder.clone(*constant, mapping);
  builder.clone(*nest, mapping);
  func::ReturnOp::create(builder, nest.getLoc());

  std::string text;
  llvm::raw_string_ostream stream(text);
  function.print(stream);
  auto [place, isNew] = known.try_emplace(text, function);
  if (isNew) {
    // Inlined again, nothing would be gained.
    function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
    symbols.insert(function, nest->getParentOp()->getIterator());
  } else {
    function.erase();
  }
  builder.setInsertionPoint(nest);
  func::CallOp::create(builder, nest.getLoc(), place->second, arguments);
  nest.erase();
}
