//===- Text.cpp - from lines of text to a model's answers ------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Lines are computed in batches of about one length, so that what padding there is
// stays small, and answered in the order in which they were given.
//
//===----------------------------------------------------------------------===//

#include "Text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <numeric>

using namespace bertmlir;
using namespace bertmlir::run;
using bertmlir::driver::CommandLine;
using llvm::StringRef;

// How many ids a call has at most (one line may have more): enough to keep all cores busy, few
// enough that the values in between stay in the cache.
static constexpr int64_t kIdsPerCall = 2048;

static llvm::Error fail(const llvm::Twine &message) { return llvm::createStringError(message); }

bool run::isAboutText(const CommandLine &commandLine) {
  return !commandLine.texts.empty() || !commandLine.textFrom.empty() || !commandLine.vocab.empty();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static llvm::Error readLines(StringRef path, std::vector<std::string> &lines) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false,
                                                   /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("--text_from: can't read '" + path + "': " + buffer.getError().message());
  StringRef rest = (*buffer)->getBuffer();
  while (!rest.empty()) {
    auto [line, behind] = rest.split('\n');
    line.consume_back("\r");
    lines.push_back(line.str());
    rest = behind;
  }
  return llvm::Error::success();
}

// The vocabulary that was named, or the one beside the model.
static llvm::Expected<std::string> findVocabulary(const CommandLine &commandLine,
                                                  StringRef modelPath) {
  if (!commandLine.vocab.empty())
    return commandLine.vocab;
  StringRef folder =
      llvm::sys::fs::is_directory(modelPath) ? modelPath : llvm::sys::path::parent_path(modelPath);
  for (StringRef name : {"vocab.txt", "assets/vocab.txt"}) {
    llvm::SmallString<256> path(folder);
    llvm::sys::path::append(path, name);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
  }
  return fail("there is no vocab.txt beside '" + modelPath +
              "'; name the vocabulary that the "
              "model was trained with: --vocab FILE");
}

llvm::Expected<TextRun> TextRun::prepare(const CommandLine &commandLine, StringRef modelPath) {
  TextRun run(commandLine);
  if (!commandLine.inputsFrom.empty())
    return fail("give text or arrays (--inputs_from), not both");
  if (commandLine.outputsTo.size() > 1)
    return fail("the answers to text go into one file; --outputs_to is given " +
                llvm::Twine(commandLine.outputsTo.size()) + " times");
  if (commandLine.similarity && commandLine.pool == "none")
    return fail("--similarity needs a vector for each line: --pool cls or mean");
  llvm::Expected<std::string> vocabulary = findVocabulary(commandLine, modelPath);
  if (!vocabulary)
    return vocabulary.takeError();
  std::string error;
  run.tokenizer = tokenizer::Tokenizer::create(*vocabulary, commandLine.cased, error);
  if (!run.tokenizer)
    return fail(error);
  run.lines = commandLine.texts;
  std::string from = commandLine.textFrom;
  if (from.empty() && run.lines.empty())
    from = "-";
  if (!from.empty())
    if (llvm::Error error = readLines(from, run.lines))
      return std::move(error);
  if (run.lines.empty())
    return fail(from.empty() || from == "-" ? "there is no line of text"
                                            : "there is no line of text in '" + from + "'");
  return run;
}

//===----------------------------------------------------------------------===//
// From lines to calls
//===----------------------------------------------------------------------===//

llvm::Expected<Roles> TextRun::findInputs(const native::ModelInterface &model) const {
  Roles inputs = findRoles(model);
  size_t found = (inputs.ids >= 0) + (inputs.mask >= 0) + (inputs.types >= 0);
  bool fits = inputs.ids >= 0 && found == model.inputs.size() &&
              llvm::all_of(model.inputs, [](const native::TensorInterface &input) {
                return input.dims.size() == 2;
              });
  if (!fits) {
    std::vector<StringRef> names;
    for (const native::TensorInterface &input : model.inputs)
      names.push_back(input.name);
    return fail("text needs a model of ids, mask and token types; the inputs of this one are " +
                llvm::join(names, ", ") + " (give it arrays, with --inputs_from)");
  }
  return inputs;
}

llvm::Error TextRun::encode(const native::ModelInterface &model, const Roles &inputs) {
  const native::TensorInterface &ids = model.inputs[static_cast<size_t>(inputs.ids)];
  int64_t longest = ids.dims[1] > 0 ? ids.dims[1] : model.maxSequence;
  int64_t maxLength = commandLine->maxLength;
  if (maxLength == 0)
    maxLength = longest > 0 ? longest : 512;
  if (longest > 0 && maxLength > longest)
    return fail("--max_length is " + llvm::Twine(maxLength) + ", but the model takes " +
                llvm::Twine(longest) + " ids at most");
  size_t pieces = tokenizer->getVocabularySize();
  if (ids.limit > 0 && pieces > static_cast<size_t>(ids.limit))
    return fail("the vocabulary has " + llvm::Twine(pieces) + " pieces, the model's table " +
                llvm::Twine(ids.limit) + " rows; name the model's own vocabulary with --vocab");
  for (StringRef line : lines) {
    auto [first, second] = line.split('\t');
    std::string_view pair = second;
    bool isPair = first.size() < line.size();
    if (!tokenizer->encode(first, isPair ? &pair : nullptr, static_cast<size_t>(maxLength),
                           encoding))
      return fail("--max_length " + llvm::Twine(maxLength) +
                  " has no room for [CLS] and [SEP]: 2 for a text, 3 for a pair");
  }
  return llvm::Error::success();
}

void TextRun::makeBatches(const native::ModelInterface &model, const Roles &inputs) {
  int64_t batch = model.inputs[static_cast<size_t>(inputs.ids)].dims[0];
  std::vector<size_t> order(lines.size());
  std::iota(order.begin(), order.end(), size_t(0));
  auto length = [&](size_t i) { return encoding.offsets[i + 1] - encoding.offsets[i]; };
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(length(a), a) < std::make_pair(length(b), b);
  });
  batches.clear();
  for (size_t number : order) {
    int64_t size = batches.empty() ? 0 : static_cast<int64_t>(batches.back().size());
    bool isFull = batch > 0 ? size == batch : (size + 1) * length(number) > kIdsPerCall;
    if (size == 0 || isFull)
      batches.emplace_back();
    batches.back().push_back(number);
  }
}

// On a terminal, how far a long run has come.
static void showProgress(size_t done, size_t all, bool isSilent) {
  if (all < 10 || isSilent || !llvm::errs().is_displayed())
    return;
  constexpr size_t kWidth = 40;
  size_t filled = kWidth * done / all;
  llvm::errs() << "\r[" << std::string(filled, '#') << std::string(kWidth - filled, ' ')
               << llvm::format("] %3zu %%", 100 * done / all);
  if (done == all)
    llvm::errs() << "\r" << std::string(kWidth + 8, ' ') << "\r";
}

llvm::Error TextRun::compute(const native::ModelInterface &model, const TensorNames &names,
                             const Roles &inputs, Invoke invoke, Answers &answers) {
  const native::TensorInterface &ids = model.inputs[static_cast<size_t>(inputs.ids)];
  size_t done = 0;
  for (const std::vector<size_t> &batch : batches) {
    std::vector<int64_t> lengths;
    for (size_t number : batch)
      lengths.push_back(encoding.offsets[number + 1] - encoding.offsets[number]);
    int64_t sequence = ids.dims[1] > 0 ? ids.dims[1] : lengths.back();
    // A built-in batch that the lines do not fill is filled with its first one again.
    std::vector<size_t> rows = batch;
    if (ids.dims[0] > 0) {
      rows.resize(static_cast<size_t>(ids.dims[0]), batch.front());
      lengths.resize(rows.size(), lengths.front());
    }
    int64_t count = static_cast<int64_t>(rows.size());
    std::vector<std::vector<int32_t>> values(
        model.inputs.size(), std::vector<int32_t>(static_cast<size_t>(count * sequence)));
    auto fill = [&](int input, int64_t place, auto get) {
      if (input >= 0)
        values[static_cast<size_t>(input)][static_cast<size_t>(place)] = get();
    };
    for (int64_t row = 0; row < count; ++row)
      for (int64_t i = 0; i < sequence; ++i) {
        int64_t begin = encoding.offsets[rows[static_cast<size_t>(row)]];
        bool isPadding = i >= lengths[static_cast<size_t>(row)];
        size_t from = static_cast<size_t>(isPadding ? begin : begin + i);
        int64_t to = row * sequence + i;
        fill(inputs.ids, to,
             [&] { return isPadding ? tokenizer->getPadId() : encoding.ids[from]; });
        fill(inputs.types, to, [&] { return isPadding ? 0 : encoding.types[from]; });
        fill(inputs.mask, to, [&] { return isPadding ? 0 : 1; });
      }
    NpzArrays arrays;
    for (auto [value, inputNames] : llvm::zip_equal(values, names.inputs)) {
      const char *data = reinterpret_cast<const char *>(value.data());
      arrays[inputNames.front()] = {
          "<i4", {count, sequence}, std::vector<char>(data, data + value.size() * 4)};
    }
    std::vector<NpyArray> storage;
    llvm::Expected<std::vector<bert_tensor>> tensors = takeInputs(model, names, arrays, storage);
    if (!tensors)
      return tensors.takeError();
    std::vector<bert_tensor> outputs(model.outputs.size());
    if (llvm::Error error = invoke(*tensors, outputs))
      return error;
    for (auto [index, output] : llvm::enumerate(outputs)) {
      llvm::ArrayRef<int64_t> dims = model.outputs[index].dims;
      bool rowsAreTokens =
          dims.size() >= 2 && (dims[1] == BERT_SEQUENCE ||
                               (ids.dims[1] > 0 && dims.size() == 3 && output.dims[1] == sequence));
      if (llvm::Error error = answers.take(index, names.outputs[index].front(), rowsAreTokens,
                                           output, batch, lengths, sequence))
        return error;
    }
    showProgress(++done, batches.size(), commandLine->silent);
  }
  return llvm::Error::success();
}

llvm::Error TextRun::benchmark(llvm::function_ref<llvm::Error()> computeAll) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (int64_t i = 0; i < commandLine->benchmark; ++i) {
    Clock::time_point begin = Clock::now();
    if (llvm::Error error = computeAll())
      return error;
    times.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  llvm::sort(times);
  double median = times[times.size() / 2];
  llvm::errs() << llvm::format("%zu lines, %zu ids: min %.3f ms, median %.3f ms, %.0f ids/s\n",
                               lines.size(), encoding.ids.size(), times.front() * 1e3, median * 1e3,
                               static_cast<double>(encoding.ids.size()) / median);
  return llvm::Error::success();
}

llvm::Error TextRun::run(const native::ModelInterface &model, const TensorNames &names,
                         Invoke invoke) {
  llvm::Expected<Roles> inputs = findInputs(model);
  if (!inputs)
    return inputs.takeError();
  if (llvm::Error error = encode(model, *inputs))
    return error;
  makeBatches(model, *inputs);
  Pooling pooling = commandLine->pool == "none"  ? Pooling::None
                    : commandLine->pool == "cls" ? Pooling::First
                                                 : Pooling::Mean;
  Answers answers(lines, pooling);
  if (llvm::Error error = compute(model, names, *inputs, invoke, answers))
    return error;
  std::vector<float> similarities;
  if (commandLine->similarity) {
    llvm::Expected<std::vector<float>> computed = answers.getSimilarities();
    if (!computed)
      return computed.takeError();
    similarities = std::move(*computed);
  }
  if (!commandLine->outputsTo.empty()) {
    NpzArrays arrays = answers.toArrays(encoding);
    if (commandLine->similarity) {
      int64_t count = static_cast<int64_t>(lines.size());
      const char *data = reinterpret_cast<const char *>(similarities.data());
      arrays["similarity"] = {
          "<f4", {count, count}, std::vector<char>(data, data + similarities.size() * 4)};
    }
    if (llvm::Error error = writeNpz(commandLine->outputsTo.front(), arrays))
      return fail("--outputs_to: " + llvm::toString(std::move(error)));
  } else if (commandLine->similarity) {
    if (commandLine->format == "json")
      answers.printSimilarityJSON(llvm::outs(), similarities);
    else
      answers.printSimilarityTable(llvm::outs(), similarities);
  } else if (commandLine->format == "json") {
    answers.printJSON(llvm::outs());
  } else {
    answers.printTable(llvm::outs());
  }
  if (commandLine->benchmark == 0)
    return llvm::Error::success();
  return benchmark([&] { return compute(model, names, *inputs, invoke, answers); });
}
