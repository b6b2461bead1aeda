//===- ResourceBlob.cpp - attributes that point into a file ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/ResourceBlob.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

DenseResourceElementsAttr bertmlir::getResourceAttr(ShapedType type, StringRef name,
                                                    SharedBytes bytes) {
  AsmResourceBlob blob(
      bytes.data, /*dataAlignment=*/1,
      [owner = std::move(bytes.owner)](void *, size_t, size_t) mutable { owner.reset(); },
      /*dataIsMutable=*/false);
  auto &manager = DenseResourceElementsHandle::getManagerInterface(type.getContext());
  return DenseResourceElementsAttr::get(type, manager.insert(name, std::move(blob)));
}

std::optional<int64_t> bertmlir::getCheckedNumElements(ArrayRef<int64_t> shape) {
  // A dimension of 0 must not hide that the others overflow: MLIR multiplies
  // them in any order.
  int64_t count = 1;
  bool isEmpty = false;
  for (int64_t dim : shape) {
    if (dim < 0)
      return std::nullopt;
    if (dim == 0)
      isEmpty = true;
    else if (llvm::MulOverflow(count, dim, count))
      return std::nullopt;
  }
  return isEmpty ? 0 : count;
}
