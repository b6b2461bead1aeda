/*===- Abi.h - between generated code and the runtime -----------------------*- C -*-===*\
|*
|* Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
|*
|* What generated code may call, and what a compiled model tells the runtime of
|* itself. Plain C: passes emit these names and layouts, lib/Runtime implements
|* them, and both come from one build, so nothing here has to stay compatible.
|* docs/native-code.md says how the two work together.
|*
\*===----------------------------------------------------------------------===*/

#ifndef BERT_RUNTIME_ABI_H
#define BERT_RUNTIME_ABI_H

#include "bert/Runtime/bert_model.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*===----------------------------------------------------------------------===*\
|* What generated code calls. No pointer may be null unless said so.
\*===----------------------------------------------------------------------===*/

/** Runs `body` on ranges that together cover [0, count), each index once, on the threads of the
 *  instance that the calling thread runs; returns when all are done. Nothing says how a range is
 *  cut, so a result must not depend on it. A count of 0 or less does nothing. Inside a body, and
 *  where no instance runs, it calls body(context, 0, count) on the calling thread. */
void bert_parallel_for(int64_t count, void (*body)(void *context, int64_t begin, int64_t end),
                       void *context);

/** How many threads bert_parallel_for may use at once; at least 1. Constant during a call of the
 *  model. */
int64_t bert_num_workers(void);

/** Which of them the calling thread is: 0 (the one that called the model) up to
 *  bert_num_workers() - 1. Constant during a body. */
int64_t bert_worker_index(void);

/** The most that bert_num_workers() ever returns, for scratch whose size is a constant. */
#define BERT_MAX_WORKERS 256

/** Which positions are computed; the cases of #bert.positions. */
enum BertPositions {
  BERT_POSITIONS_ALL = 0,
  BERT_POSITIONS_KEYS = 1,
  BERT_POSITIONS_KEYS_AND_FIRST = 2
};

/** Reads a mask and says which positions are tokens and which are keys; returns the number of
 *  tokens.
 *
 *  `mask` is [batch, sequence], row-major, of type f32, i32 or i64 (`mask_type`, a
 *  bert_element_type); or null: every position is a token and a key. A position's additive value is
 *  (1 - mask) * masked_value. It is a key unless that value lies 1000 or more under the largest of
 *  its sequence, where exp of it is 0 in f32. So with a masked_value of -10000 and a mask of zeros
 *  and ones the ones are keys; in a sequence without ones all positions are. Its bias is 0 in a
 *  sequence whose keys all have the additive value 0; else it is the additive value.
 *
 *  Tokens are the keys; with KEYS_AND_FIRST position 0 too; with ALL every position.
 *
 *  The results have room for batch + 1 (`*_begin`) or batch * sequence entries:
 *    token_begin[b] .. token_begin[b + 1]  sequence b's rows among the tokens, in order of position
 *    token_position[t], token_sequence[t]  where token t stands
 *    key_begin[b] .. key_begin[b + 1]      sequence b's entries in the next two
 *    key_row[k]                            the token row of a key
 *    key_bias[k]                           what is added to its scores
 *  A null key_bias is allowed. batch * sequence must be below 2^31; the runtime checks that before
 *  it calls the model. */
int64_t bert_pack_tokens(int64_t batch, int64_t sequence, const void *mask, int64_t mask_type,
                         int64_t positions, float masked_value, int32_t *token_begin,
                         int32_t *token_position, int32_t *token_sequence, int32_t *key_begin,
                         int32_t *key_row, float *key_bias);

/*===----------------------------------------------------------------------===*\
|* What a compiled model says of itself.
\*===----------------------------------------------------------------------===*/

/** What an input is for. bert_model_run_ragged() needs to know. */
enum BertRole { BERT_ROLE_OTHER = 0, BERT_ROLE_IDS = 1, BERT_ROLE_MASK = 2, BERT_ROLE_TYPES = 3 };

/** A memref as generated code takes it: sizes[rank], then strides[rank] (in elements) follow. */
struct BertMemRef {
  void *allocated;
  void *aligned;
  int64_t offset;
  int64_t sizes_and_strides[];
};

/** The code of a model for one kind of CPU. `arguments` are pointers to memrefs, the inputs first:
 *  `arena_bytes` takes the inputs; `run` takes the place for the outputs' memrefs (one behind the
 *  other), the inputs, the weights and the arena. Both run as worker 0 of the instance, so
 *  bert_num_workers() says the same in both. */
struct BertModelCode {
  const char *name;     /* "avx512", "avx2", "portable" or what the user asked for */
  const char *features; /* what it needs, separated by commas: "avx2,fma" */
  int64_t (*arena_bytes)(void *const *arguments);
  void (*run)(void *const *arguments);
};

enum { BERT_BUILD_ID_BYTES = 32 };

/** Everything the runtime has to know of a model. */
struct BertModelDescriptor {
  const bert_model_info *info;
  const int32_t *input_roles;    /* enum BertRole, one for each input */
  const unsigned char *build_id; /* of the code and the plan of the weights */
  int64_t num_codes;
  const struct BertModelCode *codes; /* the best one first; the first that this CPU runs is used */
};

/** A compiled model's library holds one, under this name; it is not exported. */
/* It is a declaration. NOLINTNEXTLINE(bugprone-dynamic-static-initializers) */
extern const struct BertModelDescriptor bert_model_descriptor;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* BERT_RUNTIME_ABI_H */
