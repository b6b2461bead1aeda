/* Calls a model's code with memory that ends where a protected page begins, so that an
 * access behind the arena, the weights or an input ends the program; and twice with
 * different garbage in the arena, so that a read before the first write shows in the
 * outputs. Linked with what `bert-compile --emit=object` writes. Arguments: the weights'
 * file, then shapes as BxS. */

#define _GNU_SOURCE
#include "bert/Runtime/Abi.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, DATA_OFFSET = 4096, MAX_TENSORS = 16 };

static const int sizes[] = {4, 4, 8, 1, 1, 1, 8};

/* Memory for `bytes` that begins at a multiple of `alignment` and ends right before a
 * page that can't be accessed, as far as the alignment lets it. */
static char *guarded(size_t bytes, size_t alignment) {
  size_t pages = (bytes + PAGE - 1) / PAGE * PAGE;
  char *base = mmap(NULL, pages + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED || mprotect(base + pages, PAGE, PROT_NONE) != 0)
    exit(2);
  return base + (pages - bytes) / alignment * alignment;
}

static struct BertMemRef *make_memref(void *data, int rank, const int64_t *dims) {
  struct BertMemRef *memref = malloc(sizeof(*memref) + 2 * (size_t)rank * sizeof(int64_t));
  int64_t stride = 1;
  memref->allocated = memref->aligned = data;
  memref->offset = 0;
  for (int i = rank; i-- > 0; stride *= dims[i]) {
    memref->sizes_and_strides[i] = dims[i];
    memref->sizes_and_strides[rank + i] = stride;
  }
  return memref;
}

/* Ids at random; the mask's rows have `padding` zeros, on the right, on the left or all
 * of them. */
static void fill(const bert_tensor_info *info, int32_t role, char *data, int64_t batch,
                 int64_t sequence, int padding) {
  for (int64_t i = 0; i < batch * sequence; ++i) {
    int64_t row = i / sequence, column = i % sequence, value = rand();
    if (role == BERT_ROLE_MASK)
      value = row % 3 == 0 ? column < sequence - padding : row % 3 == 1 ? column >= padding : 0;
    else
      value %= info->limit > 0 ? info->limit : 2;
    if (info->type == BERT_I64)
      ((int64_t *)data)[i] = value;
    else if (info->type == BERT_F32)
      ((float *)data)[i] = (float)value;
    else
      ((int32_t *)data)[i] = (int32_t)value;
  }
}

int main(int argc, char **argv) {
  const struct BertModelDescriptor *model = &bert_model_descriptor;
  const bert_model_info *info = model->info;
  const struct BertModelCode *code = &model->codes[0];
  int file = open(argv[1], O_RDONLY);
  size_t weights_bytes = (size_t)info->weights_bytes;
  char *weights = guarded(weights_bytes, 64);
  if (file < 0 || pread(file, weights, weights_bytes, DATA_OFFSET) != (ssize_t)weights_bytes)
    return 2;
  for (int argument = 2; argument < argc; ++argument)
    for (int padding = 0; padding < 4; ++padding) {
      long long batch, sequence;
      void *arguments[MAX_TENSORS + 3];
      char *first = NULL;
      size_t first_bytes = 0;
      int64_t weights_dims[1] = {info->weights_bytes}, arena_dims[1];
      if (sscanf(argv[argument], "%lldx%lld", &batch, &sequence) != 2)
        return 2;
      if (padding >= sequence)
        continue;
      for (int i = 0; i < info->num_inputs; ++i) {
        int64_t dims[2] = {batch, sequence};
        size_t size = (size_t)sizes[info->inputs[i].type];
        char *data = guarded((size_t)(batch * sequence) * size, size);
        fill(&info->inputs[i], model->input_roles[i], data, batch, sequence, padding);
        arguments[1 + i] = make_memref(data, 2, dims);
      }
      arena_dims[0] = code->arena_bytes(arguments + 1);
      for (int garbage = 0; garbage < 2; ++garbage) {
        char *arena = guarded((size_t)arena_dims[0], 64);
        char *results = calloc(MAX_TENSORS, sizeof(struct BertMemRef) + 16 * sizeof(int64_t));
        memset(arena, garbage ? 0xff : 0x3c, (size_t)arena_dims[0]);
        arguments[0] = results;
        arguments[1 + info->num_inputs] = make_memref(weights, 1, weights_dims);
        arguments[2 + info->num_inputs] = make_memref(arena, 1, arena_dims);
        code->run(arguments);
        for (int i = 0; i < info->num_outputs; ++i) {
          struct BertMemRef *result = (struct BertMemRef *)results;
          int rank = info->outputs[i].rank;
          size_t bytes = (size_t)sizes[info->outputs[i].type];
          char *data = (char *)result->aligned + result->offset * (int64_t)bytes;
          for (int dim = 0; dim < rank; ++dim)
            bytes *= (size_t)result->sizes_and_strides[dim];
          if (garbage == 0 && i == 0) {
            first = malloc(bytes);
            first_bytes = bytes;
            memcpy(first, data, bytes);
          } else if (i == 0 && (bytes != first_bytes || memcmp(first, data, bytes) != 0)) {
            printf("%s, padding %d: output 0 depends on what was in the arena\n", argv[argument],
                   padding);
            return 1;
          }
          results += sizeof(*result) + 2 * (size_t)rank * sizeof(int64_t);
        }
      }
    }
  puts("clean");
  return 0;
}
