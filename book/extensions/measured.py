# SPDX-License-Identifier: BSD-3-Clause
"""The role `measured`: a number that was counted in a real run.

    {measured}`ch1.text-bytes`
    {measured}`bench.5.yield-round-robin`
    {measured}`bench.3.start - bench.2.start`

What begins with `bench` is a figure of `make bench`, in budgets.txt, behind the
number of its chapter. The rest is in book/measured.json, which book/measure.py
writes. No figure is in both. The directive `measured-data` puts a part of
measured.json into the page for a script to read.
"""

import json

import figures
import repository
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

PATH = "book/measured.json"


def lookup(key: str):
    """What stands at a path such as `ch1.text-bytes`, or the difference of two
    such numbers."""
    first, minus, second = key.partition(" - ")
    if minus:
        return lookup(first) - lookup(second)
    if key.startswith("bench."):
        return figures.bench(key.removeprefix("bench."))
    value = json.loads(repository.text(PATH))
    for part in key.split("."):
        value = value[part]
    return value


def written(value) -> str:
    """`12345` as 12,345."""
    return f"{value:,}" if isinstance(value, int) else str(value)


class Measured(SphinxRole):
    """A measured number."""

    def run(self):
        for path in (PATH, figures.BUDGETS):
            self.env.note_dependency(str(repository.ROOT / path))
        try:
            return [nodes.Text(written(lookup(self.text)))], []
        except (OSError, KeyError, TypeError):
            message = self.inliner.reporter.error(
                f"neither {PATH} nor {figures.BUDGETS} has “{self.text}”: "
                "run book/record.sh, or `make bench TIGHTEN=1`",
                line=self.lineno)
            return [], [message]


class MeasuredData(SphinxDirective):
    """A part of the file, as JSON inside the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        key = self.arguments[0]
        self.env.note_dependency(str(repository.ROOT / PATH))
        try:
            data = json.dumps(lookup(key)).replace("<", "\\u003c")
        except (OSError, KeyError, TypeError):
            raise self.error(f"{PATH} has no “{key}”: run book/record.sh")
        script = (f'<script type="application/json" id="data-{key}">'
                  f"{data}</script>")
        return [nodes.raw("", script, format="html")]


def setup(app):
    app.add_role("measured", Measured())
    app.add_directive("measured-data", MeasuredData)
    return {"parallel_read_safe": True}
