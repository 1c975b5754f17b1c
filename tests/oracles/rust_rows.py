"""The routes expected of a Rust fixture, written by hand beside it, and the requests that test
them. fixtures/README.md says what a row means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from .rust_oracle import Ask

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PURGE")
"""What a grid asks, and what a row for ANY is tried with; PURGE is none of HTTP's own."""

NOWHERE = ("/", "/no/such/path")


@dataclass(frozen=True, slots=True)
class Row:
    """One expected registration; `answer` is what its handler says when it is asked.

    `status` is "endpoint", "unmounted" or "unresolved". `answers` is for an unresolved row: what
    the routes say that can't be read. `when` are variables under which the row is tested,
    `patterns` what else the framework calls the route.
    """

    reg_file: str
    reg_line: int
    status: str = "endpoint"
    method: str = ""
    path: str = ""
    handler: str = ""
    fn_file: str = ""
    fn_line: int = 0
    reachable: bool = False
    middleware: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    kind: str = "route"
    conditional: str | None = None
    answer: str = ""
    sample: Mapping[str, Any] = field(default_factory=dict[str, Any])
    when: tuple[tuple[str, str], ...] = ()
    patterns: tuple[str, ...] = ()
    construct: str = ""
    answers: tuple[str, ...] = ()


def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows of an `.expected.json`. Raises TypeError for a key that no row has."""
    rows = cast(list[dict[str, Any]], json.loads(path.read_text(encoding="utf-8")))
    return tuple(map(_row, rows))


def _row(values: dict[str, Any]) -> Row:
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    when = tuple(sorted(cast(dict[str, str], values.get("when", {})).items()))
    answer = values.get("answer") or values.get("handler", "")
    return Row(**{**values, **lists, "when": when, "answer": answer})


def asks_for(row: Row, framework: str) -> tuple[Ask, ...]:
    """Requests that the row's handler answers, at least one of them, if it can be reached."""
    path = row.sample.get("path") or sample_path(row.path, framework)
    headers = tuple(sorted(cast(dict[str, str], row.sample.get("headers", {})).items()))
    methods = (row.method,) if row.method != "ANY" else METHODS
    if "method" in row.sample:
        methods = (cast(str, row.sample["method"]),)
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
