//===- Instance.cpp - a loaded model ----------------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// What happens around a call of generated code: everything that comes from the
// caller is checked before, so that the code itself need not check anything.
//
//===----------------------------------------------------------------------===//

#include "Instance.h"

#include "CpuCount.h"
#include "CpuFeatures.h"
#include "Error.h"
#include "ThreadPool.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <unistd.h>

using namespace bertmlir::runtime;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static const char *const elementNames[] = {"f32", "i32", "i64", "i8", "u8", "bool", "f64"};
static constexpr int elementSizes[] = {4, 4, 8, 1, 1, 1, 8};

static int getElementSize(bert_element_type type) { return elementSizes[type]; }

// False if the product does not fit.
static bool getNumElements(const int64_t *dims, int rank, int64_t &count) {
  count = 1;
  for (int i = 0; i < rank; ++i)
    if (dims[i] < 0 || __builtin_mul_overflow(count, dims[i], &count))
      return false;
  return count <= INT64_MAX / 16;
}

static size_t getMemRefBytes(int rank) {
  return sizeof(BertMemRef) + 2 * size_t(rank) * sizeof(int64_t);
}

static size_t align64(size_t bytes) { return (bytes + 63) / 64 * 64; }

static void setMemRef(BertMemRef &memref, void *data, const int64_t *dims, int rank) {
  memref.allocated = memref.aligned = data;
  memref.offset = 0;
  int64_t stride = 1;
  for (int i = rank; i-- > 0;) {
    memref.sizes_and_strides[i] = dims[i];
    memref.sizes_and_strides[rank + i] = stride;
    stride *= dims[i];
  }
}

// The first value outside [0, limit); `count` if there is none.
template <typename T> static int64_t findOutside(const T *values, int64_t count, int64_t limit) {
  // In blocks, without an exit in between: compilers make vector code of that.
  for (int64_t begin = 0; begin < count; begin += 1024) {
    int64_t end = begin + 1024 < count ? begin + 1024 : count;
    bool isOutside = false;
    for (int64_t i = begin; i < end; ++i)
      isOutside |= uint64_t(int64_t(values[i])) >= uint64_t(limit);
    if (!isOutside)
      continue;
    for (int64_t i = begin; i < end; ++i)
      if (uint64_t(int64_t(values[i])) >= uint64_t(limit))
        return i;
  }
  return count;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

bert_status Instance::prepare(const BertModelDescriptor &descriptor, int threads,
                              Instance *&instance) {
  instance = nullptr;
  if (threads < 0 || threads > BERT_MAX_WORKERS)
    return fail(BERT_INVALID_ARGUMENT,
                "the number of threads is %d; it must be 0 (let the model choose) to %d", threads,
                BERT_MAX_WORKERS);
  const BertModelCode *code = nullptr;
  const char *missing = "";
  size_t length = 0;
  for (int64_t i = 0; i < descriptor.num_codes && !code; ++i) {
    missing = findMissingFeature(descriptor.codes[i].features, length);
    if (!missing)
      code = &descriptor.codes[i];
  }
  if (!code)
    return fail(BERT_CPU,
                "the code of model '%s' needs %.*s, which this processor or system lacks; compile "
                "it with --multi_target or --target_features",
                descriptor.info->name, int(length), missing);
  void *place = malloc(sizeof(Instance));
  if (!place)
    return fail(BERT_MEMORY, "no memory for model '%s'", descriptor.info->name);
  instance = new (place) Instance(descriptor);
  instance->code = code;
  return BERT_OK;
}

// The parts that need memory. Ends the instance if there is none.
bert_status Instance::finish(int threads) {
  size_t numTensors = size_t(info.num_inputs) + size_t(info.num_outputs);
  size_t bytes = numTensors * (sizeof(bert_tensor) + sizeof(BertMemRef *));
  for (int i = 0; i < info.num_inputs; ++i)
    bytes += getMemRefBytes(info.inputs[i].rank);
  size_t outputBytes = 0;
  for (int i = 0; i < info.num_outputs; ++i)
    outputBytes += getMemRefBytes(info.outputs[i].rank);
  bytes += outputBytes;
  size_t numArguments = size_t(info.num_inputs) + 3;
  bytes += numArguments * sizeof(void *) + 2 * getMemRefBytes(1);

  callMemory = calloc(1, bytes);
  pool = ThreadPool::create(threads == 0 ? getDefaultNumThreads() : threads);
  if (!callMemory || !pool) {
    destroy();
    return fail(BERT_MEMORY, "no memory for model '%s'", info.name);
  }
  char *at = static_cast<char *>(callMemory);
  auto take = [&](size_t size) {
    char *piece = at;
    at += size;
    return piece;
  };
  stagedInputs =
      reinterpret_cast<bert_tensor *>(take(size_t(info.num_inputs) * sizeof(bert_tensor)));
  stagedOutputs =
      reinterpret_cast<bert_tensor *>(take(size_t(info.num_outputs) * sizeof(bert_tensor)));
  inputMemRefs = reinterpret_cast<BertMemRef **>(take(size_t(info.num_inputs) * sizeof(void *)));
  outputMemRefs = reinterpret_cast<BertMemRef **>(take(size_t(info.num_outputs) * sizeof(void *)));
  arguments = reinterpret_cast<void **>(take(numArguments * sizeof(void *)));
  for (int i = 0; i < info.num_inputs; ++i)
    inputMemRefs[i] = reinterpret_cast<BertMemRef *>(take(getMemRefBytes(info.inputs[i].rank)));
  // One behind the other: together they are what the code returns.
  arguments[0] = at;
  for (int i = 0; i < info.num_outputs; ++i)
    outputMemRefs[i] = reinterpret_cast<BertMemRef *>(take(getMemRefBytes(info.outputs[i].rank)));
  for (int i = 0; i < info.num_inputs; ++i)
    arguments[1 + i] = inputMemRefs[i];
  auto *weightsMemRef = reinterpret_cast<BertMemRef *>(take(getMemRefBytes(1)));
  int64_t weightsBytes = int64_t(weights.getSize());
  setMemRef(*weightsMemRef, const_cast<char *>(weights.getData()), &weightsBytes, 1);
  arguments[1 + info.num_inputs] = weightsMemRef;
  arguments[2 + info.num_inputs] = take(getMemRefBytes(1));
  return BERT_OK;
}

bert_status Instance::create(const BertModelDescriptor &descriptor, const char *weightsPath,
                             int threads, Instance *&instance) {
  if (bert_status status = prepare(descriptor, threads, instance))
    return status;
  bert_status status = instance->weights.open(weightsPath, descriptor);
  if (status == BERT_OK) {
    status = instance->finish(threads);
  } else {
    instance->destroy();
  }
  if (status != BERT_OK)
    instance = nullptr;
  return status;
}

bert_status Instance::createWithWeights(const BertModelDescriptor &descriptor, const void *weights,
                                        size_t bytes, int threads, Instance *&instance) {
  if (bert_status status = prepare(descriptor, threads, instance))
    return status;
  instance->weights.useMemory(weights, bytes);
  bert_status status = instance->finish(threads);
  if (status != BERT_OK)
    instance = nullptr;
  return status;
}

void Instance::destroy() {
  if (pool)
    pool->destroy();
  free(callMemory);
  this->~Instance();
  free(this);
}

bert_status Instance::verify() { return weights.verify(); }

int Instance::getNumThreads() const { return pool->getNumWorkers(); }

//===----------------------------------------------------------------------===//
// One call at a time
//===----------------------------------------------------------------------===//

// False while another thread of this process is in a call.
bool Instance::acquire() {
  pid_t process = getpid();
  pid_t expected = 0;
  if (user.compare_exchange_strong(expected, process, std::memory_order_acquire))
    return true;
  return expected != process &&
         user.compare_exchange_strong(expected, process, std::memory_order_acquire);
}

void Instance::release() { user.store(0, std::memory_order_release); }

namespace {
bert_status busy(const char *name) {
  return fail(BERT_BUSY,
              "another thread is using this instance of model '%s'; create one for each thread",
              name);
}
} // namespace

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

// Type and shape of an input. `batch` and `sequence` are -1 until an input says them.
bert_status Instance::checkInput(int index, const bert_tensor &input, int64_t &batch,
                                 int64_t &sequence) {
  const bert_tensor_info &expected = info.inputs[index];
  if (input.type != expected.type)
    return fail(BERT_INVALID_ARGUMENT, "input '%s' has elements of type %s; give it that type",
                expected.name, elementNames[expected.type]);
  if (input.rank != expected.rank)
    return fail(BERT_INVALID_ARGUMENT, "input '%s' has rank %d, not %d", expected.name,
                expected.rank, input.rank);
  for (int i = 0; i < input.rank; ++i) {
    int64_t given = input.dims[i], wanted = expected.dims[i];
    if (given < 0)
      return fail(BERT_INVALID_ARGUMENT, "dimension %d of input '%s' is %lld", i, expected.name,
                  static_cast<long long>(given));
    if (wanted == BERT_OPEN)
      continue;
    if (wanted == BERT_BATCH || wanted == BERT_SEQUENCE) {
      int64_t &known = wanted == BERT_BATCH ? batch : sequence;
      if (known < 0)
        known = given;
      wanted = known;
    }
    if (given != wanted)
      return fail(BERT_INVALID_ARGUMENT, "dimension %d of input '%s' is %lld, but must be %lld", i,
                  expected.name, static_cast<long long>(given), static_cast<long long>(wanted));
  }
  int64_t count;
  if (!getNumElements(input.dims, input.rank, count) || count > INT32_MAX)
    return fail(BERT_INVALID_ARGUMENT, "input '%s' has more than 2^31 elements", expected.name);
  return BERT_OK;
}

// The values of an input that has a limit.
static bert_status checkIds(const bert_tensor_info &info, const bert_tensor &input) {
  if (info.limit <= 0)
    return BERT_OK;
  int64_t count;
  getNumElements(input.dims, input.rank, count);
  int64_t at = count, value = 0;
  if (input.type == BERT_I32) {
    const auto *values = static_cast<const int32_t *>(input.data);
    if ((at = findOutside(values, count, info.limit)) < count)
      value = values[at];
  } else if (input.type == BERT_I64) {
    const auto *values = static_cast<const int64_t *>(input.data);
    if ((at = findOutside(values, count, info.limit)) < count)
      value = values[at];
  }
  if (at == count)
    return BERT_OK;
  int64_t width = input.rank > 0 ? input.dims[input.rank - 1] : 1;
  return fail(BERT_INVALID_ID,
              "input '%s' holds %lld (row %lld, column %lld), but its table has %lld rows: "
              "values are 0 to %lld",
              info.name, static_cast<long long>(value), static_cast<long long>(at / width),
              static_cast<long long>(at % width), static_cast<long long>(info.limit),
              static_cast<long long>(info.limit - 1));
}

static bert_status checkSequence(const bert_model_info &info, int64_t sequence) {
  if (info.max_sequence > 0 && sequence > info.max_sequence)
    return fail(BERT_TOO_LONG,
                "the sequences have %lld positions, but the model's position table has %lld",
                static_cast<long long>(sequence), static_cast<long long>(info.max_sequence));
  return BERT_OK;
}

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

// Runs the code. Inputs without data get a place in the arena, which `fill` fills in.
template <typename Fill> bert_status Instance::call(const bert_tensor *inputs, Fill fill) {
  int64_t batch = -1, sequence = -1;
  for (int i = 0; i < info.num_inputs; ++i)
    if (bert_status status = checkInput(i, inputs[i], batch, sequence))
      return status;
  if (sequence >= 0)
    if (bert_status status = checkSequence(info, sequence))
      return status;
  if (batch > 0 && sequence > 0 && batch > INT32_MAX / sequence)
    return fail(BERT_INVALID_ARGUMENT, "a call can't have more than 2^31 positions");

  size_t staged = 0;
  for (int i = 0; i < info.num_inputs; ++i) {
    const bert_tensor &input = inputs[i];
    int64_t count;
    getNumElements(input.dims, input.rank, count);
    if (count == 0)
      return fail(BERT_INVALID_ARGUMENT, "input '%s' has no elements", info.inputs[i].name);
    if (!input.data)
      staged += align64(size_t(count) * size_t(getElementSize(input.type)));
    setMemRef(*inputMemRefs[i], input.data, input.dims, input.rank);
  }
  // The code asks for the number of workers also where it says how much memory it needs.
  ThreadPool::Scope scope(*pool);
  int64_t needed = code->arena_bytes(arguments + 1);
  if (needed < 0 || !arena.reserve(staged + size_t(needed)))
    return fail(BERT_MEMORY, "no memory for a call with %lld sequences of %lld positions",
                static_cast<long long>(batch), static_cast<long long>(sequence));

  char *place = arena.getData();
  for (int i = 0; i < info.num_inputs; ++i) {
    bert_tensor input = inputs[i];
    if (!input.data) {
      int64_t count;
      getNumElements(input.dims, input.rank, count);
      input.data = place;
      place += align64(size_t(count) * size_t(getElementSize(input.type)));
      fill(i, input);
      inputMemRefs[i]->allocated = inputMemRefs[i]->aligned = input.data;
    }
    if (bert_status status = checkIds(info.inputs[i], input))
      return status;
  }
  setMemRef(*static_cast<BertMemRef *>(arguments[2 + info.num_inputs]), place, &needed, 1);
  code->run(arguments);
  return BERT_OK;
}

// Where the code has left an output.
static const char *getData(const BertMemRef &memref, bert_element_type type) {
  return static_cast<const char *>(memref.aligned) + memref.offset * getElementSize(type);
}

bert_status Instance::copyOutput(int index, bert_tensor &output) {
  const bert_tensor_info &expected = info.outputs[index];
  const BertMemRef &result = *outputMemRefs[index];
  output.type = expected.type;
  output.rank = expected.rank;
  for (int i = 0; i < expected.rank; ++i)
    output.dims[i] = result.sizes_and_strides[i];
  int64_t count;
  getNumElements(output.dims, output.rank, count);
  size_t bytes = size_t(count) * size_t(getElementSize(expected.type));
  const char *data = getData(result, expected.type);
  if (!output.data) {
    output.data = const_cast<char *>(data);
    output.bytes = bytes;
    return BERT_OK;
  }
  if (output.bytes < bytes)
    return fail(BERT_INVALID_ARGUMENT, "output '%s' takes %zu bytes; there is room for %zu",
                expected.name, bytes, output.bytes);
  memcpy(output.data, data, bytes);
  return BERT_OK;
}

//===----------------------------------------------------------------------===//
// bert_model_run_tensors
//===----------------------------------------------------------------------===//

bert_status Instance::runTensors(const bert_tensor *inputs, bert_tensor *outputs) {
  if (!inputs || !outputs)
    return fail(BERT_INVALID_ARGUMENT, "inputs or outputs are null");
  for (int i = 0; i < info.num_inputs; ++i)
    if (!inputs[i].data)
      return fail(BERT_INVALID_ARGUMENT, "input '%s' has no data", info.inputs[i].name);
  if (!acquire())
    return busy(info.name);
  bert_status status = call(inputs, [](int, const bert_tensor &) {});
  for (int i = 0; i < info.num_outputs && status == BERT_OK; ++i)
    status = copyOutput(i, outputs[i]);
  release();
  return status;
}

//===----------------------------------------------------------------------===//
// bert_model_run
//===----------------------------------------------------------------------===//

// A dimension in a call that states batch and sequence length.
static int64_t resolveDim(int64_t dim, int64_t batch, int64_t sequence) {
  return dim == BERT_BATCH ? batch : dim == BERT_SEQUENCE ? sequence : dim;
}

// What a tensor looks like in such a call.
static bert_status describe(const bert_tensor_info &info, int64_t batch, int64_t sequence,
                            bert_tensor &tensor) {
  tensor.type = info.type;
  tensor.rank = info.rank;
  tensor.data = nullptr;
  tensor.bytes = 0;
  for (int i = 0; i < info.rank; ++i) {
    tensor.dims[i] = resolveDim(info.dims[i], batch, sequence);
    if (tensor.dims[i] < 0)
      return fail(BERT_INVALID_ARGUMENT,
                  "dimension %d of '%s' follows neither from the batch nor from the sequence "
                  "length; use bert_model_run_tensors()",
                  i, info.name);
  }
  return BERT_OK;
}

// Ones for a mask, zeros for anything else.
static void fillDefault(int role, const bert_tensor &tensor) {
  int64_t count;
  getNumElements(tensor.dims, tensor.rank, count);
  if (role != BERT_ROLE_MASK) {
    memset(tensor.data, 0, size_t(count) * size_t(getElementSize(tensor.type)));
    return;
  }
  for (int64_t i = 0; i < count; ++i) {
    switch (tensor.type) {
    case BERT_F32:
      static_cast<float *>(tensor.data)[i] = 1;
      break;
    case BERT_F64:
      static_cast<double *>(tensor.data)[i] = 1;
      break;
    case BERT_I32:
      static_cast<int32_t *>(tensor.data)[i] = 1;
      break;
    case BERT_I64:
      static_cast<int64_t *>(tensor.data)[i] = 1;
      break;
    case BERT_I8:
    case BERT_U8:
    case BERT_BOOL:
      static_cast<char *>(tensor.data)[i] = 1;
      break;
    }
  }
}

bert_status Instance::run(const void *const *inputs, int64_t batch, int64_t sequence,
                          void *const *outputs) {
  if (!inputs || !outputs)
    return fail(BERT_INVALID_ARGUMENT, "inputs or outputs are null");
  if (batch < 1 || sequence < 1)
    return fail(BERT_INVALID_ARGUMENT,
                "batch and sequence length are at least 1, not %lld and %lld",
                static_cast<long long>(batch), static_cast<long long>(sequence));
  if (!acquire())
    return busy(info.name);
  auto compute = [&] {
    if (bert_status status = checkSequence(info, sequence))
      return status;
    for (int i = 0; i < info.num_inputs; ++i) {
      const bert_tensor_info &expected = info.inputs[i];
      bert_tensor &input = stagedInputs[i];
      if (bert_status status = describe(expected, batch, sequence, input))
        return status;
      int role = descriptor.input_roles[i];
      // A model with built-in shapes takes those only.
      if (role != BERT_ROLE_OTHER && expected.rank == 2 &&
          (input.dims[0] != batch || input.dims[1] != sequence))
        return fail(BERT_INVALID_ARGUMENT,
                    "input '%s' is %lld x %lld in this model, not %lld x %lld", expected.name,
                    static_cast<long long>(input.dims[0]), static_cast<long long>(input.dims[1]),
                    static_cast<long long>(batch), static_cast<long long>(sequence));
      if (!inputs[i] && role != BERT_ROLE_MASK && role != BERT_ROLE_TYPES)
        return fail(BERT_INVALID_ARGUMENT, "input '%s' is null", expected.name);
      input.data = const_cast<void *>(inputs[i]);
    }
    for (int i = 0; i < info.num_outputs; ++i)
      if (outputs[i])
        if (bert_status status = describe(info.outputs[i], batch, sequence, stagedOutputs[i]))
          return status;
    if (bert_status status = call(stagedInputs, [&](int i, const bert_tensor &input) {
          fillDefault(descriptor.input_roles[i], input);
        }))
      return status;
    for (int i = 0; i < info.num_outputs; ++i) {
      if (!outputs[i])
        continue;
      bert_tensor &output = stagedOutputs[i];
      int64_t count;
      getNumElements(output.dims, output.rank, count);
      output.data = outputs[i];
      output.bytes = size_t(count) * size_t(getElementSize(output.type));
      if (bert_status status = copyOutput(i, output))
        return status;
    }
    return BERT_OK;
  };
  bert_status status = compute();
  release();
  return status;
}

//===----------------------------------------------------------------------===//
// bert_model_run_ragged
//===----------------------------------------------------------------------===//

static void storeInteger(const bert_tensor &tensor, int64_t index, int32_t value) {
  if (tensor.type == BERT_I64)
    static_cast<int64_t *>(tensor.data)[index] = value;
  else
    static_cast<int32_t *>(tensor.data)[index] = value;
}

bert_status Instance::runRagged(const int32_t *ids, const int32_t *types, const int64_t *offsets,
                                int64_t count, void *const *outputs) {
  if (!ids || !offsets || !outputs)
    return fail(BERT_INVALID_ARGUMENT, "ids, offsets or outputs are null");
  if (count < 1)
    return fail(BERT_INVALID_ARGUMENT, "the number of sequences is at least 1, not %lld",
                static_cast<long long>(count));
  int64_t longest = 0, shortest = INT64_MAX;
  for (int64_t b = 0; b < count; ++b) {
    int64_t length;
    if (offsets[b] < 0 || __builtin_sub_overflow(offsets[b + 1], offsets[b], &length) || length < 1)
      return fail(BERT_INVALID_ARGUMENT,
                  "sequence %lld has no ids: offsets must rise, and are %lld and %lld there",
                  static_cast<long long>(b), static_cast<long long>(offsets[b]),
                  static_cast<long long>(offsets[b + 1]));
    longest = length > longest ? length : longest;
    shortest = length < shortest ? length : shortest;
  }
  if (!acquire())
    return busy(info.name);
  auto compute = [&] {
    if (bert_status status = checkSequence(info, longest))
      return status;
    bool hasIds = false, hasMask = false;
    for (int i = 0; i < info.num_inputs; ++i) {
      const bert_tensor_info &expected = info.inputs[i];
      int role = descriptor.input_roles[i];
      if (bert_status status = describe(expected, count, longest, stagedInputs[i]))
        return status;
      hasIds |= role == BERT_ROLE_IDS;
      hasMask |= role == BERT_ROLE_MASK;
      bool isInteger = expected.type == BERT_I32 || expected.type == BERT_I64;
      if (role == BERT_ROLE_OTHER || expected.rank != 2 || (role != BERT_ROLE_MASK && !isInteger))
        return fail(BERT_INVALID_ARGUMENT,
                    "input '%s' of this model is neither ids nor mask nor token types; use "
                    "bert_model_run() or bert_model_run_tensors()",
                    expected.name);
      if (stagedInputs[i].dims[0] != count || stagedInputs[i].dims[1] != longest)
        return fail(BERT_INVALID_ARGUMENT,
                    "input '%s' has a built-in shape; use bert_model_run() with that one",
                    expected.name);
    }
    if (!hasIds)
      return fail(BERT_INVALID_ARGUMENT, "this model has no ids; use bert_model_run_tensors()");
    if (!hasMask && shortest != longest)
      return fail(BERT_INVALID_ARGUMENT,
                  "this model has no mask, so all sequences of a call must be of one length");
    for (int i = 0; i < info.num_outputs; ++i)
      if (outputs[i])
        if (bert_status status = describe(info.outputs[i], count, longest, stagedOutputs[i]))
          return status;

    bert_status status = call(stagedInputs, [&](int i, const bert_tensor &input) {
      int role = descriptor.input_roles[i];
      fillDefault(role, input);
      const int32_t *source = role == BERT_ROLE_IDS     ? ids
                              : role == BERT_ROLE_TYPES ? types
                                                        : nullptr;
      int64_t size = getElementSize(input.type);
      for (int64_t b = 0; b < count; ++b) {
        int64_t length = offsets[b + 1] - offsets[b];
        if (role == BERT_ROLE_MASK)
          memset(static_cast<char *>(input.data) + (b * longest + length) * size, 0,
                 size_t((longest - length) * size));
        else if (source)
          for (int64_t s = 0; s < length; ++s)
            storeInteger(input, b * longest + s, source[offsets[b] + s]);
      }
    });
    if (status != BERT_OK)
      return status;

    for (int i = 0; i < info.num_outputs; ++i) {
      if (!outputs[i])
        continue;
      const bert_tensor_info &expected = info.outputs[i];
      const bert_tensor &output = stagedOutputs[i];
      const char *data = getData(*outputMemRefs[i], expected.type);
      auto *target = static_cast<char *>(outputs[i]);
      bool isPerToken =
          expected.rank >= 2 && expected.dims[0] == BERT_BATCH && expected.dims[1] == BERT_SEQUENCE;
      int64_t elements;
      if (!isPerToken) {
        getNumElements(output.dims, output.rank, elements);
        memcpy(target, data, size_t(elements * getElementSize(expected.type)));
        continue;
      }
      getNumElements(output.dims + 2, output.rank - 2, elements);
      int64_t row = elements * getElementSize(expected.type);
      for (int64_t b = 0; b < count; ++b)
        memcpy(target + (offsets[b] - offsets[0]) * row, data + b * longest * row,
               size_t((offsets[b + 1] - offsets[b]) * row));
    }
    return BERT_OK;
  };
  bert_status status = compute();
  release();
  return status;
}
