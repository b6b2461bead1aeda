//===- InitAllTranslations.h - the file formats that our tools know --*- C++ -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_INITALLTRANSLATIONS_H
#define BERT_INITALLTRANSLATIONS_H

#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Conversion/ImportBertConfig.h"
#include "bert/Conversion/ImportOpenVINO.h"
#include "bert/Conversion/ImportTensorFlow.h"
#include "bert/Support/TranslationRegistry.h"

namespace bertmlir {

/// Our importers and exporters, with their command line options.
inline void registerAllTranslations(TranslationRegistry &registry) {
  registerExportOpenVINO(registry);
  registerImportBertConfig(registry);
  registerImportOpenVINO(registry);
  registerImportTensorFlow(registry);
}

} // namespace bertmlir

#endif // BERT_INITALLTRANSLATIONS_H
