// SPDX-License-Identifier: BSD-3-Clause
//
// From the firmware to Swift. Why assembly: there is no stack yet.
//
// Firmware enters in S-mode with a0 = this hart's id, a1 = the address of the
// device tree, satp = 0 and interrupts off (SBI specification, chapter 5,
// and the RISC-V boot convention of OpenSBI and Linux).

#if defined(__riscv)

    .section .text.entry, "ax", @progbits
    .globl _start
_start:
    // OpenSBI leaves stvec undefined, so a fault before this line would hang
    // silently.
    lla     t0, hart_trap_entry
    csrw    stvec, t0
    csrw    sie, zero

    lla     t0, bss_start
    lla     t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b

2:  lla     tp, hart_boot_record
    sd      a0, 0(tp)
    lla     sp, boot_stack_high
    lla     t0, boot_stack_low
    sd      t0, 8(tp)
    sd      sp, 16(tp)
    lla     t0, emergency_stack_high
    sd      t0, 24(tp)

    // The stack protector's canary: the best this early is the time.
    rdtime  t0
    xor     t0, t0, a1
    lla     t1, __stack_chk_guard
    sd      t0, 0(t1)

    // Frame pointer 0 ends every backtrace.
    mv      s0, zero
    mv      ra, zero
    call    boot_start
    // boot_start never returns.
    unimp

    .bss
    .balign 16
hart_boot_record:
    .skip   64
    .globl  __stack_chk_guard
__stack_chk_guard:
    .skip   8

#endif
