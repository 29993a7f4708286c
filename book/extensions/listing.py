# SPDX-License-Identifier: BSD-3-Clause
"""The directive `listing`: a part of a file that is compiled and tested.

    ```{listing} Sources/Machine/CHart/start.S
    :marker: stack
    ```

shows what stands between the comments `[book: stack]` and `[book: end]`. In
Swift a declaration needs no marker:

    ```{listing} Sources/Machine/Boot/Start.swift
    :declaration: func bootStart
    ```

shows the declaration whose first line holds that text, with the comment and the
attributes above it. Without an option the whole file is shown. The lines keep
their real numbers; those for students' answers (`#if EXERCISE_…`) are left out. What
is not found, or found twice, fails the build.
"""

import re

import repository
import sources
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

MARKER = re.compile(r"\[book: ([a-z0-9-]+)\]")


class NotFound(Exception):
    """The part of the file that is asked for is not there."""


def between_markers(lines: list[str], name: str) -> range:
    """The lines after the marker `name` and before the next `end`."""
    names = [(i, m[1]) for i, line in enumerate(lines)
             if (m := MARKER.search(line))]
    starts = [i for i, found in names if found == name]
    if len(starts) != 1:
        raise NotFound(f"marker [book: {name}] found {len(starts)} times")
    start = starts[0]
    end = next((i for i, found in names if i > start), None)
    if end is None or dict(names)[end] != "end":
        raise NotFound(f"marker [book: {name}] has no [book: end]")
    return range(start + 1, end)


def declaration(lines: list[str], words: str) -> range:
    """The declaration whose first line holds `words`, with what precedes it."""
    found = [i for i, line in enumerate(lines)
             if words in line and not line.lstrip().startswith("//")]
    if len(found) != 1:
        raise NotFound(f"declaration “{words}” found {len(found)} times")
    first = found[0]
    indent = re.match(" *", lines[first])[0]

    above = re.compile(rf"{indent}(//|@)")
    while first > 0 and above.match(lines[first - 1]):
        first -= 1
    depth = 0
    for last in range(found[0], len(lines)):
        code = lines[last].split("// ")[0]
        depth += len(re.findall(r"[({\[]", code))
        depth -= len(re.findall(r"[)}\]]", code))
        after = lines[last + 1] if last + 1 < len(lines) else ""
        if depth == 0 and not after.startswith(indent + " "):
            break
    return range(first, last + 1)


def dedent(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without the spaces that all lines start with."""
    width = min((len(l) - len(l.lstrip()) for _, l in lines if l.strip()),
                default=0)
    return [(number, line[width:]) for number, line in lines]


def runs(lines: list[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    """Lines whose numbers follow each other, with the first number."""
    result = []
    for number, line in lines:
        if result and result[-1][0] + len(result[-1][1]) == number:
            result[-1][1].append(line)
        elif line.strip():
            result.append((number, [line]))
    return result


class Listing(SphinxDirective):
    """Shows a part of a file with its line numbers and a link to it."""

    required_arguments = 1
    option_spec = {
        "marker": directives.unchanged_required,
        "declaration": directives.unchanged_required,
        "to": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path = self.arguments[0]
        self.env.note_dependency(str(repository.ROOT / path))
        try:
            lines = repository.text(path).splitlines()
            part = self.part(lines)
        except (OSError, NotFound) as error:
            raise self.error(f"listing {path}: {error}")
        sources.note(self.env, path)
        kept = [(i, line) for i, line in repository.without_exercises(lines)
                if i in part]
        return [self.node(path, part, dedent(kept))]

    def part(self, lines: list[str]) -> range:
        if name := self.options.get("marker"):
            return between_markers(lines, name)
        if words := self.options.get("declaration"):
            start = declaration(lines, words)
            if last := self.options.get("to"):
                return range(start[0], declaration(lines, last)[-1] + 1)
            return start
        return range(len(lines))

    def node(self, path: str, part: range, lines: list) -> nodes.Node:
        first = part[0] + 1
        box = nodes.container(classes=["listing"])
        caption = nodes.paragraph(classes=["listing-file"])
        label = f"{path}, line {first}" if len(part) == 1 else \
            f"{path}, lines {first} to {part[-1] + 1}"
        caption += sources.reference(path, first, label)
        box += caption
        for number, text in runs(lines):
            code = nodes.literal_block("", "\n".join(text))
            code["language"] = repository.language(path)
            code["linenos"] = True
            code["highlight_args"] = {"linenostart": number + 1}
            box += code
        return box


def setup(app):
    app.add_directive("listing", Listing)
    return {"parallel_read_safe": True}
