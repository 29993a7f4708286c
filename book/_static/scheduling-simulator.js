// SPDX-License-Identifier: BSD-3-Clause
//
// Three threads on one hart, under a policy of one's choice. Slices are looked
// at by the timer only, as Sources/Threads/Scheduling/Scheduler.swift does it.

"use strict";

// What happens in each unit of time: who runs, and what each thread does.
function schedule(policy, slice) {
  const threads = [
    {name: "A", priority: 16, left: 6, state: "ready"},
    {name: "B", priority: 16, left: 6, state: "ready"},
    {name: "bell", priority: 24, bells: [2, 6, 10], state: "asleep"},
  ];
  const isStrict = policy === "priority";
  const hasSlices = policy !== "first";
  const queue = [threads[0], threads[1]];
  let running = null, owner = null, sliceEnd = Infinity, latest = 0;
  const history = [];

  function takeNext() {
    if (queue.length === 0) return null;
    let best = 0;
    if (isStrict) {
      queue.forEach((thread, index) => {
        if (thread.priority > queue[best].priority) best = index;
      });
    }
    return queue.splice(best, 1)[0];
  }

  function preempt(isUsedUp) {
    if (isUsedUp) queue.push(running);
    else queue.unshift(running);
    running = owner = takeNext();
  }

  for (let time = 0; ; time += 1) {
    const bell = threads[2];
    let mustSwitch = false, isUsedUp = false;
    if (bell.state === "asleep" && bell.bells[0] <= time) {
      bell.state = "ready";
      queue.push(bell);
      mustSwitch = isStrict && running !== null;
    }
    if (time >= sliceEnd) {
      sliceEnd = Infinity;
      if (running && queue.length > 0) {
        if (running === owner) mustSwitch = isUsedUp = true;
        [owner, sliceEnd] = [running, time + slice];
      }
    }
    if (mustSwitch && running) preempt(isUsedUp);
    if (!running) running = takeNext();
    if (!running && threads.every((t) => t.state === "ended")) break;
    if (hasSlices && running && queue.length > 0 && sliceEnd === Infinity) {
      [owner, sliceEnd] = [running, time + slice];
    }
    history.push(threads.map((t) => t === running ? "runs" : t.state));
    if (!running) continue;
    if (running !== bell) {
      running.left -= 1;
      if (running.left === 0) [running.state, running] = ["ended", null];
      continue;
    }
    latest = Math.max(latest, time - bell.bells.shift());
    if (bell.bells.length === 0) {
      [bell.state, running] = ["ended", null];
    } else if (bell.bells[0] > time + 1) {
      [bell.state, running] = ["asleep", null];
    }
  }
  return {names: threads.map((t) => t.name), history, latest};
}

function schedulingSimulator(place) {
  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const choice = (words, id, options) => {
    const label = make("label", words, controls);
    const select = make("select", "", label);
    select.id = id;
    for (const [value, text] of options) make("option", text, select).value =
      value;
    select.addEventListener("change", restart);
    return select;
  };

  const controls = make("div", "", place);
  controls.className = "buttons";
  const policy = choice("Policy: ", "scheduling-policy", [
    ["first", "first come"], ["robin", "round robin"],
    ["priority", "strict priority"]]);
  const slice = choice("Slice: ", "scheduling-slice",
    [1, 2, 3, 4].map((n) => [n, n]));
  const play = make("button", "Play", controls);
  const step = make("button", "Step", controls);
  const again = make("button", "Start again", controls);
  const lines = make("div", "", place);
  lines.className = "time-lines";
  make("p", "Filled: runs. Dashed: ready. Empty: asleep, or has ended.", place);
  const words = make("p", "", place);
  words.setAttribute("role", "status");
  let plan, shown, timer = null;

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }

  function restart() {
    stop();
    slice.disabled = policy.value === "first";
    plan = schedule(policy.value, Number(slice.value));
    shown = 0;
    draw();
  }

  function advance() {
    if (shown < plan.history.length) shown += 1;
    if (shown === plan.history.length) stop();
    draw();
  }

  function draw() {
    lines.replaceChildren();
    plan.names.forEach((name, row) => {
      make("span", name, lines).className = "name";
      const line = make("div", "", lines);
      const runs = [];
      plan.history.forEach((states, time) => {
        const cell = make("span", "", line);
        if (time >= shown) return;
        cell.className = states[row];
        if (states[row] === "runs") runs.push(time);
      });
      line.setAttribute("role", "img");
      line.setAttribute("aria-label", runs.length === 0
        ? `${name} has not run`
        : `${name} has run at ${runs.join(", ")}`);
    });
    words.textContent = describe();
  }

  function describe() {
    if (shown === 0) return "Nothing has run yet.";
    if (shown === plan.history.length) {
      return `All have ended. The bell was answered ${plan.latest} late at ` +
        "most.";
    }
    const states = plan.history[shown - 1];
    const those = (state) => plan.names.filter((_, i) => states[i] === state);
    const ready = those("ready");
    return `Time ${shown - 1}: ${those("runs")[0] ?? "nobody"} runs; ` +
      `ready: ${ready.length === 0 ? "nobody" : ready.join(", ")}.`;
  }

  step.addEventListener("click", () => { stop(); advance(); });
  again.addEventListener("click", restart);
  play.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (shown === plan.history.length) restart();
    timer = setInterval(advance, 400);
    play.textContent = "Pause";
  });
  restart();
}

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("scheduling-simulator");
  if (place) schedulingSimulator(place);
});
