//===- EmitNative.h - from the LLVM dialect to a shared library ----------*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_TARGET_NATIVE_EMITNATIVE_H
#define BERT_TARGET_NATIVE_EMITNATIVE_H

#include "bert/Target/Native/ModelInterface.h"
#include "bert/Target/Native/NativeTarget.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"

#include <array>
#include <memory>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace bertmlir::native {

using Bytes = llvm::SmallVector<char, 0>;
using BuildId = std::array<unsigned char, BERT_BUILD_ID_BYTES>;

/// The function's and its companion's names in generated code; docs/native-code.md.
inline constexpr llvm::StringLiteral kMainFunction = "main";
inline constexpr llvm::StringLiteral kArenaFunction = "main_arena_bytes";

/// The two functions of a BertModelCode, as symbols of an object file or of a JIT.
std::string getRunSymbol(unsigned code);
std::string getArenaBytesSymbol(unsigned code);

/// Translates a module of the LLVM dialect, adds the two functions for the runtime under the names
/// for `code`, makes everything else internal and optimises for `target`. Null after an error,
/// which is reported at the module.
std::unique_ptr<llvm::Module> translateModule(mlir::ModuleOp module, const ModelInterface &model,
                                              const NativeTarget &target, unsigned code,
                                              llvm::LLVMContext &context);

/// The object file of such a module. The same module gives the same bytes.
mlir::FailureOr<Bytes> emitObject(llvm::Module &llvmModule, const NativeTarget &target,
                                  mlir::Location loc);

/// An object file with the BertModelDescriptor of a model whose code is in objects 0, 1 ...
mlir::FailureOr<Bytes> emitDescriptor(const ModelInterface &model,
                                      llvm::ArrayRef<NativeTarget> targets, const BuildId &buildId,
                                      mlir::Location loc);

/// Names a build: hashes object files and the runtime's archive, in order.
BuildId computeBuildId(llvm::ArrayRef<llvm::ArrayRef<char>> parts);

/// Links object files and the runtime's archive into a shared library that exports the functions of
/// bert_model.h as `prefix`_create and so on, and needs the C library only.
llvm::Expected<Bytes> linkLibrary(llvm::ArrayRef<Bytes> objects, llvm::StringRef runtimeArchive,
                                  llvm::StringRef prefix);

/// Makes one object file of several.
llvm::Expected<Bytes> joinObjects(llvm::ArrayRef<Bytes> objects);

/// Where the runtime's archive is: in ../lib of the program. Fails if it is not there.
llvm::Expected<std::string> findRuntimeArchive(llvm::StringRef program);

} // namespace bertmlir::native

#endif // BERT_TARGET_NATIVE_EMITNATIVE_H
