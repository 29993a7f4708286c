# SPDX-License-Identifier: BSD-3-Clause
"""Writes book/measured.json: sizes of the images, and exact counts of the
instructions between places in the code. What `make bench` measures comes from
there; the rest is measured here.

QEMU logs every instruction that the kernel executes (`-d exec`, one instruction
in a block), so a count is a count of lines. With --check it compares instead."""

import json
import re
import sys
import tempfile
from pathlib import Path

import machine

FILE = Path(__file__).parent / "measured.json"
KERNEL = 0x8020_0000


def sections(image: str) -> dict[str, int]:
    """The size of each section of an image."""
    text, _ = machine.run(
        [machine.tool("llvm-objdump"), "--section-headers",
         str(machine.IMAGES / image)])
    rows = [line.split() for line in text.splitlines()]
    return {r[1]: int(r[2], 16) for r in rows if len(r) > 3 and r[0].isdigit()}


def symbols(image: str) -> dict[str, int]:
    """The address of each symbol of an image."""
    text, _ = machine.run(
        [machine.tool("llvm-nm"), str(machine.IMAGES / image)])
    rows = [line.split() for line in text.splitlines()]
    return {r[2]: int(r[0], 16) for r in rows if len(r) == 3}


def trace(image: str, arguments: str = "") -> list[int]:
    """The address of every instruction that the kernel executes, in order."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        machine.run(machine.qemu(image, arguments) + [
            "-serial", "null", "-singlestep", "-d", "exec,nochain",
            "-dfilter", f"{KERNEL:#x}+0x100000", "-D", str(log)])
        return [int(line.split("/")[1], 16)
                for line in log.read_text().splitlines()
                if line.startswith("Trace ")]


def sizes(image: str) -> dict[str, int]:
    found = sections(image)
    parts = (".text", ".strings", ".rodata", ".data")
    return {
        "text-bytes": found[".text"],
        "image-bytes": sum(found.get(name, 0) for name in parts),
        "bss-bytes": found.get(".bss", 0),
    }


def boot_counts(image: str) -> dict[str, int]:
    """From the kernel's first instruction to its program and to its end."""
    known, run = symbols(image), trace(image)
    return {
        "to-swift": run.index(known["boot_start"]),
        "to-program": run.index(known["main"]),
        "total": len(run),
    }


def trap_counts() -> dict[str, int]:
    """What chapter 2's timer interrupts cost, from the sixth tick."""
    known, run = symbols("ch2"), trace("ch2")
    entry, handler = known["hart_trap_entry"], known["traps_take"]
    starts = [i for i, pc in enumerate(run) if pc == entry]
    return_address = sret("ch2")
    returns = [i for i, pc in enumerate(run) if pc == return_address]
    start = starts[-3]
    end = next(i for i in returns if i > start)
    call = run.index(handler, start)
    back = max(i for i in range(call, end)
               if not entry <= run[i] <= return_address) + 1
    return {
        "traps": len(starts),
        "entry": call - start,
        "exit": end - back + 1,
        "tick": end - start + 1,
    }


def sret(image: str) -> int:
    """Where the trap entry returns."""
    text, _ = machine.run(
        [machine.tool("llvm-objdump"), "--disassemble",
         str(machine.IMAGES / image)])
    line = next(l for l in text.splitlines() if l.rstrip().endswith("sret"))
    return int(line.split(":")[0], 16)


# Where the boot path is looked at: a name, and a text in start.S or a symbol.
STEPS = [
    ("reset", None), ("firmware", "*0x80000000"), ("entry", "_start"),
    ("vector", "lla     t0, bss_start"), ("stack", "rdtime"),
    ("swift", "boot_start"), ("program", "main"),
]
REGISTERS = ["pc", "priv", "a0", "a1", "sp", "tp", "stvec", "satp"]


def place(step: str, known: dict[str, int]) -> str | None:
    """What gdb calls a step's place, or nothing if it is not there."""
    if step.startswith("*") or step in known:
        return step if step.startswith("*") else f"*{known[step]:#x}"
    source = (machine.ROOT / "Sources/CHart/start.S").read_text().splitlines()
    lines = [i for i, line in enumerate(source, 1) if step in line]
    return f"start.S:{lines[0]}" if lines else None


def boot_steps(image: str) -> dict[str, dict[str, str]]:
    """What the registers hold along the way from reset to the program."""
    known = symbols(image)
    show = ["printf \"STEP"] + [" %lx"] * len(REGISTERS) + ["\\n\""]
    show = "".join(show) + "".join(f", ${name}" for name in REGISTERS)
    names, script = [], []
    for name, step in STEPS:
        where = place(step, known) if step else None
        if step and not where:
            continue
        names.append(name)
        script += [f"tbreak {where}", "continue"] if step else []
        script.append(show)
    output = machine.debug(image, script)
    rows = [line.split()[1:] for line in output.splitlines()
            if line.startswith("STEP")]
    return {name: {register: f"0x{int(value, 16):x}"
                   for register, value in zip(REGISTERS, row)}
            for name, row in zip(names, rows, strict=True)}


def to_program(image: str, memory: str = "128M") -> int:
    """From the kernel's first instruction to its program, as the hart counts
    them: quicker than a log where the program itself runs for long."""
    known = symbols(image)
    script = []
    for place in (known["_start"], known["main"]):
        script += [f"tbreak *{place:#x}", "continue",
                   "info registers minstret"]
    counts = [int(line.split()[1], 16)
              for line in machine.debug(
                  image, script, memory=memory).splitlines()
              if line.startswith("minstret")]
    return (counts[1] - counts[0]) % 2**64


def paging_counts(before: int, small: int) -> dict[str, int]:
    """What a start with page tables costs, with little and much memory, and
    what of it is more than a start without."""
    return {
        "to-program-8g": to_program("ch3", "8G"),
        "paging": small - before,
    }


def key(name: str) -> str:
    """A name as one word: `malloc + free, 64 B` as `malloc-free-64-b`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def heap_figures() -> dict:
    """What the image measure-heap prints, number by number."""
    lines, _ = machine.boot("measure-heap")
    figures: dict = {}
    for line in lines:
        name, _, rest = line.partition(": ")
        numbers = [int(n) for n in re.findall(r"[0-9]+", rest)]
        if len(numbers) == 1:
            figures[key(name)] = numbers[0]
        else:
            names = ["allocate", "allocate-longest", "release",
                     "release-longest", "peak", "failures", "fragmentation"]
            figures[key(name)] = dict(zip(names, numbers))
    return figures


def bench() -> dict[int, dict[str, int]]:
    """What `make bench` measures, by chapter and name."""
    text, status = machine.run(
        [".build/debug/swiftkraft", "bench", "--rows"], seconds=600)
    if status:
        raise RuntimeError(text)
    figures: dict[int, dict[str, int]] = {}
    for row in (line.split(" | ") for line in text.splitlines()):
        if len(row) == 3:
            figures.setdefault(int(row[0]), {})[row[1]] = int(row[2])
    return figures


def by_policy(figures: dict[str, int]) -> dict[str, dict[str, int]]:
    """`yield, round robin` as the policy's `yield`."""
    result: dict[str, dict[str, int]] = {}
    for name, value in figures.items():
        operation, comma, policy = name.partition(", ")
        if comma:
            result.setdefault(key(policy), {})[key(operation)] = value
    return result


def operations(figures: dict[str, int]) -> dict[str, int]:
    """Without what every chapter has."""
    return {key(name): value for name, value in figures.items()
            if name not in ("image", "start", "memory")}


def measure() -> dict:
    figures = bench()
    result = {"hello": sizes("hello")}
    for number, found in figures.items():
        chapter = f"ch{number}"
        result[chapter] = sizes(chapter) | {"to-program": found["start"]}
    result["ch1"] |= boot_counts("ch1")
    result["ch1"]["steps"] = boot_steps("ch1")
    result["ch2"] |= boot_counts("ch2") | trap_counts()
    result["ch3"] |= paging_counts(figures[2]["start"], figures[3]["start"])
    result["heap"] = heap_figures()
    result["threads"] = by_policy(figures[5])
    result["ipc"] = operations(figures[6])
    result["block"] = operations(figures[7])
    return result


def main() -> int:
    if "--check" in sys.argv:
        versions = FILE.parent / "transcripts/versions.json"
        if json.loads(versions.read_text()) != machine.versions():
            return 0
        old, new = json.loads(FILE.read_text()), measure()
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                print(f"book/measured.json: {name} was {old.get(name)}, "
                      f"is {new.get(name)}")
        return 0 if old == new else 1
    FILE.write_text(json.dumps(measure(), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
