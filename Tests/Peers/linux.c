// SPDX-License-Identifier: BSD-3-Clause
//
// What Linux takes for the operations that `make bench` counts here. It is the
// machine's only program, /init; README.md says how to run it.
//
// Under QEMU's `-icount shift=0` a nanosecond is an instruction, and the clock
// of the board `virt` ticks each 100 ns. The kernel goes on starting in the
// background for a while, which would be counted as well: hence the sleep.

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { rounds = 20000, idle_seconds = 5, tick = 100 };

static uint64_t now(void) {
  uint64_t ticks;
  __asm__ volatile("rdtime %0" : "=r"(ticks));
  return ticks * tick;
}

static uint64_t start;

static void report(const char *name, int operations) {
  printf("%s %.1f\n", name, (double)(now() - start) / operations);
}

static void *yields(void *unused) {
  for (int i = 0; i < rounds; i++) sched_yield();
  return unused;
}

static sem_t there, back;

static void *answers(void *unused) {
  for (int i = 0; i < rounds; i++) {
    sem_wait(&there);
    sem_post(&back);
  }
  return unused;
}

static void measure_yield(void) {
  pthread_t threads[2];
  start = now();
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], 0, yields, 0);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], 0);
  report("yield to another thread", 2 * rounds);
}

static void measure_semaphore(void) {
  pthread_t partner;
  sem_init(&there, 0, 0);
  sem_init(&back, 0, 0);
  pthread_create(&partner, 0, answers, 0);
  start = now();
  for (int i = 0; i < rounds; i++) {
    sem_post(&there);
    sem_wait(&back);
  }
  report("semaphore, to another thread and back", rounds);
  pthread_join(partner, 0);
}

static void measure_pipe(void) {
  int out[2], in[2];
  char byte = 0;
  if (pipe(out) || pipe(in)) exit(1);
  if (fork() == 0) {
    for (int i = 0; i < rounds; i++)
      if (read(out[0], &byte, 1) != 1 || write(in[1], &byte, 1) != 1) _exit(1);
    _exit(0);
  }
  start = now();
  for (int i = 0; i < rounds; i++)
    if (write(out[1], &byte, 1) != 1 || read(in[0], &byte, 1) != 1) exit(1);
  report("pipe, to another process and back", rounds);
}

static void measure_heap(size_t size, const char *name) {
  start = now();
  for (int i = 0; i < rounds; i++) {
    char *volatile block = malloc(size);
    free(block);
  }
  report(name, rounds);
}

int main(void) {
  // An initial RAM disk may have no console that is open already.
  if (open("/dev/console", O_RDWR) == 0 && dup(0) == 1) dup(0);
  sleep(idle_seconds);
  start = now();
  for (int i = 0; i < rounds; i++) syscall(SYS_getppid);
  report("getppid", rounds);
  measure_yield();
  measure_semaphore();
  measure_pipe();
  measure_heap(64, "malloc + free, 64 B");
  measure_heap(4096, "malloc + free, 4096 B");
  fflush(stdout);
  reboot(RB_POWER_OFF);
}
