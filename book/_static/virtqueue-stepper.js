// SPDX-License-Identifier: BSD-3-Clause
//
// Two requests go through a virtqueue with eight descriptors, one step at a
// time. Without its first fence the driver's stores may arrive in another order.

"use strict";

function virtqueueStepper(place) {
  const READ = ["header: read sector 0", "data", "status"];
  const WRITE = ["header: write sector 8", "data", "status"];

  // What each step changes, and its words. A chain stands at its number.
  const start = [["Nothing is on its way.", "All descriptors are free. The " +
    "driver has a request to read 4096 bytes, and one to write 512.", {}]];
  const chains = [
    ["The driver fills a chain.", "Descriptors 0, 1 and 2 tell of three " +
      "stretches of memory: a header that the device reads, the buffer that " +
      "it writes, and a byte for its answer. No device sees them yet.",
      {0: [READ[0], 16, "reads", 1], 1: [READ[1], 4096, "writes", 2],
        2: [READ[2], 1, "writes", "–"]}],
    ["The driver fills another chain.", "Descriptors 3, 4 and 5. The buffer " +
      "is read by the device this time: it is to be written to the disk.",
      {3: [WRITE[0], 16, "reads", 4], 4: [WRITE[1], 512, "reads", 5],
        5: [WRITE[2], 1, "writes", "–"]}],
  ];
  const good = [
    ["The driver writes both numbers into the available ring.", "0 and 3: " +
      "the first descriptor of each chain. The index still says that there " +
      "are none.", {available: ["0", "3"]}],
    ["A fence, and then the index.", "Whoever sees that there are 2 chains " +
      "sees their numbers and descriptors too. From here on all six belong " +
      "to the device.",
      {availableIndex: 2}],
    ["A fence, and then the notification.", "The driver reads whether the " +
      "device wants to be told, and stores the number of the queue into a " +
      "register: once for two requests.", {}],
    ["The device takes both chains.", "It follows them from descriptor to " +
      "descriptor, and works on both at once.", {}],
    ["The second one is done first.", "The device has written the status " +
      "byte of chain 3, and nothing else: 1 byte. It puts both numbers into " +
      "the used ring, and then raises its index.",
      {used: ["3, 1 byte"], usedIndex: 1}],
    ["The device interrupts, and the driver takes chain 3.", "It looks at " +
      "the index, fences, and reads the entry. It was given this chain; 1 " +
      "byte is what it may have written. The descriptors are free again.",
      {free: [3, 4, 5], seen: 1}],
    ["The first one is done.", "4096 bytes of data and a status byte: 4097.",
      {used: ["3, 1 byte", "0, 4097 bytes"], usedIndex: 2}],
    ["The driver takes chain 0.", "All is free as it was at first. The " +
      "indices stay where they are: they only ever grow, and wrap at 65,536.",
      {free: [0, 1, 2], seen: 2}],
  ];
  const bad = [
    ["Without a fence: the index arrives first.", "The driver has stored the " +
      "numbers before the index. Nothing says that others see it in this " +
      "order. The second number has not arrived; its place holds the 0 that " +
      "was there from the start.",
      {available: ["0", "0"], availableIndex: 2}],
    ["The driver notifies the device.", "It believes that all is well.", {}],
    ["The device takes what it sees.", "Chain 0, and chain 0 again. Now the " +
      "number 3 arrives, too late: the device has read that place.",
      {available: ["0", "3"]}],
    ["The device is done, with chain 0 twice.", "4096 bytes and a status " +
      "byte, each time.",
      {used: ["0, 4097 bytes", "0, 4097 bytes"], usedIndex: 2}],
    ["The driver takes chain 0.", "That one is right.",
      {free: [0, 1, 2], seen: 1}],
    ["The driver looks at the second entry.", "Chain 0 again, which the " +
      "device does not have any more: notInFlight. The driver resets the " +
      "device, and the write fails. Nobody ever worked on chain 3.",
      {free: [3, 4, 5], seen: 0, reset: true}],
  ];

  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const buttons = make("div", "", place);
  buttons.className = "buttons";
  const back = make("button", "Back", buttons);
  const next = make("button", "Next", buttons);
  const count = make("span", "", buttons);
  const label = make("label", "", buttons);
  const broken = make("input", "", label);
  broken.type = "checkbox";
  broken.id = "virtqueue-broken";
  label.append(" without the first fence");
  const words = make("div", "", place);
  words.setAttribute("role", "status");
  const rings = makeTable(["ring", "index", "entries"]);
  const descriptors = makeTable(["", "memory", "bytes", "device", "next"]);
  let current = 0;

  function makeTable(titles) {
    const table = make("table", "", place);
    const head = make("tr", "", make("thead", "", table));
    for (const title of titles) make("th", title, head).scope = "col";
    return make("tbody", "", table);
  }

  const steps = () =>
    [...start, ...chains, ...(broken.checked ? bad : good)];

  /** What holds after so many steps. */
  function state(last) {
    const all = {descriptors: Array(8).fill(null), available: [], used: [],
      availableIndex: 0, usedIndex: 0, seen: 0};
    for (const [, , change] of steps().slice(0, last + 1)) {
      if (change.reset) {
        Object.assign(all, {available: [], used: [], availableIndex: 0,
          usedIndex: 0});
      }
      for (let number = 0; number < 8; number += 1) {
        if (change[number]) all.descriptors[number] = change[number];
      }
      for (const number of change.free ?? []) all.descriptors[number] = null;
      for (const name of ["available", "used", "availableIndex", "usedIndex",
        "seen"]) {
        if (change[name] !== undefined) all[name] = change[name];
      }
    }
    return all;
  }

  function row(body, cells, before) {
    const line = make("tr", "", body);
    const isSame = before === undefined ||
      cells.every((cell, index) => String(cell) === String(before[index]));
    if (!isSame) line.className = "changed";
    for (const cell of cells) make("td", cell, line);
  }

  const ringRows = (all) => [
    ["available", all.availableIndex, all.available.join(" | ") || "–"],
    ["used", all.usedIndex, all.used.join(" | ") || "–"],
    ["taken by the driver", all.seen, ""],
  ];
  const descriptorRows = (all) => all.descriptors.map((one, number) =>
    [number, ...(one ?? ["free", "", "", ""])]);

  function show() {
    const list = steps();
    const [title, text] = list[current];
    const now = state(current);
    const before = current > 0 ? state(current - 1) : now;
    words.replaceChildren();
    make("strong", title, make("p", "", words));
    make("p", text, words);
    rings.replaceChildren();
    descriptors.replaceChildren();
    for (const [body, rows] of [[rings, ringRows],
      [descriptors, descriptorRows]]) {
      const old = rows(before);
      rows(now).forEach((cells, index) => row(body, cells, old[index]));
    }
    count.textContent = `Step ${current + 1} of ${list.length}`;
    back.disabled = current === 0;
    next.disabled = current === list.length - 1;
  }

  function go(by) {
    current = Math.min(Math.max(current + by, 0), steps().length - 1);
    show();
  }

  back.type = next.type = "button";
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  broken.addEventListener("change", () => {
    current = 0;
    show();
  });
  // The page turns at arrow keys otherwise.
  place.addEventListener("keydown", (event) => {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    go(by);
  });
  show();
}

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("virtqueue-stepper");
  if (place) virtqueueStepper(place);
});
