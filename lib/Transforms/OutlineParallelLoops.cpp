//===- OutlineParallelLoops.cpp - gives loops to the runtime's threads ------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// This is where structured code meets the runtime's C interface: the context is an
// LLVM struct, buffers travel in it as the descriptors that they will be lowered to.
//
//===----------------------------------------------------------------------===//

#include "bert/Transforms/Passes.h"

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"

namespace bertmlir {
#define GEN_PASS_DEF_OUTLINEPARALLELLOOPS
#include "bert/Transforms/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;

namespace {

constexpr StringLiteral kParallelFor = "bert_parallel_for";

struct OutlineParallelLoops
    : public bertmlir::impl::OutlineParallelLoopsBase<OutlineParallelLoops> {
  void runOnOperation() override;

private:
  LogicalResult outline(scf::ParallelOp loop, SymbolTable &symbols,
                        const LLVMTypeConverter &converter);
};

// The loop nest of a parallel loop whose first dimension is a range of iterations.
void emitIterations(ImplicitLocOpBuilder &b, scf::ParallelOp loop, Value begin, Value end,
                    IRMapping &mapping) {
  Value one = arith::ConstantIndexOp::create(b, 1);
  auto outer = scf::ForOp::create(b, begin, end, one);
  b.setInsertionPointToStart(outer.getBody());
  auto lookUp = [&](Value value) { return mapping.lookupOrDefault(value); };
  Value step = lookUp(loop.getStep()[0]);
  Value first =
      arith::AddIOp::create(b, lookUp(loop.getLowerBound()[0]),
                            arith::MulIOp::create(b, outer.getInductionVar(), step).getResult());
  mapping.map(loop.getInductionVars()[0], first);
  for (unsigned i = 1; i < loop.getNumLoops(); ++i) {
    auto inner = scf::ForOp::create(b, lookUp(loop.getLowerBound()[i]),
                                    lookUp(loop.getUpperBound()[i]), lookUp(loop.getStep()[i]));
    b.setInsertionPointToStart(inner.getBody());
    mapping.map(loop.getInductionVars()[i], inner.getInductionVar());
  }
  for (Operation &op : loop.getBody()->without_terminator())
    b.clone(op, mapping);
}

} // namespace

LogicalResult OutlineParallelLoops::outline(scf::ParallelOp loop, SymbolTable &symbols,
                                            const LLVMTypeConverter &converter) {
  auto caller = loop->getParentOfType<func::FuncOp>();
  ImplicitLocOpBuilder b(loop.getLoc(), loop);
  Type i64 = b.getI64Type(), pointer = LLVM::LLVMPointerType::get(&getContext());

  // What the body uses. Constants are made anew in it instead.
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(loop->getRegions(), used);
  for (ValueRange range : {loop.getLowerBound(), loop.getUpperBound(), loop.getStep()})
    used.insert(range.begin(), range.end());
  SmallVector<Value> captured;
  SmallVector<Operation *> constants;
  SmallVector<Type> fields;
  for (Value value : used) {
    if (Operation *op = value.getDefiningOp(); op && op->hasTrait<OpTrait::ConstantLike>()) {
      constants.push_back(op);
      continue;
    }
    Type field = converter.convertType(value.getType());
    if (!field)
      return loop.emitOpError("uses a value of type ")
             << value.getType() << ", which can't be handed to other threads";
    captured.push_back(value);
    fields.push_back(field);
  }
  auto contextType = LLVM::LLVMStructType::getLiteral(&getContext(), fields);
  auto fieldAt = [&](ImplicitLocOpBuilder &at, Value context, unsigned index) -> Value {
    return LLVM::GEPOp::create(at, pointer, contextType, context,
                               ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(index)});
  };
  auto cast = [](ImplicitLocOpBuilder &at, Type to, Value value) -> Value {
    if (value.getType() == to)
      return value;
    return UnrealizedConversionCastOp::create(at, to, value).getResult(0);
  };

  // The function of the body.
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(caller);
  auto body = func::FuncOp::create(b, (caller.getName() + "_parallel").str(),
                                   b.getFunctionType({pointer, i64, i64}, {}));
  body.setPrivate();
  symbols.insert(body); // Makes the name a new one.
  {
    Block *block = body.addEntryBlock();
    ImplicitLocOpBuilder inner(loop.getLoc(), OpBuilder::atBlockBegin(block));
    IRMapping mapping;
    for (Operation *constant : constants)
      inner.clone(*constant, mapping);
    for (auto [index, value] : llvm::enumerate(captured)) {
      Value loaded =
          LLVM::LoadOp::create(inner, fields[index], fieldAt(inner, block->getArgument(0), index));
      mapping.map(value, cast(inner, value.getType(), loaded));
    }
    auto toIndex = [&](Value value) -> Value {
      return arith::IndexCastOp::create(inner, inner.getIndexType(), value);
    };
    Value begin = toIndex(block->getArgument(1)), end = toIndex(block->getArgument(2));
    emitIterations(inner, loop, begin, end, mapping);
    inner.setInsertionPointToEnd(block);
    func::ReturnOp::create(inner);
  }

  auto parallelFor = symbols.lookup<func::FuncOp>(kParallelFor);
  if (!parallelFor) {
    parallelFor =
        func::FuncOp::create(b, kParallelFor, b.getFunctionType({i64, pointer, pointer}, {}));
    parallelFor.setPrivate();
    symbols.insert(parallelFor);
  }

  // The context, once per call of the function: a stack slot in a loop would grow the stack.
  b.setInsertionPointToStart(&caller.getBody().front());
  Value one = LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(1));
  Value context = LLVM::AllocaOp::create(b, pointer, contextType, one);

  b.setInsertionPoint(loop);
  for (auto [index, value] : llvm::enumerate(captured))
    LLVM::StoreOp::create(b, cast(b, fields[index], value), fieldAt(b, context, index));
  Value distance = arith::SubIOp::create(b, loop.getUpperBound()[0], loop.getLowerBound()[0]);
  Value count = arith::CeilDivSIOp::create(b, distance, loop.getStep()[0]);
  Value function = cast(
      b, pointer, func::ConstantOp::create(b, body.getFunctionType(), body.getName()).getResult());
  func::CallOp::create(
      b, parallelFor,
      ValueRange{arith::IndexCastOp::create(b, i64, count).getResult(), function, context});
  loop.erase();
  return success();
}

void OutlineParallelLoops::runOnOperation() {
  SymbolTable symbols(getOperation());
  LLVMTypeConverter converter(&getContext());
  SmallVector<scf::ParallelOp> loops;
  getOperation().walk<WalkOrder::PreOrder>([&](scf::ParallelOp loop) {
    // What is in it runs on one thread.
    if (loop.getInitVals().empty())
      loops.push_back(loop);
    return WalkResult::skip();
  });
  for (scf::ParallelOp loop : loops)
    if (failed(outline(loop, symbols, converter)))
      return signalPassFailure();
}
