//===- Fusion.h - what the fusing passes share -------------------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A fusion starts at an anchor op that can't be
// mistaken (Erf, the root of a variance), matches around it, and says in a remark
// what came of it, so that "why did this layer not fuse?" has an answer.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_TRANSFORMS_FUSION_H
#define BERT_DIALECT_OV_TRANSFORMS_FUSION_H

#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/SetVector.h"

namespace bertmlir::ov {

/// A value and the uniform constant that an op joins it with.
struct WithConstant {
  mlir::Value value;
  double constant;
};

/// `OpT(value, constant)`, the constant on either side.
template <typename OpT> std::optional<WithConstant> matchWithConstant(mlir::Value result) {
  auto op = result.getDefiningOp<OpT>();
  if (!op)
    return std::nullopt;
  if (std::optional<double> constant = getConstantFloat(op.getRhs()))
    return WithConstant{op.getLhs(), *constant};
  if (std::optional<double> constant = getConstantFloat(op.getLhs()))
    return WithConstant{op.getRhs(), *constant};
  return std::nullopt;
}

/// Equal but for the rounding of a literal that was written with six digits or more.
bool isClose(double found, double expected);

/// The layer's name for messages, or the op's if it has none.
std::string describeLayer(mlir::Operation *op);

/// A reader of `inner`'s results that is neither in `inner` nor `root`; null if there is none. A
/// fusion that would compute something twice for such a reader does not pay.
mlir::Operation *findOutsideUser(const llvm::SetVector<mlir::Operation *> &inner,
                                 mlir::Operation *root);

/// Remarks of the category `pass` at the anchor: what it became, or why it stayed.
void remarkFused(mlir::Operation *anchor, llvm::StringRef pass, llvm::StringRef what);
void remarkMissed(mlir::Operation *anchor, llvm::StringRef pass, const llvm::Twine &reason);

/// Removes what a pass left without a reader.
void eraseDeadOps(mlir::func::FuncOp function);

} // namespace bertmlir::ov

#endif // BERT_DIALECT_OV_TRANSFORMS_FUSION_H
