// SPDX-License-Identifier: BSD-3-Clause
//
// The four functions that compilers call without being asked: to copy a
// struct, to clear an array. Why C: a Swift loop that fills memory is itself
// compiled into a call of memset. This file is built with -fno-builtin, so
// these loops stay loops. And one that clears pages, on request.

#if defined(__riscv)

#include <stddef.h>
#include <stdint.h>

#include "CHart.h"

typedef uint64_t __attribute__((may_alias)) word;

static int aligned(const void *a, const void *b) {
  return (((uintptr_t)a | (uintptr_t)b) & 7) == 0;
}

/* 128 bytes at a time, so that the loop itself costs little. */
static void fill_line(word *to, word pattern) {
  to[0] = pattern, to[1] = pattern, to[2] = pattern, to[3] = pattern;
  to[4] = pattern, to[5] = pattern, to[6] = pattern, to[7] = pattern;
  to[8] = pattern, to[9] = pattern, to[10] = pattern, to[11] = pattern;
  to[12] = pattern, to[13] = pattern, to[14] = pattern, to[15] = pattern;
}

/* 64 bytes. */
static void copy_line(word *to, const word *from) {
  const word a = from[0], b = from[1], c = from[2], d = from[3];
  const word e = from[4], f = from[5], g = from[6], h = from[7];
  to[0] = a, to[1] = b, to[2] = c, to[3] = d;
  to[4] = e, to[5] = f, to[6] = g, to[7] = h;
}

void *memset(void *destination, int byte, size_t count) {
  unsigned char *to = destination;
  for (; count > 0 && !aligned(to, to); count--) *to++ = (unsigned char)byte;
  const word pattern = (unsigned char)byte * 0x0101010101010101u;
  for (; count >= 128; count -= 128, to += 128) fill_line((word *)to, pattern);
  for (; count >= 8; count -= 8, to += 8) *(word *)to = pattern;
  for (; count > 0; count--) *to++ = (unsigned char)byte;
  return destination;
}

void hart_clear(uint64_t address, uint64_t size) {
  for (uint64_t end = address + size; address < end; address += 256) {
    fill_line((word *)address, 0);
    fill_line((word *)address + 16, 0);
  }
}

static void copy_up(unsigned char *to, const unsigned char *from,
                    size_t count) {
  if (aligned(to, from)) {
    for (; count >= 64; count -= 64, to += 64, from += 64)
      copy_line((word *)to, (const word *)from);
    for (; count >= 8; count -= 8, to += 8, from += 8)
      *(word *)to = *(const word *)from;
  }
  for (; count > 0; count--) *to++ = *from++;
}

static void copy_down(unsigned char *to, const unsigned char *from,
                      size_t count) {
  if (aligned(to + count, from + count))
    for (; count >= 8; count -= 8)
      *(word *)(to + count - 8) = *(const word *)(from + count - 8);
  for (; count > 0; count--) to[count - 1] = from[count - 1];
}

void *memcpy(void *restrict destination, const void *restrict source,
             size_t count) {
  copy_up(destination, source, count);
  return destination;
}

void *memmove(void *destination, const void *source, size_t count) {
  if ((uintptr_t)destination - (uintptr_t)source >= count)
    copy_up(destination, source, count);
  else
    copy_down(destination, source, count);
  return destination;
}

int memcmp(const void *left, const void *right, size_t count) {
  const unsigned char *a = left, *b = right;
  for (; count > 0; count--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}

#endif
