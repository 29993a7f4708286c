// SPDX-License-Identifier: BSD-3-Clause
//
// From one thread to another. Why assembly: the function returns on another
// stack than it was called on.
//
// The caller of a function expects to lose the caller-saved registers, t0 to t6
// and a0 to a7, and has saved what it needs of them. So a switch that looks
// like a call has to keep the callee-saved ones only.

#if defined(__riscv)

#define RECORD_CONTEXT          8
#define CONTEXT_STATUS          112

    .macro for_each_kept_register instruction, base
    \instruction ra, 0(\base)
    \instruction sp, 8(\base)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    \instruction s\n, 16+\n*8(\base)
    .endr
    .endm

    .section .text.switch, "ax", @progbits
    .globl hart_switch
    // a0: where to store; a1: where to go on; a2: a0's status, for later.
    // A thread that has ended leaves by hart_resume, which stores nothing.
hart_switch:
    // [book: switch]
    for_each_kept_register sd, a0
    sd      a2, CONTEXT_STATUS(a0)
    .globl  hart_resume
hart_resume:
    sd      a1, RECORD_CONTEXT(tp)
    ld      t0, CONTEXT_STATUS(a1)
    for_each_kept_register ld, a1
    // From here on an interrupt finds the other thread, complete.
    csrs    sstatus, t0
    ret
    // [book: end]

    .globl hart_thread_start
    // [book: thread-start]
hart_thread_start:
    mv      a0, s1
    mv      ra, zero
    jr      s2
    // [book: end]

#endif
