# SPDX-License-Identifier: BSD-3-Clause
"""The repository around the book: its files, and the tables in Package.swift."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def text(path: str) -> str:
    """The contents of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def word(name: str) -> str:
    """A name as one word: `malloc + free, 64 B` as `malloc-free-64-b`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@cache
def table(name: str) -> list[list[str]]:
    """The rows of a table of Package.swift, such as `chapters`, as the tool has
    read them: `make tool` builds it."""
    rows = subprocess.run(
        [ROOT / ".build/debug/swiftkraft", "table", name],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [line.split("\t") for line in rows.splitlines()]


@dataclass
class Library:
    """One row of the table of libraries."""

    name: str
    wing: str
    floor: int
    chapter: int
    imports: list[str]

    @property
    def folder(self) -> str:
        """Where it lies."""
        return f"Sources/{self.wing}/{self.name}"

    @property
    def files(self) -> list[str]:
        """Its source files, as paths in the repository."""
        kinds = {".swift", ".S", ".c", ".h", ".ld"}
        return sorted(
            str(path.relative_to(ROOT))
            for path in (ROOT / self.folder).rglob("*")
            if path.suffix in kinds
        )


@dataclass
class Chapter:
    """One row of the table of chapters."""

    number: int
    name: str
    title: str
    state: str

    @property
    def folder(self) -> str:
        """Where its program lies."""
        return f"chapters/ch{self.number}-{self.name}"


def libraries() -> list[Library]:
    """All libraries, in the table's order."""
    return [
        Library(row[0], row[1], int(row[2]), int(row[3]), row[4].split())
        for row in table("libraries")
    ]


def chapters() -> list[Chapter]:
    """All chapters, in the table's order."""
    return [
        Chapter(int(row[0]), *row[1:4]) for row in table("chapters")
    ]


def without_exercises(lines: list[str]) -> list[tuple[int, str]]:
    """The lines that stay, with their numbers from 0, when no exercise is built
    into a program: `#if EXERCISE_…` is left out, with the comment above it; what
    its `#else` holds moves to the left."""
    kept, state, depth = [], None, 0
    for number, line in enumerate(lines):
        words = line.strip()
        if state is None and words.startswith("#if EXERCISE_"):
            while kept and kept[-1][1].lstrip().startswith("// ") and \
                    "EXERCISES=" in kept[-1][1] + lines[number - 1]:
                kept.pop()
            state, depth = "if", 1
            continue
        if state is not None:
            depth += words.startswith("#if") - words.startswith("#endif")
            if depth == 0:
                state = None
            elif depth == 1 and words == "#else":
                state = "else"
            elif state == "else":
                kept.append((number, line.removeprefix("  ")))
            continue
        kept.append((number, line))
    return kept


LANGUAGES = {
    ".swift": "swift",
    ".S": "riscv",
    ".c": "c",
    ".h": "c",
    ".ld": "c",
    ".sh": "sh",
    ".py": "python",
}


def language(path: str) -> str:
    """What Pygments calls the language of a file."""
    return LANGUAGES.get(Path(path).suffix, "text")
