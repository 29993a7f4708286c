// SPDX-License-Identifier: BSD-3-Clause
//
// Where every trap arrives. Why assembly: all registers belong to the code
// that was interrupted until they are saved.
//
// tp always holds this hart's record, which leads to the bounds of the stack
// in use, so that one register that is put aside is enough. sscratch holds the
// record's address too, but for the time in which a frame is being saved: so a
// trap of this code's own is told from all others.
//
//     trap ─▶ is sp within the stack? ─▶ save frame ─▶ handler ─▶ restore
//       │             │ no                  │ traps        │ traps, if
//       │             ▼                     ▼              ▼ the stack is lost
//       └───▶ emergency stack, once; then the last words; then nothing more

#if defined(__riscv)

#define FRAME_SIZE          304
#define FRAME_PC            256
#define FRAME_STATUS        264
#define FRAME_CAUSE         272
#define FRAME_VALUE         280
#define FRAME_CALLER_FRAME  288
#define FRAME_CALLER_PC     296

#define RECORD_CONTEXT          8
#define RECORD_EMERGENCY_HIGH   16
#define RECORD_EMERGENCIES      24
#define RECORD_SPILL            32
#define RECORD_HANDLER          40
#define LAST_WORDS              -1
#define CONTEXT_STACK_LOW       120
#define CONTEXT_STACK_HIGH      128

    .macro for_each_register instruction
    \instruction x1, 1*8(sp)
    .irp n, 6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \instruction x\n, \n*8(sp)
    .endr
    .endm

    .section .text.trap, "ax", @progbits
    .balign 4
    .globl hart_trap_entry
hart_trap_entry:
    // [book: entry]
    csrrw   sp, sscratch, sp
    bne     sp, tp, trapped_on_entry
    sd      t0, RECORD_SPILL(tp)
    csrr    sp, sscratch
    ld      t0, RECORD_CONTEXT(tp)
    ld      t0, CONTEXT_STACK_HIGH(t0)
    bltu    t0, sp, use_emergency_stack
    addi    sp, sp, -FRAME_SIZE
    ld      t0, RECORD_CONTEXT(tp)
    ld      t0, CONTEXT_STACK_LOW(t0)
    bltu    sp, t0, use_emergency_stack
    // [book: end]
    // [book: save]
save:
    for_each_register sd            // all but sp, gp, tp and t0
    ld      t0, RECORD_SPILL(tp)
    sd      t0, 5*8(sp)
    sd      gp, 3*8(sp)
    sd      tp, 4*8(sp)
    csrr    t1, sepc
    csrr    t2, sstatus
    csrr    t3, scause
    csrr    t4, stval
    sd      t1, FRAME_PC(sp)
    sd      t2, FRAME_STATUS(sp)
    sd      t3, FRAME_CAUSE(sp)
    sd      t4, FRAME_VALUE(sp)
    sd      s0, FRAME_CALLER_FRAME(sp)
    sd      t1, FRAME_CALLER_PC(sp)
    // All that may trap is done: the next trap is not this code's own.
    csrrw   t0, sscratch, tp
    sd      t0, 2*8(sp)
    addi    s0, sp, FRAME_SIZE
    mv      a0, sp
    ld      t0, RECORD_HANDLER(tp)
    jalr    t0
    // [book: end]

    // [book: restore]
    ld      t1, FRAME_PC(sp)
    ld      t2, FRAME_STATUS(sp)
    csrw    sepc, t1
    csrw    sstatus, t2
    ld      t0, 5*8(sp)
    for_each_register ld
    ld      sp, 2*8(sp)
    sret
    // [book: end]

    // [book: emergency]
trapped_on_entry:
    // sp is that of the code that trapped first; its t0 has been put aside.
    csrw    sscratch, sp
use_emergency_stack:
    ld      t0, RECORD_EMERGENCIES(tp)
    bnez    t0, emergency_failed
    li      t0, 1
    sd      t0, RECORD_EMERGENCIES(tp)
    ld      sp, RECORD_EMERGENCY_HIGH(tp)
    addi    sp, sp, -FRAME_SIZE
    j       save
emergency_failed:
    addi    t0, t0, 1
    beqz    t0, last_words_failed

    // A trap while an emergency was being explained, or a panic inside a
    // panic: its stack may be lost, and so may the page tables. All that the
    // last words need lies where it is without them.
    .globl hart_last_words
hart_last_words:
    csrci   sstatus, 2
    csrw    satp, zero
    sfence.vma
    csrw    sscratch, tp
    li      t0, LAST_WORDS
    sd      t0, RECORD_EMERGENCIES(tp)
    lla     sp, emergency_stack_high
    mv      s0, zero
    mv      ra, zero
    call    boot_last_words
    unimp
    // [book: end]

    // Not even those. The firmware could end the machine, but QEMU would call
    // it a success: the machine stands still, and the runner ends it.
last_words_failed:
    lla     s0, nothing_works
1:  lbu     a0, 0(s0)
    beqz    a0, 2f
    li      a7, 1               // the legacy console call
    ecall
    addi    s0, s0, 1
    j       1b
2:  wfi
    j       2b

    .section .rodata.str.trap, "aMS", @progbits, 1
nothing_works:
    .asciz  "\npanic: a panic failed, and so did its last words\n"

#endif
