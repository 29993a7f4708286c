// SPDX-License-Identifier: BSD-3-Clause
//
// From the firmware to Swift. Why assembly: there is no stack yet.
//
// Firmware enters in S-mode with a0 = this hart's id, a1 = the address of the
// device tree and satp = 0 (Linux, Documentation/arch/riscv/boot.rst). That
// interrupts are off is promised only to harts that are started later (SBI
// specification, chapter "Hart State Management Extension").

#if defined(__riscv)

    .section .text.entry, "ax", @progbits
    .globl _start
_start:
    // [book: vector]
    // The value of stvec is unspecified here. (OpenSBI 1.1: this address, so a
    // fault before these lines would start the kernel again, in silence.)
    lla     t0, hart_trap_entry
    csrw    stvec, t0
    csrw    sie, zero
    // [book: end]

    // [book: clear]
    lla     t0, bss_start
    lla     t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    sd      zero, 8(t0)
    addi    t0, t0, 16
    j       1b
    // [book: end]

    // [book: stack]
2:  lla     tp, hart_boot_record
    sd      a0, 0(tp)
    csrw    sscratch, tp
    lla     sp, boot_stack_high
    lla     t1, hart_boot_context
    sd      t1, 8(tp)
    lla     t0, boot_stack_low
    sd      t0, 120(t1)
    sd      sp, 128(t1)
    lla     t0, emergency_stack_high
    sd      t0, 16(tp)
    // [book: end]

    // Written once, among the constants: with paging, no stray store of the
    // program's reaches it, and what ends the machine is found through it.
    lla     t1, hart_tree_address
    sd      a1, 0(t1)

    // The stack protector's canary: the best this early is the time, its first
    // byte in memory zero, as text ends. See the module Boot for a better one.
    rdtime  t0
    slli    t0, t0, 8
    lla     t1, __stack_chk_guard
    sd      t0, 0(t1)

    // [book: call]
    // Frame pointer 0 ends every backtrace.
    mv      s0, zero
    mv      ra, zero
    call    boot_start
    // boot_start never returns.
    unimp
    // [book: end]

    .section .rodata.tree, "a", @progbits
    .balign 8
    .globl  hart_tree_address
hart_tree_address:
    .quad   0

    .bss
    .balign 16
hart_boot_record:
    .skip   64
hart_boot_context:
    .skip   136
    .globl  __stack_chk_guard
__stack_chk_guard:
    .skip   8

#endif
