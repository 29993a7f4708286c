// SPDX-License-Identifier: BSD-3-Clause
//
// A buddy allocator of 1024 bytes to play with: blocks of 64 bytes and more are
// split and merged as Sources/Memory/Allocation/Allocators/BuddyAllocator.swift does it.

"use strict";

class Buddies {
  static size = 1024;
  static smallest = 64;

  constructor() {
    // Blocks in address order.
    this.blocks = [{start: 0, size: Buddies.size, isFree: true}];
  }

  // The address of a block for so many bytes, or null.
  allocate(bytes) {
    let size = Buddies.smallest;
    while (size < bytes) size *= 2;
    const fitting = this.blocks.filter((b) => b.isFree && b.size >= size);
    if (fitting.length === 0) return null;
    const block = fitting.reduce((a, b) => b.size < a.size ? b : a);
    while (block.size > size) this.split(block);
    block.isFree = false;
    return block.start;
  }

  split(block) {
    block.size /= 2;
    const upper = {start: block.start + block.size, size: block.size,
      isFree: true};
    this.blocks.splice(this.blocks.indexOf(block) + 1, 0, upper);
  }

  // Merges a block with its buddy for as long as that is free. Returns how
  // often.
  release(start) {
    let block = this.blocks.find((b) => b.start === start);
    block.isFree = true;
    for (let merges = 0; ; merges += 1) {
      const buddy = this.blocks.find((b) => b.isFree &&
        b.size === block.size && b.start === (block.start ^ block.size));
      if (!buddy) return merges;
      const [low, high] = buddy.start < block.start
        ? [buddy, block] : [block, buddy];
      low.size *= 2;
      this.blocks.splice(this.blocks.indexOf(high), 1);
      block = low;
    }
  }
}

function buddySimulator(place) {
  const buddies = new Buddies();
  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const label = make("label", "Bytes: ", place);
  const field = document.createElement("input");
  Object.assign(field, {type: "number", min: 1, max: 1024, value: 100});
  label.append(field);
  const button = make("button", "Allocate", place);
  const bar = make("div", "", place);
  bar.className = "buddy-bar";
  const words = make("p", "One free block of 1024 bytes.", place);
  words.setAttribute("role", "status");

  const hex = (number) => "0x" + number.toString(16).padStart(3, "0");

  function release(block) {
    const merges = buddies.release(block.start);
    words.textContent = `Released ${hex(block.start)}: ` + (merges === 0
      ? "its buddy is not free, so nothing is merged."
      : `merged ${merges} ${merges === 1 ? "time" : "times"}.`);
    draw();
    bar.querySelector("button")?.focus();
  }

  function draw() {
    bar.replaceChildren();
    for (const block of buddies.blocks) {
      const name = `${block.size} bytes at ${hex(block.start)}`;
      const part = make(block.isFree ? "span" : "button",
        String(block.size), bar);
      part.style.flexGrow = block.size;
      part.title = name + (block.isFree ? ", free" : ": click to release");
      part.setAttribute("aria-label", part.title);
      if (block.isFree) part.setAttribute("role", "img");
      else part.addEventListener("click", () => release(block));
    }
  }

  button.addEventListener("click", () => {
    const bytes = Number(field.value);
    if (!Number.isInteger(bytes) || bytes < 1) {
      words.textContent = "A number of bytes is needed, 1 or more.";
      return;
    }
    const start = buddies.allocate(bytes);
    words.textContent = start === null
      ? `${bytes} bytes: no free block is large enough.`
      : `${bytes} bytes at ${hex(start)}. Click a block to release it.`;
    draw();
  });
  draw();
}

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("buddy-simulator");
  if (place) buddySimulator(place);
});
