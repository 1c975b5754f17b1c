"""Literals as Rust writes them (the Rust Reference, "Literal expressions")."""

from __future__ import annotations

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def string(text: str) -> str:
    """A string literal."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def character(char: str) -> str:
    """A literal of one character."""
    if char == '"':
        return "'\"'"
    return "'\\''" if char == "'" else f"'{_escaped(char)}'"


def _escaped(char: str) -> str:
    if (known := _ESCAPES.get(char)) is not None:
        return known
    if char.isprintable():
        return char
    return f"\\u{{{ord(char):x}}}"


def raw_string(text: str) -> str:
    """A raw string literal with as many `#` as it needs; for regular expressions and SQL."""
    hashes = ""
    while f'"{hashes}' in text:
        hashes += "#"
    if "\r" in text:  # not allowed in raw strings
        return string(text)
    return f'r{hashes}"{text}"{hashes}'


def floating(value: float) -> str:
    """A finite float: always with a point or an exponent."""
    text = repr(value)
    return text if any(char in text for char in ".en") else f"{text}.0"
