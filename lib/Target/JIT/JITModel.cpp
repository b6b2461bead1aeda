//===- JITModel.cpp - a model compiled into this process --------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The object file that bert-compile would link is loaded here instead, and called
// through the runtime like any library.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/JIT/JITModel.h"

#include "Error.h"
#include "Instance.h"

#include "bert/Dialect/Bert/Transforms/WeightPlan.h"
#include "bert/Pipelines/OpenVINOToLLVM.h"
#include "bert/Runtime/Abi.h"
#include "bert/Target/Native/CountWork.h"
#include "bert/Target/Native/EmitNative.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Memory.h"

#include <cstring>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::jit;

/// The runtime's instance and all that it refers to.
class JITModel::Implementation {
public:
  ~Implementation() {
    if (instance)
      instance->destroy();
    if (weights.base())
      (void)llvm::sys::Memory::releaseMappedMemory(weights);
  }

  LogicalResult packWeights(func::FuncOp model);
  LogicalResult generate(ModuleOp module, const JITOptions &options);
  llvm::Error load(const native::Bytes &object);
  LogicalResult start(Location loc, const JITOptions &options);

  native::ModelInterface interface;
  runtime::Instance *instance = nullptr;

private:
  void describe();

  llvm::sys::MemoryBlock weights;
  size_t weightsBytes = 0;
  std::unique_ptr<llvm::orc::LLJIT> jit;

  // What the runtime's description points to.
  std::string features;
  std::vector<bert_tensor_info> inputs, outputs;
  std::vector<int32_t> roles;
  native::BuildId buildId{};
  BertModelCode code{};
  bert_model_info info{};
  BertModelDescriptor descriptor{};
};

// Gives the weights their places, and puts them there.
LogicalResult JITModel::Implementation::packWeights(func::FuncOp model) {
  // No pass is there to ask for it.
  model.getContext()->loadDialect<bert::BertDialect>();
  FailureOr<bert::WeightPlan> plan = bert::planWeights(model);
  if (failed(plan))
    return failure();
  weightsBytes = static_cast<size_t>(plan->bytes);
  // Pages start at multiples of 64.
  std::error_code error;
  weights = llvm::sys::Memory::allocateMappedMemory(
      std::max<size_t>(weightsBytes, 64), nullptr,
      llvm::sys::Memory::MF_READ | llvm::sys::Memory::MF_WRITE, error);
  if (error)
    return model.emitError() << "there is no memory for " << weightsBytes
                             << " bytes of weights: " << error.message();
  char *place = static_cast<char *>(weights.base());
  if (failed(bert::writeWeights(*plan, [&](ArrayRef<char> bytes) {
        memcpy(place, bytes.data(), bytes.size());
        place += bytes.size();
        return llvm::Error::success();
      })))
    return failure();
  bert::applyPlan(model, *plan);
  return success();
}

LogicalResult JITModel::Implementation::generate(ModuleOp module, const JITOptions &options) {
  OpenVINOToLLVMOptions pipeline;
  pipeline.vectorBits = options.target.getVectorBits();
  pipeline.fma = options.target.has("fma");
  pipeline.plain = options.plain;
  pipeline.skipPadding = options.skipPadding;

  auto fuse = PassManager::on<ModuleOp>(module.getContext());
  buildFuseModelPipeline(fuse, pipeline);
  if (failed(fuse.run(module)))
    return failure();
  auto model = module.lookupSymbol<func::FuncOp>(native::kMainFunction);
  interface.work = native::countWork(model);
  if (failed(packWeights(model)))
    return failure();
  auto lower = PassManager::on<ModuleOp>(module.getContext());
  buildGenerateCodePipeline(lower, pipeline);
  if (failed(lower.run(module)))
    return failure();

  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated =
      native::translateModule(module, interface, options.target, 0, context);
  if (!translated)
    return failure();
  FailureOr<native::Bytes> object =
      native::emitObject(*translated, options.target, module.getLoc());
  if (failed(object))
    return failure();
  if (llvm::Error error = load(*object))
    return module.emitError() << "the code can't be loaded: " << llvm::toString(std::move(error));
  return success();
}

llvm::Error JITModel::Implementation::load(const native::Bytes &object) {
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> created = llvm::orc::LLJITBuilder().create();
  if (!created)
    return created.takeError();
  jit = std::move(*created);
  llvm::orc::JITDylib &library = jit->getMainJITDylib();

  // The runtime is part of this program; the C library is the program's.
  llvm::orc::SymbolMap symbols;
  auto add = [&](StringRef name, auto *function) {
    symbols[jit->mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function),
                                           llvm::JITSymbolFlags::Exported |
                                               llvm::JITSymbolFlags::Callable};
  };
  add("bert_parallel_for", &bert_parallel_for);
  add("bert_num_workers", &bert_num_workers);
  add("bert_worker_index", &bert_worker_index);
  add("bert_pack_tokens", &bert_pack_tokens);
  if (llvm::Error error = library.define(llvm::orc::absoluteSymbols(std::move(symbols))))
    return error;
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      jit->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));

  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(StringRef(object.data(), object.size()));
  if (llvm::Error error = jit->addObjectFile(std::move(buffer)))
    return error;
  auto run = jit->lookup(native::getRunSymbol(0));
  if (!run)
    return run.takeError();
  auto arenaBytes = jit->lookup(native::getArenaBytesSymbol(0));
  if (!arenaBytes)
    return arenaBytes.takeError();
  code.run = run->toPtr<decltype(code.run)>();
  code.arena_bytes = arenaBytes->toPtr<decltype(code.arena_bytes)>();
  return llvm::Error::success();
}

void JITModel::Implementation::describe() {
  auto add = [](std::vector<bert_tensor_info> &list,
                const std::vector<native::TensorInterface> &tensors) {
    for (const native::TensorInterface &tensor : tensors)
      list.push_back({tensor.name.c_str(), tensor.type, static_cast<int>(tensor.dims.size()),
                      tensor.dims.data(), tensor.limit});
  };
  add(inputs, interface.inputs);
  add(outputs, interface.outputs);
  for (const native::TensorInterface &input : interface.inputs)
    roles.push_back(input.role);
  info.name = interface.name.c_str();
  info.num_inputs = static_cast<int>(inputs.size());
  info.num_outputs = static_cast<int>(outputs.size());
  info.inputs = inputs.data();
  info.outputs = outputs.data();
  info.max_sequence = interface.maxSequence;
  info.weights_bytes = static_cast<int64_t>(weightsBytes);
  info.build_id = "";
  info.flops_per_token = interface.work.flopsPerToken;
  info.flops_per_pair = interface.work.flopsPerPair;
  info.flops_per_sequence = interface.work.flopsPerSequence;
  code.name = "jit";
  code.features = features.c_str();
  descriptor.info = &info;
  descriptor.input_roles = roles.data();
  descriptor.build_id = buildId.data();
  descriptor.num_codes = 1;
  descriptor.codes = &code;
}

LogicalResult JITModel::Implementation::start(Location loc, const JITOptions &options) {
  features = options.target.getFeatureList();
  describe();
  if (runtime::Instance::createWithWeights(descriptor, weights.base(), weightsBytes,
                                           options.threads, instance) != BERT_OK)
    return emitError(loc) << runtime::getLastError();
  return success();
}

JITModel::JITModel(std::unique_ptr<Implementation> implementation)
    : implementation(std::move(implementation)) {}
JITModel::~JITModel() = default;

FailureOr<std::unique_ptr<JITModel>> JITModel::create(ModuleOp module, StringRef name,
                                                      const JITOptions &options) {
  auto model = module.lookupSymbol<func::FuncOp>(native::kMainFunction);
  if (!model)
    return module.emitError() << "there is no model function @" << native::kMainFunction;
  FailureOr<native::ModelInterface> interface = native::getModelInterface(model, name);
  if (failed(interface))
    return failure();
  auto made = std::make_unique<Implementation>();
  made->interface = std::move(*interface);
  if (failed(made->generate(module, options)) || failed(made->start(module.getLoc(), options)))
    return failure();
  return std::unique_ptr<JITModel>(new JITModel(std::move(made)));
}

const native::ModelInterface &JITModel::getInterface() const { return implementation->interface; }

int JITModel::getNumThreads() const { return implementation->instance->getNumThreads(); }

llvm::Error JITModel::run(ArrayRef<bert_tensor> inputs, MutableArrayRef<bert_tensor> outputs) {
  assert(inputs.size() == getInterface().inputs.size() &&
         outputs.size() == getInterface().outputs.size());
  if (implementation->instance->runTensors(inputs.data(), outputs.data()) == BERT_OK)
    return llvm::Error::success();
  return llvm::createStringError(runtime::getLastError());
}
