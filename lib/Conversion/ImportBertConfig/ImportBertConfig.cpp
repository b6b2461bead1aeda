//===- ImportBertConfig.cpp - a checkpoint without a graph ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportBertConfig.h"

#include "ModelBuilder.h"

#include "bert/Support/Diagnostics.h"
#include "bert/Support/NearMiss.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::bertconfig;
namespace cl = llvm::cl;

// Those that were asked for, by any of their names.
static FailureOr<SmallVector<const Output *>>
chooseOutputs(ArrayRef<Output> outputs, ArrayRef<std::string> asked, Location loc) {
  SmallVector<const Output *> chosen;
  SmallVector<StringRef> names;
  for (const Output &output : outputs) {
    if (asked.empty() && output.isDefault)
      chosen.push_back(&output);
    names.append(output.names.begin(), output.names.end());
  }
  for (const std::string &text : asked) {
    StringRef name = text;
    const Output *found = nullptr;
    // A node's port 0 may be left out.
    for (const Output &output : outputs)
      if (llvm::is_contained(output.names, name) ||
          (name.ends_with(":0") && llvm::is_contained(output.names, name.drop_back(2))))
        found = &output;
    if (!found) {
      InFlightDiagnostic diagnostic = emitError(loc) << "no output '" << text
                                                     << "' can be built from this checkpoint"
                                                     << suggestNames(name, names) << "; there are";
      for (const Output &output : outputs)
        diagnostic << " " << output.names.front();
      return failure();
    }
    chosen.push_back(found);
  }
  return chosen;
}

OwningOpRef<ModuleOp> bertmlir::importBertConfig(MLIRContext *context,
                                                 const ImportBertConfigOptions &options) {
  context->loadDialect<ov::OVDialect, func::FuncDialect>();
  Location loc = getFileLoc(context, options.configPath);
  FailureOr<BertConfig> config = readBertConfig(options.configPath, context);
  if (failed(config))
    return {};
  if (options.gelu != "tanh" && options.gelu != "erf") {
    emitError(loc) << "gelu is '" << options.gelu << "'; erf and tanh are known";
    return {};
  }
  if (options.checkpoint.empty()) {
    emitError(loc) << "a config holds no weights; name the checkpoint, too";
    return {};
  }
  std::unique_ptr<Checkpoint> checkpoint = Checkpoint::open(options.checkpoint, context);
  if (!checkpoint)
    return {};

  std::string activation = config->hiddenAct;
  if (activation == "gelu")
    activation = "gelu_" + options.gelu;
  ModelBuilder model(loc, *config, activation, *checkpoint);
  std::vector<Output> outputs = model.getOutputs();
  FailureOr<SmallVector<const Output *>> chosen = chooseOutputs(outputs, options.outputs, loc);
  if (failed(chosen))
    return {};

  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  OpBuilder b(module->getBodyRegion());
  auto inputType =
      RankedTensorType::get({ShapedType::kDynamic, ShapedType::kDynamic}, b.getI32Type());
  SmallVector<Type> inputTypes(3, inputType);
  auto function =
      func::FuncOp::create(b, loc, options.modelName, b.getFunctionType(inputTypes, {}));
  function.addEntryBlock();
  static constexpr StringLiteral inputNames[] = {"input_ids", "input_mask", "segment_ids"};
  auto bounds = b.getDenseI64ArrayAttr({1, -1, 1, config->maxPositionEmbeddings});
  for (auto [index, name] : llvm::enumerate(inputNames)) {
    function.setArgAttr(index, ov::kNameAttr, b.getStringAttr(name));
    function.setArgAttr(index, ov::kNamesAttr, b.getStrArrayAttr({name, (name + ":0").str()}));
    function.setArgAttr(index, ov::kBoundsAttr, bounds);
  }
  model.setFunction(function);

  SmallVector<Value> results;
  for (const Output *output : *chosen)
    results.push_back(output->build());
  if (failed(model.reportProblems()))
    return {};
  b.setInsertionPointToEnd(&function.getBody().front());
  func::ReturnOp::create(b, loc, results);
  function.setFunctionType(b.getFunctionType(inputTypes, TypeRange(ValueRange(results))));

  InFlightDiagnostic remark = emitRemark(loc) << "built from the config, activation " << activation;
  if (config->hiddenAct == "gelu")
    remark << (options.gelu == "tanh" ? " (models of 2018 need --gelu=erf)" : "");
  remark << "; outputs:";
  for (auto [index, output] : llvm::enumerate(*chosen)) {
    SmallVector<std::string> names(output->names.begin(), output->names.end());
    for (const std::string &name : output->names)
      if (StringRef(name).find(':') == StringRef::npos)
        names.push_back(name + ":0");
    llvm::sort(names);
    names.erase(llvm::unique(names), names.end());
    SmallVector<StringRef> spellings(names.begin(), names.end());
    function.setResultAttr(index, ov::kNameAttr, b.getStringAttr(output->names.front()));
    function.setResultAttr(index, ov::kNamesAttr, b.getStrArrayAttr(spellings));
    remark << " " << output->names.front();
  }
  return module;
}

void bertmlir::registerImportBertConfig(TranslationRegistry &registry) {
  auto &checkpoint = registry.addOption<cl::opt<std::string>>(
      "config-checkpoint", cl::value_desc("prefix"),
      cl::desc("bert_config.json: the checkpoint with the weights; default: the one beside it"));
  auto &gelu =
      registry.addOption<cl::opt<std::string>>("gelu", cl::value_desc("erf|tanh"), cl::init("tanh"),
                                               cl::desc("bert_config.json: what its gelu means"));
  registry.addImport(
      "import-bert-config", "bert_config.json and its checkpoint to ov",
      [&](StringRef path, const std::shared_ptr<MappedFile> &, MLIRContext *context) {
        ImportBertConfigOptions options;
        options.configPath = path.str();
        options.checkpoint = checkpoint;
        if (options.checkpoint.empty())
          options.checkpoint = llvm::sys::path::parent_path(path).str();
        if (options.checkpoint.empty())
          options.checkpoint = ".";
        options.gelu = gelu;
        return importBertConfig(context, options);
      });
}
