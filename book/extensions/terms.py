# SPDX-License-Identifier: BSD-3-Clause
"""Links every term of the glossary where a page uses it first.

Nobody has to remember it, and it cannot be forgotten when text moves. Headings,
code and links stay as they are, and so does the glossary itself.
"""

import re

from docutils import nodes

GLOSSARY = "glossary"
UNTOUCHED = (
    nodes.title, nodes.literal, nodes.literal_block, nodes.reference,
    nodes.raw, nodes.thead, nodes.rubric, nodes.strong,
)


def terms(env) -> dict[str, tuple[str, str]]:
    """Each term in small letters, with its anchor and its page."""
    return {
        name.lower(): (anchor, page)
        for (kind, name), (page, anchor)
        in env.get_domain("std").objects.items()
        if kind == "term"
    }


def pattern(names) -> re.Pattern:
    """Finds whole words, longest first, in the singular or plural."""
    longest_first = sorted(names, key=len, reverse=True)
    words = "|".join(re.escape(name) for name in longest_first)
    return re.compile(rf"(?<![\w-])({words})(s|es)?(?![\w-])", re.I)


def is_touchable(text: nodes.Text) -> bool:
    node = text.parent
    while node is not None:
        if isinstance(node, UNTOUCHED) or "no-terms" in node.get("classes", []):
            return False
        node = node.parent
    return True


def link_first_uses(app, doctree, docname) -> None:
    if docname == GLOSSARY or docname.startswith("reference/"):
        return
    left = terms(app.env)
    if not left:
        return
    for text in list(doctree.findall(nodes.Text)):
        if left and is_touchable(text):
            text.parent.replace(text, pieces(app, docname, str(text), left))


def pieces(app, docname, text: str, left: dict) -> list[nodes.Node]:
    """`text`, with links for the terms in `left`, which are taken out."""
    result, rest = [], text
    while left and (match := pattern(left).search(rest)):
        anchor, page = left.pop(match[1].lower())
        uri = app.builder.get_relative_uri(docname, page)
        link = nodes.reference(
            "", match[0], internal=True, refuri=f"{uri}#{anchor}",
            classes=["term"])
        result += [nodes.Text(rest[:match.start()]), link]
        rest = rest[match.end():]
    return result + [nodes.Text(rest)]


def setup(app):
    app.connect("doctree-resolved", link_first_uses)
    return {"parallel_read_safe": True}
