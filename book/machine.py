# SPDX-License-Identifier: BSD-3-Clause
"""Boots images for record.py and measure.py, so that what they write is the same
on every computer."""

import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build/virt/riscv64-none-none-eabi"
IMAGES = BUILD / "release"
TOOL = ".build/debug/swiftkraft"
# The last line that the firmware prints before it hands over.
FIRMWARE_END = "Boot HART MEDELEG"


def qemu(image: str, arguments: str = "", memory: str = "128M",
         disk: Path | None = None) -> list[str]:
    """A command that boots `image` in virtual time, as the tool has it; the
    serial port is left to the caller."""
    words, status = run(
        [TOOL, "qemu-command", image, "--no-build", "--virtual-time",
         f"--memory={memory}", f"--arguments={arguments}",
         f"--disk={disk}" if disk else "--no-disk"])
    if status != 0:
        raise RuntimeError(words)
    return words.splitlines()


def run(command: list[str], text: str = "",
        seconds: int = 60) -> tuple[str, int]:
    """What a command prints, and its status."""
    done = subprocess.run(
        command, input=text, text=True, timeout=seconds, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


def kernel_lines(output: str) -> list[str]:
    """What comes after the firmware's banner."""
    lines = [line.rstrip() for line in output.splitlines()]
    end = [i for i, l in enumerate(lines) if l.startswith(FIRMWARE_END)]
    if not end:
        raise RuntimeError(f"the firmware did not start\n{output}")
    lines = lines[end[0] + 1:]
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def boot(image: str, arguments: str = "",
         disk: Path | None = None) -> tuple[list[str], int]:
    """What the kernel prints, line by line, and QEMU's status."""
    command = qemu(image, arguments, disk=disk)
    output, status = run(command + ["-serial", "stdio"])
    return kernel_lines(output), status


def make_disk(script: str, path: Path, change: int | None = None) -> None:
    """Writes the disk that a chapter brings; `change` is the offset of a byte
    that becomes an x."""
    subprocess.run(["sh", str(ROOT / script), str(path)], check=True)
    if change is not None:
        with path.open("r+b") as file:
            file.seek(change)
            file.write(b"x")


def explain(image: str, arguments: str = "",
            configuration: str = "release") -> list[str]:
    """The same from the runner, with its diagnosis at the end."""
    output, _ = run([TOOL, "run", image,
                     "--configuration", configuration,
                     "--arguments", arguments,
                     "--qemu-option=-icount shift=0,sleep=off"],
                    seconds=600)  # It may have to be built.
    # The log's name holds the time.
    return [line for line in kernel_lines(output.replace(f"{ROOT}/", ""))
            if not line.startswith("  Log:")]


# So that a session reads the same everywhere.
GDB_SETTINGS = ["set pagination off", "set confirm off", "set width 0",
                "set complaints 0", "set debuginfod enabled off",
                "set style enabled off"]


def debug(image: str, commands: list[str], arguments: str = "",
          memory: str = "128M") -> str:
    """What gdb prints for `commands`, from the machine's reset on."""
    with tempfile.TemporaryDirectory() as folder:
        readable = Path(folder) / image
        # gdb 13 finds no Swift function if this index is there.
        subprocess.run(
            [tool("llvm-objcopy"), "--remove-section=.debug_names",
             IMAGES / image, readable], check=True)
        command = " ".join(qemu(image, arguments, memory))
        file = Path(folder) / "commands"
        file.write_text("\n".join(GDB_SETTINGS + [
            f"target remote | exec {command} -serial null -S -gdb stdio",
            *commands]) + "\n")
        return run(["gdb-multiarch", "-nx", "-q", "-batch", "-x", str(file),
                    str(readable)])[0]


def tool(name: str) -> str:
    """A tool of the Swift toolchain, or the same one from elsewhere."""
    swift = shutil.which("swift")
    beside = Path(swift).resolve().parent / name if swift else None
    return str(beside) if beside and beside.exists() else name


def versions() -> dict[str, str]:
    """What the recordings depend on beside the sources."""
    def first(command: list[str], marker: str) -> str:
        return run(command)[0].split(marker, 1)[-1].split()[0]

    return {
        "swift": first(["swift", "--version"], "Swift version"),
        "qemu": first(["qemu-system-riscv64", "--version"], "version"),
    }
