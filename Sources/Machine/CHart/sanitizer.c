// SPDX-License-Identifier: BSD-3-Clause
//
// For tests under the address sanitizer. It marks what lies between the
// variables of a function, until the function returns. A thread that ends never
// returns from its last functions, and its stack is used again. Why C: the
// sanitizer's functions are declared for C only.

#include "CHart.h"

#if !defined(__riscv)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER
void __asan_unpoison_memory_region(void const volatile *start, size_t size);
#endif
#endif

void hart_forget_frames(uint64_t low, uint64_t high) {
#if defined(HAS_ADDRESS_SANITIZER)
  __asan_unpoison_memory_region((void *)low, high - low);
#else
  (void)low;
  (void)high;
#endif
}
#endif
