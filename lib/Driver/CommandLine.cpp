//===- CommandLine.cpp - Model Optimizer's command line, and ours --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One table of flags (Flags.h) serves parsing and help.
//
//===----------------------------------------------------------------------===//

#include "bert/Driver/CommandLine.h"

#include "Flags.h"

#include "bert/Support/InputSpec.h"
#include "bert/Support/NearMiss.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace bertmlir;
using namespace bertmlir::driver;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

// Model Optimizer's names have underscores and so have ours; most tools' have
// hyphens, so whoever writes these is understood.
static bool isSameName(StringRef a, StringRef b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x == '-' ? '_' : x) == (y == '-' ? '_' : y); });
}

// By name, by letter, or by the beginning of a name if no other begins so; Model
// Optimizer's parser took that, too.
static const Flag *findFlag(Program program, StringRef name) {
  const Flag *begun = nullptr;
  bool isAmbiguous = false;
  for (const Group &group : getFlagGroups())
    for (const Flag &flag : group.flags) {
      if (!group.isFor(program))
        continue;
      if (isSameName(name, flag.name) || (name.size() == 1 && flag.shortNames.contains(name)))
        return &flag;
      if (name.size() > 2 && isSameName(name, flag.name.take_front(name.size()))) {
        isAmbiguous |= begun != nullptr;
        begun = &flag;
      }
    }
  return isAmbiguous ? nullptr : begun;
}

static llvm::Error unknownFlag(Program program, StringRef argument, StringRef name) {
  llvm::SmallVector<StringRef> names;
  for (const Group &group : getFlagGroups())
    if (group.isFor(program))
      for (const Flag &flag : group.flags)
        names.push_back(flag.name);
  return usageError("unknown flag '" + argument + "'" + suggestNames(name, names) +
                    " (--help lists all)");
}

// "true", "false", or "" for anything else.
static StringRef parseBoolean(StringRef text) {
  if (text.equals_insensitive("true") || text == "1" || text.equals_insensitive("yes"))
    return "true";
  if (text.equals_insensitive("false") || text == "0" || text.equals_insensitive("no"))
    return "false";
  return "";
}

llvm::Expected<CommandLine> driver::parseCommandLine(Program program,
                                                     llvm::ArrayRef<StringRef> arguments) {
  CommandLine commandLine;
  llvm::SmallVector<StringRef> models; // Without a flag before them.
  while (!arguments.empty()) {
    StringRef argument = arguments.consume_front();
    StringRef name = argument;
    bool isFlag = name != "-" && (name.consume_front("--") || name.consume_front("-"));
    if (!isFlag) {
      models.push_back(argument);
      continue;
    }
    bool hasValue = name.contains('=');
    auto [flagName, value] = name.split('=');
    const Flag *flag = findFlag(program, flagName);
    // -b1
    if (!flag && !argument.starts_with("--") && name.size() > 1) {
      flag = findFlag(program, name.take_front());
      if (flag && flag->argument != Argument::Required)
        flag = nullptr;
      value = name.drop_front();
      hasValue = true;
    }
    if (!flag)
      return unknownFlag(program, argument, flagName);
    bool takesValue =
        flag->argument == Argument::Required || flag->argument == Argument::RetiredWithValue;
    if (takesValue && !hasValue) {
      if (arguments.empty())
        return usageError("--" + flag->name + " needs a value");
      value = arguments.consume_front();
    }
    if (flag->argument == Argument::Retired && !hasValue && !arguments.empty() &&
        !parseBoolean(arguments.front()).empty())
      arguments.consume_front();
    if (flag->argument == Argument::Retired || flag->argument == Argument::RetiredWithValue) {
      if (!llvm::is_contained(commandLine.withoutEffect, flag->name))
        commandLine.withoutEffect.push_back(flag->name.str());
      continue;
    }
    if (flag->argument == Argument::Boolean && !hasValue && !arguments.empty() &&
        !parseBoolean(arguments.front()).empty()) {
      value = arguments.consume_front();
      hasValue = true;
    }
    if (flag->argument == Argument::Boolean || flag->argument == Argument::None) {
      StringRef boolean = hasValue ? parseBoolean(value) : StringRef("true");
      if (boolean.empty())
        return usageError("--" + flag->name + " takes True or False, not '" + value + "'");
      value = boolean;
    }
    if (llvm::Error error = flag->apply(commandLine, value))
      return std::move(error);
  }
  if (models.empty())
    return commandLine;
  for (StringRef other : {StringRef(commandLine.inputModel), StringRef(commandLine.inputMetaGraph),
                          StringRef(commandLine.savedModelDir), StringRef(commandLine.bertConfig)})
    if (!other.empty())
      models.insert(models.begin(), other);
  if (models.size() > 1)
    return usageError("two models are named: '" + models[0] + "' and '" + models[1] +
                      "'; a flag's value that has spaces needs quotes");
  commandLine.inputModel = models.front().str();
  return commandLine;
}

//===----------------------------------------------------------------------===//
// Help
//===----------------------------------------------------------------------===//

// Words at most 90 columns wide, indented.
static std::string wrap(StringRef text) {
  std::string result;
  size_t column = 0;
  for (StringRef word : llvm::split(text, ' ')) {
    if (column == 0 || column + word.size() + 1 > 82) {
      result += result.empty() ? "        " : "\n        ";
      column = 0;
    } else {
      result += ' ';
    }
    result += word.str();
    column += word.size() + 1;
  }
  return result + "\n";
}

static StringRef getIntroduction(Program program) {
  switch (program) {
  case Program::Mo:
    return "Converts a BERT of TensorFlow 1.x to OpenVINO IR (.xml and .bin).\n\n"
           "  bert-mo --input_meta_graph bert_model.ckpt.meta --output bert/pooler/dense/Tanh \\\n"
           "      --input Placeholder{i32},Placeholder_1{i32},Placeholder_2{i32}\n"
           "  bert-mo --input_model inference_graph.pb \\\n      --input "
           "\"IteratorGetNext:0{i32}[1 128],IteratorGetNext:1{i32}[1 128],"
           "IteratorGetNext:4{i32}[1 128]\"\n"
           "  bert-mo bert_model.ckpt.meta --output bert/pooler/dense/Tanh --dynamic\n";
  case Program::Compile:
    return "Compiles a BERT to a shared library for this CPU that takes any batch and sequence "
           "length.\n\n"
           "  bert-compile bert_model.ckpt.meta --output bert/pooler/dense/Tanh -o model.so\n"
           "  bert-compile inference_graph.pb -o model.so --multi_target\n"
           "  bert-compile model.xml -o model.so\n\n"
           "writes model.so, model.weights and model.h. A model is whatever bert-mo reads, an "
           "OpenVINO IR (.xml),\nor a module of the ov dialect (.mlir).\n";
  case Program::Run:
    return "Runs a BERT on this CPU.\n\n"
           "  bert-run bert_model.ckpt.meta --output bert/pooler/dense/Tanh \\\n"
           "      --inputs_from in.npz --outputs_to out.npz\n"
           "  bert-run model.xml --inputs_from in.npz --benchmark 100 --threads 2\n"
           "  bert-run model.so --inputs_from in.npz --outputs_to out.npz --verify\n"
           "  bert-run model.so --text \"A line of text.\" --text \"Another one.\" --similarity\n"
           "  bert-run model.so --text_from lines.txt --format json > answers.jsonl\n\n"
           "A model is whatever bert-mo reads, an OpenVINO IR (.xml), or a module of the ov "
           "dialect (.mlir);\nit is compiled before it runs. Or it is a library of bert-compile "
           "(.so), "
           "with its weights beside it.\n";
  }
  return "";
}

std::string driver::getHelp(Program program) {
  std::string text = getIntroduction(program).str();
  for (const Group &group : getFlagGroups()) {
    // What old scripts of Model Optimizer's may say is of interest where they are mended only.
    bool isRetired = llvm::all_of(group.flags, [](const Flag &flag) { return flag.help.empty(); });
    if (!group.isFor(program) || (isRetired && program != Program::Mo))
      continue;
    text += "\n" + group.title.str() + ":\n";
    std::string retired;
    for (const Flag &flag : group.flags) {
      if (flag.help.empty()) {
        retired += (retired.empty() ? "--" : " --") + flag.name.str();
        continue;
      }
      text += "  --" + flag.name.str();
      for (char letter : flag.shortNames)
        text += std::string(", -") + letter;
      if (!flag.value.empty())
        text += " " + flag.value.str();
      text += "\n" + wrap(flag.help);
    }
    if (!retired.empty())
      text += wrap(retired);
  }
  text += "\nA flag's value may follow it as --flag value or --flag=value, and underscores in "
          "names may\n"
          "be hyphens. Exit code 0: done; 1: an error, which is printed with what to do next.\n";
  return text;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static std::string describe(llvm::ArrayRef<DimBounds> shape) {
  std::string text = "[";
  for (auto [index, dim] : llvm::enumerate(shape)) {
    text += index ? "," : "";
    if (dim.isFixed())
      text += std::to_string(dim.low);
    else if (dim == DimBounds())
      text += "?";
    else
      text += std::to_string(dim.low) + ".." + (dim.high < 0 ? "" : std::to_string(dim.high));
  }
  return text + "]";
}

static std::string describe(const InputSpec &spec) {
  std::string text;
  if (spec.inputPort)
    text += std::to_string(*spec.inputPort) + ":";
  text += spec.node;
  if (spec.outputPort)
    text += ":" + std::to_string(*spec.outputPort);
  if (spec.shape)
    text += describe(*spec.shape);
  if (!spec.type.empty())
    text += "{" + spec.type + "}";
  if (spec.value)
    text += "->[" + llvm::join(*spec.value, " ") + "]";
  return text;
}

llvm::Expected<std::string> driver::mergeInputs(const CommandLine &commandLine) {
  auto specs = parseInputSpecs(commandLine.input);
  if (!specs)
    return usageError("--input: " + llvm::toString(specs.takeError()));
  auto shapes = parseShapeList(commandLine.inputShape);
  if (!shapes)
    return usageError("--input_shape: " + llvm::toString(shapes.takeError()));
  bool hasShapes = llvm::any_of(*specs, [](auto &spec) { return spec.shape.has_value(); });
  if (!shapes->empty()) {
    if (hasShapes)
      return usageError("shapes are given both in --input and in --input_shape; give them once");
    if (commandLine.batch)
      return usageError(
          "--batch and --input_shape exclude each other; put the batch into the shapes");
    if (shapes->size() != specs->size())
      return usageError("--input_shape has " + llvm::Twine(shapes->size()) + " shapes for " +
                        llvm::Twine(specs->size()) + " inputs of --input; give one for each");
    for (auto [spec, shape] : llvm::zip_equal(*specs, *shapes))
      spec.shape = shape;
  }
  if (commandLine.batch && hasShapes)
    return usageError(
        "--batch and shapes in --input exclude each other; put the batch into the shapes");

  auto frozen = parseInputSpecs(commandLine.freeze);
  if (!frozen)
    return usageError("--freeze_placeholder_with_value: " + llvm::toString(frozen.takeError()));
  for (InputSpec &spec : *frozen) {
    if (!spec.value)
      return usageError("--freeze_placeholder_with_value: '" + spec.node +
                        "' has no value; write node->value");
    auto same = llvm::find_if(*specs, [&](auto &other) {
      return other.node == spec.node && other.outputPort.value_or(0) == spec.outputPort.value_or(0);
    });
    if (same == specs->end()) {
      specs->push_back(std::move(spec));
      continue;
    }
    if (same->value && *same->value != *spec.value)
      return usageError("'" + spec.node + "' is frozen to two values");
    same->value = spec.value;
  }
  std::string text;
  for (const InputSpec &spec : *specs)
    text += (text.empty() ? "" : ",") + describe(spec);
  return text;
}
