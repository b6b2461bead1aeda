//===- DescribeInterface.cpp - what a caller has to know of a model -------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Read off the graph, not off the names: exports call the ids Placeholder or
// IteratorGetNext:0. It must run while look-ups are still look-ups.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Views.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/SetVector.h"

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVDESCRIBEINTERFACE
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

// Values that are an argument in another shape or element type.
static SetVector<Value> findCopies(BlockArgument argument) {
  SetVector<Value> copies;
  copies.insert(argument);
  for (size_t i = 0; i < copies.size(); ++i)
    for (OpOperand &use : copies[i].getUses())
      if (use.getOperandNumber() == 0 && (isView(use.getOwner()) || isa<ConvertOp>(use.getOwner())))
        copies.insert(use.getOwner()->getResult(0));
  return copies;
}

// The fewest rows of the tables in which an argument looks rows up; 0 if it does not, or if their
// size is not known.
static int64_t findLimit(BlockArgument argument) {
  int64_t limit = 0;
  for (Value copy : findCopies(argument))
    for (OpOperand &use : copy.getUses()) {
      auto gather = dyn_cast<GatherOp>(use.getOwner());
      if (!gather || use.getOperandNumber() != 1)
        continue;
      auto table = dyn_cast<RankedTensorType>(gather.getInput().getType());
      std::optional<int64_t> axis = getConstantInt(gather.getAxis());
      if (!table || !axis)
        continue;
      if (*axis < 0)
        *axis += table.getRank();
      if (*axis < 0 || *axis >= table.getRank() || table.isDynamicDim(*axis))
        continue;
      int64_t rows = table.getDimSize(*axis);
      limit = limit == 0 ? rows : std::min(limit, rows);
    }
  return limit;
}

// Whether an argument becomes part of what a softmax reads, element by element.
static bool reachesSoftmax(BlockArgument argument) {
  SetVector<Value> reached;
  reached.insert(argument);
  for (size_t i = 0; i < reached.size(); ++i)
    for (Operation *user : reached[i].getUsers()) {
      if (isa<SoftMaxOp>(user))
        return true;
      if (auto attention = dyn_cast<ScaledDotProductAttentionOp>(user)) {
        // Query, key and value come first; what else it reads is the mask.
        for (Value operand : attention->getOperands().drop_front(3))
          if (operand == reached[i])
            return true;
        continue;
      }
      // A product with other values mixes positions: behind it there are tokens.
      if (isa<MatMulOp, EinsumOp, MVNOp, GatherOp, ShapeOfOp, OneHotOp, GenericLayerOp>(user))
        continue;
      // The attention mask as modeling.py writes it: an outer product with ones.
      for (Value result : user->getResults())
        reached.insert(result);
    }
  return false;
}

namespace {

struct OVDescribeInterface
    : public bertmlir::ov::impl::OVDescribeInterfaceBase<OVDescribeInterface> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    int64_t ids = describeRoles(function);

    SymbolicShapes shapes(function);
    std::optional<SymbolicDim> batch, sequence;
    // What joins the open dimensions of different inputs is found on the way to the results.
    auto terminator = cast<func::ReturnOp>(function.front().getTerminator());
    for (Value value : terminator.getOperands())
      if (isa<RankedTensorType>(value.getType()))
        shapes.getShape(value);
    if (function.getNumArguments() > 0) {
      BlockArgument leader = function.getArgument(static_cast<unsigned>(std::max<int64_t>(ids, 0)));
      if (auto type = dyn_cast<RankedTensorType>(leader.getType())) {
        SymbolicShape shape = shapes.getShape(leader);
        if (type.getRank() >= 1 && !shape[0].isNumber())
          batch = shape[0];
        if (type.getRank() >= 2 && !shape[1].isNumber())
          sequence = shape[1];
      }
    }
    auto getDims = [&](Value value) -> DenseI64ArrayAttr {
      if (!isa<RankedTensorType>(value.getType()))
        return {};
      SmallVector<int64_t> dims;
      for (const SymbolicDim &dim : shapes.getShape(value))
        dims.push_back(dim.isNumber()                 ? dim.factor
                       : batch && dim == *batch       ? kBatchDim
                       : sequence && dim == *sequence ? kSequenceDim
                                                      : kOpenDim);
      return DenseI64ArrayAttr::get(&getContext(), dims);
    };
    for (BlockArgument argument : function.getArguments())
      if (DenseI64ArrayAttr dims = getDims(argument))
        function.setArgAttr(argument.getArgNumber(), kDimsAttr, dims);
    for (auto [index, value] : llvm::enumerate(terminator.getOperands()))
      if (DenseI64ArrayAttr dims = getDims(value))
        function.setResultAttr(static_cast<unsigned>(index), kDimsAttr, dims);
  }

  // Sets roles and limits; returns the argument that has the ids, -1 if there is none.
  int64_t describeRoles(func::FuncOp function) {
    auto setRole = [&](unsigned index, StringRef role) {
      function.setArgAttr(index, kRoleAttr, StringAttr::get(&getContext(), role));
    };
    SmallVector<std::pair<int64_t, unsigned>> lookups;
    for (BlockArgument argument : function.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type)
        continue;
      unsigned index = argument.getArgNumber();
      if (int64_t limit = findLimit(argument)) {
        function.setArgAttr(index, kLimitAttr,
                            IntegerAttr::get(IntegerType::get(&getContext(), 64), limit));
        if (type.getRank() == 2)
          lookups.push_back({limit, index});
      } else if (type.getRank() == 2 && reachesSoftmax(argument)) {
        setRole(index, "mask");
      }
    }
    if (lookups.empty())
      return -1;
    auto byRows = [](const auto &a, const auto &b) { return a.first < b.first; };
    unsigned ids = llvm::max_element(lookups, byRows)->second;
    setRole(ids, "ids");
    // Token types are few; a third table is one of positions.
    constexpr int64_t mostTypes = 16;
    auto fewest = llvm::min_element(lookups, byRows);
    if (fewest->second != ids && fewest->first <= mostTypes)
      setRole(fewest->second, "types");
    return ids;
  }
};

} // namespace
