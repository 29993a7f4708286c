# SPDX-License-Identifier: BSD-3-Clause
"""Pages for the source files that listings come from, so that a link to a line
works from disk. The EPUB has no such pages and names the file only."""

from html import escape

import repository
from assembly import AssemblyLexer
from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from sphinx.util.docutils import SphinxRole


class source_link(nodes.reference):
    """A link to a line of a source page."""


def page_name(path: str) -> str:
    """The page's name without its suffix: start.S and Start.swift differ."""
    return "source/" + path


def note(env, path: str) -> None:
    """Remembers that the page of `path` is needed, by the page being read."""
    if not hasattr(env, "source_pages"):
        env.source_pages = {}
    env.source_pages.setdefault(env.docname, set()).add(path)


def reference(path: str, line: int, label: str) -> nodes.Node:
    """A link to a line of `path` with the text `label`."""
    link = source_link("", "", nodes.literal(label, label))
    link["path"], link["line"] = path, line
    return link


class SourceRole(SphinxRole):
    """A link to a file of the repository, which must exist."""

    def run(self):
        path = self.text
        if not (repository.ROOT / path).is_file():
            message = self.inliner.reporter.error(
                f"there is no file {path}", line=self.lineno)
            return [], [message]
        note(self.env, path)
        return [reference(path, 1, path)], []


def resolve(app, doctree, docname) -> None:
    """Now that the page is known, the links can be relative to it."""
    for link in list(doctree.findall(source_link)):
        if app.builder.format != "html" or app.builder.name == "epub":
            link.replace_self(link.children)
            continue
        uri = app.builder.get_relative_uri(docname, page_name(link["path"]))
        plain = nodes.reference("", "", *link.children, internal=True)
        plain["refuri"] = f"{uri}#line-{link['line']}"
        link.replace_self(plain)


def pages(app):
    """One page for each file that some listing shows."""
    if app.builder.name == "epub":
        return
    everything = set().union(*getattr(app.env, "source_pages", {}).values())
    for path in sorted(everything):
        formatter = HtmlFormatter(
            linenos="inline", lineanchors="line", anchorlinenos=True,
            cssclass="highlight source-page")
        language = repository.language(path)
        lexer = (AssemblyLexer() if language == "riscv"
                 else get_lexer_by_name(language))
        body = highlight(repository.text(path), lexer, formatter)
        name = escape(path)
        yield page_name(path), {
            "title": name,
            "body": f"<h1><code>{name}</code></h1>\n{body}",
        }, "page.html"


def purge(app, env, docname) -> None:
    getattr(env, "source_pages", {}).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    for docname, paths in getattr(other, "source_pages", {}).items():
        for path in paths:
            env.source_pages = getattr(env, "source_pages", {})
            env.source_pages.setdefault(docname, set()).add(path)


def setup(app):
    app.add_node(source_link)
    app.add_role("source", SourceRole())
    app.connect("doctree-resolved", resolve)
    app.connect("html-collect-pages", pages)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    return {"parallel_read_safe": True}
