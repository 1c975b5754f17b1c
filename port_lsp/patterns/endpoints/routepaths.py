"""Paths of routes, segment by segment, in FastAPI's notation and in the crate's.

axum: docs of `Router::route` (`{id}` and `{*rest}` from 0.8 on, `:id` and `*rest` before);
actix-web: docs of `ResourceDef` (`{id}`, `{rest:.*}`).
"""

from __future__ import annotations

import re
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.writing.registering import Framework

_FASTAPI = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>\w+))?\}")
_CRATE = re.compile(r"\{(?P<star>\*?)(?P<name>\w+)(?::(?P<pattern>[^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
_OLD = re.compile(r"(?P<sign>[:*])(?P<name>\w+)")
_FIRST_WITH_BRACES = (0, 8)  # of axum


class Segment(Record, frozen=True):
    """A segment of a path: text, a parameter, all that is left, or text with parameters in it
    ("mixed", whose `text` is as written)."""

    kind: Literal["text", "param", "rest", "mixed"]
    text: str

    def fits(self, other: Segment) -> bool:
        """Whether both stand for the same segments, whatever a parameter is called."""
        if self is other:
            return True
        if self.kind in ("param", "rest"):
            return self.kind == other.kind
        return self.text == other.text and self.kind == other.kind


Segments = tuple[Segment, ...]
Shape = tuple[tuple[str, str], ...]


def shape_of(segments: Segments) -> Shape:
    """What is the same of two paths that differ in the names of their parameters alone."""
    return tuple((one.kind, "" if one.kind in ("param", "rest") else one.text) for one in segments)


def of_fastapi(path: str) -> Segments:
    """The segments of a FastAPI path; a closing slash is an empty one."""

    def segment(text: str) -> Segment:
        match = _FASTAPI.fullmatch(text)
        if match is None:
            return Segment("mixed" if "{" in text else "text", text)
        return Segment("rest" if match["kind"] == "path" else "param", match["name"])

    return tuple(segment(text) for text in path.split("/")[1:]) if path else ()


def of_crate(path: str) -> Segments:
    """The segments of a path of the crate, in either notation."""
    found: list[Segment] = []
    for text in _split(path):
        match, old = _CRATE.fullmatch(text), _OLD.fullmatch(text)
        if match is not None:
            every = match["star"] or match["pattern"] in (".*", ".+")
            found.append(Segment("rest" if every else "param", match["name"]))
        elif old is not None:
            found.append(Segment("rest" if old["sign"] == "*" else "param", old["name"]))
        else:
            found.append(Segment("mixed" if "{" in text else "text", text))
    return tuple(found)


def _split(path: str) -> list[str]:
    """A path at its slashes, but for those in a parameter's pattern."""
    parts: list[str] = [""]
    depth = 0
    for char in path:
        depth += (char == "{") - (char == "}")
        if char == "/" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts[1:] if path.startswith("/") else parts if path else []


def begins(whole: Segments, prefix: Segments) -> bool:
    """Whether a path is below a prefix, or the prefix itself."""
    return len(prefix) <= len(whole) and all(map(Segment.fits, whole, prefix))


def common(ones: Segments, others: Segments) -> int:
    """How many segments two paths begin with alike."""
    count = 0
    for mine, other in zip(ones, others, strict=False):
        if not mine.fits(other):
            break
        count += 1
    return count


def written(segments: Segments, framework: Framework, version: str | None) -> str:
    """A path in the crate's notation; "" without segments."""
    old = framework == "axum" and _numbers(version) < _FIRST_WITH_BRACES
    return "".join(f"/{_segment(one, framework, old=old)}" for one in segments)


def _segment(one: Segment, framework: Framework, *, old: bool) -> str:
    if one.kind == "param":
        return f":{one.text}" if old else f"{{{one.text}}}"
    if one.kind == "rest":
        if framework == "actix-web":
            return f"{{{one.text}:.*}}"
        return f"*{one.text}" if old else f"{{*{one.text}}}"
    return one.text


def _numbers(version: str | None) -> tuple[int, ...]:
    found = tuple(int(part) for part in (version or "").split(".") if part.isdigit())
    return found[:2] if found else (99,)
