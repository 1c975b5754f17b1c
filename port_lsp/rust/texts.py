"""Texts that are put together: `format!`, `concat!`, methods of strings."""

from __future__ import annotations

import re
from collections.abc import Callable

from port_lsp.rust.values import UNKNOWN, UNKNOWN_TEXT, Text, Value

_HOLE = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:]*)(?::[^{}]*)?\}")
_KEEPING = frozenset(
    {
        "as_str", "to_string", "to_owned", "into", "as_ref", "clone", "to_str", "borrow", "deref",
        "unwrap", "into_boxed_str", "leak", "as_deref", "display", "to_lowercase", "cloned",
    }
)  # fmt: skip


def formatted(args: list[Value], named: Callable[[str], Value]) -> Value:
    """`format!(template, …)`; `named` gives the value of a variable that the template names."""
    if not args or not isinstance(args[0], Text):
        return UNKNOWN
    rest = iter(args[1:])

    def fill(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match.group()[0]
        name = match["name"].strip()
        if not name:
            value = next(rest, UNKNOWN)
        elif name.isdigit():
            index = int(name) + 1
            value = args[index] if index < len(args) else UNKNOWN
        else:
            value = named(name)
        return value.value if isinstance(value, Text) else UNKNOWN_TEXT

    return Text(_HOLE.sub(fill, args[0].value))


def concatenated(args: list[Value]) -> Value:
    """`concat!(…)`."""
    return Text("".join(a.value if isinstance(a, Text) else UNKNOWN_TEXT for a in args))


def text_method(text: Text, name: str, args: list[Value]) -> Value | None:
    """A method of a string; None for one that we don't know."""
    if name in _KEEPING:
        return text
    other = args[0].value if args and isinstance(args[0], Text) else None
    value = text.value
    if name in ("trim_end_matches", "strip_suffix") and other:
        while value.endswith(other):
            value = value.removesuffix(other)
        return Text(value)
    if name in ("trim_start_matches", "strip_prefix") and other:
        while value.startswith(other):
            value = value.removeprefix(other)
        return Text(value)
    if name == "trim":
        return Text(value.strip())
    if name == "replace" and len(args) == 2 and other is not None and isinstance(args[1], Text):
        return Text(value.replace(other, args[1].value))
    if name == "to_uppercase":
        return Text(value.upper())
    return None
