/* What a machine can do at most: f32 multiply-adds in registers, on as many threads as
 * the argument says. Prints GFLOP/s. Compile with -O2 -march=native -pthread. Used by
 * utils/bench-native.py. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

/* Enough independent sums to hide the latency of two units. */
enum { SUMS = 12 };

typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static const long rounds = 60000000;
static pthread_barrier_t start;
static volatile float sink;

static void *work(void *unused) {
  vector sums[SUMS], factor = {0}, addend = {0};
  (void)unused;
  for (int i = 0; i < LANES; i++) {
    factor[i] = 0.999f;
    addend[i] = 0.001f;
  }
  for (int i = 0; i < SUMS; i++)
    sums[i] = addend * (float)i;
  pthread_barrier_wait(&start);
  for (long round = 0; round < rounds; round++) {
#pragma clang fp contract(fast)
#pragma clang loop unroll(full)
    for (int i = 0; i < SUMS; i++)
      sums[i] = sums[i] * factor + addend;
    __asm__ volatile("" ::: "memory");
  }
  for (int i = 1; i < SUMS; i++)
    sums[0] += sums[i];
  sink = sums[0][0];
  return NULL;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv) {
  int threads = argc > 1 ? atoi(argv[1]) : 1;
  pthread_t *others = malloc(sizeof(*others) * (size_t)threads);
  double time;
  pthread_barrier_init(&start, NULL, (unsigned)threads + 1);
  for (int i = 0; i < threads; i++)
    pthread_create(&others[i], NULL, work, NULL);
  pthread_barrier_wait(&start);
  time = now();
  for (int i = 0; i < threads; i++)
    pthread_join(others[i], NULL);
  time = now() - time;
  printf("%.1f\n", (double)threads * (double)rounds * SUMS * LANES * 2 / time / 1e9);
  return 0;
}
