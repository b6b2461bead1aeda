/*===- bert_tokenizer.h - from text to the ids of a BERT, from C ---------------------===*\
|*
|* Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
|*
|* Splits text into the pieces of a vocab.txt, as the model was trained. What it gives
|* goes as it is into bert_model_run_ragged():
|*
|*   bert_tokenizer *tokenizer;
|*   bert_encoding encoding = {0};
|*   if (bert_tokenizer_create("vocab.txt", 0, &tokenizer) ||
|*       bert_tokenizer_encode_batch(tokenizer, texts, NULL, 2, 512, &encoding))
|*     fprintf(stderr, "%s\n", bert_tokenizer_last_error());
|*   bert_model_run_ragged(model, encoding.ids, encoding.types, encoding.offsets,
|*                         encoding.count, outputs);
|*   bert_encoding_free(&encoding);
|*   bert_tokenizer_destroy(tokenizer);
|*
|* Link with libbert-tokenizer.so. No function exits, throws or prints. A tokenizer may be
|* used by any number of threads at once.
|*
\*===--------------------------------------------------------------------------------===*/

#ifndef BERT_TOKENIZER_H
#define BERT_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bert_tokenizer_status {
  BERT_TOKENIZER_OK = 0,
  BERT_TOKENIZER_INVALID_ARGUMENT = 1, /**< a null pointer, a length without room */
  BERT_TOKENIZER_FILE = 2,             /**< the vocabulary can't be read or is none */
  BERT_TOKENIZER_MEMORY = 3            /**< no memory */
} bert_tokenizer_status;

typedef struct bert_tokenizer bert_tokenizer;

/** UTF-8, not terminated; bytes that are no UTF-8 are dropped. */
typedef struct bert_text {
  const char *data;
  size_t bytes;
} bert_text;

/** Sequences of ids, one behind the other. Set it to {0} before its first use; a call replaces
 *  what is in it. */
typedef struct bert_encoding {
  int64_t count;    /**< of sequences */
  int32_t *ids;     /**< sequence i is ids[offsets[i]] up to ids[offsets[i + 1] - 1] */
  int32_t *types;   /**< for each id, 0 or (in the second text of a pair) 1 */
  int64_t *offsets; /**< [count + 1] */
} bert_encoding;

/** Reads a vocab.txt. `cased` is 0 for models that were trained on lower-case text without accents
 *  (`uncased` in a model's name). `*tokenizer` is null after an error. */
bert_tokenizer_status bert_tokenizer_create(const char *vocab_path, int cased,
                                            bert_tokenizer **tokenizer);

/** Encodes one text: [CLS] text [SEP]. A sequence has at most `max_length` ids (0: any number);
 *  what is too long loses its end. */
bert_tokenizer_status bert_tokenizer_encode(const bert_tokenizer *tokenizer, bert_text text,
                                            int64_t max_length, bert_encoding *encoding);

/** Encodes a pair: [CLS] first [SEP] second [SEP]. If it is too long, the longer one loses its end
 *  first. */
bert_tokenizer_status bert_tokenizer_encode_pair(const bert_tokenizer *tokenizer, bert_text first,
                                                 bert_text second, int64_t max_length,
                                                 bert_encoding *encoding);

/** Encodes `count` texts; pairs, if `seconds` is not null. */
bert_tokenizer_status bert_tokenizer_encode_batch(const bert_tokenizer *tokenizer,
                                                  const bert_text *texts, const bert_text *seconds,
                                                  int64_t count, int64_t max_length,
                                                  bert_encoding *encoding);

/** Frees what a call has put in, and sets it to {0}. */
void bert_encoding_free(bert_encoding *encoding);

/** Frees the tokenizer; null is allowed. */
void bert_tokenizer_destroy(bert_tokenizer *tokenizer);

/** What went wrong in this thread's last call that failed; a sentence, valid until the next one. */
const char *bert_tokenizer_last_error(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* BERT_TOKENIZER_H */
