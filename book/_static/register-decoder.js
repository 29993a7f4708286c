// SPDX-License-Identifier: BSD-3-Clause
//
// Says what the bits of a control register mean. Facts: RISC-V privileged
// specification 1.12, chapter "Supervisor-Level ISA"; addresses: QEMU's board
// virt with 128 MiB.

"use strict";

const registerDecoder = (() => {
  const exceptions = {
    0: "instruction address misaligned", 1: "instruction access fault",
    2: "illegal instruction", 3: "breakpoint", 4: "load address misaligned",
    5: "load access fault", 6: "store/AMO address misaligned",
    7: "store/AMO access fault", 8: "environment call from U-mode",
    9: "environment call from S-mode", 12: "instruction page fault",
    13: "load page fault", 15: "store/AMO page fault",
  };
  const interrupts = {
    1: "supervisor software interrupt", 5: "supervisor timer interrupt",
    9: "supervisor external interrupt",
  };
  const units = ["off", "initial", "clean", "dirty"];
  const widths = {1: "32 bits", 2: "64 bits", 3: "128 bits"};
  const modes = {0: "bare: no translation", 8: "Sv39", 9: "Sv48", 10: "Sv57"};
  const places = [
    [0x0n, 0x1000n, "the first page, where a null pointer leads"],
    [0x1000n, 0x10000n, "QEMU's reset code"],
    [0x100000n, 0x101000n, "the device that ends QEMU"],
    [0x101000n, 0x102000n, "the calendar clock"],
    [0x2000000n, 0x2010000n, "CLINT: timer and software interrupts, M-mode's"],
    [0xc000000n, 0x10000000n, "PLIC, the interrupt controller"],
    [0x10000000n, 0x10000100n, "the serial port"],
    [0x10001000n, 0x10009000n, "virtio devices"],
    [0x80000000n, 0x80080000n, "memory that the firmware keeps for itself"],
    [0x80080000n, 0x80200000n, "memory below the kernel"],
    [0x80200000n, 0x88000000n, "memory: the kernel and what follows it"],
  ];

  const hex = (number) => "0x" + number.toString(16);
  const bits = (value, high, low) =>
    (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
  const yes = (bit) => bit ? "yes" : "no";

  const decoders = {
    scause(value) {
      const isInterrupt = bits(value, 63, 63) === 1n;
      const code = bits(value, 62, 0);
      const names = isInterrupt ? interrupts : exceptions;
      return [
        ["Interrupt (63)", isInterrupt ? "1" : "0",
          isInterrupt ? "an interrupt" : "an exception"],
        ["Code (62–0)", String(code),
          names[Number(code)] ?? "reserved or not the supervisor's"],
      ];
    },
    sstatus(value) {
      const bit = (n) => bits(value, n, n) === 1n;
      const unit = (high, low) => units[Number(bits(value, high, low))];
      return [
        ["SIE (1)", bit(1), "interrupts are taken: " + yes(bit(1))],
        ["SPIE (5)", bit(5), "were taken before the trap: " + yes(bit(5))],
        ["UBE (6)", bit(6), "U-mode is " + (bit(6) ? "big" : "little") +
          "-endian"],
        ["SPP (8)", bit(8), "the trap came from " +
          (bit(8) ? "S-mode" : "U-mode")],
        ["VS (10–9)", bits(value, 10, 9), "vector unit: " + unit(10, 9)],
        ["FS (14–13)", bits(value, 14, 13),
          "floating-point unit: " + unit(14, 13)],
        ["XS (16–15)", bits(value, 16, 15), "other units: " + unit(16, 15)],
        ["SUM (18)", bit(18), "S-mode may use U-mode's pages: " + yes(bit(18))],
        ["MXR (19)", bit(19), "executable pages may be read: " + yes(bit(19))],
        ["UXL (33–32)", bits(value, 33, 32), "U-mode has " +
          (widths[Number(bits(value, 33, 32))] ?? "an unknown width")],
        ["SD (63)", bit(63), "some unit is dirty: " + yes(bit(63))],
      ].map(([name, field, text]) => [name, String(Number(field)), text]);
    },
    stval(value) {
      const place = places.find(([low, high]) => value >= low && value < high);
      return [
        ["as an address", hex(value),
          place ? place[2] : "neither memory nor a device of this board"],
        ["its page", hex(value >> 12n), "the address without its low 12 bits"],
        ["in the page", hex(bits(value, 11, 0)), "the low 12 bits"],
        ["as an instruction", hex(value), (value & 3n) === 3n
          ? "32 bits long, after an illegal instruction"
          : "16 bits long, after an illegal instruction"],
      ];
    },
    satp(value) {
      const mode = Number(bits(value, 63, 60));
      const page = bits(value, 43, 0);
      return [
        ["MODE (63–60)", String(mode), modes[mode] ?? "reserved"],
        ["ASID (59–44)", String(bits(value, 59, 44)), "address space"],
        ["PPN (43–0)", hex(page),
          "the root page table is at " + hex(page << 12n)],
      ];
    },
  };

  // 64 bits, in hexadecimal with 0x or in decimal; undefined if it is neither.
  const parse = (text) => {
    const plain = text.trim().replaceAll("_", "");
    if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(plain)) return undefined;
    const value = BigInt(plain);
    return value < 1n << 64n ? value : undefined;
  };

  const decode = (register, text) => {
    const value = parse(text);
    return value === undefined ? undefined : decoders[register](value);
  };
  return {decode, registers: Object.keys(decoders)};
})();

document.addEventListener("DOMContentLoaded", () => {
  const widget = document.getElementById("register-decoder");
  if (!widget) return;

  const add = (parent, tag, text) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const examples = {
    scause: "0x8000000000000005", sstatus: "0x8000000200006100",
    stval: "0x08000000", satp: "0x8000000000080500",
  };

  const choiceLabel = add(widget, "label", "Register");
  const choice = add(widget, "select");
  for (const name of registerDecoder.registers) add(choice, "option", name);
  const valueLabel = add(widget, "label", "Value, as a panic or gdb shows it");
  const value = add(widget, "input");
  value.spellcheck = false;
  value.autocomplete = "off";
  choice.id = "decoder-register";
  value.id = "decoder-value";
  choiceLabel.htmlFor = choice.id;
  valueLabel.htmlFor = value.id;
  const shown = add(widget, "div");
  shown.setAttribute("aria-live", "polite");

  const show = () => {
    shown.replaceChildren();
    const rows = registerDecoder.decode(choice.value, value.value);
    if (!rows) {
      add(shown, "p", "A number of 64 bits is needed, such as 0x5.");
      return;
    }
    const table = add(shown, "table");
    const head = add(add(table, "thead"), "tr");
    for (const label of ["field (bits)", "value", "meaning"]) {
      add(head, "th", label).scope = "col";
    }
    const body = add(table, "tbody");
    for (const row of rows) {
      const line = add(body, "tr");
      for (const cell of row) add(line, "td", cell);
    }
  };
  choice.addEventListener("change", () => {
    value.value = examples[choice.value];
    show();
  });
  value.addEventListener("input", show);
  value.value = examples[choice.value];
  show();
});
