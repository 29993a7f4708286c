// SPDX-License-Identifier: BSD-3-Clause
//
// Variables that boot does not clear, because they are written before they
// are read. Why C: Swift gives every variable a value.

#if defined(__riscv)

#include "CHart.h"

__attribute__((section(".uncleared"))) uint64_t hart_range_words[128];
__attribute__((section(".uncleared"))) uint64_t hart_boot_info_words[96];
__attribute__((section(".uncleared.tables"), aligned(4096)))
uint64_t hart_first_tables[FIRST_TABLES * 512];

#endif
