//===- CommandLine.cpp - Model Optimizer's command line, and ours --------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// One table of flags serves parsing and help. Flags that Model Optimizer had and
// that mean nothing here are accepted, so that old scripts run unchanged.
//
//===----------------------------------------------------------------------===//

#include "bert/Driver/CommandLine.h"

#include "bert/Pipelines/OVTarget.h"
#include "bert/Support/InputSpec.h"
#include "bert/Support/NearMiss.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace bertmlir;
using namespace bertmlir::driver;
using llvm::StringRef;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(message.str().c_str());
}

namespace {

enum class Argument {
  None,     ///< a switch
  Required, ///< `--flag value`
  Boolean,  ///< `--flag`, `--flag=True`, `--flag False`
  Retired,  ///< a switch without effect
  RetiredWithValue,
};

struct Flag {
  StringRef name;
  /// Letters that stand for it.
  StringRef shortNames;
  Argument argument;
  /// What the value stands for in the help.
  StringRef value;
  StringRef help;
  /// Takes the value ("true"/"false" for switches and booleans).
  llvm::Error (*apply)(CommandLine &, StringRef);
};

// Flags that belong together.
struct Group {
  StringRef title;
  std::vector<Flag> flags;
  /// The one program that has them; all if there is none.
  std::optional<Program> program = std::nullopt;

  bool isFor(Program asked) const { return !program || *program == asked; }
};

} // namespace

template <std::string CommandLine::*field>
static llvm::Error setText(CommandLine &commandLine, StringRef value) {
  commandLine.*field = value.str();
  return llvm::Error::success();
}

template <bool CommandLine::*field>
static llvm::Error setBool(CommandLine &commandLine, StringRef value) {
  commandLine.*field = value == "true";
  return llvm::Error::success();
}

template <std::vector<std::string> CommandLine::*field>
static llvm::Error addText(CommandLine &commandLine, StringRef value) {
  (commandLine.*field).push_back(value.str());
  return llvm::Error::success();
}

static llvm::Error setOutputs(CommandLine &commandLine, StringRef value) {
  for (StringRef name : llvm::split(value, ','))
    if (name = name.trim(); !name.empty())
      commandLine.outputs.push_back(name.str());
  return llvm::Error::success();
}

static llvm::Error setBatch(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.batch) || commandLine.batch < 1)
    return fail("--batch takes a positive number, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setDataType(CommandLine &commandLine, StringRef value) {
  if (value.equals_insensitive("FP16") || value.equals_insensitive("half"))
    commandLine.compressToFP16 = true;
  else if (!value.equals_insensitive("FP32") && !value.equals_insensitive("float"))
    return fail("--data_type takes FP16, half, FP32 or float, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setIRVersion(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.irVersion) ||
      (commandLine.irVersion != 10 && commandLine.irVersion != 11))
    return fail("--ir_version takes 10 or 11, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setTargetOpenVINO(CommandLine &commandLine, StringRef value) {
  if (!OpenVINORelease::parse(value))
    return fail("--target_openvino takes a release from 2020.1 on, as in 2024.6, not '" + value +
                "'");
  commandLine.targetOpenVINO = value.str();
  return llvm::Error::success();
}

// Model Optimizer's flags that would have changed the model, so can't be ignored.
static llvm::Error refuseScaling(CommandLine &, StringRef) {
  return fail("--scale, --scale_values and --mean_values are for inputs of floats, and a BERT's "
              "inputs are integers; leave them out");
}
static llvm::Error refuseTransform(CommandLine &, StringRef) {
  return fail("--transform has nothing to work on: its transformations are for recurrent models; "
              "leave it out");
}
static llvm::Error refuseCustomOps(CommandLine &, StringRef) {
  return fail("custom operations and their configurations can't be taken over; leave the flag out, "
              "and cut the graph around such operations with --input and --output");
}
static llvm::Error refuseOldIR(CommandLine &, StringRef) {
  return fail("IR version 7 can't be written; --ir_version takes 10 or 11");
}

static llvm::Error setEmit(CommandLine &commandLine, StringRef value) {
  if (value != "shared" && value != "object" && value != "llvm" && value != "mlir")
    return fail("--emit takes shared, object, llvm or mlir, not '" + value + "'");
  commandLine.emit = value.str();
  return llvm::Error::success();
}

static llvm::Error setPrefix(CommandLine &commandLine, StringRef value) {
  bool isName = !value.empty() && !llvm::isDigit(value.front()) &&
                llvm::all_of(value, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!isName)
    return fail("--prefix takes a name of C (letters, digits and _), not '" + value + "'");
  commandLine.prefix = value.str();
  return llvm::Error::success();
}

static llvm::Error setThreads(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.threads) || commandLine.threads < 1)
    return fail("--threads takes a positive number, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setBenchmark(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.benchmark) || commandLine.benchmark < 1)
    return fail("--benchmark takes how often to run, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setMaxLength(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.maxLength) || commandLine.maxLength < 1)
    return fail("--max_length takes a positive number, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setPool(CommandLine &commandLine, StringRef value) {
  if (value != "mean" && value != "cls" && value != "none")
    return fail("--pool takes mean, cls or none, not '" + value + "'");
  commandLine.pool = value.str();
  return llvm::Error::success();
}

static llvm::Error setFormat(CommandLine &commandLine, StringRef value) {
  if (value != "table" && value != "json")
    return fail("--format takes table or json, not '" + value + "'");
  commandLine.format = value.str();
  return llvm::Error::success();
}

static llvm::Error setGelu(CommandLine &commandLine, StringRef value) {
  if (value != "erf" && value != "tanh")
    return fail("--gelu takes erf or tanh, not '" + value + "'");
  commandLine.gelu = value.str();
  return llvm::Error::success();
}

static llvm::Error setFramework(CommandLine &, StringRef value) {
  if (!value.equals_insensitive("tf"))
    return fail("--framework takes tf; models of '" + value + "' can't be converted");
  return llvm::Error::success();
}

static const std::vector<Group> &getGroups() {
  static const std::vector<Group> groups = {
      {"The model",
       {
           {"input_model", "mw", Argument::Required, "FILE",
            "Frozen graph (.pb, .pbtxt), or any other file that a model is in; its kind is "
            "recognised from its content",
            setText<&CommandLine::inputModel>},
           {"input_meta_graph", "", Argument::Required, "FILE",
            "Meta graph (.meta); the checkpoint beside it holds the weights",
            setText<&CommandLine::inputMetaGraph>},
           {"input_checkpoint", "", Argument::Required, "PATH",
            "Checkpoint: its prefix, its folder, or one of its files",
            setText<&CommandLine::inputCheckpoint>},
           {"saved_model_dir", "", Argument::Required, "FOLDER", "SavedModel of TensorFlow 1",
            setText<&CommandLine::savedModelDir>},
           {"saved_model_tags", "", Argument::Required, "TAGS",
            "Comma separated tags of the meta graph in the SavedModel (default: serve)",
            setText<&CommandLine::savedModelTags>},
           {"bert_config", "", Argument::Required, "FILE",
            "bert_config.json of a checkpoint that has no graph: the model is built from it, open "
            "in batch and sequence length; --output chooses among its outputs",
            setText<&CommandLine::bertConfig>},
           {"gelu", "", Argument::Required, "KIND",
            "What gelu means in --bert_config: tanh, as in today's modeling.py (default), or erf, "
            "as in that of 2018",
            setGelu},
           {"input_model_is_text", "", Argument::Boolean, "",
            "The graph is in text form (recognised without this flag)",
            setBool<&CommandLine::inputModelIsText>},
           {"framework", "", Argument::Required, "tf", "Only tf", setFramework},
       }},
      {"Inputs and outputs",
       {
           {"input", "", Argument::Required, "LIST",
            "Inputs to cut at: node, node:1 (that output) or 0:node (that input), each with an "
            "optional [shape], {type} and ->value, as in "
            "\"ids{i32}[1,128],mask[1,128],is_training->False\". Dimensions may be ? or a range "
            "such as 1..512. Without it, the placeholders and iterator ports that the outputs need",
            setText<&CommandLine::input>},
           {"input_shape", "", Argument::Required, "SHAPES",
            "Shapes of the inputs of --input, in their order: [1,128],[1,128]",
            setText<&CommandLine::inputShape>},
           {"output", "", Argument::Required, "NODES",
            "Output nodes, or ports of nodes (node:1), in order", setOutputs},
           {"batch", "b", Argument::Required, "N",
            "The first dimension of every input; "
            "the graph may have been built for another",
            setBatch},
           {"dynamic", "", Argument::None, "",
            "Make the batch and the sequence length free, whatever the graph was built for",
            setBool<&CommandLine::dynamic>},
           {"freeze_placeholder_with_value", "", Argument::Required, "LIST",
            "Placeholders that become constants: is_training->False,keep_prob->1.0",
            setText<&CommandLine::freeze>},
       }},
      {"The result",
       {
           {"output_dir", "o", Argument::Required, "FOLDER",
            "Where the files go (default: the current folder); made if it is not there",
            setText<&CommandLine::outputDir>},
           {"model_name", "n", Argument::Required, "NAME",
            "The files' name without extension (default: the model file's)",
            setText<&CommandLine::modelName>},
           {"compress_to_fp16", "", Argument::Boolean, "",
            "Store weights as f16 (default: as they are, f32)",
            setBool<&CommandLine::compressToFP16>},
           {"data_type", "", Argument::Required, "TYPE",
            "FP16 or half: as --compress_to_fp16; FP32 or float: the default", setDataType},
           {"target_openvino", "", Argument::Required, "RELEASE",
            "The oldest OpenVINO that shall read the files (default: 2022.1). From 2024.1 on "
            "attention is one layer, before 2022.1 the IR has version 10",
            setTargetOpenVINO},
           {"ir_version", "", Argument::Required, "10|11",
            "Version of the IR (default: the newest that --target_openvino reads)", setIRVersion},
       },
       Program::Mo},
      {"The result",
       {
           {"output_file", "o", Argument::Required, "FILE",
            "The file to write (default: the model's name and what --emit's kind ends with); "
            "weights and header go beside it, with the endings .weights and .h",
            setText<&CommandLine::outputFile>},
           {"emit", "", Argument::Required, "KIND",
            "shared: a library, its weights and a C header (default); object: one object "
            "file in place of the library, to be linked with libbert-runtime.a; llvm: LLVM "
            "IR; mlir: the module in the LLVM dialect",
            setEmit},
           {"target_features", "", Argument::Required, "LIST",
            "What the code may use: native (this machine, the default), avx512, avx2, portable, or "
            "features as in avx2,fma",
            setText<&CommandLine::targetFeatures>},
           {"multi_target", "", Argument::None, "",
            "Code for avx512, avx2 and portable in one library, chosen when it is loaded",
            setBool<&CommandLine::multiTarget>},
           {"prefix", "", Argument::Required, "NAME",
            "How the library's functions begin (default: bert_model); for programs that are linked "
            "with several models",
            setPrefix},
           {"skip_padding", "", Argument::None, "",
            "Outputs may be zero at positions that the mask hides, and these are not computed",
            setBool<&CommandLine::skipPadding>},
           {"plain", "", Argument::None, "",
            "Fuse nothing: every operation becomes loops of its own; slow, to compare with",
            setBool<&CommandLine::plain>},
           {"static", "", Argument::None, "",
            "Keep the built-in batch and sequence length (default: any)",
            setBool<&CommandLine::staticShapes>},
           {"model_name", "n", Argument::Required, "NAME",
            "What the library calls the model (default: the model file's name)",
            setText<&CommandLine::modelName>},
       },
       Program::Compile},
      {"The run",
       {
           {"inputs_from", "", Argument::Required, "FILE",
            "The inputs: a .npz file with an array for each, by tensor name, with or without :0; "
            "may "
            "be given again for more calls",
            addText<&CommandLine::inputsFrom>},
           {"outputs_to", "", Argument::Required, "FILE",
            "Where the outputs go: a .npz file with an array for each, by tensor name; one for "
            "each "
            "--inputs_from",
            addText<&CommandLine::outputsTo>},
           {"threads", "", Argument::Required, "N",
            "How many threads compute (default: BERT_NUM_THREADS, or one for each core that the "
            "process may use)",
            setThreads},
           {"verify", "", Argument::None, "",
            "Read all weights of a library first and compare their checksum",
            setBool<&CommandLine::verify>},
           {"prefix", "", Argument::Required, "NAME",
            "How a library's functions begin (default: bert_model)", setPrefix},
           {"benchmark", "", Argument::Required, "N", "Run N times more and print how long it took",
            setBenchmark},
           {"skip_padding", "", Argument::None, "",
            "Outputs may be zero at positions that the mask hides, and these are not computed",
            setBool<&CommandLine::skipPadding>},
           {"plain", "", Argument::None, "",
            "Fuse nothing: every operation becomes loops of its own; slow, to compare with",
            setBool<&CommandLine::plain>},
           {"target_features", "", Argument::Required, "LIST",
            "What the code may use: native (this machine, the default), avx512, avx2, portable, or "
            "features as in avx2,fma",
            setText<&CommandLine::targetFeatures>},
           {"model_name", "n", Argument::Required, "NAME",
            "What messages call the model (default: the model file's name)",
            setText<&CommandLine::modelName>},
       },
       Program::Run},
      {"Text in place of arrays",
       {
           {"text", "", Argument::Required, "TEXT",
            "A line of text; may be given again. A tab in it makes it a pair",
            addText<&CommandLine::texts>},
           {"text_from", "", Argument::Required, "FILE",
            "Lines of text in a file; - is the standard input, which is read if there is --vocab "
            "and no text",
            setText<&CommandLine::textFrom>},
           {"vocab", "", Argument::Required, "FILE",
            "The model's vocab.txt (default: the one beside the model)",
            setText<&CommandLine::vocab>},
           {"cased", "", Argument::None, "",
            "The model tells case and accents apart (default: it does not)",
            setBool<&CommandLine::cased>},
           {"max_length", "", Argument::Required, "N",
            "The most ids of a line, [CLS] and [SEP] among them; what is longer loses its end "
            "(default: what the model takes)",
            setMaxLength},
           {"pool", "", Argument::Required, "KIND",
            "What becomes of an output with a row for each token: mean (of all, default), cls (the "
            "first), none (all rows)",
            setPool},
           {"format", "", Argument::Required, "KIND",
            "How answers are printed without --outputs_to: table (the first numbers, default) or "
            "json (all, an object a line)",
            setFormat},
           {"similarity", "", Argument::None, "",
            "Print the cosine between the vectors of any two lines, of the first output",
            setBool<&CommandLine::similarity>},
       },
       Program::Run},
      {"Looking at the model",
       {
           {"dry_run", "", Argument::None, "",
            "Print inputs, outputs, types, built-in shapes and which GELU it has, and what can't "
            "be converted; write nothing",
            setBool<&CommandLine::dryRun>},
           {"explain", "", Argument::None, "",
            "Say what was fused, and for each candidate that was not, why",
            setBool<&CommandLine::explain>},
       },
       Program::Mo},
      {"Looking at the model",
       {
           {"dry_run", "", Argument::None, "",
            "Compile, print the inputs and outputs that the library would have, what its code "
            "would "
            "compute and how much; write nothing",
            setBool<&CommandLine::dryRun>},
           {"explain", "", Argument::None, "",
            "Say what was fused, and for each candidate that was not, why",
            setBool<&CommandLine::explain>},
       },
       Program::Compile},
      {"Other",
       {
           {"dump_pass_pipeline", "", Argument::None, "",
            "Print the passes in bert-opt's syntax before they run",
            setBool<&CommandLine::dumpPassPipeline>},
           {"silent", "", Argument::Boolean, "", "Print errors only",
            setBool<&CommandLine::silent>},
           {"help", "h", Argument::None, "", "Print this text", setBool<&CommandLine::help>},
           {"version", "", Argument::None, "", "Print the version", setBool<&CommandLine::version>},
       }},
      {"Refused, since they would change the model",
       {
           {"scale", "s", Argument::Required, "", "", refuseScaling},
           {"scale_values", "", Argument::Required, "", "", refuseScaling},
           {"mean_values", "", Argument::Required, "", "", refuseScaling},
           {"transform", "", Argument::Required, "", "", refuseTransform},
           {"transformations_config", "", Argument::Required, "", "", refuseCustomOps},
           {"tensorflow_use_custom_operations_config", "", Argument::Required, "", "",
            refuseCustomOps},
           {"tensorflow_custom_operations_config_update", "", Argument::Required, "", "",
            refuseCustomOps},
           {"tensorflow_object_detection_api_pipeline_config", "", Argument::Required, "", "",
            refuseCustomOps},
           {"tensorflow_custom_layer_libraries", "", Argument::Required, "", "", refuseCustomOps},
           {"generate_deprecated_IR_V7", "", Argument::None, "", "", refuseOldIR},
       },
       Program::Mo},
      {"Accepted from Model Optimizer's scripts, without effect",
       {
           {"disable_nhwc_to_nchw", "", Argument::Retired, "", "", nullptr},
           {"disable_fusing", "", Argument::Retired, "", "", nullptr},
           {"disable_gfusing", "", Argument::Retired, "", "", nullptr},
           {"disable_resnet_optimization", "", Argument::Retired, "", "", nullptr},
           {"disable_omitting_optional", "", Argument::Retired, "", "", nullptr},
           {"disable_flattening_optional_params", "", Argument::Retired, "", "", nullptr},
           {"disable_weights_compression", "", Argument::Retired, "", "", nullptr},
           {"enable_concat_optimization", "", Argument::Retired, "", "", nullptr},
           {"enable_flattening_nested_params", "", Argument::Retired, "", "", nullptr},
           {"example_input", "", Argument::RetiredWithValue, "", "", nullptr},
           {"finegrain_fusing", "", Argument::RetiredWithValue, "", "", nullptr},
           {"extensions", "", Argument::RetiredWithValue, "", "", nullptr},
           {"generate_experimental_IR_V10", "", Argument::Retired, "", "", nullptr},
           {"keep_shape_ops", "", Argument::Retired, "", "", nullptr},
           {"layout", "", Argument::RetiredWithValue, "", "", nullptr},
           {"legacy_ir_generation", "", Argument::Retired, "", "", nullptr},
           {"log_level", "", Argument::RetiredWithValue, "", "", nullptr},
           {"move_to_preprocess", "", Argument::Retired, "", "", nullptr},
           {"progress", "", Argument::Retired, "", "", nullptr},
           {"reverse_input_channels", "", Argument::Retired, "", "", nullptr},
           {"share_weights", "", Argument::Retired, "", "", nullptr},
           {"source_layout", "", Argument::RetiredWithValue, "", "", nullptr},
           {"static_shape", "", Argument::Retired, "", "", nullptr},
           {"stream_output", "", Argument::Retired, "", "", nullptr},
           {"tensorboard_logdir", "", Argument::RetiredWithValue, "", "", nullptr},
           {"target_layout", "", Argument::RetiredWithValue, "", "", nullptr},
           {"use_legacy_frontend", "", Argument::Retired, "", "", nullptr},
           {"use_new_frontend", "", Argument::Retired, "", "", nullptr},
       }},
  };
  return groups;
}

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
  for (const Group &group : getGroups())
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
  for (const Group &group : getGroups())
    if (group.isFor(program))
      for (const Flag &flag : group.flags)
        names.push_back(flag.name);
  return fail("unknown flag '" + argument + "'" + suggestNames(name, names) +
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
        return fail("--" + flag->name + " needs a value");
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
        return fail("--" + flag->name + " takes True or False, not '" + value + "'");
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
    return fail("two models are named: '" + models[0] + "' and '" + models[1] +
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
  for (const Group &group : getGroups()) {
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
    return fail("--input: " + llvm::toString(specs.takeError()));
  auto shapes = parseShapeList(commandLine.inputShape);
  if (!shapes)
    return fail("--input_shape: " + llvm::toString(shapes.takeError()));
  bool hasShapes = llvm::any_of(*specs, [](auto &spec) { return spec.shape.has_value(); });
  if (!shapes->empty()) {
    if (hasShapes)
      return fail("shapes are given both in --input and in --input_shape; give them once");
    if (commandLine.batch)
      return fail("--batch and --input_shape exclude each other; put the batch into the shapes");
    if (shapes->size() != specs->size())
      return fail("--input_shape has " + llvm::Twine(shapes->size()) + " shapes for " +
                  llvm::Twine(specs->size()) + " inputs of --input; give one for each");
    for (auto [spec, shape] : llvm::zip_equal(*specs, *shapes))
      spec.shape = shape;
  }
  if (commandLine.batch && hasShapes)
    return fail("--batch and shapes in --input exclude each other; put the batch into the shapes");

  auto frozen = parseInputSpecs(commandLine.freeze);
  if (!frozen)
    return fail("--freeze_placeholder_with_value: " + llvm::toString(frozen.takeError()));
  for (InputSpec &spec : *frozen) {
    if (!spec.value)
      return fail("--freeze_placeholder_with_value: '" + spec.node +
                  "' has no value; write node->value");
    auto same = llvm::find_if(*specs, [&](auto &other) {
      return other.node == spec.node && other.outputPort.value_or(0) == spec.outputPort.value_or(0);
    });
    if (same == specs->end()) {
      specs->push_back(std::move(spec));
      continue;
    }
    if (same->value && *same->value != *spec.value)
      return fail("'" + spec.node + "' is frozen to two values");
    same->value = spec.value;
  }
  std::string text;
  for (const InputSpec &spec : *specs)
    text += (text.empty() ? "" : ",") + describe(spec);
  return text;
}
