"""Fixtures that hold a whole project in one text.

The form follows rust-analyzer's fixtures, so that a test reads as the tree it is about:

    //# app: app.main:app
    //- /app/main.py
    from fastapi import FastAPI
    app = FastAPI()
    @app.get("/us$0ers")
    #         ^^^^^ unported-endpoint: no counterpart

* `//# key: value` before the first file is metadata; a key may be given several times.
* `//- /path` starts a file; the path is relative to the root that `write_to` is given.
* `$0` is the cursor: at most one in a fixture; it is removed from the text.
* `^^^ rule: message` under a line expects a finding on the columns above the carets. The
  marker may stand in a comment (`#` or `//`), the message is optional, several marker lines
  under one line all mean that line. Marker lines are removed, so that lines and columns are
  those of the text without them.

Lines and columns are 1-based; columns count Unicode code points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_FILE = re.compile(r"^//- (?P<path>/\S+)\s*$")
_META = re.compile(r"^//# (?P<key>[\w-]+):\s*(?P<value>.*?)\s*$")
_EXPECTATION = re.compile(
    r"^\s*(?:#|//)?\s*(?P<carets>\^+)\s+(?P<rule>[a-z][a-z0-9-]*)(?::\s*(?P<message>.*?))?\s*$"
)
_CURSOR = "$0"


class FixtureError(ValueError):
    """The text is not a fixture; the message says on which line and why."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where `$0` stood: a line and a column (1-based, code points) of one file."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Expectation:
    """An expected finding: columns `start` up to, not including, `end` of one line."""

    path: str
    line: int
    start: int
    end: int
    rule: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Fixture:
    """A project: its files by path (relative, with `/`), what is said about it and in it."""

    files: Mapping[str, str]
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    cursor: Cursor | None = None
    expectations: tuple[Expectation, ...] = ()

    def write_to(self, root: Path) -> None:
        """Write every file below `root` (UTF-8, line ends as they are), making folders."""
        for path, text in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")


def parse(text: str) -> Fixture:
    """Read a fixture's text. Raises FixtureError where it doesn't follow the form."""
    meta: dict[str, tuple[str, ...]] = {}
    bodies: dict[str, list[str]] = {}
    current: list[str] | None = None
    # Split on "\n" alone: a form feed or U+2028 is part of a file's text.
    for number, line in enumerate(text.split("\n"), start=1):
        if (start := _FILE.match(line)) is not None:
            path = start["path"].lstrip("/")
            if path in bodies:
                raise FixtureError(f"line {number}: the file /{path} is there twice")
            current = bodies.setdefault(path, [])
        elif line.startswith("//-"):
            raise FixtureError(f"line {number}: a file starts with '//- /path', not {line!r}")
        elif current is not None:
            current.append(line)
        elif (entry := _META.match(line)) is not None:
            meta[entry["key"]] = (*meta.get(entry["key"], ()), entry["value"])
        elif line.strip() and not line.startswith("// "):
            raise FixtureError(f"line {number}: text before the first file: {line!r}")
    if not bodies:
        raise FixtureError("there is no file: a line '//- /path' starts one")
    return _finish(bodies, meta)


def _finish(bodies: dict[str, list[str]], meta: dict[str, tuple[str, ...]]) -> Fixture:
    """Take cursor and expectations out of the files' lines."""
    files: dict[str, str] = {}
    cursors: list[Cursor] = []
    expectations: list[Expectation] = []
    for path, lines in bodies.items():
        kept: list[str] = []
        for line in lines:
            if (marker := _EXPECTATION.match(line)) is not None:
                expectations.append(_expectation(path, kept, marker))
                continue
            while (at := line.find(_CURSOR)) >= 0:
                cursors.append(Cursor(path, len(kept) + 1, at + 1))
                line = line[:at] + line[at + len(_CURSOR) :]
            kept.append(line)
        files[path] = _joined(kept)
    if len(cursors) > 1:
        raise FixtureError(f"more than one cursor: {cursors}")
    return Fixture(files, meta, cursors[0] if cursors else None, tuple(expectations))


def _expectation(path: str, above: list[str], marker: re.Match[str]) -> Expectation:
    if not above:
        raise FixtureError(f"/{path}: an expectation has no line above it")
    start, end = marker.span("carets")
    return Expectation(path, len(above), start + 1, end + 1, marker["rule"], marker["message"])


def _joined(lines: list[str]) -> str:
    """The lines as a file's text; the empty lines before the next file are not part of it."""
    while lines and not lines[-1].strip(" "):
        lines.pop()
    return "".join(line + "\n" for line in lines)
