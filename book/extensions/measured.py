# SPDX-License-Identifier: BSD-3-Clause
"""The role `measured`: a number from book/measured.json.

    {measured}`ch1.text-bytes`

The file is written by book/measure.py from real images. The directive
`measured-data` puts a part of it into the page for a script to read.
"""

import json

import repository
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

PATH = "book/measured.json"


def lookup(key: str):
    """What the file holds at a path such as `ch1.text-bytes`."""
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
        self.env.note_dependency(str(repository.ROOT / PATH))
        try:
            return [nodes.Text(written(lookup(self.text)))], []
        except (OSError, KeyError, TypeError):
            message = self.inliner.reporter.error(
                f"{PATH} has no “{self.text}”: run book/record.sh",
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
