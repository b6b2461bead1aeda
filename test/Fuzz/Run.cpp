//===- Run.cpp - fuzz compiled code -----------------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The input is an .xml, a zero and the .bin, as for fuzz-native. The model is compiled
// in memory and run on zeros and ones. Its code is not instrumented: what is found is
// what the system ends the process for.
//
//===----------------------------------------------------------------------===//

#include "Fuzzing.h"

#include "bert/Conversion/ImportOpenVINO.h"
#include "bert/Dialect/OV/Transforms/Passes.h"
#include "bert/Pipelines/OVOptimize.h"
#include "bert/Support/ResourceBlob.h"
#include "bert/Target/JIT/JITModel.h"
#include "bert/Target/Native/EmitNative.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace bertmlir;

// Loops of any length are possible, but nothing to wait for.
static bool isLarge(ModuleOp module) {
  constexpr int64_t limit = 1 << 14;
  return module
      .walk([&](Operation *op) {
        for (Type type : op->getResultTypes())
          if (auto tensor = dyn_cast<RankedTensorType>(type)) {
            SmallVector<int64_t> dims(tensor.getShape());
            for (int64_t &dim : dims)
              dim = ShapedType::isDynamic(dim) ? 4 : dim;
            std::optional<int64_t> count = getCheckedNumElements(dims);
            if (!count || *count > limit)
              return WalkResult::interrupt();
          }
        return WalkResult::advance();
      })
      .wasInterrupted();
}

static void run(jit::JITModel &model, bool isOne) {
  const native::ModelInterface &interface = model.getInterface();
  std::vector<std::vector<char>> storage;
  std::vector<bert_tensor> inputs, outputs(interface.outputs.size());
  for (const native::TensorInterface &input : interface.inputs) {
    bert_tensor tensor{};
    tensor.type = input.type;
    tensor.rank = static_cast<int>(input.dims.size());
    size_t count = 1;
    for (int i = 0; i < tensor.rank; ++i) {
      int64_t dim = input.dims[i];
      tensor.dims[i] = dim == BERT_BATCH ? 2 : dim == BERT_SEQUENCE ? 3 : dim < 0 ? 2 : dim;
      count *= static_cast<size_t>(tensor.dims[i]);
    }
    if (count > 1 << 14)
      return;
    // More than enough for any type.
    std::vector<char> &bytes = storage.emplace_back(8 * count + 64);
    for (size_t i = 0; isOne && i < count; ++i)
      if (input.type == BERT_I32)
        bytes[4 * i] = 1;
    tensor.data = bytes.data();
    tensor.bytes = bytes.size();
    inputs.push_back(tensor);
  }
  if (llvm::Error error = model.run(inputs, outputs))
    fuzz::require(!llvm::toString(std::move(error)).empty(), "a call failed without a message");
}

static void addNativeDialects(MLIRContext &context) {
  static const DialectRegistry *registry = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    auto *all = new DialectRegistry;
    mlir::registerAllDialects(*all);
    mlir::registerAllExtensions(*all);
    mlir::registerAllToLLVMIRTranslations(*all);
    return all;
  }();
  context.appendDialectRegistry(*registry);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto [text, weights] = fuzz::asText(data, size).split('\0');
  ImportOpenVINOOptions import;
  import.xmlPath = fuzz::writeFile("in.xml", text);
  fuzz::writeFile("in.bin", weights);
  fuzz::Session session;
  MLIRContext &context = session.getContext();
  addNativeDialects(context);
  OwningOpRef<ModuleOp> module = importOpenVINO(&context, import);
  if (!module || isLarge(*module))
    return 0;

  jit::JITOptions options;
  options.plain = weights.size() % 2 != 0;
  options.threads = 2;
  auto pm = PassManager::on<ModuleOp>(&context);
  OVOptimizeOptions optimize;
  optimize.sinkTokenSlice = false;
  if (!options.plain)
    buildOVOptimizePipeline(pm, optimize);
  pm.nest<func::FuncOp>().addPass(ov::createOVDescribeInterface());
  if (!session.run(pm, *module))
    return 0;
  (*module->getOps<func::FuncOp>().begin()).setName(native::kMainFunction);
  FailureOr<std::unique_ptr<jit::JITModel>> model =
      jit::JITModel::create(*module, "model", options);
  fuzz::require(succeeded(model) || session.takeError(), "compiling failed without a message");
  if (failed(model))
    return 0;
  run(**model, false);
  run(**model, true);
  return 0;
}
