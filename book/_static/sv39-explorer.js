// SPDX-License-Identifier: BSD-3-Clause
//
// Splits a virtual address as Sv39 does, and says what a page table entry
// means. Facts: RISC-V privileged specification 1.12, section "Sv39: Page-Based
// 39-bit Virtual-Memory System", and the extension Svpbmt.

"use strict";

const sv39 = (() => {
  const hex = (number) => "0x" + number.toString(16);
  const bits = (value, high, low) =>
    (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
  const sizes = ["4 KiB", "2 MiB", "1 GiB"];

  // 64 bits, in hexadecimal with 0x or in decimal; undefined if it is neither.
  const parse = (text) => {
    const plain = text.trim().replaceAll("_", "");
    if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(plain)) return undefined;
    const value = BigInt(plain);
    return value < 1n << 64n ? value : undefined;
  };

  // Bits 63 to 39 must repeat bit 38.
  const isCanonical = (address) => {
    const top = bits(address, 63, 38);
    return top === 0n || top === (1n << 26n) - 1n;
  };

  const split = (address) => {
    const rows = [["63–39", hex(bits(address, 63, 39)), isCanonical(address)
      ? "repeats bit 38, as it must"
      : "does not repeat bit 38: every access traps"]];
    for (const level of [2, 1, 0]) {
      const low = 12 + 9 * level;
      const index = bits(address, low + 8, low);
      rows.push([`${low + 8}–${low}`, String(index),
        `index ${level}: the entry ${hex(index * 8n)} bytes into the ` +
        `${level === 2 ? "root table" : "table"} at level ${level}`]);
    }
    rows.push(["11–0", hex(bits(address, 11, 0)),
      "the place in a page of 4 KiB"]);
    return rows;
  };

  // What an entry is, in one sentence.
  const verdict = (entry, level) => {
    const bit = (n) => bits(entry, n, n) === 1n;
    const frame = bits(entry, 53, 10);
    const isPage = bits(entry, 3, 1) !== 0n;
    if (!bit(0)) return "nothing: the hart traps; the other bits are free.";
    if (bit(2) && !bit(1)) return "reserved: writable but not readable. " +
      "The hart traps.";
    if (bits(entry, 60, 54) !== 0n || bits(entry, 62, 61) === 3n) {
      return "reserved: a bit is set that means nothing yet. The hart traps.";
    }
    if (!isPage) {
      if (level === 0) return "a way to a table where no table can follow. " +
        "The hart traps.";
      if (bit(4) || bit(6) || bit(7) || bits(entry, 63, 61) !== 0n) {
        return "reserved: a way to a table with bits of a page. " +
          "The hart traps.";
      }
      return `the way to the table at ${hex(frame << 12n)}.`;
    }
    if (frame & ((1n << BigInt(9 * level)) - 1n)) {
      return `a page of ${sizes[level]} that does not start at a multiple ` +
        "of its size. The hart traps.";
    }
    const rights = "r-".at(bit(1) ? 0 : 1) + "w-".at(bit(2) ? 0 : 1) +
      "x-".at(bit(3) ? 0 : 1);
    const warning = bit(2) && bit(3)
      ? " Writable and executable: this kernel cannot say that." : "";
    return `a page of ${sizes[level]} at ${hex(frame << 12n)}, ${rights}.` +
      warning;
  };

  const decode = (entry) => {
    const bit = (n) => bits(entry, n, n);
    const yes = (n) => bit(n) === 1n ? "yes" : "no";
    const types = ["as the board says", "memory, not cached", "a device",
      "reserved"];
    return [
      ["V (0)", bit(0), "means something: " + yes(0)],
      ["R (1)", bit(1), "may be read: " + yes(1)],
      ["W (2)", bit(2), "may be written: " + yes(2)],
      ["X (3)", bit(3), "may be executed: " + yes(3)],
      ["U (4)", bit(4), "for U-mode: " + yes(4)],
      ["G (5)", bit(5), "in all address spaces: " + yes(5)],
      ["A (6)", bit(6), "was used: " + yes(6)],
      ["D (7)", bit(7), "was written: " + yes(7)],
      ["RSW (9–8)", bits(entry, 9, 8), "free for software"],
      ["PPN (53–10)", hex(bits(entry, 53, 10)),
        "the frame at " + hex(bits(entry, 53, 10) << 12n)],
      ["PBMT (62–61)", bits(entry, 62, 61),
        types[Number(bits(entry, 62, 61))]],
      ["N (63)", bit(63), "part of a row of pages: " + yes(63)],
    ].map(([name, value, text]) => [name, String(value), text]);
  };
  return {parse, split, decode, verdict};
})();

document.addEventListener("DOMContentLoaded", () => {
  const widget = document.getElementById("sv39-explorer");
  if (!widget) return;

  const add = (parent, tag, text) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const field = (id, tag, text) => {
    add(widget, "label", text).htmlFor = id;
    const element = add(widget, tag);
    element.id = id;
    element.spellcheck = false;
    element.autocomplete = "off";
    return element;
  };
  const table = (parent, head, rows) => {
    const element = add(parent, "table");
    const line = add(add(element, "thead"), "tr");
    for (const label of head) add(line, "th", label).scope = "col";
    const body = add(element, "tbody");
    for (const row of rows) {
      const line = add(body, "tr");
      for (const cell of row) add(line, "td", cell);
    }
  };
  // A place whose content follows what is typed.
  const shown = () => {
    const element = add(widget, "div");
    element.setAttribute("aria-live", "polite");
    return element;
  };
  const wrong = "A number of 64 bits is needed, such as 0x80200000.";

  const address = field("sv39-address", "input", "Virtual address");
  const parts = shown();
  const entry = field("sv39-entry", "input",
    "Page table entry, as gdb shows it");
  const level = field("sv39-level", "select", "It stands in");
  for (const text of ["the root table (level 2)", "a table at level 1",
    "a table at level 0"]) add(level, "option", text);
  const meaning = shown();

  const showAddress = () => {
    parts.replaceChildren();
    const value = sv39.parse(address.value);
    if (value === undefined) return add(parts, "p", wrong);
    table(parts, ["bits", "value", "meaning"], sv39.split(value));
  };
  const showEntry = () => {
    meaning.replaceChildren();
    const value = sv39.parse(entry.value);
    if (value === undefined) return add(meaning, "p", wrong);
    add(meaning, "p", "This is " +
      sv39.verdict(value, 2 - level.selectedIndex));
    table(meaning, ["field (bits)", "value", "meaning"], sv39.decode(value));
  };
  address.addEventListener("input", showAddress);
  entry.addEventListener("input", showEntry);
  level.addEventListener("change", showEntry);
  address.value = "0x80200000";
  entry.value = "0x2008004b";
  level.selectedIndex = 2;
  showAddress();
  showEntry();
});
