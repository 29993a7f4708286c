// SPDX-License-Identifier: BSD-3-Clause
//
// How a function begins and ends that is compiled to be small: a call stores
// the registers that it must keep, and a jump loads them and returns. Why
// assembly: the compiler asks for functions of these names, which find in t0
// where to return to (LLVM, compiler-rt/lib/builtins/riscv/save.S).
//
// The frame is the one that every function makes: ra on top, s0 below it. The
// stack pointer stays a multiple of 16, so registers come in pairs.

#if defined(__riscv)

    .macro for_each_register_below count, instruction, size
    \instruction ra, \size-8(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    .if \n < \count
    \instruction s\n, \size-16-\n*8(sp)
    .endif
    .endr
    .endm

    // For functions that keep s0 to the one before `count`, or one less.
    .macro save_and_restore count, less, size
    .section .text.save.\count, "ax", @progbits
    .globl  __riscv_save_\less, __riscv_save_\count
__riscv_save_\less:
__riscv_save_\count:
    addi    sp, sp, -\size
    for_each_register_below \count, sd, \size
    jr      t0

    .globl  __riscv_restore_\less, __riscv_restore_\count
__riscv_restore_\less:
__riscv_restore_\count:
    for_each_register_below \count, ld, \size
    addi    sp, sp, \size
    ret
    .endm

    save_and_restore 1, 0, 16
    save_and_restore 3, 2, 32
    save_and_restore 5, 4, 48
    save_and_restore 7, 6, 64
    save_and_restore 9, 8, 80
    save_and_restore 11, 10, 96
    save_and_restore 12, all, 112

#endif
