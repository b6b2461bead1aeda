//===- WeightLayout.cpp - how packed weights lie in the weights file --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/IR/WeightLayout.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace bertmlir;

SmallVector<int64_t> bert::getPackedShape(ArrayRef<int64_t> shape, Layout layout) {
  SmallVector<int64_t> packed(shape);
  if (packed.empty())
    packed.push_back(1);
  packed.back() = roundUpToPanel(packed.back());
  if (layout == Layout::Panels)
    return {llvm::product_of(packed)};
  return packed;
}

Value bert::getOrAddWeightsArgument(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    if (function.getArgAttr(argument.getArgNumber(), kWeightsAttr))
      return argument;
  MLIRContext *context = function.getContext();
  Type type = MemRefType::get({ShapedType::kDynamic}, IntegerType::get(context, 8));
  unsigned index = function.getNumArguments();
  auto attributes = DictionaryAttr::get(
      context, NamedAttribute(StringAttr::get(context, kWeightsAttr), UnitAttr::get(context)));
  (void)function.insertArgument(index, type, attributes, function.getLoc());
  return function.getArgument(index);
}
