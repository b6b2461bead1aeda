//===- ValueFlow.cpp - which ops pass values on, read them, write them ------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "ValueFlow.h"

#include "bert/Dialect/TF/IR/TFOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::exportdot;

bool exportdot::isTransparent(Operation *op) {
  return isa<ViewLikeOpInterface, bufferization::ToBufferOp, bufferization::ToTensorOp,
             memref::ExtractAlignedPointerAsIndexOp, arith::IndexCastOp>(op) &&
         op->getNumOperands() > 0 && getSource(op->getResult(0)) != op->getResult(0);
}

Value exportdot::getSource(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    bool passesOn = isa<ViewLikeOpInterface, bufferization::ToBufferOp, bufferization::ToTensorOp,
                        memref::ExtractAlignedPointerAsIndexOp>(op);
    // The address of a buffer as another integer; other integers are sizes.
    if (auto cast = dyn_cast<arith::IndexCastOp>(op))
      passesOn = getSource(cast.getIn()) != cast.getIn();
    if (!passesOn)
      break;
    value = op->getOperand(0);
  }
  return value;
}

bool exportdot::computesSize(Operation *op) {
  return op->getNumResults() > 0 && !isa<tf::NodeOp>(op) &&
         llvm::all_of(op->getResultTypes(), [](Type type) { return type.isIntOrIndexOrFloat(); }) &&
         (isPure(op) || isMemoryEffectFree(op));
}

llvm::SmallSetVector<Value, 8> exportdot::getReadValues(Operation *op) {
  llvm::SmallSetVector<Value, 8> values;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!isa<tf::ControlType>(operand.getType()) &&
          !op->isAncestor(operand.getParentBlock()->getParentOp()))
        values.insert(operand);
  });
  return values;
}

// The positions of arguments that a function writes to, in its own body.
static llvm::SmallVector<unsigned> getWrittenArguments(FunctionOpInterface function) {
  llvm::SmallVector<unsigned> positions;
  for (Value buffer : getWrittenBuffers(function))
    if (auto argument = dyn_cast<BlockArgument>(buffer))
      positions.push_back(argument.getArgNumber());
  return positions;
}

llvm::SmallSetVector<Value, 4> exportdot::getWrittenBuffers(Operation *op) {
  llvm::SmallSetVector<Value, 4> buffers;
  auto function = dyn_cast<FunctionOpInterface>(op);
  auto note = [&](Value value) {
    value = getSource(value);
    Operation *owner = value.getParentBlock()->getParentOp();
    // For a function what it is given is outside.
    bool isOutside = function ? owner == op && isa<BlockArgument>(value) : !op->isAncestor(owner);
    if (isOutside && isa<MemRefType>(value.getType()))
      buffers.insert(value);
  };
  op->walk([&](Operation *inner) {
    if (auto call = dyn_cast<CallOpInterface>(inner)) {
      auto callee = dyn_cast_or_null<FunctionOpInterface>(call.resolveCallable());
      if (!callee || callee.isExternal()) {
        for (Value operand : call.getArgOperands())
          note(operand);
        return;
      }
      for (unsigned position : getWrittenArguments(callee))
        note(call.getArgOperands()[position]);
      return;
    }
    auto effects = dyn_cast<MemoryEffectOpInterface>(inner);
    if (!effects)
      return;
    for (Value operand : inner->getOperands())
      if (effects.getEffectOnValue<MemoryEffects::Write>(operand))
        note(operand);
  });
  return buffers;
}
