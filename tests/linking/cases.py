"""Pairs of sides written as text, and the links that are expected of them.

A case begins with `## its name`. Then:

    pin|unpin|prefix|ignore A -> B    configuration (for ignore, B is the reason)
    backend FILE | crate FILE         what follows is declared in that file
    loose FILE                        the crate's routes of that file that nothing mounts
    GET /path handler [words]         an endpoint; words: def=2 (another function of that name),
                                      unreachable, trims, stub, fallback, body=A,B out=C, mid=Layer
    pydantic Name: a b? c=alias       a model (also sqlalchemy, struct, enum …); `?` is optional
    fn owner.name (or name)           a function
    on event handler                  an event
    = GET /path -> GET /path  drift   expected: the link (`none`, or a stub as `~>`), and drift
    = model file::Name -> file::Name
    = fn file::name -> file::name
    = on event -> event
    = only GET /path                  expected: the crate alone has it

Of the backend's endpoints each must be expected; of models, functions and events only those named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from port_lsp.facts.items import (
    Endpoint,
    EndpointKind,
    Event,
    Field,
    Function,
    Model,
    ModelKind,
    Side,
    Signature,
    Unmounted,
)
from port_lsp.facts.source import Place
from port_lsp.linking.config import Ignore, LinkConfig

DATA = Path(__file__).parent / "data"
_KIND: dict[str, EndpointKind] = {"WEBSOCKET": "websocket"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY", "WEBSOCKET"}
KINDS: dict[str, ModelKind] = {
    "pydantic": "pydantic",
    "sqlalchemy": "sqlalchemy",
    "peewee": "peewee",
    "enum": "enum",
    "typeddict": "typeddict",
    "dataclass": "dataclass",
    "struct": "struct",
    "alias": "alias",
}


@dataclass
class Half:
    """What is declared of one side, while a case is read."""

    endpoints: list[Endpoint] = field(default_factory=list[Endpoint])
    unmounted: list[Unmounted] = field(default_factory=list[Unmounted])
    models: list[Model] = field(default_factory=list[Model])
    functions: list[Function] = field(default_factory=list[Function])
    events: list[Event] = field(default_factory=list[Event])

    def side(self) -> Side:
        return Side(
            endpoints=tuple(self.endpoints),
            unmounted=tuple(self.unmounted),
            models=tuple(self.models),
            functions=tuple(self.functions),
            events=tuple(self.events),
        )


@dataclass
class Case:
    """One case: the sides, the configuration and the expected lines, as (left, arrow, right)."""

    name: str
    backend: Half = field(default_factory=Half)
    crate: Half = field(default_factory=Half)
    expected: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    pin: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    unpin: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    prefix: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    ignore: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def config(self) -> LinkConfig:
        return LinkConfig(
            prefixes=tuple(self.prefix),
            pin=tuple(self.pin),
            unpin=tuple(self.unpin),
            ignore=tuple(Ignore(pattern, reason) for pattern, reason in self.ignore),
        )


def load(name: str) -> list[Case]:
    """All cases of one file below data/."""
    cases: list[Case] = []
    reader = _Reader(Case(""))
    for number, line in enumerate((DATA / name).read_text().splitlines(), start=1):
        if line.startswith("## "):
            reader = _Reader(Case(line[3:].strip()))
            cases.append(reader.case)
        elif line.strip() and not line.lstrip().startswith("# "):
            try:
                reader.read(line.strip())
            except (ValueError, KeyError) as error:
                raise ValueError(f"{name}:{number}: {line.strip()!r}: {error}") from error
    return cases


class _Reader:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.half = case.backend
        self.file = ""
        self.mounted = True

    def read(self, line: str) -> None:
        head, _, rest = line.partition(" ")
        rest = rest.strip()
        if head in ("backend", "crate", "loose"):
            self.half = self.case.backend if head == "backend" else self.case.crate
            self.file, self.mounted = rest, head != "loose"
        elif head in ("pin", "unpin", "prefix", "ignore"):
            left, _, right = rest.partition(" -> ")
            getattr(self.case, head).append((left.strip(), right.strip()))
        elif head == "=":
            left, arrow, right = re.split(r"\s(->|~>)\s", rest) if ">" in rest else (rest, "", "")
            self.case.expected.append((left.strip(), arrow, right.strip()))
        elif head in METHODS:
            self._endpoint(head, rest)
        elif head == "fn":
            self.half.functions.append(_function(self.file, rest))
        elif head == "on":
            event, handler = rest.split()
            self.half.events.append(_event(self.file, event, handler))
        else:
            self.half.models.append(_model(self.file, KINDS[head], rest))

    def _endpoint(self, method: str, rest: str) -> None:
        path, handler, *words = rest.split()
        options: dict[str, str] = {}
        for word in words:
            name, _, value = word.partition("=")
            options[name] = value
        key = f"{self.file}::{handler}"
        endpoint = Endpoint(
            id=f"{key}#{method} {path}",
            kind="fallback" if "fallback" in options else _KIND.get(method, "route"),
            method=method,
            path=path,
            handler=handler,
            key=key,
            place=Place(self.file, f"{handler}~{options.get('def', '1')}"),
            registered=Place(self.file, f"{handler}~{options.get('def', '1')}"),
            signature=Signature(
                body_models=self._keys(options.get("body", "")),
                response_models=self._keys(options.get("out", "")),
                kinds=("websocket",) if "upgrades" in options else (),
            ),
            middleware=("NormalizePath::trim()",) if "trims" in options else (),
            reachable="unreachable" not in options,
            stub="todo!()" if "stub" in options else None,
        )
        if self.mounted:
            self.half.endpoints.append(endpoint)
        else:
            self.half.unmounted.append(Unmounted(endpoint, root=f"{self.file}::configure"))

    def _keys(self, names: str) -> tuple[str, ...]:
        return tuple(
            name if "::" in name else f"{self.file}::{name}" for name in names.split(",") if name
        )


def _model(file: str, kind: ModelKind, rest: str) -> Model:
    name, _, listed = rest.partition(":")
    name, _, attribute = name.strip().partition(" ")
    key = f"{file}::{name}"
    fields: list[Field] = []
    for word in listed.split():
        bare, _, alias = word.partition("=")
        fields.append(
            Field(
                name=bare.rstrip("?"),
                annotation=None,
                required=not bare.endswith("?"),
                place=Place(file, name),
                owner=key,
                alias=alias or None,
            )
        )
    return Model(
        key=key,
        kind=kind,
        name=name,
        place=Place(file, name),
        fields=tuple(fields),
        table=name.lower() if kind in ("sqlalchemy", "peewee") else None,
        derives=("FromRow",) if attribute == "row" else (),
    )


def _function(file: str, qualified: str) -> Function:
    qualified, *instances = qualified.split()
    owner, _, name = qualified.rpartition(".")
    key = f"{file}::{qualified}"
    return Function(key, name, Place(file, qualified), owner or None, tuple(instances))


def _event(file: str, event: str, handler: str) -> Event:
    key = f"{file}::{handler}"
    return Event(f"{key}#{event}", event, "handled", handler, key, Place(file, handler))
