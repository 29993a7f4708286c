# SPDX-License-Identifier: BSD-3-Clause
"""The directive `difference`: what a chapter adds to the one before.

    ```{difference} 2
    ```

From the tables in Package.swift and the files themselves: the libraries that the
chapter introduces with their files and lines, and how its program differs from
the one before.
"""

import difflib

import repository
import sources
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def plain_lines(path: str) -> list[str]:
    """A file's lines without those for students' answers."""
    lines = repository.text(path).splitlines()
    return [line for _, line in repository.without_exercises(lines)]


def code_lines(path: str) -> int:
    """Lines that are neither blank nor only a comment."""
    lines = (line.strip() for line in plain_lines(path))
    comment = ("//", "/*", "*")
    return sum(1 for line in lines if line and not line.startswith(comment))


def cell(*children) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *children))


def row(*cells) -> nodes.row:
    return nodes.row("", *cells)


def table(head: list[str], rows: list[nodes.row]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", row(*(cell(nodes.Text(h)) for h in head)))
    group += nodes.tbody("", *rows)
    return nodes.table("", group)


class Difference(SphinxDirective):
    """Generated: modules, files, lines, and the program's difference."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        number = int(self.arguments[0])
        chapters = {c.number: c for c in repository.chapters()}
        if number not in chapters:
            raise self.error(f"no chapter {number} in Package.swift")
        self.env.note_dependency(str(repository.ROOT / "Package.swift"))
        new = [l for l in repository.libraries() if l.chapter == number]
        result = [self.libraries(new)] if new else []
        return result + self.program(chapters, number)

    def libraries(self, new) -> nodes.Node:
        rows = []
        for library in new:
            lines = 0
            files = nodes.paragraph(classes=["no-terms"])
            for path in library.files:
                self.env.note_dependency(str(repository.ROOT / path))
                sources.note(self.env, path)
                lines += code_lines(path)
                name = path.removeprefix(f"{library.folder}/")
                files += [sources.reference(path, 1, name), nodes.Text(" ")]
            name = nodes.literal(library.name, library.name)
            rows.append(row(cell(name), nodes.entry("", files),
                            cell(nodes.Text(f"{lines:,}"))))
        return table(["library", "its files", "lines of code"], rows)

    def program(self, chapters, number) -> list[nodes.Node]:
        path = f"{chapters[number].folder}/main.swift"
        before = chapters.get(number - 1)
        if before is None:
            count = code_lines(path)
            words = f", the program, has {count} lines of code."
            sources.note(self.env, path)
            return [nodes.paragraph(
                "", "", sources.reference(path, 1, path), nodes.Text(words))]
        old = f"{before.folder}/main.swift"
        lines = list(difflib.unified_diff(
            plain_lines(old), plain_lines(path), old, path, lineterm=""))
        added = sum(1 for l in lines[2:] if l.startswith("+"))
        gone = sum(1 for l in lines[2:] if l.startswith("-"))
        code = nodes.literal_block("", "\n".join(lines), language="diff")
        return [
            nodes.raw("", "<details><summary>The program against that of "
                      f"chapter {number - 1}: {added} lines more, {gone} "
                      "lines fewer</summary>", format="html"),
            code,
            nodes.raw("", "</details>", format="html"),
        ]


def setup(app):
    app.add_directive("difference", Difference)
    return {"parallel_read_safe": True}
