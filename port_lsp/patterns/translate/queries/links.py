"""Chains of calls as Python writes them, and what sessions are called: told of the text alone."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

# What a session, or a function that gives one, is usually called.
_CALLED = re.compile(r"(?:^|_)(?:db|database|session|sessionlocal|conn|connection)$", re.I)


class Link(NamedTuple):
    """A method of a chain: its name and its call."""

    name: str
    call: ast.Call


def chain_of(node: ast.expr) -> tuple[ast.expr, list[Link]]:
    """What a chain of calls starts with, and its links in order."""
    links: list[Link] = []
    while True:
        if isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            break
        links.insert(0, Link(node.func.attr, node))
        node = node.func.value
    return node, links


def is_called_so(name: str) -> bool:
    """Whether a name is what a session is usually called."""
    return _CALLED.search(name) is not None
