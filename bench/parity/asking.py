"""Requests for an endpoint: as its OpenAPI says, and then with one thing changed at a time.

What is changed: each parameter left out, empty, of another type, at its limits and beyond, given
twice; parameters that nobody knows; bodies of another form or type.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from msgspec.structs import replace

from bench.parity.edges import Edges
from bench.parity.payloads import Payloads, payloads
from bench.parity.serving import Asked
from port_lsp.facts.source import Record

Json = Any
Given = tuple[str, str]
_BOUNDARY = "parity-boundary"
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_BODIES = 40  # of JSON, for each endpoint
_SHARE = 0.35  # of them that are refused
# What stands as text: near numbers, booleans, dates, and what is none of them.
_TEXTS = (
    "", "abc", "ab", "0", "1", "-3", "7", "1.5", "2.0", "+7", " 5 ", "1_000", "1e3", "0x10", "NaN",
    "true", "off", "YES", "null", "None", "é", "a b", "x" * 70, "red", "RED", "dark-blue", "asc",
    "2024-02-29", "2024-02-30", "2024-02-29T10:00:00Z", "123e4567-e89b-12d3-a456-426614174000",
    "99999999999", "5", "10", "[1]", "{}", "a,b",
)  # fmt: skip
_BROKEN = ("{", '{"a": 1,}', "nul", "[1, 2", "{'a': 1}", '"text"', "5", "null", "[]", "{}", "true")


class File(Record, frozen=True):
    """A file of a multipart form."""

    name: str
    filename: str
    content: str
    kind: str = "text/plain"


class Draft(Record, frozen=True):
    """A request before it is written."""

    path: Mapping[str, str] = {}
    query: tuple[Given, ...] = ()
    header: tuple[Given, ...] = ()
    cookie: tuple[Given, ...] = ()
    form: tuple[Given | File, ...] = ()
    body: str | None = None
    content_type: str | None = None


class Endpoint(Record, frozen=True):
    """An endpoint as OpenAPI has it: its parameters, and the kind and schema of its body."""

    method: str
    path: str
    parameters: tuple[Json, ...]
    body: tuple[str, Json] | None
    required: bool
    definitions: Json

    def write(self, draft: Draft) -> Asked:
        """The request."""
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: quote(draft.path[found[1]]), self.path)
        query = f"?{urlencode(draft.query)}" if draft.query else ""
        headers = list(draft.header)
        if draft.cookie:
            headers.append(("cookie", "; ".join(f"{name}={text}" for name, text in draft.cookie)))
        body, kind = draft.body or "", draft.content_type
        if draft.form and draft.body is None:
            kind = kind or (self.body[0] if self.body is not None else _FORM)
            body = _written(draft.form, kind)
            if kind == _MULTIPART:
                kind = f"{kind}; boundary={_BOUNDARY}"
        if kind is not None:
            headers.append(("content-type", kind))
        return Asked(self.method, f"{path}{query}", tuple(headers), body)


def endpoints(openapi: Json) -> list[Endpoint]:
    """Those of an application."""
    found: list[Endpoint] = []
    openapi = _with_integers(openapi)
    definitions = openapi.get("components", {}).get("schemas", {})
    for path, methods in openapi["paths"].items():
        for method, one in methods.items():
            content = one.get("requestBody", {}).get("content", {})
            body = next(((kind, row["schema"]) for kind, row in content.items()), None)
            required = one.get("requestBody", {}).get("required", False)
            rows = tuple(one.get("parameters", ()))
            found.append(Endpoint(method.upper(), path, rows, body, required, definitions))
    return found


def _with_integers(schema: Json) -> Json:
    """A schema whose integers have integers as their limits: OpenAPI's models have floats."""
    if isinstance(schema, list):
        return [_with_integers(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _with_integers(one) for name, one in schema.items()}
    if found.get("type") == "integer":
        return {name: int(one) if type(one) is float else one for name, one in found.items()}
    return found


def requests(one: Endpoint, takes: Callable[[Asked], bool]) -> list[Asked]:
    """The requests for an endpoint, each once; `takes` says whether the backend takes one."""
    return list(dict.fromkeys(one.write(draft) for draft in _Drafts(one, takes).all()))


class _Drafts:
    def __init__(self, one: Endpoint, takes: Callable[[Asked], bool]) -> None:
        self.one, self.takes = one, takes
        self.base = self._base()

    def all(self) -> Iterator[Draft]:
        yield self.base
        yield self._base(required=True)
        yield Draft(self.base.path)
        yield from self._everything(("abc", "", "-1000000", "y" * 100))
        yield replace(self.base, query=(*self.base.query, ("unknown", "1")))
        yield replace(self.base, header=(*self.base.header, ("x-unknown", "1")))
        for row in self.one.parameters:
            if row["in"] == "path":
                yield from self._path(row)
            else:
                yield from self._named(row["in"], row["name"], row["schema"])
        if self.one.body is not None:
            kind, schema = self.one.body
            yield from self._json(schema) if kind == _JSON else self._form(kind, schema)

    def _base(self, *, required: bool = False) -> Draft:
        """A request with everything, or with what is required."""
        found: dict[str, list[Given]] = {"query": [], "header": [], "cookie": [], "path": []}
        for row in self.one.parameters:
            if required and not row.get("required", False):
                continue
            value = self._value(row["schema"], row["name"])
            found[row["in"]] += [(row["name"], text) for text in texts_of(value)]
        draft = Draft(
            dict(found["path"]), tuple(found["query"]), tuple(found["header"]),
            tuple(found["cookie"]),
        )  # fmt: skip
        if self.one.body is None or (required and not self.one.required):
            return draft
        kind, schema = self.one.body
        if kind == _JSON:
            body = json.dumps(self._whole(schema))
            return replace(draft, body=body, content_type=_JSON)
        return replace(draft, form=tuple(self._entries(schema, required=required)))

    def _everything(self, texts: Iterable[str]) -> Iterator[Draft]:
        """All texts of a request changed to the same one."""
        for text in texts:
            form = tuple(one if isinstance(one, File) else (one[0], text) for one in self.base.form)
            path = dict.fromkeys(self.base.path, text or "-")
            query, header, cookie = (
                tuple((name, text) for name, _ in given)
                for given in (self.base.query, self.base.header, self.base.cookie)
            )
            yield replace(
                self.base, path=path, query=query, header=header, cookie=cookie, form=form
            )

    def _whole(self, schema: Json) -> Json:
        full = {"$defs": self.one.definitions, **schema}
        return Edges(full).whole(full)

    def _value(self, schema: Json, seed: str) -> Json:
        """A value that fits, and isn't null."""
        options = [row for row in schema.get("anyOf", ()) if row.get("type") != "null"]
        schema = options[0] if options else schema
        maker = Payloads({"$defs": self.one.definitions, **schema}, f"{self.one.path} {seed}")
        value = maker.valid()
        for _ in range(20):
            if value not in ("", [], None):
                break
            value = maker.valid()
        return value

    def _meant(self, schema: Json) -> Json:
        options = [row for row in schema.get("anyOf", ()) if row.get("type") != "null"]
        schema = options[0] if options else schema
        if "$ref" in schema:
            return self._meant(self.one.definitions[schema["$ref"].rpartition("/")[2]])
        return self._meant(schema["items"]) if schema.get("type") == "array" else schema

    def _texts(self, schema: Json) -> Iterator[str]:
        """Texts for one value: those for all, and those at its limits."""
        yield from _TEXTS
        schema = self._meant(schema)
        for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
            if word in schema:
                limit = schema[word]
                yield from (str(limit), str(limit - 1), str(limit + 1), str(limit + 0.5))
        for word in ("minLength", "maxLength"):
            if word in schema:
                yield from ("y" * max(schema[word] + step, 0) for step in (-1, 0, 1))
                yield "é" * schema[word]
        yield from (str(one) for one in schema.get("enum", ()))

    def _path(self, row: Json) -> Iterator[Draft]:
        for text in self._texts(row["schema"]):
            if text:
                yield replace(self.base, path={**self.base.path, row["name"]: text})

    def _named(self, place: str, name: str, schema: Json) -> Iterator[Draft]:
        """A parameter of the query, a header or a cookie."""
        given: tuple[Given, ...] = getattr(self.base, place)
        others = tuple(pair for pair in given if pair[0] != name)
        own = tuple(pair for pair in given if pair[0] == name)

        def using(*pairs: Given) -> Draft:
            return replace(self.base, **{place: (*others, *pairs)})

        yield using()
        for text in self._texts(schema):
            yield using((name, text))
            if place != "cookie" and text in ("", "abc", "7"):
                yield using(*own, (name, text))
                yield using((name, text), *own)
                yield using((name, text), (name, text), (name, text), (name, text))
        if place == "query":
            yield using(*((name.upper(), text) for _, text in own))
        if place == "header":
            yield using(*((name.title(), text) for _, text in own))
            yield using(*((name.replace("-", "_"), text) for _, text in own))

    # Bodies

    def _json(self, schema: Json) -> Iterator[Draft]:
        full = {"$defs": self.one.definitions, **schema}
        whole = self.base.body or "{}"

        def using(body: str | None, kind: str | None = _JSON) -> Draft:
            return replace(self.base, body=body, content_type=kind)

        def takes(body: bytes) -> bool:
            return self.takes(self.one.write(using(body.decode("latin-1"))))

        for body in payloads(full, self.one.path, takes, _BODIES, _SHARE, Edges(full).all()):
            yield using(body.decode("latin-1"))
        yield from (using(body) for body in _BROKEN)
        yield using("")
        yield using(None, None)
        for kind in ("application/problem+json", "application/json; charset=utf-8", "text/plain"):
            yield using(whole, kind)
        yield using(whole, _FORM)
        yield replace(self.base, body=None, content_type=None, form=(("a", "1"),))

    def _entries(self, schema: Json, *, required: bool = False) -> Iterator[Given | File]:
        schema = self._form_schema(schema)
        for name, inner in schema.get("properties", {}).items():
            if required and name not in schema.get("required", ()):
                continue
            yield from self._entry(name, inner)

    def _entry(self, name: str, inner: Json) -> Iterator[Given | File]:
        if _is_file(self._meant(inner)):
            yield File(name, "a.txt", "some text")
            if inner.get("type") == "array":
                yield File(name, "b.bin", "\x00\xff", "application/octet-stream")
            return
        yield from ((name, text) for text in texts_of(self._value(inner, name)))

    def _form_schema(self, schema: Json) -> Json:
        if "$ref" in schema:
            return self.one.definitions[schema["$ref"].rpartition("/")[2]]
        return schema

    def _form(self, kind: str, schema: Json) -> Iterator[Draft]:
        for name, inner in self._form_schema(schema).get("properties", {}).items():
            own = tuple(self._entry(name, inner))
            others = tuple(one for one in self.base.form if one not in own)

            def using(*entries: Given | File, others: tuple[Given | File, ...] = others) -> Draft:
                return replace(self.base, form=(*others, *entries), content_type=kind)

            yield using()
            yield using(*own, *own)
            for text in self._texts(inner):
                yield using((name, text))
                if text in ("", "abc", "7"):
                    yield using(*own, (name, text))
                    yield using((name, text), *own)
            if kind == _MULTIPART:
                yield using(File(name, "", ""))
                yield using(File(name, "", "x"))
                yield using(File(name, "empty", ""))
                yield using(File(name, "c d.png", "x" * 5000, "image/png"))
                yield using(*own, File(name, "", ""))
                yield using(File(name, "one", "1"), File(name, "two", "2"))
        yield replace(self.base, form=(*self.base.form, ("unknown", "1")))
        if not any(isinstance(one, File) for one in self.base.form):
            yield replace(self.base, content_type=_FORM)
            yield replace(self.base, content_type=_MULTIPART)
        yield replace(self.base, form=(), body="{}", content_type=_JSON)
        yield replace(self.base, form=(), body="", content_type=_FORM)
        yield replace(self.base, form=(), body="a=b&&c&=d&%zz=%zz+", content_type=_FORM)
        yield replace(self.base, form=(), body="no parts", content_type=_MULTIPART)
        yield replace(self.base, form=(), body=None, content_type=None)


def _is_file(schema: Json) -> bool:
    return schema.get("format") == "binary" or "contentMediaType" in schema


def texts_of(value: Json) -> list[str]:
    """A JSON value as texts: of a list each item."""
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one)]
    return [value] if isinstance(value, str) else [json.dumps(value)]


def _written(form: tuple[Given | File, ...], kind: str) -> str:
    """A form's body; a character is a byte."""
    if kind != _MULTIPART:
        return urlencode([pair for pair in form if not isinstance(pair, File)])
    parts: list[str] = []
    for one in form:
        name, text = (one.name, one.content) if isinstance(one, File) else one
        head = f'Content-Disposition: form-data; name="{name}"'
        if isinstance(one, File):
            head += f'; filename="{one.filename}"\r\nContent-Type: {one.kind}'
        else:
            text = text.encode().decode("latin-1")
        parts.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n{text}\r\n")
    return "".join((*parts, f"--{_BOUNDARY}--\r\n"))
