//===- Flags.cpp - the table of flags -----------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Flags that Model Optimizer had and that mean nothing here are in the table too, so
// that old scripts run unchanged.
//
//===----------------------------------------------------------------------===//

#include "Flags.h"

#include "bert/Pipelines/OVTarget.h"
#include "bert/Support/InputSpec.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace bertmlir;
using namespace bertmlir::driver;
using llvm::StringRef;

llvm::Error driver::usageError(const llvm::Twine &message) {
  return llvm::createStringError(message.str().c_str());
}

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
    return usageError("--batch takes a positive number, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setDataType(CommandLine &commandLine, StringRef value) {
  if (value.equals_insensitive("FP16") || value.equals_insensitive("half"))
    commandLine.compressToFP16 = true;
  else if (!value.equals_insensitive("FP32") && !value.equals_insensitive("float"))
    return usageError("--data_type takes FP16, half, FP32 or float, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setIRVersion(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.irVersion) ||
      (commandLine.irVersion != 10 && commandLine.irVersion != 11))
    return usageError("--ir_version takes 10 or 11, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setTargetOpenVINO(CommandLine &commandLine, StringRef value) {
  if (!OpenVINORelease::parse(value))
    return usageError("--target_openvino takes a release from 2020.1 on, as in 2024.6, not '" +
                      value + "'");
  commandLine.targetOpenVINO = value.str();
  return llvm::Error::success();
}

// Model Optimizer's flags that would have changed the model, so can't be ignored.
static llvm::Error refuseScaling(CommandLine &, StringRef) {
  return usageError(
      "--scale, --scale_values and --mean_values are for inputs of floats, and a BERT's "
      "inputs are integers; leave them out");
}
static llvm::Error refuseTransform(CommandLine &, StringRef) {
  return usageError(
      "--transform has nothing to work on: its transformations are for recurrent models; "
      "leave it out");
}
static llvm::Error refuseCustomOps(CommandLine &, StringRef) {
  return usageError(
      "custom operations and their configurations can't be taken over; leave the flag out, "
      "and cut the graph around such operations with --input and --output");
}
static llvm::Error refuseOldIR(CommandLine &, StringRef) {
  return usageError("IR version 7 can't be written; --ir_version takes 10 or 11");
}

static llvm::Error setEmit(CommandLine &commandLine, StringRef value) {
  if (value != "shared" && value != "object" && value != "llvm" && value != "mlir")
    return usageError("--emit takes shared, object, llvm or mlir, not '" + value + "'");
  commandLine.emit = value.str();
  return llvm::Error::success();
}

static llvm::Error setPrefix(CommandLine &commandLine, StringRef value) {
  bool isName = !value.empty() && !llvm::isDigit(value.front()) &&
                llvm::all_of(value, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!isName)
    return usageError("--prefix takes a name of C (letters, digits and _), not '" + value + "'");
  commandLine.prefix = value.str();
  return llvm::Error::success();
}

static llvm::Error setThreads(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.threads) || commandLine.threads < 1)
    return usageError("--threads takes a positive number, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setBenchmark(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.benchmark) || commandLine.benchmark < 1)
    return usageError("--benchmark takes how often to run, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setMaxLength(CommandLine &commandLine, StringRef value) {
  if (value.getAsInteger(10, commandLine.maxLength) || commandLine.maxLength < 1)
    return usageError("--max_length takes a positive number, not '" + value + "'");
  return llvm::Error::success();
}

static llvm::Error setPool(CommandLine &commandLine, StringRef value) {
  if (value != "mean" && value != "cls" && value != "none")
    return usageError("--pool takes mean, cls or none, not '" + value + "'");
  commandLine.pool = value.str();
  return llvm::Error::success();
}

static llvm::Error setFormat(CommandLine &commandLine, StringRef value) {
  if (value != "table" && value != "json")
    return usageError("--format takes table or json, not '" + value + "'");
  commandLine.format = value.str();
  return llvm::Error::success();
}

static llvm::Error setGelu(CommandLine &commandLine, StringRef value) {
  if (value != "erf" && value != "tanh")
    return usageError("--gelu takes erf or tanh, not '" + value + "'");
  commandLine.gelu = value.str();
  return llvm::Error::success();
}

static llvm::Error setFramework(CommandLine &, StringRef value) {
  if (!value.equals_insensitive("tf"))
    return usageError("--framework takes tf; models of '" + value + "' can't be converted");
  return llvm::Error::success();
}

static Flag retired(StringRef name) { return {name, "", Argument::Retired, "", "", nullptr}; }

static Flag retiredWithValue(StringRef name, StringRef shortNames = "") {
  return {name, shortNames, Argument::RetiredWithValue, "", "", nullptr};
}

const std::vector<Group> &driver::getFlagGroups() {
  static const Flag explain = {"explain",
                               "",
                               Argument::None,
                               "",
                               "Say what was fused, and for each candidate that was not, why",
                               setBool<&CommandLine::explain>};
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
           explain,
       },
       Program::Mo},
      {"Looking at the model",
       {
           {"dry_run", "", Argument::None, "",
            "Compile, print the inputs and outputs that the library would have, what its code "
            "would "
            "compute and how much; write nothing",
            setBool<&CommandLine::dryRun>},
           explain,
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
           retiredWithValue("caffe_parser_path"),
           retiredWithValue("counts"),
           retired("disable_nhwc_to_nchw"),
           retired("disable_fusing"),
           retired("disable_gfusing"),
           retired("disable_resnet_optimization"),
           retired("disable_omitting_optional"),
           retired("disable_flattening_optional_params"),
           retired("disable_weights_compression"),
           retired("enable_concat_optimization"),
           retired("enable_flattening_nested_params"),
           retiredWithValue("example_input"),
           retiredWithValue("finegrain_fusing"),
           retiredWithValue("extensions"),
           retired("generate_experimental_IR_V10"),
           retiredWithValue("input_proto", "d"),
           retiredWithValue("k"),
           retired("keep_shape_ops"),
           retiredWithValue("layout"),
           retired("legacy_ir_generation"),
           retiredWithValue("log_level"),
           retired("move_to_preprocess"),
           retired("progress"),
           retired("remove_memory"),
           retired("remove_output_softmax"),
           retired("reverse_input_channels"),
           retired("share_weights"),
           retiredWithValue("source_layout"),
           retired("static_shape"),
           retired("stream_output"),
           retiredWithValue("tensorboard_logdir"),
           retiredWithValue("target_layout"),
           retired("use_legacy_frontend"),
           retired("use_new_frontend"),
       }},
  };
  return groups;
}
