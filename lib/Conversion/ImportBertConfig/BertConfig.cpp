//===- BertConfig.cpp - reads bert_config.json ------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Conversion/ImportBertConfig.h"

#include "bert/Support/Diagnostics.h"
#include "bert/Support/NearMiss.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace bertmlir;

// More would not fit memory, and products of two sizes stay far below 2^63.
static constexpr int64_t kMaxSize = int64_t(1) << 24;

// LLVM's parser calls itself for each level. A config has one, those of newer libraries have two or
// three; 100 000 opening brackets would end the process.
static bool isNestedTooDeeply(StringRef text) {
  constexpr int maxDepth = 64;
  int depth = 0;
  bool isString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"')
      isString = !isString;
    else if (isString)
      i += c == '\\';
    else if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}')
      --depth;
    if (depth > maxDepth)
      return true;
  }
  return false;
}

// Models of the family whose encoder is not BERT's, by what their configs hold.
static std::string findAnotherModel(const llvm::json::Object &object) {
  if (std::optional<StringRef> type = object.getString("model_type"); type && *type != "bert")
    return ("says that the model is of the type '" + *type + "'").str();
  for (StringRef key : {"num_hidden_groups", "inner_group_num", "net_structure_type"})
    if (object.get(key))
      return ("has '" + key + "', which is ALBERT's").str();
  std::optional<int64_t> hidden = object.getInteger("hidden_size");
  std::optional<int64_t> width = object.getInteger("embedding_size");
  if (width && hidden && *width != *hidden)
    return "has an 'embedding_size' that is not its 'hidden_size', as ALBERT and ELECTRA do";
  if (object.get("intra_bottleneck_size"))
    return "has 'intra_bottleneck_size', which is MobileBERT's";
  if (std::optional<StringRef> type = object.getString("position_embedding_type");
      type && *type != "absolute")
    return ("has positions of the type '" + *type + "'").str();
  if (object.getBoolean("is_decoder").value_or(false))
    return "says that the model is a decoder";
  return "";
}

// The activation by the name that other libraries give it; "" for those that no BERT of
// TensorFlow has.
static StringRef getActivation(StringRef name) {
  return llvm::StringSwitch<StringRef>(name)
      .Cases({"gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate"}, "gelu_tanh")
      .Case("gelu_python", "gelu_erf")
      .Cases({"", "none"}, "linear")
      .Cases({"gelu", "gelu_erf", "gelu_tanh", "relu", "tanh", "linear"}, name)
      .Default("");
}

FailureOr<BertConfig> bertmlir::readBertConfig(StringRef path, MLIRContext *context) {
  Location loc = getFileLoc(context, path);
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file) {
    emitError(loc) << "can't be read: " << file.getError().message();
    return failure();
  }
  if (isNestedTooDeeply((*file)->getBuffer())) {
    emitError(loc) << "is nested too deeply; a bert_config.json is expected";
    return failure();
  }
  llvm::Expected<llvm::json::Value> json = llvm::json::parse((*file)->getBuffer());
  if (!json) {
    emitError(loc) << "is not JSON: " << llvm::toString(json.takeError())
                   << "; a bert_config.json is expected";
    return failure();
  }
  llvm::json::Object *object = json->getAsObject();
  if (!object) {
    emitError(loc) << "holds no JSON object; a bert_config.json is expected";
    return failure();
  }

  if (std::string other = findAnotherModel(*object); !other.empty()) {
    emitError(loc) << other << "; only BERT's own encoder can be built from a config. Convert the "
                   << "model's graph instead (--input_meta_graph, --input_model)";
    return failure();
  }

  BertConfig config;
  SmallVector<StringRef> keys;
  for (auto &entry : *object)
    keys.push_back(entry.first);
  bool isGood = true;
  auto readSize = [&](StringRef key, int64_t &size) {
    llvm::json::Value *value = object->get(key);
    if (!value) {
      if (size == 0) {
        emitError(loc) << "lacks '" << key << "'" << suggestNames(key, keys);
        isGood = false;
      }
      return;
    }
    std::optional<int64_t> number = value->getAsInteger();
    if (!number || *number < 1 || *number > kMaxSize) {
      emitError(loc) << "'" << key << "' must be a number from 1 to " << kMaxSize;
      isGood = false;
      return;
    }
    size = *number;
  };
  readSize("vocab_size", config.vocabSize);
  readSize("hidden_size", config.hiddenSize);
  readSize("num_hidden_layers", config.numHiddenLayers);
  readSize("num_attention_heads", config.numAttentionHeads);
  readSize("intermediate_size", config.intermediateSize);
  readSize("max_position_embeddings", config.maxPositionEmbeddings);
  readSize("type_vocab_size", config.typeVocabSize);
  if (llvm::json::Value *value = object->get("hidden_act")) {
    // modeling.py takes null and "" for no activation, too.
    std::optional<StringRef> text = value->getAsString();
    std::string name = text ? text->lower() : "";
    config.hiddenAct = getActivation(name);
    if ((!text && !value->getAsNull()) || config.hiddenAct.empty()) {
      emitError(loc) << "'hidden_act' must be gelu, gelu_new, relu, tanh or linear, not '" << name
                     << "'";
      isGood = false;
    }
  }
  if (llvm::json::Value *value = object->get("layer_norm_eps")) {
    std::optional<double> number = value->getAsNumber();
    if (!number || !(*number > 0 && *number < 1)) {
      emitError(loc) << "'layer_norm_eps' must be a small positive number";
      isGood = false;
    } else {
      config.layerNormEpsilon = *number;
    }
  }
  if (!isGood)
    return failure();
  if (config.hiddenSize % config.numAttentionHeads != 0) {
    emitError(loc) << "'hidden_size' " << config.hiddenSize
                   << " is not a multiple of 'num_attention_heads' " << config.numAttentionHeads;
    return failure();
  }
  if (config.numHiddenLayers > 1000) {
    emitError(loc) << "'num_hidden_layers' is " << config.numHiddenLayers
                   << "; at most 1000 are expected";
    return failure();
  }
  return config;
}
