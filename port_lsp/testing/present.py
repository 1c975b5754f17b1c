"""The tests that a crate has already: read as texts, for they are no part of the port."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from itertools import pairwise

_FUNCTION = re.compile(r"^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+(\w+)", re.M)
_LITERAL = re.compile(r'"((?:/|https?://[^/"]+/|\{[^}"]*\}/)[^"]*)"')
_PARAM = re.compile(r"\{[^{}]*\}|:\w+|\*\w+")

Unsaved = Callable[[str], "str | None"]
"""The text of a document (absolute path) that is open; None for any other."""


def nothing(_: str) -> str | None:
    """No document is open."""
    return None


def tests_in(root: str, folder: str, unsaved: Unsaved) -> Mapping[str, str]:
    """The Rust files below a folder of tests, which is relative to the crate's root (an absolute
    path): their paths from there, and their texts."""
    found: dict[str, str] = {}
    top = os.path.join(root, *folder.split("/"))
    for here, folders, names in os.walk(top):
        folders[:] = sorted(one for one in folders if one not in ("target", "fixtures"))
        for name in sorted(one for one in names if one.endswith(".rs")):
            path = os.path.join(here, name)
            text = unsaved(path)
            if text is None:
                try:
                    with open(path, encoding="utf-8", errors="replace", newline="") as file:
                        text = file.read()
                except OSError:
                    continue
            found[os.path.relpath(path, root).replace(os.sep, "/")] = text
    return found


def is_tested(texts: Mapping[str, str], method: str, path: str) -> bool:
    """Whether a test asks a route: its path (in the crate's notation) with some values, and its
    method in the same function."""
    pattern = re.compile(_pattern(path))
    asks = re.compile(
        rf"\b{method}\b|\.{method.lower()}\s*\(|\b{method.lower()}\s*\(|::{method.lower()}\b"
    )
    for text in texts.values():
        starts = [match.start() for match in _FUNCTION.finditer(text)]
        for start, end in pairwise([*starts, len(text)]):
            body = text[start:end]
            if asks.search(body) and any(
                pattern.fullmatch(_path(one)) for one in _LITERAL.findall(body)
            ):
                return True
    return False


def functions_in(text: str) -> set[str]:
    """The names of the functions in a file."""
    return set(_FUNCTION.findall(text))


def _path(literal: str) -> str:
    """The path of an address, without what stands before it and its query."""
    written = re.sub(r"^(?:https?://[^/]+|\{[^}]*\})", "", literal).partition("?")[0]
    return written.rstrip("/") or "/"


def _pattern(path: str) -> str:
    found, at = "", 0
    for match in _PARAM.finditer(path):
        found += re.escape(path[at : match.start()])
        found += r"[^/?]+" if not match[0].lstrip("{").startswith("*") else r".+"
        at = match.end()
    return (found + re.escape(path[at:])).rstrip("/") or "/"
