/* What a user's program looks like; prints the answers of lookup.mlir. */
#include "model.h"

#include <inttypes.h>
#include <stdio.h>

#ifndef PREFIX
#define PREFIX bert_model
#endif
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define FN(name) JOIN(PREFIX, name)

static int check(bert_status status) {
  if (status != BERT_OK)
    printf("error %d: %s\n", (int)status, FN(last_error)());
  return status == BERT_OK;
}

int main(int argc, char **argv) {
  const bert_model_info *info = FN(get_info)();
  bert_model *model = NULL;
  const int32_t ids[] = {0, 1, 2, 3, 3, 0}, mask[] = {1, 1, 1, 1, 0, 0}, bad[] = {0, 4, 1};
  const void *inputs[] = {ids, mask}, *bad_inputs[] = {bad, NULL};
  const int64_t offsets[] = {0, 1, 3, 6};
  float sums[6];
  void *outputs[] = {sums};
  int i;

  printf("%s: %d inputs, %d outputs, up to %" PRId64 " tokens\n", info->name, info->num_inputs,
         info->num_outputs, info->max_sequence);
  for (i = 0; i < info->num_inputs; ++i)
    printf("input %s of rank %d: %" PRId64 " x %" PRId64 ", limit %" PRId64 "\n",
           info->inputs[i].name, info->inputs[i].rank, info->inputs[i].dims[0],
           info->inputs[i].dims[1], info->inputs[i].limit);
  printf("output %s: %" PRId64 " x %" PRId64 "\n", info->outputs[0].name, info->outputs[0].dims[0],
         info->outputs[0].dims[1]);
  if (!check(FN(create)(argc > 1 ? argv[1] : NULL, 2, &model)))
    return 1;
  printf("code %s, mask is input %d\n", FN(code_name)(model), FN(find_input)("mask"));
  check(FN(verify)(model));
  if (check(FN(run)(model, inputs, 2, 3, outputs)))
    printf("padded: %g %g, %g %g\n", sums[0], sums[1], sums[2], sums[3]);
  if (check(FN(run_ragged)(model, ids, NULL, offsets, 3, outputs)))
    printf("ragged: %g %g, %g %g, %g %g\n", sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
  check(FN(run)(model, bad_inputs, 1, 3, outputs));
  check(FN(run)(model, inputs, 1, 17, outputs));
  FN(destroy)(model);
  return 0;
}
