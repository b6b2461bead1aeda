//===- Remarks.cpp - what --explain prints -----------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Driver/Remarks.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace bertmlir;

namespace {

class RemarkCollector : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkCollector(std::vector<driver::Remark> &remarks) : remarks(remarks) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    std::string text;
    for (const remark::detail::Remark::Arg &argument : remark.getArgs())
      text += (text.empty() ? "" : " ") + argument.val;
    remarks.push_back({remark.getCategoryName().str(),
                       remark.getRemarkType() == llvm::remarks::Type::Passed, std::move(text)});
  }

private:
  std::vector<driver::Remark> &remarks;
};

} // namespace

LogicalResult driver::collectRemarks(MLIRContext &context, std::vector<driver::Remark> &remarks) {
  remark::RemarkCategories categories;
  categories.passed = categories.missed = ".*";
  return remark::enableOptimizationRemarks(context, std::make_unique<RemarkCollector>(remarks),
                                           std::make_unique<remark::RemarkEmittingPolicyAll>(),
                                           categories);
}

void driver::printExplanation(llvm::raw_ostream &os, ArrayRef<driver::Remark> remarks) {
  llvm::MapVector<StringRef, SmallVector<const driver::Remark *>> byPass;
  for (const driver::Remark &remark : remarks)
    byPass[remark.pass].push_back(&remark);
  if (byPass.empty())
    os << "No pass found anything to fuse.\n";
  for (auto &[pass, list] : byPass) {
    size_t passed =
        llvm::count_if(list, [](const driver::Remark *remark) { return remark->isPassed; });
    os << pass << ": " << passed << " done, " << list.size() - passed << " not\n";
    for (const driver::Remark *remark : list)
      os << (remark->isPassed ? "  done  " : "  not   ") << remark->text << "\n";
  }
}
