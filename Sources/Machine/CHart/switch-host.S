// SPDX-License-Identifier: BSD-3-Clause
//
// The same switch for the machines that the tests run on: x86-64 and 64-bit
// ARM. Why assembly: the function returns on another stack than it was called
// on. The registers are pushed, and the context keeps the stack pointer alone.

#if defined(__x86_64__) || defined(__aarch64__)

#if defined(__APPLE__)
#define NAME(symbol) _##symbol
#else
#define NAME(symbol) symbol
#endif

    .text
    .globl NAME(hart_switch)
    .globl NAME(hart_resume)
    .globl NAME(hart_thread_start)

#if defined(__x86_64__)

NAME(hart_switch):
    pushq   %rbp
    pushq   %rbx
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    movq    %rsp, 8(%rdi)
NAME(hart_resume):
    movq    8(%rsi), %rsp
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbx
    popq    %rbp
    ret

// Found in rbx and r12: see hart_prepare_context.
NAME(hart_thread_start):
    movq    %rbx, %rdi
    xorl    %ebp, %ebp
    callq   *%r12
    ud2

#else

NAME(hart_switch):
    sub     sp, sp, #160
    stp     x19, x20, [sp, #0]
    stp     x21, x22, [sp, #16]
    stp     x23, x24, [sp, #32]
    stp     x25, x26, [sp, #48]
    stp     x27, x28, [sp, #64]
    stp     x29, x30, [sp, #80]
    stp     d8, d9, [sp, #96]
    stp     d10, d11, [sp, #112]
    stp     d12, d13, [sp, #128]
    stp     d14, d15, [sp, #144]
    mov     x9, sp
    str     x9, [x0, #8]
NAME(hart_resume):
    ldr     x9, [x1, #8]
    mov     sp, x9
    ldp     x19, x20, [sp, #0]
    ldp     x21, x22, [sp, #16]
    ldp     x23, x24, [sp, #32]
    ldp     x25, x26, [sp, #48]
    ldp     x27, x28, [sp, #64]
    ldp     x29, x30, [sp, #80]
    ldp     d8, d9, [sp, #96]
    ldp     d10, d11, [sp, #112]
    ldp     d12, d13, [sp, #128]
    ldp     d14, d15, [sp, #144]
    add     sp, sp, #160
    ret

// Found in x19 and x20: see hart_prepare_context.
NAME(hart_thread_start):
    mov     x0, x19
    mov     x29, xzr
    blr     x20
    brk     #1

#endif

#if defined(__linux__)
    .section .note.GNU-stack, "", %progbits
#endif

#endif
