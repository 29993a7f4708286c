# SPDX-License-Identifier: BSD-3-Clause
"""Figures that more than one page shows, each from its only source.

Tests/CourseTests/budgets.txt has what `make bench` measures, and
Tests/CourseTests/other-systems.txt what other systems cost. README.md is
written from the same two files.

    {system}`xv6 | mailbox round trip`

is one figure of another system. A table of some figures for some systems,
ours first, is

    ```{comparison}
    :systems: FreeRTOS, NuttX
    :figures: yield, round robin | create and join, round robin
    :titles: yield | create and join
    ```
"""

import re

import repository
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

BUDGETS = "Tests/CourseTests/budgets.txt"
OTHERS = "Tests/CourseTests/other-systems.txt"
NOT_MEASURED = "–"


def rows(path: str) -> list[list[str]]:
    """The lines of a file of figures, each as its columns."""
    lines = repository.text(path).splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines
            if line.strip() and not line.startswith("#")]


def ours() -> dict[tuple[int, str], int]:
    """What `make bench` measures: by chapter and name."""
    return {(int(row[0]), row[1]): int(row[2])
            for row in rows(BUDGETS) if row[0].isdigit()}


def bench(path: str) -> int:
    """The figure that is called `5.yield-round-robin` in a page."""
    chapter, _, name = path.partition(".")
    for (number, figure), value in ours().items():
        if str(number) == chapter and repository.word(figure) == name:
            return value
    raise KeyError(path)


def theirs() -> dict[tuple[str, str], str]:
    """What others cost: by system and figure. Without what was not measured."""
    head, *body = rows(OTHERS)
    figures = {}
    for _, figure, *values in body:
        for system, value in zip(head[1:], values, strict=True):
            if value:
                figures[system, figure.split(" = ")[0]] = value
    return figures


class System(SphinxRole):
    """A figure of another system, without a remark in parentheses."""

    def run(self):
        self.env.note_dependency(str(repository.ROOT / OTHERS))
        system, _, figure = (p.strip() for p in self.text.partition("|"))
        value = theirs().get((system, figure))
        if value is None:
            message = self.inliner.reporter.error(
                f"{OTHERS} has no “{figure}” of {system}", line=self.lineno)
            return [], [message]
        return [nodes.Text(re.sub(r" \(.*\)$", "", value))], []


class Comparison(SphinxDirective):
    """A table: a row for each system, a column for each figure."""

    option_spec = {name: directives.unchanged_required
                   for name in ("systems", "figures", "titles")}

    def run(self) -> list[nodes.Node]:
        for path in (BUDGETS, OTHERS):
            self.env.note_dependency(str(repository.ROOT / path))
        systems = [s.strip() for s in self.options["systems"].split(",")]
        figures = [f.strip() for f in self.options["figures"].split("|")]
        titles = [t.strip() for t in self.options["titles"].split("|")]
        if len(titles) != len(figures):
            raise self.error("comparison: a title for each figure is needed")
        known, others = {name: v for (_, name), v in ours().items()}, theirs()
        missing = [f for f in figures if f not in known]
        if missing:
            raise self.error(f"{BUDGETS} has no “{missing[0]}”")
        body = [["Swiftkraft"] + [f"{known[f]:,}" for f in figures]]
        for system in systems:
            values = [others.get((system, f), NOT_MEASURED) for f in figures]
            if set(values) == {NOT_MEASURED}:
                raise self.error(f"{OTHERS} has nothing of {system} here")
            body.append([system] + values)
        return [table([""] + titles, body)]


def table(head: list[str], body: list[list[str]]) -> nodes.table:
    """A table with one line of titles."""
    group = nodes.tgroup(cols=len(head))
    for _ in head:
        group += nodes.colspec(colwidth=1)
    group += nodes.thead("", row(head))
    group += nodes.tbody("", *[row(line) for line in body])
    return nodes.table("", group, classes=["figures"])


def row(cells: list[str]) -> nodes.row:
    return nodes.row("", *[
        nodes.entry("", nodes.paragraph("", cell)) for cell in cells])


def setup(app):
    app.add_role("system", System())
    app.add_directive("comparison", Comparison)
    return {"parallel_read_safe": True}
