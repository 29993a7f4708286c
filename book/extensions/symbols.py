# SPDX-License-Identifier: BSD-3-Clause
"""The reference: what each library offers, from the comments in its sources.

    ```{symbols} Hart
    ```

lists the public declarations of a module, from the symbol graph that the compiler
writes (book/symbols.sh). The role `symbol` links to one of them:

    {symbol}`Hart.disableInterrupts`

(DocC makes pages from the same graphs, but they need a web server; these open
from disk and are found by the search.)
"""

import json
import re

import repository
import sources
from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

FOLDER = repository.ROOT / ".build/book/symbols"
TYPES = {"swift.struct", "swift.enum", "swift.class", "swift.protocol",
         "swift.typealias"}
# Who imports a module sees these.
PUBLIC = {"public", "open"}
# A C type that Swift code knows by another name.
ALIASES = {"hart_trap_frame_reference": "TrapFrame"}


class Symbol:
    """A public declaration."""

    def __init__(self, record: dict):
        parts = record["pathComponents"]
        self.path = [ALIASES.get(part, part) for part in parts]
        self.kind = record["kind"]["identifier"]
        self.code = "".join(
            f["spelling"] for f in record["declarationFragments"])
        self.doc = [line["text"]
                    for line in record.get("docComment", {}).get("lines", [])]
        place = record.get("location", {})
        self.file = place.get("uri", "").partition("/Sources/")[2]
        self.line = place.get("position", {}).get("line", 0) + 1
        self.is_public = record["accessLevel"] in PUBLIC and bool(self.file)

    @property
    def name(self) -> str:
        """Its path without the labels of its parameters."""
        return re.sub(r"\(.*?\)$", "", ".".join(self.path))

    @property
    def is_top(self) -> bool:
        """Whether it has a section of its own."""
        return len(self.path) == 1 or self.kind in TYPES

    @property
    def owner(self) -> str:
        """Whose section it stands in."""
        return self.name if self.is_top else ".".join(self.path[:-1])


def read(module: str) -> list[Symbol]:
    """The public symbols of a module, in the order of its files."""
    found = []
    for file in sorted(FOLDER.glob(f"{module}.symbols.json")) + \
            sorted(FOLDER.glob(f"{module}@*.symbols.json")):
        for record in json.loads(file.read_text())["symbols"]:
            if "::SYNTHESIZED::" not in record["identifier"]["precise"]:
                found.append(Symbol(record))
    return sorted((s for s in found if s.is_public),
                  key=lambda s: (s.file, s.line))


class Symbols(SphinxDirective):
    """The public declarations of one module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module = self.arguments[0]
        # Before anything can fail, so that the page is read again afterwards.
        self.env.note_dependency(str(FOLDER / f"{module}.symbols.json"))
        symbols = read(module)
        if not symbols:
            raise self.error(f"no symbols of {module}: run book/symbols.sh")
        owners = {}
        for symbol in symbols:
            owners.setdefault(symbol.owner, []).append(symbol)
        return [self.section(owner, owners[owner]) for owner in sorted(owners)]

    def section(self, owner: str, symbols: list[Symbol]) -> nodes.Node:
        section = nodes.section(ids=[nodes.make_id(f"api-{owner}")])
        section += nodes.title("", "", nodes.literal(owner, owner))
        file = None
        for symbol in sorted(symbols, key=lambda s: not s.is_top):
            section += self.entry(symbol, named=symbol.file != file)
            file = symbol.file
        return section

    def entry(self, symbol: Symbol, named: bool) -> nodes.Node:
        anchor = nodes.make_id(f"api-{symbol.name}-{symbol.line}")
        entry = nodes.container(ids=[anchor], classes=["symbol"])
        self.register(symbol.name, anchor)
        code = nodes.literal_block(symbol.code, symbol.code, language="swift")
        entry += code
        text = StringList(symbol.doc, source=symbol.file)
        self.state.nested_parse(text, 0, entry)
        path = f"Sources/{symbol.file}"
        sources.note(self.env, path)
        self.env.note_dependency(str(repository.ROOT / path))
        if named:
            link = sources.reference(path, symbol.line, symbol.file)
            entry += nodes.paragraph("", "", link, classes=["symbol-file"])
        return entry

    def register(self, name: str, anchor: str) -> None:
        domain = self.env.get_domain("std")
        label = f"api:{name.lower()}"
        place = (self.env.docname, anchor)
        known = domain.labels.get(label)
        if known is None or known[0] != self.env.docname:
            domain.labels[label] = (*place, name)
            domain.anonlabels[label] = place


class SymbolRole(SphinxRole):
    """A link to a declaration in the reference."""

    def run(self):
        target = re.sub(r"\(.*?\)$", "", self.text).lower()
        link = addnodes.pending_xref(
            "", nodes.literal(self.text, self.text), refdomain="std",
            reftype="ref", refexplicit=True, reftarget=f"api:{target}",
            refdoc=self.env.docname, refwarn=True)
        return [link], []


def check_pages(app, env) -> None:
    """Every library has a page."""
    for library in repository.libraries():
        page = f"reference/{library.name}"
        if library.name != "CHart" and page not in env.found_docs:
            raise RuntimeError(f"book/{page}.md is missing: add it")


def setup(app):
    app.add_directive("symbols", Symbols)
    app.add_role("symbol", SymbolRole())
    app.connect("env-check-consistency", check_pages)
    return {"parallel_read_safe": True}
