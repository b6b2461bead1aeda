//===- EmitObject.cpp - from the LLVM dialect to object files -------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/EmitNative.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::native;

std::string native::getRunSymbol(unsigned code) {
  return "bert_code_" + std::to_string(code) + "_run";
}
std::string native::getArenaBytesSymbol(unsigned code) {
  return "bert_code_" + std::to_string(code) + "_arena_bytes";
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

// A function that takes an array of pointers and passes them on one by one: the runtime does not
// know how many a model has.
static void addEntryPoint(llvm::Module &module, llvm::Function &callee, StringRef name) {
  llvm::LLVMContext &context = module.getContext();
  llvm::PointerType *pointer = llvm::PointerType::getUnqual(context);
  auto *type = llvm::FunctionType::get(callee.getReturnType(), {pointer}, /*isVarArg=*/false);
  auto *entry = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, module);
  entry->setVisibility(llvm::GlobalValue::HiddenVisibility);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", entry));
  SmallVector<llvm::Value *> arguments;
  for (unsigned i = 0; i < callee.arg_size(); ++i) {
    llvm::Value *place = builder.CreateConstGEP1_64(pointer, entry->getArg(0), i);
    arguments.push_back(builder.CreateLoad(pointer, place));
  }
  llvm::CallInst *call = builder.CreateCall(&callee, arguments);
  if (callee.getReturnType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(call);
}

// The C interface of one of the two functions, with as many pointers as the runtime passes.
static llvm::Function *findInterface(ModuleOp module, llvm::Module &llvmModule, StringRef name,
                                     size_t numArguments, bool returnsInteger) {
  llvm::Function *function = llvmModule.getFunction(("_mlir_ciface_" + name).str());
  auto isPointer = [](const llvm::Argument &argument) { return argument.getType()->isPointerTy(); };
  if (!function || function->isDeclaration()) {
    module.emitError() << "there is no function @" << name
                       << " with llvm.emit_c_interface; native code needs it";
    return nullptr;
  }
  bool hasResult = returnsInteger ? function->getReturnType()->isIntegerTy(64)
                                  : function->getReturnType()->isVoidTy();
  if (function->arg_size() != numArguments || !hasResult ||
      !llvm::all_of(function->args(), isPointer)) {
    module.emitError() << "@" << name << " does not take what the runtime passes: " << numArguments
                       << " pointers are expected";
    return nullptr;
  }
  return function;
}

//===----------------------------------------------------------------------===//
// Translation and optimisation
//===----------------------------------------------------------------------===//

// Attributes of arguments and results that are for our own passes; the translation would warn of
// them.
static void dropOwnAttributes(ModuleOp module) {
  auto isOwn = [](NamedAttribute attribute) {
    return !attribute.getName().getValue().starts_with("llvm.");
  };
  auto filter = [&](ArrayAttr all) -> ArrayAttr {
    if (!all)
      return all;
    SmallVector<Attribute> kept;
    for (Attribute attributes : all) {
      SmallVector<NamedAttribute> list;
      for (NamedAttribute attribute : cast<DictionaryAttr>(attributes))
        if (!isOwn(attribute))
          list.push_back(attribute);
      kept.push_back(DictionaryAttr::get(module.getContext(), list));
    }
    return ArrayAttr::get(module.getContext(), kept);
  };
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (ArrayAttr attributes = filter(function.getArgAttrsAttr()))
      function.setArgAttrsAttr(attributes);
    if (ArrayAttr attributes = filter(function.getResAttrsAttr()))
      function.setResAttrsAttr(attributes);
  }
}

// LLVM's standard pipeline. The code is in its final form already; what it does here is inline,
// clean up addresses, and make something of the plain path's scalar loops.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
}

std::unique_ptr<llvm::Module> native::translateModule(ModuleOp module, const ModelInterface &model,
                                                      const NativeTarget &target, unsigned code,
                                                      llvm::LLVMContext &context) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine = createTargetMachine(target);
  if (!machine) {
    module.emitError() << llvm::toString(machine.takeError());
    return nullptr;
  }
  dropOwnAttributes(module);
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(module, context, "model");
  if (!llvmModule) {
    module.emitError() << "the module can't be translated to LLVM IR";
    return nullptr;
  }
  llvmModule->setDataLayout((*machine)->createDataLayout());
  llvmModule->setTargetTriple((*machine)->getTargetTriple());

  // run: the place for the results if there are any, inputs, weights, arena.
  size_t numInputs = model.inputs.size();
  llvm::Function *run = findInterface(module, *llvmModule, kMainFunction, numInputs + 3, false);
  llvm::Function *arenaBytes =
      findInterface(module, *llvmModule, kArenaFunction, numInputs, /*returnsInteger=*/true);
  if (!run || !arenaBytes)
    return nullptr;
  for (llvm::Function &function : *llvmModule) {
    if (function.isDeclaration())
      continue;
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    // Nothing unwinds through a model, and tables for it are as large as the code.
    function.addFnAttr(llvm::Attribute::NoUnwind);
    function.removeFnAttr(llvm::Attribute::UWTable);
  }
  for (llvm::GlobalVariable &global : llvmModule->globals())
    if (!global.isDeclaration())
      global.setLinkage(llvm::GlobalValue::InternalLinkage);
  addEntryPoint(*llvmModule, *run, getRunSymbol(code));
  addEntryPoint(*llvmModule, *arenaBytes, getArenaBytesSymbol(code));
  std::string features;
  for (const std::string &feature : target.features)
    features += (features.empty() ? "+" : ",+") + feature;
  for (llvm::Function &function : *llvmModule) {
    if (function.isDeclaration()) {
      // They are in the same library.
      if (function.getName().starts_with("bert_"))
        function.setVisibility(llvm::GlobalValue::HiddenVisibility);
      continue;
    }
    function.addFnAttr("target-cpu", (*machine)->getTargetCPU());
    function.addFnAttr("target-features", features);
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
  if (llvm::verifyModule(*llvmModule, &llvm::errs())) {
    module.emitError() << "the LLVM IR of the model is broken; this is a bug of the compiler";
    return nullptr;
  }
  optimize(*llvmModule, **machine);
  return llvmModule;
}

FailureOr<Bytes> native::emitObject(llvm::Module &llvmModule, const NativeTarget &target,
                                    Location loc) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return emitError(loc) << llvm::toString(machine.takeError());
  Bytes object;
  llvm::raw_svector_ostream stream(object);
  llvm::legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile))
    return emitError(loc) << "LLVM can't write object files for this machine";
  passes.run(llvmModule);
  return object;
}

BuildId native::computeBuildId(llvm::ArrayRef<llvm::ArrayRef<char>> parts) {
  llvm::SHA256 hash;
  for (llvm::ArrayRef<char> part : parts) {
    // The length first, so that no two lists of parts look alike.
    uint64_t size = part.size();
    hash.update(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(&size), sizeof(size)));
    hash.update(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(part.data()), part.size()));
  }
  BuildId id;
  llvm::copy(hash.final(), id.begin());
  return id;
}
