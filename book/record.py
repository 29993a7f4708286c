# SPDX-License-Identifier: BSD-3-Clause
"""Records what the book shows: boots every image of transcripts/recordings.toml
and writes its output to transcripts/NAME.txt. With --check it compares instead,
and fails where they differ."""

import difflib
import json
import re
import sys
import tempfile
import tomllib
from pathlib import Path

import machine

FOLDER = Path(__file__).parent / "transcripts"

def console(recording: dict) -> list[str]:
    """The command as one types it, and what the kernel printed."""
    image, arguments = recording["image"], recording.get("arguments", "")
    if recording.get("explain"):
        lines = machine.explain(
            image, arguments, recording.get("configuration", "release"))
    else:
        lines = boot(recording, image, arguments)
    if shown := recording.get("command"):
        lines.insert(0, f"$ {shown}")
    for pattern in recording.get("leave-out", []):
        lines = [line for line in lines if not re.search(pattern, line)]
    for pattern in recording.get("varies", []):
        lines = [re.sub(pattern, "…", line) for line in lines]
    return lines


def boot(recording: dict, image: str, arguments: str) -> list[str]:
    """What the kernel printed, with a new disk if there is to be one."""
    script = recording.get("disk")
    if not script:
        return machine.boot(image, arguments)[0]
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder) / "disk.img"
        machine.make_disk(script, disk, recording.get("change"))
        return machine.boot(image, arguments, disk)[0]


def debugger(recording: dict) -> list[str]:
    """A gdb session: the commands, each with what gdb answered."""
    script = []
    for command in recording["gdb"]:
        script += [f"echo (gdb) {command}\\n", command]
    output = machine.debug(
        recording["image"], script, recording.get("arguments", ""))
    text = output[output.index("(gdb) "):].replace(f"{machine.ROOT}/", "")
    hidden = ("warning:", "[Inferior", "During symbol", "qemu-system",
              "Remote communication error")
    return [line.rstrip() for line in text.splitlines()
            if not line.startswith(hidden)]


def record(recording: dict) -> str:
    lines = debugger(recording) if "gdb" in recording else console(recording)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def compare(name: str, old: str, new: str) -> bool:
    """Whether both are the same; shows how they differ."""
    if old == new:
        return True
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"book/transcripts/{name}.txt",
        "what is printed now", lineterm="")
    print("\n".join(lines))
    return False


def main() -> int:
    checks = "--check" in sys.argv
    versions = FOLDER / "versions.json"
    now = machine.versions()
    if checks and json.loads(versions.read_text()) != now:
        print(f"book: recorded with {versions.read_text().strip()}; "
              f"here is {json.dumps(now)}: not compared")
        return 0
    recordings = tomllib.loads((FOLDER / "recordings.toml").read_text())
    good = True
    for name, recording in recordings.items():
        file = FOLDER / f"{name}.txt"
        text = record(recording)
        if checks:
            old = file.read_text() if file.exists() else ""
            good = compare(name, old, text) and good
        else:
            file.write_text(text)
    known = {f"{name}.txt" for name in recordings}
    for file in sorted(FOLDER.glob("*.txt")):
        if file.name not in known:
            print(f"book: {file.name} is not in recordings.toml")
            good = False
    if not checks:
        versions.write_text(json.dumps(now) + "\n")
    if not good:
        print("book: run book/record.sh, and read what it changes")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
