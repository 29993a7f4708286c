// SPDX-License-Identifier: BSD-3-Clause
//
// Why C: a control register, a fence or an environment call is one machine
// instruction for which Swift has no word, and the layouts below are shared
// with assembly. Everything here is wrapped by the Swift module Hart.

#ifndef CHART_H
#define CHART_H

#include <stddef.h>
#include <stdint.h>
#if !defined(__riscv)
#include <stdlib.h>
#endif

/// Marks a function that reads or writes at an address which it takes as a
/// number: the importer sees a pointer only in a pointer's type, and would
/// think the function safe.
#define HART_UNSAFE __attribute__((swift_attr("unsafe")))

/// What a hart was doing when it trapped; trap.S writes and restores it.
///
/// `x[n]` is register xn; x[0] has no use. The last two words repeat s0 and
/// the program counter where a frame pointer expects the caller's, so that a
/// backtrace walks through a trap as through a call.
// [book: frame]
struct hart_trap_frame {
  uint64_t x[32];
  uint64_t pc;
  uint64_t status;
  uint64_t cause;
  uint64_t value;
  uint64_t caller_frame;
  uint64_t caller_pc;
};
// [book: end]

/// A frame that trap.S has saved, as Swift hands it around: the type TrapFrame
/// of the module Hart. It is a C type so that a trap handler can be a C
/// function, which needs no heap.
struct __attribute__((swift_attr("@safe"))) hart_trap_frame_reference {
  struct hart_trap_frame *_Nonnull frame;
};

/// Where a thread goes on, while it does not run: the registers that belong to
/// it across a call (RISC-V ELF psABI, section "Integer Register Convention").
/// The order is known to switch.S.
// [book: context]
struct hart_context {
  uint64_t ra;
  uint64_t sp;
  uint64_t s[12];
  /// What to set in sstatus when it goes on: interrupts, or nothing new.
  uint64_t status;
  uint64_t stack_low;
  uint64_t stack_high;
};
// [book: end]

/// What each hart owns; its address is always in that hart's `tp`.
///
/// The order is known to start.S and trap.S.
struct hart_record {
  uint64_t id;
  /// The context that runs now, from start.S or switch.S. A trap whose stack
  /// pointer lies outside of its stack is handled on the emergency stack.
  struct hart_context *_Nonnull context;
  uint64_t emergency_stack_high;
  /// 1 while a trap is handled on the emergency stack, which is never given to
  /// two; all bits are 1 during the last words.
  uint64_t emergencies;
  /// One register, put aside by trap.S while it looks for a stack.
  uint64_t spill;
  /// Called by trap.S with interrupts off.
  void (*_Nonnull trap_handler)(struct hart_trap_frame *_Nonnull);
  /// Whatever decides what runs next.
  uint64_t scheduler;
  /// 1 while a handler deals with an interrupt; else 0.
  uint64_t in_interrupt;
};

/// Stores where the caller is into `from`, and goes on where `to` was stored.
void hart_switch(struct hart_context *_Nonnull from,
                 struct hart_context *_Nonnull to, uint64_t status);

/// Goes on where `to` was stored, for good: `unused` says nothing.
_Noreturn void hart_resume(uint64_t unused, struct hart_context *_Nonnull to);

/// Where a new thread begins, on an empty stack: calls s[2] with s[1].
void hart_thread_start(void);

#if !defined(__riscv)
/// Nothing is left of the functions that ran on this stack: see sanitizer.c.
HART_UNSAFE void hart_forget_frames(uint64_t low, uint64_t high);
#endif

typedef void (*hart_thread_function)(uint64_t argument);

/// Makes a context that begins with `function(argument)` on an empty stack.
static inline void hart_prepare_context(
    struct hart_context *_Nonnull context, uint64_t stack_low,
    uint64_t stack_high, uint64_t status,
    hart_thread_function _Nonnull function, uint64_t argument) {
  context->ra = (uint64_t)&hart_thread_start;
  context->sp = stack_high;
  context->status = status;
  context->stack_low = stack_low;
  context->stack_high = stack_high;
#if defined(__riscv)
  // A frame pointer of 0 ends every backtrace.
  context->s[0] = 0;
  context->s[1] = argument;
  context->s[2] = (uint64_t)function;
#else
  hart_forget_frames(stack_low, stack_high);
  // What the host's hart_switch takes from the stack before it returns.
#if defined(__x86_64__)
  uint64_t *frame = (uint64_t *)stack_high - 9;
  frame[3] = (uint64_t)function;  // r12
  frame[4] = argument;            // rbx
  frame[5] = 0;                   // rbp
  frame[6] = context->ra;
#else
  uint64_t *frame = (uint64_t *)stack_high - 20;
  frame[0] = argument;            // x19
  frame[1] = (uint64_t)function;  // x20
  frame[10] = 0;                  // x29
  frame[11] = context->ra;        // x30
#endif
  context->sp = (uint64_t)frame;
#endif
}

/// Device registers and page tables: each call is exactly one access of that
/// width.
HART_UNSAFE static inline uint8_t hart_load8(uint64_t address) {
  return *(volatile uint8_t *)address;
}
HART_UNSAFE static inline void hart_store8(uint64_t address, uint8_t value) {
  *(volatile uint8_t *)address = value;
}
HART_UNSAFE static inline uint16_t hart_load16(uint64_t address) {
  return *(volatile uint16_t *)address;
}
HART_UNSAFE static inline void hart_store16(uint64_t address, uint16_t value) {
  *(volatile uint16_t *)address = value;
}
HART_UNSAFE static inline uint32_t hart_load32(uint64_t address) {
  return *(volatile uint32_t *)address;
}
HART_UNSAFE static inline void hart_store32(uint64_t address, uint32_t value) {
  *(volatile uint32_t *)address = value;
}
HART_UNSAFE static inline uint64_t hart_load64(uint64_t address) {
  return *(volatile uint64_t *)address;
}
HART_UNSAFE static inline void hart_store64(uint64_t address, uint64_t value) {
  *(volatile uint64_t *)address = value;
}

/// Copies memory, even onto itself.
HART_UNSAFE static inline void hart_copy(uint64_t to, uint64_t from,
                                         uint64_t size) {
  __builtin_memmove((void *)to, (const void *)from, size);
}

/// Fills memory with zeros.
HART_UNSAFE static inline void hart_zero(uint64_t address, uint64_t size) {
  __builtin_memset((void *)address, 0, size);
}

/// Fills memory with zeros, fast: `size` is a multiple of 256.
HART_UNSAFE void hart_clear(uint64_t address, uint64_t size);

#if defined(__riscv)

#define CONTROL_REGISTER(name, number)                             \
  static inline uint64_t csr_read_##name(void) {                   \
    uint64_t value;                                                \
    __asm__ volatile("csrr %0, " number : "=r"(value));            \
    return value;                                                  \
  }                                                                \
  static inline void csr_write_##name(uint64_t value) {            \
    __asm__ volatile("csrw " number ", %0" : : "r"(value)          \
                     : "memory");                                  \
  }                                                                \
  static inline uint64_t csr_set_##name(uint64_t bits) {           \
    uint64_t old;                                                  \
    __asm__ volatile("csrrs %0, " number ", %1" : "=r"(old)        \
                     : "rK"(bits) : "memory");                      \
    return old;                                                    \
  }                                                                \
  static inline uint64_t csr_clear_##name(uint64_t bits) {         \
    uint64_t old;                                                  \
    __asm__ volatile("csrrc %0, " number ", %1" : "=r"(old)        \
                     : "rK"(bits) : "memory");                      \
    return old;                                                    \
  }

#define COUNTER(name)                                              \
  static inline uint64_t csr_read_##name(void) {                   \
    uint64_t value;                                                \
    __asm__ volatile("csrr %0, " #name : "=r"(value));             \
    return value;                                                  \
  }

CONTROL_REGISTER(sstatus, "sstatus")
CONTROL_REGISTER(sie, "sie")
CONTROL_REGISTER(sip, "sip")
CONTROL_REGISTER(stvec, "stvec")
CONTROL_REGISTER(satp, "satp")
// stimecmp, by number: the assembler knows the name only with Sstc.
CONTROL_REGISTER(stimecmp, "0x14d")
COUNTER(time)
COUNTER(cycle)
COUNTER(instret)

static inline void hart_wait_for_interrupt(void) {
  __asm__ volatile("wfi" : : : "memory");
}

static inline void hart_breakpoint(void) {
  __asm__ volatile("ebreak" : : : "memory");
}

static inline void hart_illegal_instruction(void) {
  __asm__ volatile("c.unimp" : : : "memory");
}

/// Orders this hart's earlier memory and device accesses before later ones.
static inline void hart_fence(void) {
  __asm__ volatile("fence iorw, iorw" : : : "memory");
}

/// Makes this hart fetch instructions that were written before.
static inline void hart_fence_instructions(void) {
  __asm__ volatile("fence.i" : : : "memory");
}

/// Orders earlier stores to page tables before the hart's own reads of them,
/// and forgets what it has read: of one address, or of all.
static inline void hart_fence_translation(uint64_t address) {
  __asm__ volatile("sfence.vma %0, zero" : : "r"(address) : "memory");
}
static inline void hart_fence_translations(void) {
  __asm__ volatile("sfence.vma" : : : "memory");
}

/// The stack protector's canary. A function that was entered before it changes
/// must not return after.
extern uint64_t __stack_chk_guard;
static inline uint64_t hart_canary(void) { return __stack_chk_guard; }
static inline void hart_set_canary(uint64_t value) {
  __stack_chk_guard = value;
}

/// One store to a physical address, whatever the page tables say, from code
/// that lies where it is mapped. Interrupts must be off.
HART_UNSAFE static inline void hart_store32_physical(uint64_t address, uint32_t value) {
  uint64_t translation;
  __asm__ volatile("csrrw %0, satp, zero\n\t"
                   "sfence.vma\n\t"
                   "sw %2, 0(%1)\n\t"
                   "csrw satp, %0\n\t"
                   "sfence.vma"
                   : "=&r"(translation) : "r"(address), "r"(value)
                   : "memory");
}

/// Where the calling function's frame ends: its s0.
__attribute__((always_inline)) static inline uint64_t
hart_frame_pointer(void) {
  return (uint64_t)__builtin_frame_address(0);
}

static inline uint64_t hart_program_counter(void) {
  uint64_t value;
  __asm__ volatile("auipc %0, 0" : "=r"(value));
  return value;
}

static inline struct hart_record *_Nonnull hart_current(void) {
  return (struct hart_record *)__builtin_thread_pointer();
}

struct hart_call_result {
  int64_t error;
  int64_t value;
};

// [book: ecall]
/// SBI specification, chapter 3: the extension in a7, the function in a6.
static inline struct hart_call_result hart_environment_call(
    uint64_t extension, uint64_t function, uint64_t argument0,
    uint64_t argument1, uint64_t argument2, uint64_t argument3,
    uint64_t argument4) {
  register uint64_t a0 __asm__("a0") = argument0;
  register uint64_t a1 __asm__("a1") = argument1;
  register uint64_t a2 __asm__("a2") = argument2;
  register uint64_t a3 __asm__("a3") = argument3;
  register uint64_t a4 __asm__("a4") = argument4;
  register uint64_t a6 __asm__("a6") = function;
  register uint64_t a7 __asm__("a7") = extension;
  __asm__ volatile("ecall"
                   : "+r"(a0), "+r"(a1)
                   : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7)
                   : "memory");
  return (struct hart_call_result){(int64_t)a0, (int64_t)a1};
}
// [book: end]

/// The program: its top-level code, which the compiler names main as in C.
int32_t image_program(int32_t argument_count, uintptr_t arguments)
    __asm__("main");

/// Room for 64 ranges of addresses that Paging keeps; not cleared at boot.
extern uint64_t hart_range_words[128];

/// Room for what Boot knows of the machine; not cleared at boot.
extern uint64_t hart_boot_info_words[96];

/// The first page tables: on most boards all that the image, the first chunk of
/// memory and the device tree need. Here, out of reach below the guard areas of
/// both stacks, no overflow gets to them, so the hart always finds the code
/// that explains it.
#define FIRST_TABLES 4
extern uint64_t hart_first_tables[FIRST_TABLES * 512];
static inline uint64_t hart_first_table_count(void) { return FIRST_TABLES; }

/// What the type Statistics of the module Allocation says, for C.
struct heap_statistics {
  uint64_t bytes_in_use;
  uint64_t peak_bytes_in_use;
  uint64_t live_blocks;
  uint64_t allocations;
  uint64_t failures;
  uint64_t bytes_managed;
  uint64_t bytes_free;
  uint64_t largest_free_block;
};

// [book: heap]
/// The heap that the C and Swift runtimes use. A program that defines these
/// functions has its own; it must define all five. Sizes are in
/// bytes, and the address 0 means that there is no memory left.
uint64_t heap_allocate(uint64_t size, uint64_t alignment);
HART_UNSAFE void heap_release(uint64_t address);
HART_UNSAFE uint64_t heap_size(uint64_t address);
/// 1 if the block now has `size` bytes where it lies; else 0.
HART_UNSAFE uint64_t heap_resize(uint64_t address, uint64_t size);
struct heap_statistics heap_statistics(void);
// [book: end]

/// C's own functions, which the module Allocation defines.
void *_Nullable malloc(size_t size);
void free(void *_Nullable address);
void *_Nullable calloc(size_t count, size_t each);
void *_Nullable realloc(void *_Nullable address, size_t size);
void *_Nullable aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void *_Nullable *_Nonnull result, size_t alignment,
                   size_t size);
size_t malloc_usable_size(void *_Nullable address);

/// Ends the machine: Swift code cannot go on without memory.
_Noreturn void heap_exhausted(uint64_t size, uint64_t alignment);

/// Where the firmware has put the device tree; start.S writes it down.
extern uint64_t hart_tree_address;
static inline uint64_t hart_device_tree(void) { return hart_tree_address; }

/// Goes to the emergency stack, turns translation off, and calls Boot's last
/// words from there. Needs no stack, no page table and no variable.
_Noreturn void hart_last_words(void);

extern char _start[], image_text_end[];
extern char image_constants_start[], image_data_start[], image_stacks_start[];
extern char emergency_guard_low[], emergency_stack_low[];
extern char emergency_stack_high[];
extern char boot_guard_low[], boot_stack_low[], boot_stack_high[];
extern char init_table_start[], init_table_end[];

#define IMAGE_ADDRESS(name, symbol)                                \
  static inline uint64_t name(void) { return (uint64_t)&symbol; }

IMAGE_ADDRESS(hart_range_words_address, hart_range_words)
IMAGE_ADDRESS(hart_boot_info_words_address, hart_boot_info_words)
IMAGE_ADDRESS(hart_first_tables_address, hart_first_tables)
IMAGE_ADDRESS(image_start, _start)
IMAGE_ADDRESS(image_text_end_address, image_text_end)
IMAGE_ADDRESS(image_constants_start_address, image_constants_start)
IMAGE_ADDRESS(image_data_start_address, image_data_start)
IMAGE_ADDRESS(image_stacks_start_address, image_stacks_start)
IMAGE_ADDRESS(emergency_guard_low_address, emergency_guard_low)
IMAGE_ADDRESS(emergency_stack_low_address, emergency_stack_low)
IMAGE_ADDRESS(emergency_stack_high_address, emergency_stack_high)
IMAGE_ADDRESS(boot_guard_low_address, boot_guard_low)
IMAGE_ADDRESS(boot_stack_low_address, boot_stack_low)
IMAGE_ADDRESS(boot_stack_high_address, boot_stack_high)
IMAGE_ADDRESS(init_table_start_address, init_table_start)
IMAGE_ADDRESS(init_table_end_address, init_table_end)

#endif
#endif
