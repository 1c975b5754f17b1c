"""The routes expected of a Rust fixture, written by hand beside it, and the requests that test
them. fixtures/README.md says what a row means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from .rust_oracle import Ask

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PURGE")
"""What a grid asks, and what a row for ANY is tried with; PURGE is none of HTTP's own."""

NOWHERE = ("/", "/no/such/path")


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a row's request can't be made from its method and path."""

    method: str | None = None
    path: str | None = None
    headers: dict[str, str] = {}


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One expected registration; fixtures/README.md explains every key."""

    reg_file: str
    reg_line: int
    status: Literal["endpoint", "unmounted", "unresolved"] = "endpoint"
    method: str = ""
    path: str = ""
    handler: str = ""
    fn_file: str = ""
    fn_line: int = 0
    reachable: bool = False
    middleware: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    kind: Literal["route", "fallback"] = "route"
    conditional: str | None = None
    construct: str = ""
    answer: str = ""
    answers: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    sample: Sample = Sample()
    when: dict[str, str] = {}

    @property
    def says(self) -> str:
        """What the handler answers."""
        return self.answer or self.handler

    @property
    def variant(self) -> tuple[tuple[str, str], ...]:
        """The variables under which the row is tested."""
        return tuple(sorted(self.when.items()))


def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows of an `.expected.json`. Raises msgspec.ValidationError for a row that is none."""
    return msgspec.json.decode(path.read_bytes(), type=tuple[Row, ...])


def asks_for(row: Row, framework: str) -> tuple[Ask, ...]:
    """Requests that the row's handler answers, at least one of them, if it can be reached."""
    path = row.sample.path or sample_path(row.path, framework)
    headers = tuple(sorted(row.sample.headers.items()))
    methods = METHODS if row.method == "ANY" else (row.method,)
    if row.sample.method is not None:
        methods = (row.sample.method,)
    return tuple(Ask(method, path, headers) for method in methods)


def grid(rows: Iterable[Row], framework: str) -> tuple[Ask, ...]:
    """Every method on the sample path of every row, with and without a slash at the end."""
    rows = tuple(row for row in rows if row.status == "endpoint")
    methods = {*METHODS, *(row.method for row in rows)} - {"ANY"}
    paths = {(path, ()) for path in NOWHERE}
    for row in rows:
        for ask in asks_for(row, framework):
            twin = ask.path.rstrip("/") if ask.path.endswith("/") else ask.path + "/"
            paths |= {(path, headers) for path in (ask.path, twin) if path
                      for headers in (ask.headers, ())}  # fmt: skip
    return tuple(Ask(method, *path) for path in sorted(paths) for method in sorted(methods))


def sample_path(pattern: str, framework: str) -> str:
    """A path that the pattern matches: `x1`, `x2`… for parameters, `x1/y` for a tail.

    A regex other than `.*` needs a sample of its own in the row. axum 0.7 takes braces literally,
    but no client sends them: the sample has a value there too.
    """
    if framework == "actix4":
        parameter = r"\{(?P<name>\w+)(?P<tail>:\.[*+])?\}(?P<star>\*)?"
    elif framework == "axum07":
        parameter = r"(?<=/)(?::(?P<name>\w+)|\*(?P<tail>\w+)|\{(?P<star>\*)?\w+\})"
    else:
        parameter = r"\{(?P<tail>\*)?(?P<name>\w+)(?P<star>\*)?\}"
    values = iter(range(1, 100))

    def value(found: re.Match[str]) -> str:
        return f"x{next(values)}" + ("/y" if found["tail"] or found["star"] else "")

    return re.sub(parameter, value, pattern) or "/"
