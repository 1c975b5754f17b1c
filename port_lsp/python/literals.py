"""Literals: numbers, constants, what strings hold (The Python Language Reference, "Literals")."""

from __future__ import annotations

import re
import unicodedata

from tree_sitter import Node

from port_lsp.python import syntax as ir
from port_lsp.python.nodesource import Source

_CONSTANTS: dict[str, ir.Const] = {
    "none": ir.Const(None),
    "true": ir.Const(True),
    "false": ir.Const(False),
    "ellipsis": ir.Const(...),
}

# "String and Bytes literals", escape sequences; others stay as they are.
_ESCAPE = re.compile(
    r"\\(\n|[\\'\"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]+\})"
)

_ESCAPES = {
    **{"\n": "", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f"},
    **{"n": "\n", "r": "\r", "t": "\t", "v": "\v"},
}


def constant(node: Node, source: Source) -> ir.Expr:
    """`None`, `True`, `False`, `...`."""
    return _CONSTANTS[node.type]


def integer(node: Node, source: Source) -> ir.Expr:
    """A whole number in any base."""
    try:
        return ir.Const(int(source.text(node), 0))
    except ValueError:
        return ir.Other(source.text(node))


def floating(node: Node, source: Source) -> ir.Expr:
    """A number with a fraction or an exponent."""
    try:
        return ir.Const(float(source.text(node)))
    except ValueError:
        return ir.Other(source.text(node))


def decoded(content: bytes, raw: bool) -> str:
    """The text between a literal's quotes, its escapes resolved."""
    text = content.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if raw or "\\" not in text else _ESCAPE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    body = match.group(1)
    if body in _ESCAPES:
        return _ESCAPES[body]
    try:
        if body.startswith("N"):
            return unicodedata.lookup(body[2:-1])
        char = chr(int(body, 8) if body.isdigit() else int(body[1:], 16))
    except (KeyError, ValueError, OverflowError):
        return match.group()
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char
