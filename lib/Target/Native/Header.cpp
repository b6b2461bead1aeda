//===- Header.cpp - the C header of a compiled model -----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// bert_model.h itself, so that there is one text of it, with what is special to a
// model put before its first declaration.
//
//===----------------------------------------------------------------------===//

#include "HeaderText.h"
#include "bert/Target/Native/ModelInterface.h"

#include "llvm/ADT/StringExtras.h"

using namespace bertmlir;
using namespace bertmlir::native;
using llvm::StringRef;

static std::string describeType(const TensorInterface &tensor) {
  static constexpr StringRef types[] = {"float",   "int32_t", "int64_t", "int8_t",
                                        "uint8_t", "uint8_t", "double"};
  std::string text = types[tensor.type].str() + " [";
  for (auto [index, dim] : llvm::enumerate(tensor.dims)) {
    text += index == 0 ? "" : "][";
    text += dim == BERT_BATCH      ? "batch"
            : dim == BERT_SEQUENCE ? "sequence"
            : dim == BERT_OPEN     ? "?"
                                   : std::to_string(dim);
  }
  return text + "]";
}

// Names come from a model file; nothing in them may end a comment or a line.
static std::string quoteForComment(StringRef name) {
  std::string text;
  for (char c : name)
    text += llvm::isPrint(c) && c != '*' && c != '\\' ? c : '?';
  return "\"" + text + "\"";
}

static std::string describe(const ModelInterface &model) {
  std::string text = "/* Model " + quoteForComment(model.name) + "\n *\n";
  auto list = [&](StringRef title, const std::vector<TensorInterface> &tensors) {
    text += " * " + title.str() + ", in this order:\n";
    for (auto [index, tensor] : llvm::enumerate(tensors)) {
      text += " *   " + std::to_string(index) + "  " + quoteForComment(tensor.name) + "  " +
              describeType(tensor);
      if (tensor.role == BERT_ROLE_MASK)
        text += ": 1 for tokens, 0 for padding; may be null: no padding";
      if (tensor.role == BERT_ROLE_IDS)
        text += ": ids of tokens";
      if (tensor.role == BERT_ROLE_TYPES)
        text += ": token types; may be null: zeros";
      if (tensor.limit > 0)
        text += "; 0 to " + std::to_string(tensor.limit - 1);
      text += "\n";
    }
  };
  list("Inputs", model.inputs);
  list("Outputs", model.outputs);
  if (model.maxSequence > 0)
    text += " * A sequence has up to " + std::to_string(model.maxSequence) + " tokens.\n";
  return text + " */\n\n";
}

// Replaces each function's name, wherever it stands.
static std::string rename(StringRef header, StringRef prefix) {
  static constexpr StringRef functions[] = {
      "get_info",    "find_input", "find_output", "create",    "verify",  "run_ragged",
      "run_tensors", "run",        "num_threads", "code_name", "destroy", "last_error"};
  constexpr StringRef old = "bert_model_";
  std::string text;
  while (!header.empty()) {
    size_t at = header.find(old);
    text += header.substr(0, at);
    if (at == StringRef::npos)
      break;
    header = header.substr(at + old.size());
    const StringRef *function = llvm::find_if(functions, [&](StringRef name) {
      return header.starts_with(name) &&
             (header.size() == name.size() ||
              !(llvm::isAlnum(header[name.size()]) || header[name.size()] == '_'));
    });
    text += function == std::end(functions) ? old.str() : (prefix + "_").str();
  }
  return text;
}

std::string native::makeHeader(const ModelInterface &model, StringRef prefix) {
  StringRef text(headerText);
  std::string guard = prefix.upper() + "_H";
  std::string header = prefix == "bert_model" ? text.str() : rename(text, prefix);
  // The guard's three uses; BERT_MODEL_TYPES is shared by all models' headers.
  for (size_t at = 0; (at = header.find("BERT_MODEL_H", at)) != std::string::npos;
       at += guard.size())
    header.replace(at, StringRef("BERT_MODEL_H").size(), guard);
  size_t place = header.find("#ifndef " + guard);
  return header.insert(place, describe(model));
}
