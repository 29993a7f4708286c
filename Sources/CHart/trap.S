// SPDX-License-Identifier: BSD-3-Clause
//
// Where every trap arrives. Why assembly: all registers belong to the code
// that was interrupted until they are saved.
//
// tp always holds this hart's record, which leads to the bounds of the stack
// in use, so that one register that is put aside is enough:
//
//     trap ─▶ is sp within the stack? ─▶ save frame ─▶ handler ─▶ restore
//                     │ no
//                     ▼
//              emergency stack; the second time the machine stops

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
    csrw    sscratch, sp
    addi    sp, sp, -FRAME_SIZE
    sd      t0, RECORD_SPILL(tp)
    ld      t0, RECORD_CONTEXT(tp)
    ld      t0, CONTEXT_STACK_LOW(t0)
    bltu    sp, t0, use_emergency_stack
    ld      t0, RECORD_CONTEXT(tp)
    ld      t0, CONTEXT_STACK_HIGH(t0)
    bltu    t0, sp, use_emergency_stack
    // [book: end]
    // [book: save]
save:
    for_each_register sd            // all but sp, gp, tp and t0
    ld      t0, RECORD_SPILL(tp)
    sd      t0, 5*8(sp)
    csrr    t0, sscratch
    sd      t0, 2*8(sp)
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
use_emergency_stack:
    ld      t0, RECORD_EMERGENCIES(tp)
    addi    t0, t0, 1
    sd      t0, RECORD_EMERGENCIES(tp)
    ld      sp, RECORD_EMERGENCY_HIGH(tp)
    addi    sp, sp, -FRAME_SIZE
    addi    t0, t0, -1
    beqz    t0, save
    // A trap while an emergency was being explained: this stack is lost too.
    addi    t0, t0, -1
    beqz    t0, last_words
    // Not even those: the firmware alone can end the machine (SBI
    // specification, chapter "Legacy Extensions", system shutdown).
    li      a7, 8
    ecall
1:  wfi
    j       1b
last_words:
    call    boot_last_words
    unimp
    // [book: end]

#endif
