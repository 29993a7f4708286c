// SPDX-License-Identifier: BSD-3-Clause
//
// Steps through the boot path and shows what the registers hold. The values come
// from the page: a debugger recorded them from a real run.

"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const widget = document.getElementById("boot-stepper");
  const data = document.getElementById("data-ch1.steps");
  if (!widget || !data) return;

  const words = {
    reset: ["Power on", "The hart starts in M-mode, the mode with all rights, " +
      "in a few instructions that QEMU has put into a small read-only memory."],
    firmware: ["The firmware", "Those instructions have put the hart's number " +
      "into a0 and the address of the device tree into a1. OpenSBI starts."],
    entry: ["Our first instruction", "OpenSBI has set up the machine and has " +
      "changed to S-mode. a0 and a1 still say what they said. sp and tp are " +
      "leftovers of the firmware: pointing at its memory, useless to us."],
    vector: ["Traps have somewhere to go", "stvec now holds the address of our " +
      "own trap entry. From here on a fault explains itself."],
    stack: ["Memory is ready", "The variables that start as zero are zero, tp " +
      "points at this hart's record, and sp at the upper end of a stack."],
    swift: ["Swift", "The first function in Swift runs. Its two arguments are " +
      "a0 and a1, which nobody has touched since the firmware."],
    program: ["The program", "boot_start has started the init table, and calls " +
      "the top-level code of main.swift. sp has moved down by the frame of " +
      "boot_start."],
  };
  const modes = {"0x0": "U-mode", "0x1": "S-mode", "0x3": "M-mode"};
  const steps = JSON.parse(data.textContent);
  const names = Object.keys(steps);
  let current = 0;

  const add = (parent, tag, text) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };

  const buttons = add(widget, "div");
  buttons.className = "buttons";
  const back = add(buttons, "button", "Back");
  const next = add(buttons, "button", "Next");
  const count = add(buttons, "span");
  const shown = add(widget, "div");
  shown.setAttribute("aria-live", "polite");
  back.type = next.type = "button";

  const show = () => {
    const name = names[current];
    const before = current > 0 ? steps[names[current - 1]] : steps[name];
    const [title, text] = words[name] ?? [name, ""];
    shown.replaceChildren();
    const heading = add(shown, "p");
    add(heading, "strong", title);
    add(shown, "p", text);
    const table = add(shown, "table");
    const head = add(add(table, "thead"), "tr");
    for (const label of ["register", "value"]) {
      add(head, "th", label).scope = "col";
    }
    const body = add(table, "tbody");
    for (const [register, value] of Object.entries(steps[name])) {
      const row = add(body, "tr");
      row.className = value === before[register] ? "" : "changed";
      const isMode = register === "priv";
      add(row, "td", isMode ? "mode" : register);
      add(row, "td", isMode ? modes[value] : value).className = "value";
    }
    count.textContent = `Step ${current + 1} of ${names.length}`;
    back.disabled = current === 0;
    next.disabled = current === names.length - 1;
  };

  const go = (by) => {
    current = Math.min(Math.max(current + by, 0), names.length - 1);
    show();
  };
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  // The page turns at arrow keys otherwise.
  widget.addEventListener("keydown", (event) => {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    go(by);
  });
  show();
});
