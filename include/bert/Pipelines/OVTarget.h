//===- OVTarget.h - what a release of the runtime can read --------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_PIPELINES_OVTARGET_H
#define BERT_PIPELINES_OVTARGET_H

#include "mlir/Pass/PassManager.h"

#include <optional>

namespace bertmlir {

/// A release of OpenVINO, as 2022.1; a third number (2024.6.0) does not matter.
struct OpenVINORelease {
  int year = 2022;
  int number = 1;

  /// None for anything but a release from 2020.1 on.
  static std::optional<OpenVINORelease> parse(llvm::StringRef text);

  /// The newest operation set that it supports in full. Source: OpenVINO's table of available
  /// operation sets.
  int getOpset() const;
  /// The newest version of the IR that it reads.
  int getIRVersion() const { return *this < OpenVINORelease{2022, 1} ? 10 : 11; }
  /// Whether ScaledDotProductAttention is there and at least as fast as its parts.
  bool hasFusedAttention() const { return !(*this < OpenVINORelease{2024, 1}); }

  bool operator<(const OpenVINORelease &other) const {
    return year != other.year ? year < other.year : number < other.number;
  }
};

/// From normal form to layers that the release has.
void buildOVTargetPipeline(mlir::OpPassManager &pm, OpenVINORelease release);

/// The same for a release as a user writes it; nothing if it is empty. What is no release becomes
/// an error of `pipeline` when that runs.
void buildOVTargetPipeline(mlir::OpPassManager &pm, llvm::StringRef target,
                           llvm::StringRef pipeline);

} // namespace bertmlir

#endif // BERT_PIPELINES_OVTARGET_H
