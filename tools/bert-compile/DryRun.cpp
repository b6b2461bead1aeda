//===- DryRun.cpp - what --dry-run prints ------------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "DryRun.h"

#include "bert/Dialect/Bert/IR/BertOps.h"
#include "bert/Dialect/OV/IR/OVOps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <map>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::native;

static std::string describeCounts(const std::map<StringRef, int> &counts) {
  std::string text;
  for (auto &[name, count] : counts)
    text += (text.empty() ? "" : ", ") + name.str() + " " + std::to_string(count);
  return text.empty() ? "none" : text;
}

std::string compile::describeOperations(func::FuncOp fused) {
  std::map<StringRef, int> kernels, others;
  fused.walk([&](Operation *op) {
    if (isa<bert::BertDialect>(op->getDialect()))
      ++kernels[op->getName().stripDialect()];
    else if (isa<ov::OVDialect>(op->getDialect()) && !isa<ov::ConstantOp, ov::WeightOp>(op))
      ++others[op->getName().stripDialect()];
  });
  return "Fused: " + describeCounts(kernels) + "\nOn their own: " + describeCounts(others) + "\n";
}

static StringRef spell(bert_element_type type) {
  switch (type) {
  case BERT_F32:
    return "f32";
  case BERT_I32:
    return "i32";
  case BERT_I64:
    return "i64";
  case BERT_I8:
    return "i8";
  case BERT_U8:
    return "u8";
  case BERT_BOOL:
    return "boolean";
  case BERT_F64:
    return "f64";
  }
  return "unknown type";
}

static std::string spell(llvm::ArrayRef<int64_t> dims) {
  std::vector<std::string> texts;
  for (int64_t dim : dims)
    texts.push_back(dim == BERT_BATCH      ? "batch"
                    : dim == BERT_SEQUENCE ? "sequence"
                    : dim == BERT_OPEN     ? "?"
                                           : std::to_string(dim));
  return "[" + llvm::join(texts, ",") + "]";
}

static void printTensors(llvm::raw_ostream &os, StringRef title,
                         llvm::ArrayRef<TensorInterface> tensors) {
  size_t width = 0;
  for (const TensorInterface &tensor : tensors)
    width = std::max(width, tensor.name.size());
  os << title << ":\n";
  for (const TensorInterface &tensor : tensors) {
    os << "  " << llvm::left_justify(tensor.name, width) << "  " << spell(tensor.type) << " "
       << spell(tensor.dims);
    if (tensor.limit > 0)
      os << ", from 0 to " << tensor.limit - 1;
    os << "\n";
  }
}

void compile::printDryRun(llvm::raw_ostream &os, const ModelInterface &model, StringRef operations,
                          llvm::ArrayRef<NativeTarget> targets) {
  os << "Model: " << model.name << "\n";
  printTensors(os, "Inputs", model.inputs);
  printTensors(os, "Outputs", model.outputs);
  if (model.maxSequence > 0)
    os << "Longest sequence: " << model.maxSequence << "\n";
  os << operations;
  const Work &work = model.work;
  if (work.flopsPerToken > 0)
    os << llvm::format("Products: %.3g MFLOP for a token, %.3g for a pair of tokens, %.3g for a "
                       "sequence\n",
                       static_cast<double>(work.flopsPerToken) / 1e6,
                       static_cast<double>(work.flopsPerPair) / 1e6,
                       static_cast<double>(work.flopsPerSequence) / 1e6);
  os << llvm::format("Weights: %.1f MB\n", static_cast<double>(model.weightsBytes) / 1e6);
  os << "Code for: "
     << llvm::join(llvm::map_range(targets, [](const NativeTarget &target) { return target.name; }),
                   ", ")
     << "\nNothing was written.\n";
}
