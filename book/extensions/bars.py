# SPDX-License-Identifier: BSD-3-Clause
"""The directive `bars`: measured numbers as bars, one group for each quantity.

    ```{bars} heap
    :rows: region buddy pool tlsf
    :fields: allocate peak fragmentation
    :titles: instructions an allocation | peak, bytes | fragmentation, thousandths
    ```

draws what book/measured.json holds for each row and field. Bars of one group are
to scale; the numbers stand beside them, and again in the text alternative.
"""

from html import escape

import repository
from docutils import nodes
from docutils.parsers.rst import directives
from measured import PATH, lookup, written
from sphinx.util.docutils import SphinxDirective

NAMES = {"tlsf": "TLSF"}
WIDTH, LEFT, ROOM, STEP = 340, 66, 190, 20


class Bars(SphinxDirective):
    """Bars of measured numbers."""

    required_arguments = 1
    option_spec = {name: directives.unchanged_required
                   for name in ("rows", "fields", "titles")}

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(repository.ROOT / PATH))
        rows = self.options["rows"].split()
        fields = self.options["fields"].split()
        titles = [t.strip() for t in self.options["titles"].split("|")]
        if len(titles) != len(fields):
            raise self.error("bars: a title for each field is needed")
        try:
            groups = [[lookup(f"{self.arguments[0]}.{row}.{field}")
                       for row in rows] for field in fields]
        except (OSError, KeyError, TypeError):
            raise self.error(f"{PATH} lacks numbers: run book/record.sh")
        return [nodes.container("", nodes.raw(
            "", draw(rows, titles, groups), format="html"),
            classes=["drawing"])]


def draw(rows: list[str], titles: list[str], groups: list[list[int]]) -> str:
    shapes, words, y = [], [], 0
    for title, values in zip(titles, groups):
        y += 24
        shapes.append(f'<text x="8" y="{y}" class="bold">{escape(title)}</text>')
        words.append(title + ": " + ", ".join(
            f"{name(row)} {written(value)}" for row, value in zip(rows, values)))
        for row, value in zip(rows, values):
            y += STEP
            width = max(1, round(ROOM * value / max(*values, 1)))
            shapes.append(
                f'<text x="8" y="{y}" class="s">{escape(name(row))}</text>'
                f'<rect class="h" x="{LEFT}" y="{y - 11}" width="{width}" '
                f'height="14"/><text x="{LEFT + width + 6}" y="{y}" '
                f'class="s">{written(value)}</text>')
        y += 10
    label = escape("; ".join(words))
    return (f'<svg role="img" aria-label="{label}" '
            f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 4}">'
            + "".join(shapes) + "</svg>")


def name(row: str) -> str:
    return NAMES.get(row, row)


def setup(app):
    app.add_directive("bars", Bars)
    return {"parallel_read_safe": True}
