//===- EmitDescriptor.cpp - what a library says of its model --------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Writes the structs of Abi.h and bert_model.h as constants. The order of the fields
// here is theirs; a test of a compiled library reads all of them.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/EmitNative.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::native;

namespace {

// Makes constants, and private globals that hold them.
class DescriptorBuilder {
public:
  explicit DescriptorBuilder(llvm::Module &module)
      : module(module), context(module.getContext()),
        pointer(llvm::PointerType::getUnqual(context)) {}

  llvm::Constant *int32(int64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), static_cast<uint64_t>(value),
                                  /*IsSigned=*/true);
  }
  llvm::Constant *int64(int64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), static_cast<uint64_t>(value),
                                  /*IsSigned=*/true);
  }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(pointer); }
  llvm::Constant *record(llvm::ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(context, fields);
  }
  // Places; null for nothing at all.
  llvm::Constant *text(StringRef value) {
    return place(llvm::ConstantDataArray::getString(context, value));
  }
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return null();
    return place(llvm::ConstantArray::get(
        llvm::ArrayType::get(elements.front()->getType(), elements.size()), elements));
  }
  llvm::Constant *place(llvm::Constant *value) {
    return new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                    llvm::GlobalValue::PrivateLinkage, value);
  }
  llvm::Constant *function(StringRef name) {
    auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer}, false);
    auto *function = cast<llvm::Function>(module.getOrInsertFunction(name, type).getCallee());
    function->setVisibility(llvm::GlobalValue::HiddenVisibility);
    return function;
  }

  // bert_tensor_info
  llvm::Constant *tensor(const TensorInterface &tensor) {
    SmallVector<llvm::Constant *> dims;
    for (int64_t dim : tensor.dims)
      dims.push_back(int64(dim));
    return record({text(tensor.name), int32(tensor.type),
                   int32(static_cast<int64_t>(tensor.dims.size())), array(dims),
                   int64(tensor.limit)});
  }
  llvm::Constant *tensors(llvm::ArrayRef<TensorInterface> list) {
    SmallVector<llvm::Constant *> elements;
    for (const TensorInterface &element : list)
      elements.push_back(tensor(element));
    return array(elements);
  }

private:
  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::PointerType *pointer;
};

} // namespace

FailureOr<Bytes> native::emitDescriptor(const ModelInterface &model,
                                        llvm::ArrayRef<NativeTarget> targets,
                                        const BuildId &buildId, Location loc) {
  llvm::LLVMContext context;
  llvm::Module module("descriptor", context);
  // It holds no code.
  NativeTarget portable{"portable", {}};
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine = createTargetMachine(portable);
  if (!machine)
    return emitError(loc) << llvm::toString(machine.takeError());
  module.setDataLayout((*machine)->createDataLayout());
  module.setTargetTriple((*machine)->getTargetTriple());

  DescriptorBuilder builder(module);
  StringRef idBytes(reinterpret_cast<const char *>(buildId.data()), buildId.size());
  // bert_model_info
  llvm::Constant *info = builder.place(builder.record(
      {builder.text(model.name), builder.int32(static_cast<int64_t>(model.inputs.size())),
       builder.int32(static_cast<int64_t>(model.outputs.size())), builder.tensors(model.inputs),
       builder.tensors(model.outputs), builder.int64(model.maxSequence),
       builder.int64(model.weightsBytes), builder.text(llvm::toHex(idBytes, /*LowerCase=*/true)),
       builder.int64(model.work.flopsPerToken), builder.int64(model.work.flopsPerPair),
       builder.int64(model.work.flopsPerSequence)}));
  SmallVector<llvm::Constant *> roles, codes;
  for (const TensorInterface &input : model.inputs)
    roles.push_back(builder.int32(input.role));
  for (auto [index, target] : llvm::enumerate(targets)) {
    auto code = static_cast<unsigned>(index);
    // BertModelCode
    codes.push_back(builder.record(
        {builder.text(target.name), builder.text(target.getFeatureList()),
         builder.function(getArenaBytesSymbol(code)), builder.function(getRunSymbol(code))}));
  }
  llvm::Constant *id =
      builder.place(llvm::ConstantDataArray::getString(context, idBytes, /*AddNull=*/false));
  // BertModelDescriptor
  llvm::Constant *descriptor =
      builder.record({info, builder.array(roles), id,
                      builder.int64(static_cast<int64_t>(codes.size())), builder.array(codes)});
  auto *global = new llvm::GlobalVariable(module, descriptor->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::ExternalLinkage, descriptor,
                                          "bert_model_descriptor");
  global->setVisibility(llvm::GlobalValue::HiddenVisibility);
  return emitObject(module, portable, loc);
}
