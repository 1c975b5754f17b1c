"""A scenario: requests that build on each other, as a file says them.

    paired = ["*.id"]

    [[step]]
    name = "signing in"
    ask = "POST /api/signin"
    json = { email = "ann@example.org", password = "correct horse" }
    take = { token = "$.token" }

    [[step]]
    ask = "GET /api/notes/{note}"
    headers = { authorization = "Bearer {token}" }

`take` keeps a value of each side's answer by a name; `{name}` in a later path, header, form or
text of the JSON is that side's own value, `{other.name}` the other side's, so that what one side
made is given to the other. A value that one side didn't give is the other's.

    [[step]]
    ask = "WEBSOCKET /api/notes/{note}/live?token={token}"
    say = ["a draft", { text = "another" }]

A WebSocket is told what `say` lists, JSON as its text, and heard until as many messages have come
(`hear`, if it is another number).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode

import msgspec

from port_lsp.facts.source import Record
from port_lsp.parity.answering import WEBSOCKET
from port_lsp.parity.asking import Answer, Question
from port_lsp.parity.cases import Kind

Json = Any
_NAME = re.compile(r"\{((?:other\.)?\w+)\}")
_PLACE = re.compile(r"\.([\w-]+)|\[(\d+)\]")


class ScenarioError(ValueError):
    """A scenario that can't be followed: the reason."""


class Step(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request. `json` is a body of JSON, `form` one of a form, `body` any other text; `take`
    are names with places in the answer (`$.items[0].id`). `say` is what a WebSocket is told, `hear`
    how many messages are waited for."""

    ask: str
    name: str = ""
    kind: Kind = "success"
    headers: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    json: Json = msgspec.UNSET
    form: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    body: str = ""
    take: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    say: tuple[Json, ...] = ()
    hear: int | None = None

    @property
    def method(self) -> str:
        """The request's method."""
        return self.ask.partition(" ")[0]

    @property
    def path(self) -> str:
        """The request's path, with names where values go."""
        return self.ask.partition(" ")[2]


class Values:
    """What was taken on one side."""

    def __init__(self) -> None:
        self.own: dict[str, str] = {}

    def lookup(self, other: Values) -> Mapping[str, str]:
        """What names mean on this side."""
        crossed = {f"other.{name}": value for name, value in {**self.own, **other.own}.items()}
        return {**other.own, **self.own, **crossed}


def question(step: Step, known: Mapping[str, str]) -> Question:
    """The request of a step. Raises ScenarioError where a name means nothing."""
    if (step.say or step.hear is not None) and step.method != WEBSOCKET:
        raise ScenarioError(f"{step.ask}: `say` and `hear` are a WebSocket's")
    path = _put(step.path, {name: quote(value, safe="") for name, value in known.items()})
    headers = [(name, _put(value, known)) for name, value in step.headers.items()]
    body: bytes | None = _put(step.body, known).encode() if step.body else None
    if step.json is not msgspec.UNSET:
        try:
            body = json.dumps(_filled(step.json, known), ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:  # a date of TOML's, half of a pair of letters
            raise ScenarioError(f"json: {error}") from None
        headers.append(("content-type", "application/json"))
    elif step.form:
        body = urlencode({name: _put(value, known) for name, value in step.form.items()}).encode()
        headers.append(("content-type", "application/x-www-form-urlencoded"))
    said = tuple(_said(_filled(one, known)) for one in step.say)
    hears = len(said) if step.hear is None else step.hear
    return Question(step.method, path, tuple(headers), body, said, hears)


def taken(step: Step, answer: Answer) -> dict[str, str]:
    """The values that a step takes of an answer, as far as they are there."""
    if not step.take:
        return {}
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    found = {name: _at(body, place) for name, place in step.take.items()}
    return {name: _said(value) for name, value in found.items() if value is not None}


def _said(value: Json) -> str:
    """A value as text: JSON, if it is none."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _put(text: str, known: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise ScenarioError(f"{{{match[1]}}} was never taken")
        return known[match[1]]

    return _NAME.sub(value, text)


def _filled(value: Json, known: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return _put(value, known)
    if isinstance(value, dict):
        pairs = cast("dict[str, Json]", value).items()
        return {name: _filled(one, known) for name, one in pairs}
    if isinstance(value, list):
        return [_filled(one, known) for one in cast("list[Json]", value)]
    return value


def _at(body: Json, place: str) -> Json:
    try:
        for match in _PLACE.finditer(place.removeprefix("$")):
            body = body[match[1]] if match[1] else body[int(match[2])]
    except (KeyError, IndexError, TypeError):
        return None
    return body
