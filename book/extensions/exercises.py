# SPDX-License-Identifier: BSD-3-Clause
"""The directive `exercises`: the exercises of a chapter, or of all of them, from
the table of exercises in Package.swift."""

import repository
from difference import cell, row, table
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class Exercises(SphinxDirective):
    """A table of exercises; says so where there are none yet."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(repository.ROOT / "Package.swift"))
        rows = repository.table("exercises")
        if self.arguments:
            rows = [r for r in rows if r[0].split(".")[0] == self.arguments[0]]
        if not rows:
            return [nodes.paragraph(
                "", "The exercises of this edition are still being written.")]
        head = ["number", "exercise", "points", "stars", "minutes"]
        return [table(head, [
            row(*(cell(nodes.Text(text)) for text in (r[0], *r[2:6])))
            for r in rows])]


def setup(app):
    app.add_directive("exercises", Exercises)
    return {"parallel_read_safe": True}
