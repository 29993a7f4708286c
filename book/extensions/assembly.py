# SPDX-License-Identifier: BSD-3-Clause
"""Colours for RISC-V assembly; Pygments' own knows no numeric labels."""

from pygments.lexer import RegexLexer
from pygments.token import (
    Comment, Keyword, Name, Number, Operator, Punctuation, String, Text)


class AssemblyLexer(RegexLexer):
    """RISC-V assembly as this repository writes it."""

    name = "RISC-V assembly"
    aliases = ["riscv"]
    tokens = {
        "root": [
            (r"\s+", Text),
            (r"//.*", Comment.Single),
            (r"#\s*(if|endif|define|include)\b.*", Comment.Preproc),
            (r"[\w.$]+:", Name.Label),
            (r"\.[a-zA-Z]\w*", Keyword.Pseudo),
            (r"\\?[a-zA-Z_][\w.]*", Name.Function, "operands"),
        ],
        "operands": [
            (r"\n", Text, "#pop"),
            (r"//.*", Comment.Single),
            (r"[ \t]+", Text),
            (r'"[^"]*"', String),
            (r"-?0x[0-9a-f]+|-?\d+[bf]?\b", Number),
            (r"(zero|ra|sp|gp|tp|[ast]\d+|x\d+)\b", Name.Builtin),
            (r"\\?[@\w.]+", Name),
            (r"[-+*/]", Operator),
            (r"[(),]", Punctuation),
            (r".", Text),
        ],
    }


def setup(app):
    app.add_lexer("riscv", AssemblyLexer)
    return {"parallel_read_safe": True}
