"""The requests for one endpoint: as it is meant to be asked, and with one thing wrong at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import quote, urlencode

from port_lsp.facts.items import Endpoint, Parameter, ParameterIn
from port_lsp.facts.source import Record
from port_lsp.parity.asking import Question
from port_lsp.parity.samples import (
    Schema,
    UnsaidError,
    another_type,
    beyond,
    field_value,
    name_of,
    refuses_another_type,
)
from port_lsp.types.schema import FieldSchema, ModelSchema

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_IN_PATH = re.compile(r"\{(\w+)(?::(\w+))?\}")
_UNKNOWN = {"int": "999999999", "uuid": "00000000-0000-4000-8000-000000000000"}
_STANDING = "/%:@!$&'()*+,;=~"  # what a path may hold unquoted (RFC 3986, 3.3)
_FORM = "application/x-www-form-urlencoded"
Json = Any


Kind = Literal["success", "refused", "unknown", "missing", "null", "type", "boundary"]
"""What a request is there for: to be answered as it is meant, to be refused (401, 403), to find
nothing (404), to be told that something is missing, null, or of another type (422), or what there
is at a limit."""


class Case(Record, frozen=True):
    """One request and what it is there for. `wrong` is where FastAPI certainly finds fault with it:
    of no use to who asks both sides."""

    reason: str
    question: Question
    kind: Kind = "success"
    wrong: tuple[str, ...] = ()


class _Made(NamedTuple):
    """A request as it is thought of."""

    kind: Kind
    reason: str
    draft: _Draft
    wrong: tuple[str, ...] = ()


class Taken(Record, frozen=True):
    """A parameter and what is known of its type."""

    parameter: Parameter
    field: FieldSchema

    @property
    def name(self) -> str:
        """Its name on the wire."""
        alias = self.parameter.alias or self.parameter.name
        if self.parameter.location == "header" and self.parameter.alias is None:
            return alias.replace("_", "-")
        return alias


class UnaskableError(Exception):
    """An endpoint that can't be asked: the reason."""


class _Draft:
    """A request before it is written."""

    def __init__(self) -> None:
        self.path: dict[str, str] = {}
        self.query: dict[str, str] = {}
        self.header: dict[str, str] = {}
        self.cookie: dict[str, str] = {}
        self.form: dict[str, str] = {}
        self.body: Json = None
        self.has_body = False

    def copied(self) -> _Draft:
        """Another one that says the same."""
        other = _Draft()
        for name in ("path", "query", "header", "cookie", "form"):
            setattr(other, name, dict(getattr(self, name)))
        other.body, other.has_body = self.body, self.has_body
        return other

    def among(self, location: ParameterIn) -> dict[str, str]:
        """The parameters of one kind."""
        found: dict[str, str] = getattr(self, location)
        return found


class Asking:
    """Makes the requests for endpoints."""

    def __init__(
        self,
        schema: Schema,
        values: Mapping[str, str] = {},
        credentials: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`values` are those of parameters by their names, as text; `credentials` headers that are
        sent with every request but those that ask what happens without."""
        self._schema, self._values, self._credentials = schema, values, tuple(credentials)

    def cases(self, endpoint: Endpoint, taken: Sequence[Taken]) -> list[Case]:
        """The requests for one endpoint, each once. Raises UnaskableError."""
        try:
            draft = self._meant(taken)
        except UnsaidError as error:
            raise UnaskableError(f"no value is known for {error}; give one by --value") from None
        found: dict[Question, Case] = {}
        for one in self._every(endpoint, taken, draft):
            question = self._written(endpoint, one.draft, known=one.kind != "refused")
            found.setdefault(question, Case(one.reason, question, one.kind, one.wrong))
        return list(found.values())

    def _meant(self, taken: Sequence[Taken]) -> _Draft:
        draft, bodies = _Draft(), [one for one in taken if one.parameter.location == "body"]
        for one in taken:
            location, given = one.parameter.location, self._values.get(one.parameter.name)
            if location == "file" and one.field.required:
                raise UnaskableError("it takes a file")
            if location in ("body", "file") or (given is None and not one.field.required):
                continue
            text = given if given is not None else _text(field_value(one.field, self._schema))
            draft.among(location)[one.name] = text
        if bodies and any(one.field.required for one in bodies):
            parts = {one.name: field_value(one.field, self._schema) for one in bodies}
            draft.has_body = True
            draft.body = parts if _is_embedded(bodies) else next(iter(parts.values()))
        return draft

    def _every(self, endpoint: Endpoint, taken: Sequence[Taken], draft: _Draft) -> Iterator[_Made]:
        yield _Made("success", "as it is meant", draft)
        if endpoint.signature.guard.level not in ("public", "unknown"):
            yield _Made("refused", "without credentials", draft)
        for one in taken:
            if one.parameter.location not in ("body", "file"):
                yield from self._wrong(one, draft)
        yield from self._bodies(taken, draft)

    def _wrong(self, one: Taken, draft: _Draft) -> Iterator[_Made]:
        location, name = one.parameter.location, one.name
        where = ("body" if location == "form" else location, name)

        def with_value(text: str) -> _Draft:
            made = draft.copied()
            made.among(location)[name] = text
            return made

        kind = one.field.wire.kind
        if location == "path":
            if kind in ("str", "int", "uuid", "any"):
                unknown = with_value(_UNKNOWN.get(kind, "no-such-thing"))
                yield _Made("unknown", f"an unknown {name}", unknown)
        elif one.field.required:
            without = draft.copied()
            del without.among(location)[name]
            yield _Made("missing", f"without {name}", without, where)
        if kind in ("int", "float", "bool", "uuid", "datetime", "date", "literal"):
            yield _Made("type", f"{name} of another type", with_value("no such value"), where)
        for what, value, too_much in beyond(one.field):
            wrong = where if too_much else ()
            yield _Made("boundary", f"{name} of {what}", with_value(_text(value)), wrong)

    def _bodies(self, taken: Sequence[Taken], draft: _Draft) -> Iterator[_Made]:
        if not draft.has_body:
            return

        def with_body(value: Json, *, has: bool = True) -> _Draft:
            made = draft.copied()
            made.body, made.has_body = value, has
            return made

        bodies = [one for one in taken if one.parameter.location == "body"]
        model = self._model(bodies[0].field) if len(bodies) == 1 else None
        embedded = _is_embedded(bodies)
        # A validator that sees a value first may make something of it that is taken.
        strict = model is not None and not any(one.mode != "after" for one in model.methods)
        yield _Made(
            "missing", "without a body", with_body(None, has=False), () if embedded else ("body",)
        )
        whole = strict and not embedded and model is not None and not model.members
        whole = whole and model is not None and model.root is None
        yield _Made("type", "a body of another type", with_body([1]), ("body",) if whole else ())
        body: object = draft.body
        if model is None or not isinstance(body, dict) or embedded:
            return
        meant = cast("dict[str, Json]", body)
        for field in model.fields:
            name = name_of(field)
            where = ("body", name) if strict else ()
            if field.required:
                left = {key: value for key, value in meant.items() if key != name}
                yield _Made("missing", f"without {name}", with_body(left), where)
            if not field.nullable:
                sure = where if refuses_another_type(field.wire) else ()
                yield _Made("null", f"{name} is null", with_body({**meant, name: None}), sure)
            other = another_type(field.wire)
            if other is not None:
                sure = where if refuses_another_type(field.wire) else ()
                yield _Made(
                    "type", f"{name} of another type", with_body({**meant, name: other}), sure
                )
            for what, value, too_much in beyond(field):
                sure = where if too_much else ()
                made = with_body({**meant, name: value})
                yield _Made("boundary", f"{name} of {what}", made, sure)

    def _model(self, field: FieldSchema) -> ModelSchema | None:
        return self._schema(field.wire.name) if field.wire.kind == "ref" else None

    def _written(self, endpoint: Endpoint, draft: _Draft, *, known: bool) -> Question:
        path = _path(endpoint.path, draft.path)
        query = f"?{urlencode(draft.query)}" if draft.query else ""
        headers = list(self._credentials if known else ())
        named = {name.lower() for name, _ in headers}
        headers += (one for one in draft.header.items() if one[0].lower() not in named)
        if draft.cookie:
            pairs = "; ".join(f"{name}={text}" for name, text in draft.cookie.items())
            headers.append(("cookie", pairs))
        body: bytes | None = None
        if draft.has_body:
            body = json.dumps(draft.body, ensure_ascii=False).encode()
            headers.append(("content-type", "application/json"))
        elif draft.form:
            body = urlencode(draft.form).encode()
            headers.append(("content-type", _FORM))
        return Question(endpoint.method, f"{path}{query}", tuple(headers), body)


def _path(pattern: str, values: Mapping[str, str]) -> str:
    """A path with its parameters put in, quoted."""
    found, at = "", 0
    for match in _IN_PATH.finditer(pattern):
        text = values.get(match[1], "parity")
        found += quote(pattern[at : match.start()], safe=_STANDING)
        found += quote(text, safe="/" if match[2] == "path" else "")
        at = match.end()
    return found + quote(pattern[at:], safe=_STANDING)


def _is_embedded(bodies: Sequence[Taken]) -> bool:
    """Whether the body's parameters are keys of an object (FastAPI, "Multiple body params")."""
    return len(bodies) > 1 or "embed=True" in (bodies[0].parameter.default or "").replace(" ", "")


def _text(value: Json) -> str:
    """A value as it stands in a path or a query; of a list, its item."""
    if isinstance(value, list):
        items = cast("list[Json]", value)
        return _text(items[0]) if items else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
