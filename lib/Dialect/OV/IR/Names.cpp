//===- Names.cpp - what inputs and outputs are called ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/IR/OVOps.h"

using namespace mlir;
using namespace bertmlir;

SmallVector<StringRef> ov::getSpellings(DictionaryAttr attributes) {
  SmallVector<StringRef> spellings;
  if (!attributes)
    return spellings;
  if (auto names = attributes.getAs<ArrayAttr>(kNamesAttr))
    for (Attribute name : names)
      if (auto text = dyn_cast<StringAttr>(name))
        spellings.push_back(text.getValue());
  if (auto name = attributes.getAs<StringAttr>(kNameAttr))
    spellings.push_back(name.getValue());
  return spellings;
}
