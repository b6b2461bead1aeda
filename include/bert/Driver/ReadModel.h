//===- ReadModel.h - from a command line to a model in normal form ------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What the programs for users have in common: they read the same files, run the same
// passes and speak alike.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DRIVER_READMODEL_H
#define BERT_DRIVER_READMODEL_H

#include "bert/Driver/CommandLine.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"

#include <optional>

namespace bertmlir::driver {

/// Prints `[ ERROR ]  message` and returns the exit code for it.
int fail(const llvm::Twine &message);

/// Reads a program's command line. None, with the exit code, where that is all there was to do: it
/// is wrong (which is said), or it asks for --help or --version (which are printed).
std::optional<CommandLine> startProgram(Program program, llvm::StringRef name, int argc,
                                        char **argv, int &exitCode);

/// Prints a context's diagnostics while it lives: errors to the standard error, others (unless
/// `isSilent`) to the standard output.
class DiagnosticPrinter {
public:
  DiagnosticPrinter(mlir::MLIRContext &context, bool isSilent);

  /// Whether an error was printed.
  bool hasErrors() const { return sawError; }

private:
  bool sawError = false;
  mlir::ScopedDiagnosticHandler handler;
};

/// Which file the model comes from; an error if there is none or more than one.
llvm::Expected<std::string> getModelPath(const CommandLine &commandLine);

/// The model's name: --model_name, or the file's name without its last extension.
std::string getModelName(const CommandLine &commandLine, llvm::StringRef modelPath);

/// What is wrong with --input and its like, if anything.
llvm::Error checkInputs(const CommandLine &commandLine);

/// Reads the file that getModelPath() names: TensorFlow's kinds, and by extension an IR (.xml) and
/// a module of ours (.mlir, .mlirbc). Null after an error, which the context has reported.
mlir::OwningOpRef<mlir::ModuleOp> importModel(mlir::MLIRContext &context,
                                              const CommandLine &commandLine);

/// Who runs the model.
enum class Runtime { OpenVINO, Native };

/// The passes from what importModel() gives to the normal form, with the function called `name`.
/// For OpenVINO, also what native code does for itself on whole layers, and on to the layers that
/// the release of --target-openvino has.
void buildModelPipeline(mlir::OpPassManager &pm, const CommandLine &commandLine,
                        llvm::StringRef name, Runtime runtime);

/// Runs the passes on what importModel() gives, after printing them where --dump_pass_pipeline asks
/// for it, and returns the model's function.
mlir::FailureOr<mlir::func::FuncOp> runPipeline(mlir::PassManager &pm, mlir::ModuleOp module,
                                                const CommandLine &commandLine);

} // namespace bertmlir::driver

#endif // BERT_DRIVER_READMODEL_H
