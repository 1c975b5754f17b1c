"""What two answers differ in: status, media type, where a redirect leads, and the JSON.

The order of keys is nothing, that of a list is something; 1 and 1.0 are one number, 1 and true
aren't. Of FastAPI's 422 the form alone is compared: each `detail` with `loc`, `msg` and `type`;
which words are in it is the framework's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, cast

from port_lsp.facts.source import Record
from port_lsp.parity.asking import Answer

_UNPROCESSABLE = 422
_BODILESS = frozenset((204, 205, 304))  # of which the media type is of nothing (RFC 9110, 8.3)
_FORM = ("loc", "msg", "type")
_LONGEST = 60  # characters of a value that are shown
_INDEX = re.compile(r"\[\d+\]")
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
Json = Any


class Difference(Record, frozen=True):
    """Something that is not the same: where (`status`, `$.items[0].name`), and what it is on either
    side, as text; "" where it isn't there."""

    where: str
    python: str
    rust: str

    def __str__(self) -> str:
        return f"{self.where}: {self.python or 'nothing'} ≠ {self.rust or 'nothing'}"


def compared(python: Answer, rust: Answer, ignore: Sequence[str] = ()) -> tuple[Difference, ...]:
    """The differences. `ignore` are patterns of places in JSON, as `fnmatch` has them, any index
    being `[*]`: `$.items[*].id`, `*.created_at`; a bare name is a key of that name anywhere."""
    found = list(_of_heads(python, rust))
    if python.status == rust.status and all(one.where != "content-type" for one in found):
        try:
            found += list(_of_bodies(python, rust))
        except RecursionError:  # JSON that is nested too deeply to be gone through
            found += _of_bytes(python, rust)
    return tuple(one for one in found if not among(one.where, ignore))


def differing(at: str, one: Json, other: Json) -> tuple[Difference, ...]:
    """What two values of JSON differ in, of which the whole is called `at`."""
    return tuple(_of_values(at, one, other))


def _of_heads(python: Answer, rust: Answer) -> Iterator[Difference]:
    if python.status != rust.status:
        yield Difference("status", str(python.status), str(rust.status))
    same = python.status == rust.status
    if python.media_type != rust.media_type and same and python.status not in _BODILESS:
        yield Difference("content-type", python.media_type, rust.media_type)
    if python.header("location") != rust.header("location"):
        yield Difference("location", python.header("location"), rust.header("location"))


def _of_bodies(python: Answer, rust: Answer) -> Iterator[Difference]:
    if not _JSON.fullmatch(python.media_type):
        yield from _of_bytes(python, rust)
        return
    try:
        one, other = json.loads(python.body), json.loads(rust.body)
    except ValueError:
        yield from _of_bytes(python, rust)
        return
    if python.status == _UNPROCESSABLE and _is_form(one):
        if not _is_form(other):
            yield Difference("$.detail", "a list of loc, msg and type", _shown(other))
        return
    yield from _of_values("$", one, other)


def _of_bytes(python: Answer, rust: Answer) -> Iterator[Difference]:
    if python.body != rust.body:
        yield Difference("body", _bytes(python.body), _bytes(rust.body))


def _is_form(answer: Json) -> bool:
    """Whether it is a 422 as FastAPI gives one."""
    detail: Json = cast("dict[str, Json]", answer).get("detail") if _is(answer, dict) else None
    if not isinstance(detail, list):
        return False
    every = cast("list[Json]", detail)
    return all(_is(one, dict) and all(name in one for name in _FORM) for one in every)


def _of_values(at: str, one: Json, other: Json) -> Iterator[Difference]:
    if _is(one, dict) and _is(other, dict):
        for key in dict.fromkeys((*one, *other)):
            below = f"{at}.{key}"
            if key not in one or key not in other:
                there = [_shown(side[key]) if key in side else "" for side in (one, other)]
                yield Difference(below, *there)
            else:
                yield from _of_values(below, one[key], other[key])
    elif _is(one, list) and _is(other, list):
        for index, (mine, its) in enumerate(zip(one, other, strict=False)):
            yield from _of_values(f"{at}[{index}]", mine, its)
        if len(one) != len(other):
            yield Difference(at, f"{len(one)} items", f"{len(other)} items")
    elif one != other or _is(one, bool) != _is(other, bool):
        yield Difference(at, _shown(one), _shown(other))


def _is(value: Json, kind: type) -> bool:
    return isinstance(value, kind)


def among(where: str, patterns: Sequence[str]) -> bool:
    """Whether a place is one of those that the patterns of `compared` name."""
    place = _INDEX.sub("[*]", where)
    last = place.rpartition(".")[2].removesuffix("[*]")
    for pattern in patterns:
        if pattern == last and place.startswith("$"):
            return True
        # In fnmatch, brackets are a set of characters.
        if fnmatchcase(place.replace("[*]", "[]"), _literal(pattern)):
            return True
    return False


def _literal(pattern: str) -> str:
    return pattern.replace("[*]", "[]").replace("[", "[[]")


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    text = text.encode("utf-8", "replace").decode()  # half of a pair is no text for anybody else
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _bytes(body: bytes) -> str:
    text = body[: 4 * _LONGEST].decode("utf-8", "replace")
    return _shown(text) if body else ""
