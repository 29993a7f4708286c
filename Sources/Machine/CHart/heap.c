// SPDX-License-Identifier: BSD-3-Clause
//
// Which heap the C and Swift runtimes use. Why C: Swift cannot say "weak",
// that is, "unless the program has a function of this name". And the compiler
// gives every Swift module weak functions of its own for objects: only a
// function from elsewhere can take their place.
//
//     malloc, free, …       ┐   heap_allocate  ┌ of the program, or else
//     swift_slowAlloc       ├─▶ heap_release ─▶│ the default heap of the
//     swift_allocObject     ┘   …              └ module Allocation

#if defined(__riscv)

#include <stddef.h>

#include "CHart.h"

// One jump, a tail call: the callee returns to our caller. (A C function would
// keep a frame for it.)
#define UNLESS_DEFINED(name)                                       \
  __asm__(".section .text." #name ", \"ax\", @progbits\n"           \
          ".weak " #name "\n.type " #name ", @function\n"          \
          #name ": tail default_" #name "\n.text");

UNLESS_DEFINED(heap_allocate)
UNLESS_DEFINED(heap_release)
UNLESS_DEFINED(heap_size)
UNLESS_DEFINED(heap_resize)
UNLESS_DEFINED(heap_statistics)

static void *allocate(uint64_t size, uint64_t alignment) {
  uint64_t address = heap_allocate(size, alignment);
  if (address == 0) heap_exhausted(size, alignment);
  return (void *)address;
}

// Swift's own versions stop without a word when there is no memory left.

void *swift_slowAlloc(size_t size, size_t alignment_mask) {
  return allocate(size, alignment_mask == SIZE_MAX ? 16 : alignment_mask + 1);
}

void *swift_coroFrameAlloc(size_t size, uint64_t type) {
  (void)type;
  return allocate(size, 16);
}

// An object begins with its type and its reference count. (Swift's own version
// keeps no frame pointer: a backtrace would end in it.)
void *swift_allocObject(uintptr_t type, size_t size, size_t alignment_mask) {
  uintptr_t *object = swift_slowAlloc(size, alignment_mask);
  object[0] = type;
  object[1] = 1;
  return object;
}

#endif
