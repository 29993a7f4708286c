# SPDX-License-Identifier: BSD-3-Clause
"""Writes book/measured.json: exact counts of the instructions between places
in the code, and what registers hold. What `make bench` measures is not in it:
the book takes that from Tests/CourseTests/budgets.txt, so that each figure has
one source.

QEMU logs every instruction that the kernel executes (`-d exec`, one instruction
in a block), so a count is a count of lines. With --check it compares instead."""

import json
import re
import sys
import tempfile
from pathlib import Path

import machine

sys.path.insert(0, str(Path(__file__).parent / "extensions"))
from repository import word

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


def boot_counts(image: str) -> dict[str, int]:
    """From the kernel's first instruction to Swift and to its last one."""
    known, run = symbols(image), trace(image)
    return {
        "to-swift": run.index(known["boot_start"]),
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
    source = (machine.ROOT / "Sources/Machine/CHart/start.S").read_text().splitlines()
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


def instructions(image: str, function: str) -> int:
    """How many a function has, from its first to the `ret` that ends it."""
    start = symbols(image)[function]
    text, _ = machine.run(
        [machine.tool("llvm-objdump"), "--disassemble", "--no-show-raw-insn",
         f"--start-address={start:#x}", f"--stop-address={start + 4096:#x}",
         str(machine.IMAGES / image)])
    found = re.findall(r"^[0-9a-f]+:\s+(\S+)", text, re.M)
    return found.index("ret") + 1


def heap_figures() -> dict:
    """What the image measure-heap prints, number by number. A line with one
    number is a figure of `make bench`."""
    lines, _ = machine.boot("measure-heap")
    figures: dict = {}
    for line in lines:
        name, _, rest = line.partition(": ")
        numbers = [int(n) for n in re.findall(r"[0-9]+", rest)]
        if len(numbers) > 1:
            names = ["allocate", "allocate-longest", "release",
                     "release-longest", "peak", "failures", "fragmentation"]
            figures[word(name)] = dict(zip(names, numbers))
    return figures


def measure() -> dict:
    return {
        "ch1": {"text-bytes": sections("ch1")[".text"]} | boot_counts("ch1")
        | {"steps": boot_steps("ch1")},
        "ch2": trap_counts(),
        "ch3": {"more-with-8g": to_program("ch3", "8G") - to_program("ch3")},
        "heap": heap_figures(),
        "threads": {"switch": instructions("ch5", "hart_switch")},
    }


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
