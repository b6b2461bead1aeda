//===- bert_model.cpp - the functions of bert_model.h -----------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// A compiled library exports them. They serve the one model whose description the
// library holds.
//
//===----------------------------------------------------------------------===//

// What a library exports is decided when it is linked; hidden functions could not be.
#pragma GCC visibility push(default)
#include "bert/Runtime/bert_model.h"
#pragma GCC visibility pop

#include "Error.h"
#include "Instance.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

using namespace bertmlir::runtime;

static const bert_model_info &getInfo() { return *bert_model_descriptor.info; }

static Instance *unwrap(bert_model *model) { return reinterpret_cast<Instance *>(model); }
static const Instance *unwrap(const bert_model *model) {
  return reinterpret_cast<const Instance *>(model);
}

static bert_status noModel() { return fail(BERT_INVALID_ARGUMENT, "the model is null"); }

static int find(const bert_tensor_info *tensors, int count, const char *name) {
  if (!name)
    return -1;
  // TensorFlow writes the first result of a node with and without ":0".
  auto getLength = [](const char *text) {
    size_t length = strlen(text);
    return length > 2 && strcmp(text + length - 2, ":0") == 0 ? length - 2 : length;
  };
  size_t length = getLength(name);
  for (int i = 0; i < count; ++i)
    if (getLength(tensors[i].name) == length && memcmp(tensors[i].name, name, length) == 0)
      return i;
  return -1;
}

// Where the library's own weights are; freed by the caller. Null if memory is short or the library
// can't be found.
static char *makeDefaultPath() {
  Dl_info library;
  if (!dladdr(&bert_model_descriptor, &library) || !library.dli_fname)
    return nullptr;
  const char *path = library.dli_fname;
  size_t length = strlen(path);
  if (length > 3 && strcmp(path + length - 3, ".so") == 0)
    length -= 3;
  static const char extension[] = ".weights";
  auto *result = static_cast<char *>(malloc(length + sizeof(extension)));
  if (!result)
    return nullptr;
  memcpy(result, path, length);
  memcpy(result + length, extension, sizeof(extension));
  return result;
}

const bert_model_info *bert_model_get_info(void) { return &getInfo(); }

int bert_model_find_input(const char *name) {
  return find(getInfo().inputs, getInfo().num_inputs, name);
}

int bert_model_find_output(const char *name) {
  return find(getInfo().outputs, getInfo().num_outputs, name);
}

bert_status bert_model_create(const char *weights_path, int threads, bert_model **model) {
  if (!model)
    return fail(BERT_INVALID_ARGUMENT, "there is no place for the model");
  *model = nullptr;
  char *defaultPath = nullptr;
  if (!weights_path) {
    weights_path = defaultPath = makeDefaultPath();
    if (!weights_path)
      return fail(BERT_FILE, "can't tell where the model's library is; give the weights' path");
  }
  Instance *instance = nullptr;
  bert_status status = Instance::create(bert_model_descriptor, weights_path, threads, instance);
  free(defaultPath);
  *model = reinterpret_cast<bert_model *>(instance);
  return status;
}

bert_status bert_model_verify(bert_model *model) {
  return model ? unwrap(model)->verify() : noModel();
}

bert_status bert_model_run(bert_model *model, const void *const *inputs, int64_t batch,
                           int64_t sequence, void *const *outputs) {
  return model ? unwrap(model)->run(inputs, batch, sequence, outputs) : noModel();
}

bert_status bert_model_run_ragged(bert_model *model, const int32_t *ids, const int32_t *types,
                                  const int64_t *offsets, int64_t count, void *const *outputs) {
  return model ? unwrap(model)->runRagged(ids, types, offsets, count, outputs) : noModel();
}

bert_status bert_model_run_tensors(bert_model *model, const bert_tensor *inputs,
                                   bert_tensor *outputs) {
  return model ? unwrap(model)->runTensors(inputs, outputs) : noModel();
}

int bert_model_num_threads(const bert_model *model) {
  return model ? unwrap(model)->getNumThreads() : 0;
}

const char *bert_model_code_name(const bert_model *model) {
  return model ? unwrap(model)->getCode().name : "";
}

void bert_model_destroy(bert_model *model) {
  if (model)
    unwrap(model)->destroy();
}

const char *bert_model_last_error(void) { return getLastError(); }
