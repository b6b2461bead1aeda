//===- Answers.cpp - what a model says about lines of text -----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "Answers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#include <cmath>

using namespace bertmlir;
using namespace bertmlir::run;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Taking outputs apart
//===----------------------------------------------------------------------===//

template <typename T>
static std::vector<float> convert(const void *data, int64_t begin, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  const T *from = static_cast<const T *>(data) + begin;
  std::transform(from, from + count, values.begin(), [](T x) { return static_cast<float>(x); });
  return values;
}

static std::vector<float> read(const bert_tensor &tensor, int64_t begin, int64_t count) {
  switch (tensor.type) {
  case BERT_F32:
    return convert<float>(tensor.data, begin, count);
  case BERT_I32:
    return convert<int32_t>(tensor.data, begin, count);
  case BERT_I64:
    return convert<int64_t>(tensor.data, begin, count);
  case BERT_I8:
    return convert<int8_t>(tensor.data, begin, count);
  case BERT_U8:
  case BERT_BOOL:
    return convert<uint8_t>(tensor.data, begin, count);
  case BERT_F64:
    return convert<double>(tensor.data, begin, count);
  }
  return {};
}

static int64_t product(llvm::ArrayRef<int64_t> dims) {
  int64_t result = 1;
  for (int64_t dim : dims)
    result *= dim;
  return result;
}

// The mean of the rows of a [rows, width] matrix.
static std::vector<float> getMean(const std::vector<float> &rows, int64_t width) {
  std::vector<double> sum(static_cast<size_t>(width));
  for (size_t i = 0; i < rows.size(); ++i)
    sum[i % sum.size()] += rows[i];
  double count = static_cast<double>(rows.size()) / static_cast<double>(width);
  std::vector<float> mean;
  for (double value : sum)
    mean.push_back(static_cast<float>(value / count));
  return mean;
}

llvm::Error Answers::take(size_t output, StringRef name, bool rowsAreTokens,
                          const bert_tensor &tensor, llvm::ArrayRef<size_t> numbers,
                          llvm::ArrayRef<int64_t> lengths, int64_t sequence) {
  llvm::ArrayRef<int64_t> dims(tensor.dims, static_cast<size_t>(tensor.rank));
  int64_t batch = static_cast<int64_t>(lengths.size());
  // [batch, sequence, ...], or the same with both as one dimension.
  bool isFlat = !rowsAreTokens && !dims.empty() && sequence != 1 && dims[0] == batch * sequence;
  bool isPerToken = rowsAreTokens || isFlat;
  if (dims.empty() || (!isFlat && dims[0] != batch) || (rowsAreTokens && dims[1] != sequence))
    return llvm::createStringError("output '" + name +
                                   "' has no part for each line; ask for "
                                   "another one with --output");
  dims = dims.drop_front(rowsAreTokens ? 2 : 1);

  if (output >= answers.size())
    answers.resize(output + 1);
  Answer &answer = answers[output];
  answer.name = name.str();
  answer.dims = dims.vec();
  answer.isPerToken = isPerToken && pooling == Pooling::None;
  answer.values.resize(lines.size());
  int64_t width = product(dims);
  for (auto [index, number] : llvm::enumerate(numbers)) {
    int64_t place = static_cast<int64_t>(index);
    std::vector<float> &values = answer.values[number];
    if (!isPerToken) {
      values = read(tensor, place * width, width);
      continue;
    }
    int64_t begin = place * sequence * width;
    values = read(tensor, begin, pooling == Pooling::First ? width : lengths[index] * width);
    if (pooling == Pooling::Mean && width > 0)
      values = getMean(values, width);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

// The line, cut to a width that leaves room for numbers. Continuation bytes take no column.
static std::string fit(StringRef line, size_t width) {
  std::string result;
  size_t columns = 0;
  for (char c : llvm::json::fixUTF8(line)) {
    bool beginsCharacter = (c & 0xC0) != 0x80;
    if (beginsCharacter && ++columns > width) {
      result += "~";
      break;
    }
    bool isControl = static_cast<unsigned char>(c) < 0x20;
    result += isControl ? ' ' : c;
  }
  if (columns <= width)
    result.append(width + 1 - columns, ' ');
  return result;
}

void Answers::printTable(llvm::raw_ostream &os) const {
  constexpr size_t kShown = 5;
  for (const Answer &answer : answers) {
    os << answer.name << "\n";
    for (auto [number, line] : llvm::enumerate(lines)) {
      os << llvm::format("%5zu  ", number + 1) << fit(line, 40);
      const std::vector<float> &values = answer.values[number];
      for (float value : llvm::ArrayRef(values).take_front(kShown))
        os << llvm::format(" %9.5f", value);
      if (values.size() > kShown)
        os << " ... (" << values.size() << ")";
      os << "\n";
    }
  }
}

// Nine digits give every f32 back; JSON knows no infinities.
static void printNumber(llvm::json::OStream &json, float value) {
  json.rawValue([&](llvm::raw_ostream &os) {
    if (std::isfinite(value))
      os << llvm::format("%.9g", value);
    else
      os << "null";
  });
}

static void printValues(llvm::json::OStream &json, llvm::ArrayRef<float> values,
                        llvm::ArrayRef<int64_t> dims) {
  if (dims.empty())
    return printNumber(json, values.front());
  json.array([&] {
    size_t step = values.size() / static_cast<size_t>(std::max<int64_t>(dims[0], 1));
    for (int64_t i = 0; i < dims[0]; ++i)
      printValues(json, values.slice(static_cast<size_t>(i) * step, step), dims.drop_front());
  });
}

static void printLine(llvm::json::OStream &json, StringRef line) {
  auto [first, second] = line.split('\t');
  json.attribute("text", llvm::json::fixUTF8(first));
  if (first.size() < line.size())
    json.attribute("pair", llvm::json::fixUTF8(second));
}

void Answers::printJSON(llvm::raw_ostream &os) const {
  for (auto [number, line] : llvm::enumerate(lines)) {
    llvm::json::OStream json(os);
    json.object([&, number = number, line = StringRef(line)] {
      printLine(json, line);
      for (const Answer &answer : answers) {
        const std::vector<float> &values = answer.values[number];
        std::vector<int64_t> dims = answer.dims;
        if (answer.isPerToken)
          dims.insert(dims.begin(),
                      static_cast<int64_t>(values.size()) / std::max<int64_t>(product(dims), 1));
        json.attributeBegin(llvm::json::fixUTF8(answer.name));
        printValues(json, values, dims);
        json.attributeEnd();
      }
    });
    json.flush();
    os << "\n";
  }
}

template <typename T>
static NpyArray makeArray(StringRef type, std::vector<int64_t> shape, llvm::ArrayRef<T> values) {
  const char *data = reinterpret_cast<const char *>(values.data());
  return {type.str(), std::move(shape), std::vector<char>(data, data + values.size() * sizeof(T))};
}

NpzArrays Answers::toArrays(const tokenizer::Encoding &encoding) const {
  NpzArrays arrays;
  bool hasTokens = false;
  for (const Answer &answer : answers) {
    std::vector<float> all;
    for (const std::vector<float> &values : answer.values)
      all.insert(all.end(), values.begin(), values.end());
    std::vector<int64_t> shape = answer.dims;
    int64_t rows = answer.isPerToken ? encoding.offsets.back() : static_cast<int64_t>(lines.size());
    shape.insert(shape.begin(), rows);
    arrays[answer.name] = makeArray<float>("<f4", std::move(shape), all);
    hasTokens |= answer.isPerToken;
  }
  if (hasTokens) {
    int64_t count = static_cast<int64_t>(encoding.offsets.size());
    arrays["offsets"] = makeArray<int64_t>("<i8", {count}, encoding.offsets);
  }
  return arrays;
}

//===----------------------------------------------------------------------===//
// Similarities
//===----------------------------------------------------------------------===//

llvm::Expected<std::vector<float>> Answers::getSimilarities() const {
  const Answer &answer = answers.front();
  if (answer.isPerToken)
    return llvm::createStringError("--similarity needs a vector for each line: --pool cls or mean");
  auto dot = [](llvm::ArrayRef<float> a, llvm::ArrayRef<float> b) {
    double sum = 0;
    for (auto [x, y] : llvm::zip_equal(a, b))
      sum += static_cast<double>(x) * y;
    return sum;
  };
  std::vector<double> lengths;
  for (const std::vector<float> &values : answer.values)
    lengths.push_back(std::sqrt(dot(values, values)));
  std::vector<float> similarities;
  for (size_t i = 0; i < lines.size(); ++i)
    for (size_t j = 0; j < lines.size(); ++j) {
      double length = lengths[i] * lengths[j];
      double cosine = length > 0 ? dot(answer.values[i], answer.values[j]) / length : 0;
      similarities.push_back(static_cast<float>(cosine));
    }
  return similarities;
}

void Answers::printSimilarityTable(llvm::raw_ostream &os,
                                   llvm::ArrayRef<float> similarities) const {
  os << std::string(48, ' ');
  for (size_t i = 0; i < lines.size(); ++i)
    os << llvm::format("%9zu", i + 1);
  os << "\n";
  for (auto [number, line] : llvm::enumerate(lines)) {
    os << llvm::format("%5zu  ", number + 1) << fit(line, 40);
    for (float value : similarities.slice(number * lines.size(), lines.size()))
      os << llvm::format(" %8.5f", value);
    os << "\n";
  }
}

void Answers::printSimilarityJSON(llvm::raw_ostream &os, llvm::ArrayRef<float> similarities) const {
  for (auto [number, line] : llvm::enumerate(lines)) {
    llvm::json::OStream json(os);
    json.object([&, number = number, line = StringRef(line)] {
      printLine(json, line);
      json.attributeBegin("similarity");
      printValues(json, similarities.slice(number * lines.size(), lines.size()),
                  {static_cast<int64_t>(lines.size())});
      json.attributeEnd();
    });
    json.flush();
    os << "\n";
  }
}
