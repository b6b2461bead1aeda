//===- InputSpec.cpp - Model Optimizer's grammar of inputs ---------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Support/InputSpec.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace bertmlir;
using llvm::SmallVector;
using llvm::StringRef;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(message.str().c_str());
}

SmallVector<StringRef> bertmlir::splitOutsideBrackets(StringRef text) {
  SmallVector<StringRef> pieces;
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      if (StringRef piece = text.slice(begin, i).trim(); !piece.empty())
        pieces.push_back(piece);
      begin = i + 1;
    } else if (StringRef("[({").contains(text[i])) {
      ++depth;
    } else if (StringRef("])}").contains(text[i])) {
      depth = std::max(0, depth - 1);
    }
  }
  return pieces;
}

// The words of `1, 2 3`.
static SmallVector<StringRef> splitWords(StringRef text) {
  SmallVector<StringRef> words;
  while (true) {
    text = text.ltrim(" \t\n,");
    if (text.empty())
      return words;
    size_t end = text.find_first_of(" \t\n,");
    words.push_back(text.take_front(end));
    text = text.drop_front(words.back().size());
  }
}

static llvm::Expected<DimBounds> parseDim(StringRef word) {
  if (word == "?" || word == "-1")
    return DimBounds();
  DimBounds dim;
  auto number = [](StringRef digits, int64_t &value) {
    return !digits.getAsInteger(10, value) && value >= 0;
  };
  if (size_t dots = word.find(".."); dots != StringRef::npos) {
    StringRef low = word.take_front(dots), high = word.drop_front(dots + 2);
    if ((low.empty() && high.empty()) || (!low.empty() && !number(low, dim.low)) ||
        (!high.empty() && !number(high, dim.high)) || (dim.high != -1 && dim.high < dim.low))
      return fail("'" + word + "' is no range of a dimension; write 1..512, ..512 or 1..");
    return dim;
  }
  if (!number(word, dim.low))
    return fail("'" + word + "' is no dimension; write a number, ?, or a range such as 1..512");
  dim.high = dim.low;
  return dim;
}

static llvm::Expected<SmallVector<DimBounds>> parseShape(StringRef text) {
  SmallVector<DimBounds> shape;
  for (StringRef word : splitWords(text)) {
    llvm::Expected<DimBounds> dim = parseDim(word);
    if (!dim)
      return dim.takeError();
    shape.push_back(*dim);
  }
  // More dimensions than any tensor has; guards what comes after.
  if (shape.size() > 64)
    return fail("a shape of " + llvm::Twine(shape.size()) + " dimensions");
  return shape;
}

// Takes the first bracket of the two kinds out of `text`; false if there is none.
static llvm::Expected<bool> takeBracket(std::string &text, StringRef open, StringRef close,
                                        std::string &inside) {
  size_t begin = StringRef(text).find_first_of(open);
  if (begin == std::string::npos) {
    if (StringRef(text).find_first_of(close) != StringRef::npos)
      return fail("'" + text + "' closes a bracket that it did not open");
    return false;
  }
  char expected = close[open.find(text[begin])];
  size_t end = text.find(expected, begin);
  if (end == std::string::npos)
    return fail("'" + text + "' lacks a '" + llvm::Twine(expected) + "'");
  inside = text.substr(begin + 1, end - begin - 1);
  text.erase(begin, end - begin + 1);
  return true;
}

static llvm::Expected<InputSpec> parseItem(StringRef item) {
  InputSpec spec;
  std::string rest = item.str();
  if (size_t arrow = rest.find("->"); arrow != std::string::npos) {
    StringRef value = StringRef(item).drop_front(arrow + 2).trim();
    if (value.contains("->"))
      return fail("'" + item + "' has two values");
    if (value.empty())
      return fail("'" + item + "' has no value after '->'");
    spec.value.emplace();
    if (value.consume_front("[")) {
      if (!value.consume_back("]"))
        return fail("'" + item + "' lacks a ']' after its value");
      for (StringRef word : splitWords(value))
        spec.value->push_back(word.str());
    } else {
      spec.value->push_back(value.str());
    }
    rest.resize(arrow);
  }
  std::string inside;
  llvm::Expected<bool> hasType = takeBracket(rest, "{", "}", inside);
  if (!hasType)
    return hasType.takeError();
  if (*hasType) {
    spec.type = StringRef(inside).trim().str();
    if (spec.type.empty())
      return fail("'" + item + "' has an empty type");
  }
  llvm::Expected<bool> hasShape = takeBracket(rest, "[(", "])", inside);
  if (!hasShape)
    return hasShape.takeError();
  if (*hasShape) {
    llvm::Expected<SmallVector<DimBounds>> shape = parseShape(inside);
    if (!shape)
      return shape.takeError();
    spec.shape = std::move(*shape);
  }
  if (StringRef(rest).find_first_of("[](){}") != StringRef::npos)
    return fail("'" + item + "' has two shapes or two types");

  StringRef name = StringRef(rest).trim();
  auto takePort = [&](StringRef digits, std::optional<unsigned> &port) {
    unsigned value;
    if (digits.empty() || digits.getAsInteger(10, value))
      return false;
    port = value;
    return true;
  };
  if (size_t colon = name.find(':');
      colon != StringRef::npos && takePort(name.take_front(colon), spec.inputPort))
    name = name.drop_front(colon + 1);
  if (size_t colon = name.rfind(':');
      colon != StringRef::npos && takePort(name.drop_front(colon + 1), spec.outputPort))
    name = name.take_front(colon);
  spec.node = name.trim().str();
  if (spec.node.empty())
    return fail("'" + item + "' names no node");
  if (spec.inputPort && spec.outputPort)
    return fail("'" + item + "' names an input port and an output port; give one of them");
  return spec;
}

llvm::Expected<SmallVector<InputSpec>> bertmlir::parseInputSpecs(StringRef text) {
  SmallVector<InputSpec> specs;
  for (StringRef item : splitOutsideBrackets(text)) {
    llvm::Expected<InputSpec> spec = parseItem(item);
    if (!spec)
      return spec.takeError();
    specs.push_back(std::move(*spec));
  }
  return specs;
}

llvm::Expected<SmallVector<SmallVector<DimBounds>>> bertmlir::parseShapeList(StringRef text) {
  SmallVector<SmallVector<DimBounds>> shapes;
  for (StringRef item : splitOutsideBrackets(text)) {
    bool bracketed = (item.consume_front("[") && item.consume_back("]")) ||
                     (item.consume_front("(") && item.consume_back(")"));
    if (!bracketed)
      return fail("'" + item + "' is no shape; write [1,128]");
    llvm::Expected<SmallVector<DimBounds>> shape = parseShape(item);
    if (!shape)
      return shape.takeError();
    shapes.push_back(std::move(*shape));
  }
  return shapes;
}
