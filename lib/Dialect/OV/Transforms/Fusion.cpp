//===- Fusion.cpp - what the fusing passes share -----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <cmath>

using namespace mlir;
using namespace bertmlir;

bool ov::isClose(double found, double expected) {
  return std::abs(found - expected) <= 1e-5 * std::abs(expected);
}

std::string ov::describeLayer(Operation *op) {
  StringRef name = getLayerName(op->getLoc());
  if (!name.empty())
    return ("'" + name + "'").str();
  return op->getName().getStringRef().str();
}

Operation *ov::findOutsideUser(const llvm::SetVector<Operation *> &inner, Operation *root) {
  for (Operation *op : inner)
    for (Operation *user : op->getUsers())
      if (user != root && !inner.contains(user))
        return user;
  return nullptr;
}

static remark::RemarkOpts optionsFor(Operation *anchor, StringRef pass) {
  auto function = anchor->getParentOfType<func::FuncOp>();
  return remark::RemarkOpts::name(pass).category(pass).function(function ? function.getName()
                                                                         : StringRef());
}

void ov::remarkFused(Operation *anchor, StringRef pass, StringRef what) {
  remark::passed(anchor->getLoc(), optionsFor(anchor, pass))
      << remark::add("{0} became {1}", describeLayer(anchor), what.str());
}

void ov::remarkMissed(Operation *anchor, StringRef pass, const Twine &reason) {
  remark::missed(anchor->getLoc(), optionsFor(anchor, pass))
      << remark::reason("{0}: {1}", describeLayer(anchor), reason.str());
}

void ov::eraseDeadOps(func::FuncOp function) {
  // A model is one block, so one walk from its end sees readers before producers.
  for (Block &block : function.getBody())
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
}
