# SPDX-License-Identifier: BSD-3-Clause
"""The directive `drawing`: a figure from book/figures, as part of the page.

    ```{drawing} family
    ---
    alt: What the figure shows, for who cannot see it.
    ---
    The caption.
    ```

An SVG that is part of the page follows its colours, light or dark.
"""

import re
from html import escape

import repository
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class Drawing(SphinxDirective):
    """Puts an SVG into the page, with a text alternative and a caption."""

    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        path = f"book/figures/{name}.svg"
        if "alt" not in self.options:
            raise self.error(f"drawing {name}: it needs an :alt: text")
        self.env.note_dependency(str(repository.ROOT / path))
        try:
            svg = repository.text(path)
        except OSError:
            raise self.error(f"{path} is missing")
        alt = escape(" ".join(self.options["alt"].split()))
        svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.S)
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)

        figure = nodes.container(classes=["drawing"], ids=[f"figure-{name}"])
        figure += nodes.raw("", svg, format="html")
        if self.content:
            caption = nodes.container(classes=["drawing-caption"])
            self.state.nested_parse(self.content, self.content_offset, caption)
            figure += caption
        return [figure]


def setup(app):
    app.add_directive("drawing", Drawing)
    return {"parallel_read_safe": True}
