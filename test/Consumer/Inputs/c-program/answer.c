/* answer VOCABULARY WEIGHTS LINE...: the first numbers of the model's answer to each line. */
#include <bert/Runtime/bert_model.h>
#include <bert/Tokenizer/bert_tokenizer.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  bert_tokenizer *tokenizer;
  bert_model *model;
  bert_text *texts = malloc((size_t)argc * sizeof(bert_text));
  bert_encoding encoding = {0};
  int64_t width = bert_model_get_info()->outputs[0].dims[1];
  void *outputs[1];
  int i;

  if (argc < 4) {
    fprintf(stderr, "usage: answer VOCABULARY WEIGHTS LINE...\n");
    return 2;
  }
  for (i = 3; i < argc; ++i) {
    texts[i - 3].data = argv[i];
    texts[i - 3].bytes = strlen(argv[i]);
  }
  if (bert_tokenizer_create(argv[1], 0, &tokenizer) ||
      bert_tokenizer_encode_batch(tokenizer, texts, NULL, argc - 3, 16, &encoding)) {
    fprintf(stderr, "%s\n", bert_tokenizer_last_error());
    return 1;
  }
  outputs[0] = malloc((size_t)(encoding.count * width) * sizeof(float));
  if (bert_model_create(argv[2], 1, &model) ||
      bert_model_run_ragged(model, encoding.ids, encoding.types, encoding.offsets, encoding.count,
                            outputs)) {
    fprintf(stderr, "%s\n", bert_model_last_error());
    return 1;
  }
  for (i = 0; i < encoding.count; ++i)
    printf("%d ids: %.6f\n", (int)(encoding.offsets[i + 1] - encoding.offsets[i]),
           ((float *)outputs[0])[i * width]);
  bert_model_destroy(model);
  bert_encoding_free(&encoding);
  bert_tokenizer_destroy(tokenizer);
  free(outputs[0]);
  free(texts);
  return 0;
}
