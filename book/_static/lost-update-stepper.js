// SPDX-License-Identifier: BSD-3-Clause
//
// Two threads add one to the same count, one instruction at a time, in an order
// of one's choice. With a mutex only its owner can take a step.

"use strict";

function lostUpdateStepper(place) {
  const START = 5;
  const STEPS = ["load count", "add one", "store count"];
  const NAMES = ["A", "B"];
  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };

  const controls = make("div", "", place);
  controls.className = "buttons";
  const buttons = NAMES.map((_, index) => {
    const button = make("button", "", controls);
    button.addEventListener("click", () => advance(index));
    return button;
  });
  const again = make("button", "Start again", controls);
  again.addEventListener("click", restart);
  const label = make("label", "", controls);
  const mutex = make("input", "", label);
  mutex.type = "checkbox";
  mutex.id = "lost-update-mutex";
  mutex.addEventListener("change", restart);
  label.append(" with a mutex");

  const table = make("table", "", place);
  const head = make("tr", "", make("thead", "", table));
  for (const title of ["", "value", "next step"]) {
    make("th", title, head).scope = "col";
  }
  const rows = make("tbody", "", table);
  const words = make("p", "", place);
  words.setAttribute("role", "status");
  let threads, count, owner;

  const isOver = () => threads.every((t) => t.done === STEPS.length);
  const mustWait = (index) => owner !== null && owner !== index &&
    threads[index].done < STEPS.length;

  function restart() {
    threads = NAMES.map(() => ({done: 0, register: null}));
    [count, owner] = [START, null];
    draw(null, `The count is ${START}. Each thread adds one to it, in three ` +
      "steps. In which order?");
  }

  function advance(index) {
    const thread = threads[index];
    const name = NAMES[index];
    const step = thread.done;
    thread.done += 1;
    if (step === 0) {
      if (mutex.checked) owner = index;
      thread.register = count;
      return draw(index, `${name} ${mutex.checked ? "locks the mutex and " :
        ""}loads ${count} into its register.`);
    }
    if (step === 1) {
      thread.register += 1;
      return draw(index, `${name} adds one to its register: ` +
        `${thread.register}. The count is still ${count}.`);
    }
    owner = null;
    count = thread.register;
    draw("count", `${name} stores ${count}` +
      `${mutex.checked ? " and unlocks the mutex" : ""}.`);
  }

  function row(name, value, next, isChanged) {
    const line = make("tr", "", rows);
    if (isChanged) line.className = "changed";
    make("td", name, line);
    make("td", value, line).className = "value";
    make("td", next, line);
  }

  function draw(changed, text) {
    rows.replaceChildren();
    NAMES.forEach((name, index) => {
      const {done, register} = threads[index];
      const isDone = done === STEPS.length;
      const isWaiting = mustWait(index);
      buttons[index].textContent = `${name}: ` +
        (isDone ? "done" : isWaiting ? "waits" : "next step");
      buttons[index].disabled = isDone || isWaiting;
      row(`register of ${name}`, register ?? "–",
        isDone ? "–" : isWaiting ? "waits for the mutex" : STEPS[done],
        changed === index);
    });
    row("count", count, "", changed === "count");
    if (mutex.checked) {
      row("mutex", owner === null ? "unlocked" : `locked by ${NAMES[owner]}`,
        "", false);
    }
    words.textContent = isOver() ? `${text} ${result()}` : text;
  }

  function result() {
    const right = START + NAMES.length;
    return count === right
      ? `Two additions, and the count is ${count}: no update was lost.`
      : `Two additions, but the count is ${count} and not ${right}: one ` +
        "update was lost.";
  }

  for (const button of [...buttons, again]) button.type = "button";
  restart();
}

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("lost-update-stepper");
  if (place) lostUpdateStepper(place);
});
