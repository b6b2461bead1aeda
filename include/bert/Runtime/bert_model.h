/*===- bert_model.h - a compiled BERT, from C ---------------------------------------===*\
|*
|* Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
|*
|* A compiled model is a shared library that exports the functions below, and a file
|* with its weights. bert-compile writes this header beside them.
|*
|*   bert_model *model;
|*   if (bert_model_create("model.weights", 0, &model) != BERT_OK)
|*     fprintf(stderr, "%s\n", bert_model_last_error());
|*   const int32_t ids[] = {101, 7592, 102, 101, 2088, 2003, 102};
|*   const int64_t offsets[] = {0, 3, 7};
|*   float pooled[2 * 768];
|*   void *outputs[] = {pooled};
|*   bert_model_run_ragged(model, ids, NULL, offsets, 2, outputs);
|*   bert_model_destroy(model);
|*
|* No function exits, throws, prints or changes the state of the program. Different
|* models may be used by different threads at once, and a model by one thread after
|* another; a model that is in use answers BERT_BUSY. After fork() a child may go on
|* with its parent's models.
|*
\*===--------------------------------------------------------------------------------===*/

#ifndef BERT_MODEL_H
#define BERT_MODEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Types that all compiled models have in common. */
#ifndef BERT_MODEL_TYPES
#define BERT_MODEL_TYPES

/** What a call answers. bert_model_last_error() says more. */
typedef enum bert_status {
  BERT_OK = 0,
  BERT_INVALID_ARGUMENT = 1, /**< a null pointer, a shape that the model does not take */
  BERT_INVALID_ID = 2,       /**< an id outside its table */
  BERT_TOO_LONG = 3,         /**< a sequence longer than the position table */
  BERT_FILE = 4,             /**< the weights' file can't be read, is damaged or not this model's */
  BERT_CPU = 5,              /**< this processor lacks what the code needs */
  BERT_MEMORY = 6,           /**< no memory */
  BERT_BUSY = 7              /**< another thread is using the model */
} bert_status;

typedef enum bert_element_type {
  BERT_F32 = 0,
  BERT_I32 = 1,
  BERT_I64 = 2,
  BERT_I8 = 3,
  BERT_U8 = 4,
  BERT_BOOL = 5, /**< one byte, 0 or 1 */
  BERT_F64 = 6
} bert_element_type;

/** A dimension that is not a number. */
enum {
  BERT_BATCH = -1,    /**< the number of sequences in a call */
  BERT_SEQUENCE = -2, /**< their length in a call */
  BERT_OPEN = -3      /**< another one; bert_model_run_tensors() tells */
};

/** An input or output. */
typedef struct bert_tensor_info {
  const char *name; /**< as in the original model */
  bert_element_type type;
  int rank;
  const int64_t *dims; /**< [rank]; a number, BERT_BATCH, BERT_SEQUENCE or BERT_OPEN */
  int64_t limit;       /**< of ids: values are in [0, limit); else 0 */
} bert_tensor_info;

/** What a library holds. */
typedef struct bert_model_info {
  const char *name;
  int num_inputs, num_outputs;
  const bert_tensor_info *inputs, *outputs;
  int64_t max_sequence;  /**< the longest sequence; 0: any */
  int64_t weights_bytes; /**< of the weights' file, about */
  const char *build_id;  /**< in hexadecimal; the weights' file carries the same */
  /** Operations of matrix products, an addition and a multiplication for each term: for every token
   *  that is not padding, for every pair of a sequence's tokens, and for every sequence. All 0
   * where that does not describe the model. */
  int64_t flops_per_token, flops_per_pair, flops_per_sequence;
} bert_model_info;

/** A tensor in row-major order. */
typedef struct bert_tensor {
  bert_element_type type;
  int rank;
  int64_t dims[8];
  void *data;
  size_t bytes; /**< room at `data`, of outputs */
} bert_tensor;

#endif /* BERT_MODEL_TYPES */

/** A loaded model: mapped weights, threads and memory for results in between. */
typedef struct bert_model bert_model;

/** What this library holds. Needs no weights; never null. */
const bert_model_info *bert_model_get_info(void);

/** The place of an input among the inputs, of an output among the outputs, by its name with or
 *  without ":0"; -1 if there is none. */
int bert_model_find_input(const char *name);
int bert_model_find_output(const char *name);

/** Loads the model. `weights_path` may be null: the file beside the library that has the library's
 *  name and ends in ".weights". `threads` is how many threads a call may use, the caller's among
 *  them; 0 takes BERT_NUM_THREADS from the environment, or else one for each core that the process
 *  may use. The file is mapped, not read, and processes share its pages; it must not be changed
 *  while a model uses it (replace it by renaming). `*model` is null after an error. */
bert_status bert_model_create(const char *weights_path, int threads, bert_model **model);

/** Reads all weights and compares their checksum with the file's own: BERT_FILE if it differs. */
bert_status bert_model_verify(bert_model *model);

/** Computes a batch of sequences that are padded to one length. `inputs` are in the order of
 *  bert_model_get_info(), each of its type and shape with `batch` and `sequence` put in; a mask may
 *  be null (all ones), so may the token types (all zeros). `outputs` have room for results of the
 *  stated shapes; null where a result is not wanted. Padding costs next to nothing: positions that
 *  the mask hides are not computed, unless a result shows them. */
bert_status bert_model_run(bert_model *model, const void *const *inputs, int64_t batch,
                           int64_t sequence, void *const *outputs);

/** Computes `count` sequences that stand one behind the other, without padding: sequence i is
 *  ids[offsets[i]] up to ids[offsets[i + 1] - 1]. `types` has an entry for each id, or is null (all
 *  zeros). Results of shape [batch, ...] become [count, ...]; those of shape [batch, sequence, ...]
 *  have one row for each id: [offsets[count] - offsets[0], ...]. For models whose inputs are ids,
 *  mask and token types. */
bert_status bert_model_run_ragged(bert_model *model, const int32_t *ids, const int32_t *types,
                                  const int64_t *offsets, int64_t count, void *const *outputs);

/** Computes any inputs of any shapes that fit the model. `inputs` and `outputs` have an entry for
 *  each of the model's. The call fills in an output's type, rank and dims; it copies the values
 *  where `data` is not null (`bytes` is how many fit), else it sets `data` to them: they are valid
 *  until the next call with this model. */
bert_status bert_model_run_tensors(bert_model *model, const bert_tensor *inputs,
                                   bert_tensor *outputs);

/** How many threads a call uses, and the name of the code that runs on this processor. */
int bert_model_num_threads(const bert_model *model);
const char *bert_model_code_name(const bert_model *model);

/** Frees the model; null is allowed. Nobody may be using it. Destroy all models before the library
 *  is unloaded. */
void bert_model_destroy(bert_model *model);

/** What went wrong in this thread's last call that failed; a sentence, valid until the next one. */
const char *bert_model_last_error(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* BERT_MODEL_H */
