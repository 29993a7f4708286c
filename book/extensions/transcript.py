# SPDX-License-Identifier: BSD-3-Clause
"""The directive `transcript`: what a real run printed.

    ```{transcript} ch1
    ```

includes book/transcripts/ch1.txt, which book/record.sh writes. With `:from:` and
`:to:`, only from a line that starts with one text to the next that starts with
the other.
"""

import repository
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class Transcript(SphinxDirective):
    """Shows the recorded output of a program."""

    required_arguments = 1
    option_spec = {
        "from": directives.unchanged_required,
        "to": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path = f"book/transcripts/{self.arguments[0]}.txt"
        self.env.note_dependency(str(repository.ROOT / path))
        try:
            lines = repository.text(path).splitlines()
        except OSError:
            raise self.error(f"{path} is missing: run book/record.sh")
        code = nodes.literal_block("", "\n".join(self.part(lines)))
        code["language"] = "none"
        code["classes"].append("transcript")
        return [code]

    def part(self, lines: list[str]) -> list[str]:
        start, end = 0, len(lines)
        if first := self.options.get("from"):
            start = self.find(lines, first, 0)
        if last := self.options.get("to"):
            end = self.find(lines, last, start) + 1
        return lines[start:end]

    def find(self, lines: list[str], words: str, start: int) -> int:
        for index in range(start, len(lines)):
            if lines[index].lstrip().startswith(words):
                return index
        raise self.error(f"{self.arguments[0]}: no line starts with “{words}”")


def setup(app):
    app.add_directive("transcript", Transcript)
    return {"parallel_read_safe": True}
