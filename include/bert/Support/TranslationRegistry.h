//===- TranslationRegistry.h - what bert-translate can do ------------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Upstream's registry can't serve our formats: its exporters get a stream and
// never the file's name (an IR is two files), and its importers get a buffer and
// never a folder (a SavedModel, a checkpoint).
//
//===----------------------------------------------------------------------===//

#ifndef BERT_SUPPORT_TRANSLATIONREGISTRY_H
#define BERT_SUPPORT_TRANSLATIONREGISTRY_H

#include "bert/Support/MappedFile.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include "llvm/Support/CommandLine.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bertmlir {

/// Reads a foreign file. `content`, if not null, is what stands in the file `path`. Reports errors
/// on the context and returns null.
using ImportFunction = std::function<mlir::OwningOpRef<mlir::ModuleOp>(
    llvm::StringRef path, std::shared_ptr<MappedFile> content, mlir::MLIRContext *context)>;
/// Writes a foreign file (and others beside it), whole or not at all. Reports errors.
using ExportFunction =
    std::function<mlir::LogicalResult(mlir::ModuleOp module, llvm::StringRef path)>;

/// The translations and their command line options.
class TranslationRegistry {
public:
  struct Translation {
    std::string flag;
    std::string description;
    /// One of the two is set.
    ImportFunction importFrom;
    ExportFunction exportTo;
  };

  void addImport(llvm::StringRef flag, llvm::StringRef description, ImportFunction function) {
    translations.push_back({flag.str(), description.str(), std::move(function), nullptr});
  }
  void addExport(llvm::StringRef flag, llvm::StringRef description, ExportFunction function) {
    translations.push_back({flag.str(), description.str(), nullptr, std::move(function)});
  }

  /// Makes a command line option that lives as long as the registry, for instance
  /// `addOption<llvm::cl::opt<std::string>>("checkpoint", llvm::cl::desc("..."))`. Functions
  /// capture the reference.
  template <typename Option, typename... Args> Option &addOption(Args &&...args) {
    auto option = std::make_shared<Option>(std::forward<Args>(args)...);
    options.push_back(option);
    return *option;
  }

  llvm::ArrayRef<Translation> getTranslations() const { return translations; }

private:
  std::vector<Translation> translations;
  std::vector<std::shared_ptr<void>> options;
};

} // namespace bertmlir

#endif // BERT_SUPPORT_TRANSLATIONREGISTRY_H
